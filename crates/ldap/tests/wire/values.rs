//! Every value of a control or extended operation as octets, in both directions.

use crate::golden;

use std::collections::BTreeMap;
use std::fmt::Debug;

use bailiwick_ldap::control::server_side_sort::SortKey;
use bailiwick_ldap::control::{
    DomainScope, ExtendedDn, ManageDsaIt, PagedResults, PermissiveModify, SdFlags, SearchOptions, ServerSideSort,
    ServerSideSortResponse, ShowDeactivatedLink, ShowDeleted, ShowRecycled, TreeDelete,
};
use bailiwick_ldap::extended::cancel::Cancel;
use bailiwick_ldap::extended::password_modify::{PasswordModify, PasswordModifyResponse};
use bailiwick_ldap::extended::{start_tls, who_am_i};
use bailiwick_ldap::malformed::Malformed;
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::result_code::ResultCode;

/// Checks both directions, that every truncation is an error, and that no changed octet panics.
#[track_caller]
fn check<'a, T: PartialEq + Debug>(
    sections: &'a BTreeMap<&str, Vec<u8>>,
    name: &str,
    expected: T,
    decode: impl Fn(Option<&'a [u8]>) -> Result<T, Malformed>,
    encode: impl Fn(&T) -> Vec<u8>,
) {
    let octets = &sections[name];
    assert_eq!(encode(&expected), golden::widen(octets), "{name}");
    assert_eq!(decode(Some(octets)), Ok(expected), "{name}");
    for length in 1..octets.len() {
        assert!(decode(Some(&octets[..length])).is_err(), "{name} {length}");
    }
}

#[test]
fn every_golden_value_is_decoded_and_encoded() {
    let sections = golden::sections(golden::VALUES);
    check(
        &sections,
        "paged_results_request",
        PagedResults { size: 1000, cookie: b"" },
        PagedResults::decode,
        PagedResults::encode,
    );
    check(
        &sections,
        "paged_results_response",
        PagedResults { size: 0, cookie: &[1, 0xFE] },
        PagedResults::decode,
        PagedResults::encode,
    );
    check(
        &sections,
        "server_side_sort",
        ServerSideSort {
            keys: vec![
                SortKey { attribute: "sn", rule: Some("2.5.13.3"), reverse: true },
                SortKey { attribute: "givenName", rule: None, reverse: false },
            ],
        },
        ServerSideSort::decode,
        ServerSideSort::encode,
    );
    check(
        &sections,
        "server_side_sort_response",
        ServerSideSortResponse { code: ResultCode::NoSuchAttribute, attribute: Some("sn") },
        ServerSideSortResponse::decode,
        ServerSideSortResponse::encode,
    );
    check(
        &sections,
        "sd_flags",
        SdFlags { flags: SdFlags::OWNER | SdFlags::GROUP | SdFlags::DACL },
        SdFlags::decode,
        |control| control.encode(),
    );
    check(
        &sections,
        "search_options",
        SearchOptions { flags: SearchOptions::PHANTOM_ROOT },
        SearchOptions::decode,
        |control| control.encode(),
    );
    check(&sections, "extended_dn", ExtendedDn::Text, ExtendedDn::decode, |control| control.encode());
    check(&sections, "cancel", Cancel { target: MessageId::new(300).unwrap() }, Cancel::decode, |operation| {
        operation.encode()
    });
    check(
        &sections,
        "password_modify",
        PasswordModify { identity: Some(b"u:alice"), old_password: Some(b"old"), new_password: Some(b"new") },
        PasswordModify::decode,
        PasswordModify::encode,
    );
    check(
        &sections,
        "password_modify_response",
        PasswordModifyResponse { generated_password: Some(b"made-up") },
        PasswordModifyResponse::decode,
        PasswordModifyResponse::encode,
    );
    assert_eq!(sections.len(), 10);
}

#[test]
fn a_value_that_is_needed_is_missed() {
    let missing = Malformed::ValueMissing;
    assert_eq!(PagedResults::decode(None), Err(missing));
    assert_eq!(ServerSideSort::decode(None), Err(missing));
    assert_eq!(ServerSideSortResponse::decode(None), Err(missing));
    assert_eq!(SdFlags::decode(None), Err(missing));
    assert_eq!(SearchOptions::decode(None), Err(missing));
    assert_eq!(Cancel::decode(None), Err(missing));
    assert_eq!(who_am_i::decode_response(None), Err(missing));
}

#[test]
fn a_value_that_may_be_absent_has_a_default() {
    assert_eq!(ExtendedDn::decode(None), Ok(ExtendedDn::Hexadecimal));
    assert_eq!(PasswordModify::decode(None), Ok(PasswordModify::default()));
    assert_eq!(PasswordModifyResponse::decode(None), Ok(PasswordModifyResponse::default()));
}

#[test]
fn a_value_where_none_is_defined_is_refused() {
    let unexpected = Malformed::ValueUnexpected;
    let value = Some(b"\x30\x00".as_slice());
    assert_eq!(TreeDelete::decode(value), Err(unexpected));
    assert_eq!(PermissiveModify::decode(value), Err(unexpected));
    assert_eq!(DomainScope::decode(value), Err(unexpected));
    assert_eq!(ShowDeleted::decode(value), Err(unexpected));
    assert_eq!(ShowRecycled::decode(value), Err(unexpected));
    assert_eq!(ShowDeactivatedLink::decode(value), Err(unexpected));
    assert_eq!(ManageDsaIt::decode(value), Err(unexpected));
    assert_eq!(start_tls::decode(value), Err(unexpected));
    assert_eq!(who_am_i::decode(value), Err(unexpected));
}

#[test]
fn values_outside_their_ranges_are_refused() {
    // A page of minus one entries.
    assert_eq!(PagedResults::decode(Some(b"\x30\x05\x02\x01\xFF\x04\x00")), Err(Malformed::IntegerRange));
    assert_eq!(ExtendedDn::decode(Some(b"\x30\x03\x02\x01\x02")), Err(Malformed::UnknownEnumerated(2)));
    // An order without a key.
    assert_eq!(ServerSideSort::decode(Some(b"\x30\x00")), Err(Malformed::Truncated));
    let keys = [SortKey { attribute: "cn", rule: None, reverse: false }; 17];
    let value = ServerSideSort { keys: keys.to_vec() }.encode();
    assert!(matches!(ServerSideSort::decode(Some(&value)), Err(Malformed::TooMany { maximum: 16, .. })));
    assert_eq!(SdFlags::decode(Some(b"\x30\x03\x02\x01\x07\x00")), Err(Malformed::TrailingOctets));
}

#[test]
fn debug_shows_no_password() {
    let request =
        PasswordModify { identity: Some(b"u:alice"), old_password: Some(b"sesame"), new_password: Some(b"sesame") };
    let response = PasswordModifyResponse { generated_password: Some(b"sesame") };
    let shown = format!("{request:?} {response:?}");
    assert!(shown.contains("u:alice"));
    assert!(!shown.contains("sesame") && !shown.contains("115"), "{shown}");
}
