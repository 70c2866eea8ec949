//! Every response of RFC 4511 as octets, in both directions. Section 4.

use crate::golden;

use bailiwick_ldap::control::{Control, PagedResults};
use bailiwick_ldap::extended::{notice_of_disconnection, start_tls};
use bailiwick_ldap::frame;
use bailiwick_ldap::message::{MessageId, ResponseMessage};
use bailiwick_ldap::response::search_entry::EntryAttribute;
use bailiwick_ldap::response::{
    BindResponse, EntryWriter, ExtendedResponse, IntermediateResponse, LdapResult, Response, ResponseKind, SearchEntry,
    SearchReference, write_result,
};
use bailiwick_ldap::result_code::ResultCode;

const ALICE: &str = "CN=Alice,CN=Users,DC=example,DC=com";
const GUID: [u8; 16] = [240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255];
const PAGED: Control<'static> = Control::optional(PagedResults::OID, Some(b"\x30\x07\x02\x01\x00\x04\x02\x01\xFE"));

fn message(id: u32, operation: Response<'static>) -> ResponseMessage<'static> {
    ResponseMessage { id: MessageId::new(id).unwrap(), operation, controls: Vec::new().into() }
}

fn bind(result: LdapResult<'static>) -> Response<'static> {
    Response::Bind(BindResponse { result, server_credentials: None })
}

fn extended(
    result: LdapResult<'static>,
    name: Option<&'static str>,
    value: Option<&'static [u8]>,
) -> Response<'static> {
    Response::Extended(ExtendedResponse { result, name, value })
}

fn entry(dn: &'static str, attributes: &[(&'static str, &[&'static [u8]])]) -> Response<'static> {
    Response::SearchEntry(SearchEntry {
        dn,
        attributes: attributes.iter().map(|&(name, values)| EntryAttribute { name, values: values.to_vec() }).collect(),
    })
}

fn expected() -> Vec<(&'static str, ResponseMessage<'static>)> {
    use ResultCode::*;
    let done = LdapResult::SUCCESS;
    vec![
        ("bind_success", message(1, bind(done.clone()))),
        ("bind_invalid_credentials", message(1, bind(LdapResult::new(InvalidCredentials, "80090308: data 52e")))),
        (
            "bind_in_progress",
            message(
                3,
                Response::Bind(BindResponse {
                    result: LdapResult::new(SaslBindInProgress, ""),
                    server_credentials: Some(&[0xA1, 0]),
                }),
            ),
        ),
        (
            "search_entry",
            message(
                2,
                entry(
                    ALICE,
                    &[
                        ("cn", &[b"Alice"]),
                        ("mail", &[b"a@example.com", b"alice@example.com"]),
                        ("objectGUID", &[&GUID]),
                    ],
                ),
            ),
        ),
        ("search_entry_types_only", message(2, entry("", &[("cn", &[]), ("member;range=0-1499", &[])]))),
        ("search_entry_without_attributes", message(2, entry(ALICE, &[]))),
        (
            "search_reference",
            message(
                2,
                Response::SearchReference(SearchReference {
                    addresses: vec![
                        "ldap://ForestDnsZones.example.com/DC=ForestDnsZones,DC=example,DC=com",
                        "ldap://other/",
                    ],
                }),
            ),
        ),
        ("search_done", message(2, Response::SearchDone(done.clone()))),
        (
            "search_done_paged",
            ResponseMessage { controls: vec![PAGED].into(), ..message(2, Response::SearchDone(done.clone())) },
        ),
        (
            "search_referral",
            message(
                2,
                Response::SearchDone(LdapResult {
                    referrals: vec!["ldap://a.example/DC=a", "ldap://b.example/DC=a"],
                    ..LdapResult::new(Referral, "0000202B: RefErr")
                }),
            ),
        ),
        ("modify", message(6, Response::Modify(LdapResult::new(NoSuchAttribute, "00000057")))),
        ("add", message(7, Response::Add(LdapResult::new(EntryAlreadyExists, "00002071: UpdErr")))),
        (
            "delete",
            message(
                8,
                Response::Delete(LdapResult {
                    matched_dn: "CN=Users,DC=example,DC=com",
                    ..LdapResult::new(NoSuchObject, "0000208D: NameErr")
                }),
            ),
        ),
        ("modify_dn", message(10, Response::ModifyDn(done.clone()))),
        ("compare_true", message(12, Response::Compare(LdapResult::new(CompareTrue, "")))),
        ("compare_unlisted_code", message(12, Response::Compare(LdapResult::new(Unlisted(4096), "")))),
        ("start_tls", message(14, extended(done.clone(), Some(start_tls::OID), None))),
        ("who_am_i", message(15, extended(done, None, Some(b"u:EXAMPLE\\Administrator")))),
        (
            "notice_of_disconnection",
            message(0, extended(LdapResult::new(ProtocolError, ""), Some(notice_of_disconnection::OID), None)),
        ),
        (
            "intermediate",
            message(
                18,
                Response::Intermediate(IntermediateResponse {
                    name: Some("1.3.6.1.4.1.4203.1.9.1.4"),
                    value: Some(b""),
                }),
            ),
        ),
        (
            "intermediate_without_fields",
            message(18, Response::Intermediate(IntermediateResponse { name: None, value: None })),
        ),
    ]
}

/// Writes a response as a server would.
fn write(message: &ResponseMessage<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let id = message.id;
    let controls = message.controls.as_slice();
    let mut ended = |kind, result: &LdapResult<'_>| {
        write_result(&mut out, id, kind, result, controls);
    };
    match &message.operation {
        Response::SearchDone(result) => ended(ResponseKind::SearchDone, result),
        Response::Modify(result) => ended(ResponseKind::Modify, result),
        Response::Add(result) => ended(ResponseKind::Add, result),
        Response::Delete(result) => ended(ResponseKind::Delete, result),
        Response::ModifyDn(result) => ended(ResponseKind::ModifyDn, result),
        Response::Compare(result) => ended(ResponseKind::Compare, result),
        Response::Bind(response) => response.write(&mut out, id, controls),
        Response::Extended(response) => response.write(&mut out, id, controls),
        Response::Intermediate(response) => response.write(&mut out, id, controls),
        Response::SearchReference(response) => response.write(&mut out, id, controls),
        Response::SearchEntry(response) => response.write(&mut out, id, controls),
    }
    out
}

#[test]
fn every_golden_response_is_decoded() {
    let mut sections = golden::sections(golden::RESPONSES);
    for (name, expected) in expected() {
        let octets = sections.remove(name).expect(name);
        assert_eq!(frame::next(&octets, 4096), Ok(Some(octets.len())), "{name}");
        assert_eq!(ResponseMessage::decode(&octets), Ok(expected), "{name}");
    }
    assert!(sections.is_empty(), "unused: {:?}", sections.keys());
}

#[test]
fn every_golden_response_is_encoded() {
    let sections = golden::sections(golden::RESPONSES);
    for (name, message) in expected() {
        assert_eq!(write(&message), golden::widen(&sections[name]), "{name}");
    }
}

#[test]
fn a_result_without_more_is_written_alike_by_both_ways() {
    let sections = golden::sections(golden::RESPONSES);
    let mut out = Vec::new();
    let id = MessageId::new(1).unwrap();
    write_result(&mut out, id, ResponseKind::Bind, &LdapResult::SUCCESS, &[]);
    assert_eq!(out, golden::widen(&sections["bind_success"]));
}

#[test]
fn the_notice_of_disconnection_is_known_by_its_name() {
    let sections = golden::sections(golden::RESPONSES);
    let mut out = Vec::new();
    notice_of_disconnection::write(&mut out, LdapResult::new(ResultCode::ProtocolError, ""));
    assert_eq!(out, golden::widen(&sections["notice_of_disconnection"]));
    let message = ResponseMessage::decode(&out).unwrap();
    let Response::Extended(response) = &message.operation else {
        panic!("a notice is an extended response");
    };
    assert!(notice_of_disconnection::is(message.id, response));
}

/// As AD does, every constructed element has a length of four octets and every string the shortest.
#[test]
fn an_entry_is_written_octet_by_octet_as_expected() {
    let mut out = Vec::new();
    let mut entry = EntryWriter::begin(&mut out, MessageId::new(2).unwrap(), "CN=A");
    entry.attribute("cn");
    entry.value(b"A");
    entry.end_attribute();
    entry.finish();
    let expected: &[u8] = b"\x30\x84\0\0\0\x28\x02\x01\x02\x64\x84\0\0\0\x1F\x04\x04CN=A\
        \x30\x84\0\0\0\x13\x30\x84\0\0\0\x0D\x04\x02cn\x31\x84\0\0\0\x03\x04\x01A";
    assert_eq!(out, expected);
}

#[test]
fn every_truncation_of_a_response_is_an_error() {
    for (name, octets) in golden::sections(golden::RESPONSES) {
        for length in 0..octets.len() {
            let cut = &octets[..length];
            assert_eq!(frame::next(cut, 4096), Ok(None), "{name} {length}");
            assert!(ResponseMessage::decode(cut).is_err(), "{name} {length}");
        }
    }
}

#[test]
fn no_changed_octet_makes_decoding_panic_or_changes_what_is_written() {
    for (name, mut octets) in golden::sections(golden::RESPONSES) {
        for index in 0..octets.len() {
            let original = octets[index];
            for changed in 0..=255 {
                octets[index] = changed;
                if let Ok(message) = ResponseMessage::decode(&octets) {
                    let out = write(&message);
                    assert_eq!(ResponseMessage::decode(&out), Ok(message), "{name} {index}");
                }
            }
            octets[index] = original;
        }
    }
}
