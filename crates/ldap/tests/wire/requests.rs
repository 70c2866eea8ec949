//! Every request of RFC 4511 as octets, in both directions. Section 4.

use crate::golden;

use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_ldap::ber::Tag;
use bailiwick_ldap::control::Control;
use bailiwick_ldap::extended::{start_tls, who_am_i};
use bailiwick_ldap::frame;
use bailiwick_ldap::message::{DecodeError, MessageId, RequestMessage};
use bailiwick_ldap::request::{
    AbandonRequest, AddRequest, Authentication, BindRequest, CompareRequest, DeleteRequest, DereferenceAliases,
    ExtendedRequest, ModifyDnRequest, ModifyRequest, Request, Scope, SearchRequest,
};

const ALICE: &str = "CN=Alice,CN=Users,DC=example,DC=com";
const BOB: &str = "CN=Bob,CN=Users,DC=example,DC=com";
const DOMAIN: &str = "DC=example,DC=com";

fn message(id: u32, operation: Request<'static>) -> RequestMessage<'static> {
    message_with(id, operation, &[])
}

fn message_with(id: u32, operation: Request<'static>, controls: &[Control<'static>]) -> RequestMessage<'static> {
    RequestMessage { id: MessageId::new(id).unwrap(), operation, controls: controls.to_vec().into() }
}

fn bind(version: u8, authentication: Authentication<'static>) -> Request<'static> {
    Request::Bind(BindRequest { version, name: "", authentication })
}

fn search(base: &'static str, scope: Scope, filter: Filter) -> SearchRequest<'static> {
    SearchRequest {
        base,
        scope,
        dereference_aliases: DereferenceAliases::Never,
        size_limit: 0,
        time_limit_seconds: 0,
        types_only: false,
        filter,
        attributes: Vec::new(),
    }
}

fn assertion(attribute: &str, value: &[u8]) -> Assertion {
    Assertion { attribute: attribute.into(), value: value.to_vec() }
}

fn every_filter() -> Filter {
    Filter::And(vec![
        Filter::Or(vec![
            Filter::Equality(assertion("cn", b"Alice")),
            Filter::GreaterOrEqual(assertion("uSNChanged", b"1000")),
            Filter::LessOrEqual(assertion("uSNChanged", b"2000")),
            Filter::Approximate(assertion("sn", b"Smyth")),
        ]),
        Filter::Not(Box::new(Filter::Present("mail".into()))),
        Filter::Substrings(Substrings {
            attribute: "displayName".into(),
            initial: Some(b"Al".to_vec()),
            any: vec![b"i".to_vec(), b"c".to_vec()],
            last: Some(b"e".to_vec()),
        }),
        Filter::Extensible(Extensible {
            rule: Some("1.2.840.113556.1.4.803".into()),
            attribute: Some("userAccountControl".into()),
            value: b"2".to_vec(),
            dn_attributes: false,
        }),
        Filter::Extensible(Extensible {
            rule: None,
            attribute: Some("ou".into()),
            value: b"Sales".to_vec(),
            dn_attributes: true,
        }),
        Filter::Equality(assertion("objectGUID", &[0, 255, 128, 42])),
    ])
}

fn modification(operation: Operation, attribute: &str, values: &[&str]) -> Modification {
    Modification {
        operation,
        attribute: attribute.into(),
        values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
    }
}

fn attribute(name: &str, values: &[&[u8]]) -> Attribute {
    Attribute { name: name.into(), values: values.iter().map(|value| value.to_vec()).collect() }
}

fn extended(name: &'static str, value: &'static [u8]) -> Request<'static> {
    Request::Extended(ExtendedRequest { name, value: Some(value) })
}

fn expected() -> Vec<(&'static str, RequestMessage<'static>)> {
    vec![
        ("bind_anonymous", message(1, bind(3, Authentication::Simple(b"")))),
        (
            "bind_simple",
            message(1, Request::Bind(BindRequest::simple("CN=Administrator,CN=Users,DC=example,DC=com", b"Passw0rd!"))),
        ),
        ("bind_version_2", message(1, bind(2, Authentication::Simple(b"")))),
        ("bind_external", message(2, Request::Bind(BindRequest::external()))),
        (
            "bind_sasl_credentials",
            message(3, bind(3, Authentication::Sasl { mechanism: "GSS-SPNEGO", credentials: Some(&[0x60, 0, 1]) })),
        ),
        ("bind_unknown_choice", message(4, bind(3, Authentication::Unknown(Tag(0x89))))),
        ("unbind", message(5, Request::Unbind)),
        (
            "search_root_dse",
            message(1, Request::Search(search("", Scope::Base, Filter::Present("objectClass".into())))),
        ),
        (
            "search_equality",
            message(
                2,
                Request::Search(SearchRequest {
                    dereference_aliases: DereferenceAliases::Always,
                    size_limit: 1,
                    time_limit_seconds: 30,
                    attributes: vec!["cn", "mail", "memberOf"],
                    ..search(DOMAIN, Scope::Subtree, Filter::Equality(assertion("sAMAccountName", b"alice")))
                }),
            ),
        ),
        (
            "search_every_filter",
            message(
                127,
                Request::Search(SearchRequest {
                    types_only: true,
                    attributes: vec!["1.1"],
                    ..search(DOMAIN, Scope::OneLevel, every_filter())
                }),
            ),
        ),
        (
            "search_absolute_true_and_false",
            message(
                128,
                Request::Search(SearchRequest {
                    attributes: vec!["*", "+"],
                    ..search("", Scope::Base, Filter::And(vec![Filter::And(vec![]), Filter::Or(vec![])]))
                }),
            ),
        ),
        (
            "search_with_controls",
            message_with(
                2_147_483_647,
                Request::Search(SearchRequest {
                    dereference_aliases: DereferenceAliases::Searching,
                    ..search(DOMAIN, Scope::Subtree, Filter::Present("cn".into()))
                }),
                &[
                    Control::critical("1.2.840.113556.1.4.319", Some(b"\x30\x06\x02\x02\x03\xE8\x04\x00")),
                    Control::optional("1.2.840.113556.1.4.1339", None),
                    Control::optional("1.2.3.4", Some(b"")),
                ],
            ),
        ),
        (
            "modify",
            message(
                6,
                Request::Modify(ModifyRequest {
                    entry: ALICE,
                    modifications: vec![
                        modification(Operation::Add, "mail", &["a@example.com", "alice@example.com"]),
                        modification(Operation::Delete, "description", &[]),
                        modification(Operation::Replace, "title", &["Head of Sales"]),
                    ],
                }),
            ),
        ),
        (
            "add",
            message(
                7,
                Request::Add(AddRequest {
                    entry: BOB,
                    attributes: vec![
                        attribute("objectClass", &[b"top", b"user"]),
                        attribute("sAMAccountName", &[b"bob"]),
                        attribute("jpegPhoto", &[&[255, 216, 0]]),
                    ],
                }),
            ),
        ),
        ("delete", message(8, Request::Delete(DeleteRequest { entry: BOB }))),
        (
            "delete_tree",
            message_with(
                9,
                Request::Delete(DeleteRequest { entry: "OU=Sales,DC=example,DC=com" }),
                &[Control::critical("1.2.840.113556.1.4.805", None)],
            ),
        ),
        (
            "modify_dn_rename",
            message(
                10,
                Request::ModifyDn(ModifyDnRequest {
                    entry: BOB,
                    new_rdn: "CN=Robert",
                    delete_old_rdn: true,
                    new_superior: None,
                }),
            ),
        ),
        (
            "modify_dn_move",
            message(
                11,
                Request::ModifyDn(ModifyDnRequest {
                    entry: BOB,
                    new_rdn: "CN=Bob",
                    delete_old_rdn: false,
                    new_superior: Some("OU=Sales,DC=example,DC=com"),
                }),
            ),
        ),
        (
            "compare",
            message(
                12,
                Request::Compare(CompareRequest {
                    entry: "CN=Staff,DC=example,DC=com",
                    attribute: "member",
                    value: b"CN=Bob,DC=example,DC=com",
                }),
            ),
        ),
        ("abandon", message(13, Request::Abandon(AbandonRequest { target: MessageId::new(300).unwrap() }))),
        ("start_tls", message(14, Request::Extended(start_tls::request()))),
        ("who_am_i", message(15, Request::Extended(who_am_i::request()))),
        ("cancel", message(16, extended("1.3.6.1.1.8", b"\x30\x04\x02\x02\x01\x2C"))),
        (
            "password_modify",
            message(17, extended("1.3.6.1.4.1.4203.1.11.1", b"\x30\x13\x80\x07u:alice\x81\x03old\x82\x03new")),
        ),
    ]
}

#[test]
fn every_golden_request_is_decoded() {
    let mut sections = golden::sections(golden::REQUESTS);
    for (name, expected) in expected() {
        let octets = sections.remove(name).expect(name);
        assert_eq!(frame::next(&octets, 4096), Ok(Some(octets.len())), "{name}");
        assert_eq!(RequestMessage::decode(&octets), Ok(expected), "{name}");
    }
    assert!(sections.is_empty(), "unused: {:?}", sections.keys());
}

#[test]
fn every_golden_request_is_encoded() {
    let sections = golden::sections(golden::REQUESTS);
    for (name, message) in expected() {
        let mut out = b"before".to_vec();
        message.encode(&mut out);
        assert_eq!(out[6..], golden::widen(&sections[name]), "{name}");
    }
}

#[test]
fn every_truncation_of_a_request_is_an_error() {
    for (name, octets) in golden::sections(golden::REQUESTS) {
        for length in 0..octets.len() {
            let cut = &octets[..length];
            assert_eq!(frame::next(cut, 4096), Ok(None), "{name} {length}");
            assert!(matches!(RequestMessage::decode(cut), Err(DecodeError::Envelope(_))), "{name} {length}");
        }
    }
}

#[test]
fn octets_after_a_request_are_an_error() {
    for (name, mut octets) in golden::sections(golden::REQUESTS) {
        octets.push(0);
        assert!(matches!(RequestMessage::decode(&octets), Err(DecodeError::Envelope(_))), "{name}");
    }
}

/// The message is cut inside and its length corrected, so that decoding reaches the cut.
#[test]
fn every_truncation_inside_a_request_is_an_error_except_before_optional_fields() {
    for (name, octets) in golden::sections(golden::REQUESTS) {
        let contents = &golden::widen(&octets)[6..];
        for length in 0..contents.len() {
            let mut cut = vec![0x30, 0x84];
            cut.extend_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
            cut.extend_from_slice(&contents[..length]);
            if let Ok(message) = RequestMessage::decode(&cut) {
                assert!(message.controls.is_empty(), "{name} {length}");
                assert!(octets.contains(&0xA0), "{name} {length}");
            }
        }
    }
}

#[test]
fn no_changed_octet_makes_decoding_panic_or_changes_what_is_written() {
    for (name, mut octets) in golden::sections(golden::REQUESTS) {
        for index in 0..octets.len() {
            let original = octets[index];
            for changed in 0..=255 {
                octets[index] = changed;
                if let Ok(message) = RequestMessage::decode(&octets) {
                    let mut out = Vec::new();
                    message.encode(&mut out);
                    assert_eq!(RequestMessage::decode(&out), Ok(message), "{name} {index}");
                }
            }
            octets[index] = original;
        }
    }
}
