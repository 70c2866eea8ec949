//! Searches: short and long, slow clients, limits, the root DSE, cancel and abandon. RFC 4511 section 4.5.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use bailiwick_domain::Limits;
use bailiwick_ldap::control::{Control, ServerSideSort, ServerSideSortResponse, server_side_sort::SortKey};
use bailiwick_ldap::extended::cancel::Cancel;
use bailiwick_ldap::request::{AbandonRequest, ExtendedRequest, Request, Scope, SearchRequest};

use crate::client::{Answer, message_id, search};
use crate::fake::Fake;
use crate::started::{start, start_with};

fn many(entries: u32) -> Fake {
    let limits = Limits { page_entries_max: 1_000_000, ..Limits::default() };
    Fake { entries, limits, ..Fake::default() }
}

#[test]
fn a_short_search_is_answered_with_its_entries() {
    let server = start();
    let (entries, end) = server.signed_in().search("DC=example", "(cn=7)");
    assert_eq!(end.code, 0);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].dn, "CN=7");
    assert_eq!(entries[0].attributes[0], ("cn".to_owned(), vec![b"7".to_vec()]));
}

#[test]
fn nobody_sees_more_than_the_root_dse_without_signing_in() {
    let server = start();
    let mut client = server.client();
    let (_, end) = client.search("DC=example", "(cn=7)");
    assert_eq!(end.code, 1);
    assert!(end.text.starts_with("000004DC: "));
    assert_eq!(client.search("", "(objectClass=*)").1.code, 0);
}

#[test]
fn the_root_dse_says_what_is_spoken_and_keeps_to_the_selection() {
    let server = start();
    let mut client = server.client();
    let (entries, _) = client.search("", "(objectClass=*)");
    let values = |name: &str| {
        entries[0].attributes.iter().find(|(n, _)| n == name).map(|(_, values)| values.clone()).unwrap_or_default()
    };
    assert!(values("supportedControl").contains(&b"1.2.840.113556.1.4.319".to_vec()));
    assert!(values("supportedExtension").contains(&b"1.3.6.1.4.1.1466.20037".to_vec()));
    assert!(values("supportedCapabilities").contains(&b"1.2.840.113556.1.4.800".to_vec()));
    assert_eq!(values("netlogon"), Vec::<Vec<u8>>::new());
    let request = SearchRequest { attributes: vec!["NETLOGON", "nonsense"], ..search("", "(objectClass=*)") };
    let (entries, _) = client.run(&Request::Search(request), &[]);
    assert_eq!(entries[0].attributes.len(), 1);
    assert_eq!(client.search("", "(defaultNamingContext=DC=other)").0.len(), 0);
}

#[test]
fn a_missing_base_names_the_closest_ancestor() {
    let (_, end) = start().signed_in().search("CN=missing", "(cn=1)");
    assert_eq!((end.code, end.matched.as_str()), (32, "DC=example"));
    assert!(end.text.starts_with("0000208D: "));
}

#[test]
fn a_name_that_cannot_be_read_is_refused() {
    assert_eq!(start().signed_in().search("nonsense", "(cn=1)").1.code, 34);
}

#[test]
fn a_long_search_goes_on_in_the_pool() {
    let server = start_with(many(50_000), &[]);
    let (entries, end) = server.signed_in().search("DC=example", "(objectClass=*)");
    assert_eq!((entries.len(), end.code), (50_000, 0));
    assert!(entries.iter().enumerate().all(|(number, entry)| entry.dn == format!("CN={number}")));
}

#[test]
fn a_search_that_finds_little_among_much_ends() {
    let server = start_with(many(200_000), &[]);
    let (entries, end) = server.signed_in().search("DC=example", "(cn=199999)");
    assert_eq!((entries.len(), end.code), (1, 0));
}

#[test]
fn a_long_search_does_not_hold_up_a_short_one_of_the_same_connection() {
    let server = start_with(many(2_000_000), &[]);
    let mut client = server.signed_in();
    let long = client.send(&Request::Search(search("DC=example", "(cn=1999999)")), &[]);
    let short = client.send(&Request::Search(SearchRequest { size_limit: 1, ..search("DC=example", "(cn=*)") }), &[]);
    let mut ended = Vec::new();
    while ended.len() < 2 {
        if let Some(Answer::End(end)) = client.answer() {
            ended.push(end.id);
        }
    }
    assert_eq!(ended, [short, long]);
}

#[test]
fn all_works_the_same_inside_tls() {
    let server = start_with(Fake { value_octets: 5_000, ..many(3_000) }, &[]);
    let mut client = server.tls_client();
    assert_eq!(client.bind(crate::fake::NAME, crate::fake::PASSWORD).code, 0);
    let (entries, end) = client.search("DC=example", "(objectClass=*)");
    assert_eq!((entries.len(), end.code), (3_000, 0));
}

#[test]
fn a_slow_client_makes_its_search_pause_and_gets_everything() {
    // 200 MB of answers, while the server may hold 64 KiB: the search must stop until the client reads.
    let server = start_with(Fake { value_octets: 20_000, ..many(10_000) }, &[("output-octets-max", "65536")]);
    let mut slow = server.signed_in();
    slow.send(&Request::Search(search("DC=example", "(objectClass=*)")), &[]);
    // Another client sees when the search makes no more progress.
    let mut other = server.signed_in();
    let mut before = 0;
    let stood_still = (0..1_000).any(|_| {
        assert!(other.is_alive());
        let now = server.directory.examined.load(Ordering::Relaxed);
        let same = now == before && now > 0;
        before = now;
        same
    });
    assert!(stood_still && before < 10_000, "{before}");
    let (entries, end) = slow.end();
    assert_eq!((entries.len(), end.code), (10_000, 0));
}

#[test]
fn the_size_limit_is_an_error_only_when_there_is_more() {
    let server = start();
    let mut client = server.signed_in();
    let mut limited = |size_limit, filter| {
        let request = SearchRequest { size_limit, ..search("DC=example", filter) };
        let (entries, end) = client.run(&Request::Search(request), &[]);
        (entries.len(), end.code)
    };
    assert_eq!(limited(9, "(objectClass=*)"), (9, 4));
    assert_eq!(limited(10, "(objectClass=*)"), (10, 0));
    assert_eq!(limited(1, "(cn=9)"), (1, 0));
    assert_eq!(limited(1, "(cn=0)"), (1, 0));
}

#[test]
fn a_search_without_pages_ends_at_the_page_size() {
    let server = start_with(Fake::default(), &[("page-entries-max", "4")]);
    let (entries, end) = server.signed_in().search("DC=example", "(objectClass=*)");
    assert_eq!((entries.len(), end.code), (4, 4));
}

#[test]
fn a_search_that_takes_too_long_is_stopped() {
    let limits = Limits { query_seconds_max: 0, ..Limits::default() };
    let server = start_with(Fake { limits, ..Fake::default() }, &[]);
    assert_eq!(server.signed_in().search("DC=example", "(cn=1)").1.code, 3);
}

#[test]
fn types_only_leaves_values_out() {
    let server = start();
    let request = SearchRequest { types_only: true, ..search("DC=example", "(cn=1)") };
    let (entries, _) = server.signed_in().run(&Request::Search(request), &[]);
    assert_eq!(entries[0].attributes[1], ("description".to_owned(), vec![]));
}

#[test]
fn a_cancelled_search_says_so_and_the_cancel_succeeds() {
    let server = start_with(many(u32::MAX), &[]);
    let mut client = server.signed_in();
    let long = client.send(&Request::Search(search("DC=example", "(cn=x)")), &[]);
    let value = Cancel { target: message_id(long) }.encode();
    let request = ExtendedRequest { name: bailiwick_ldap::extended::cancel::OID, value: Some(&value) };
    let cancel = client.send(&Request::Extended(request), &[]);
    let (first, second) = (client.end().1, client.end().1);
    assert_eq!((first.id, first.code), (long, 118));
    assert_eq!((second.id, second.code), (cancel, 0));
    assert_eq!(client.run(&Request::Extended(request), &[]).1.code, 119);
}

#[test]
fn an_abandoned_search_is_not_answered_and_its_id_is_free_again() {
    let server = start_with(many(u32::MAX), &[]);
    let mut client = server.signed_in();
    for _ in 0..200 {
        let long = client.send(&Request::Search(search("DC=example", "(cn=x)")), &[]);
        client.send(&Request::Abandon(AbandonRequest { target: message_id(long) }), &[]);
    }
    assert!(client.is_alive());
}

#[test]
fn an_order_that_cannot_be_had_fails_only_when_it_is_critical() {
    let server = start();
    let mut client = server.signed_in();
    let keys = vec![SortKey { attribute: "unsortable", rule: None, reverse: false }];
    let value = ServerSideSort { keys }.encode();
    let mut run = |critical| {
        let control = Control { oid: ServerSideSort::OID, critical, value: Some(&value) };
        let (entries, end) = client.run(&Request::Search(search("DC=example", "(objectClass=*)")), &[control]);
        let (_, response) = end.controls.iter().find(|(oid, _)| oid == ServerSideSortResponse::OID).unwrap();
        let code = ServerSideSortResponse::decode(Some(response)).unwrap().code.number();
        (entries.len(), end.code, code)
    };
    assert_eq!(run(false), (10, 0, 18));
    assert_eq!(run(true), (0, 12, 18));
}

#[test]
fn unknown_critical_controls_and_operations_are_refused() {
    let server = start();
    let mut client = server.signed_in();
    let request = Request::Search(SearchRequest { scope: Scope::Base, ..search("DC=example", "(cn=1)") });
    let (_, end) = client.run(&request, &[Control::critical("1.2.3.4", None)]);
    assert_eq!(end.code, 12);
    assert!(end.text.starts_with("0000202C: "));
    assert_eq!(client.run(&request, &[Control::optional("1.2.3.4", None)]).1.code, 0);
    assert_eq!(client.extended("1.2.3.4", None).code, 2);
}

#[test]
fn a_mistake_in_one_request_ends_its_connection_and_no_other() {
    let server = start();
    let mut other = server.signed_in();
    let mut client = server.signed_in();
    client.send(&Request::Search(search("CN=trap", "(cn=1)")), &[]);
    assert_eq!(client.answer(), None);
    assert!(other.is_alive());
}

#[test]
fn a_thousand_requests_in_one_write_are_all_answered() {
    let server = start();
    let mut client = server.signed_in();
    let mut octets = Vec::new();
    let mut codec = bailiwick_ldap::client::Client::new();
    for _ in 0..1_000 {
        codec.send(&mut octets, &Request::Search(search("DC=example", "(cn=5)")), &[]);
    }
    client.write(&octets);
    for number in 1..=1_000 {
        let (entries, end) = client.end();
        assert_eq!((entries.len(), end.id, end.code), (1, number, 0));
    }
}

#[test]
fn a_pipeline_of_large_answers_goes_on_whenever_there_is_room() {
    // The answers to all requests are far more than the output may hold, and the client reads only afterwards.
    let server = start_with(Fake { value_octets: 100_000, ..Fake::default() }, &[("output-octets-max", "65536")]);
    let mut client = server.signed_in();
    let mut octets = Vec::new();
    let mut codec = bailiwick_ldap::client::Client::new();
    for _ in 0..300 {
        codec.send(&mut octets, &Request::Search(search("DC=example", "(cn=5)")), &[]);
    }
    client.write(&octets);
    let (mut entries, mut ends) = (BTreeMap::<u32, u32>::new(), Vec::new());
    while ends.len() < 300 {
        match client.answer().unwrap() {
            Answer::Entry(id, _) => *entries.entry(id).or_default() += 1,
            Answer::End(end) => ends.push((end.id, end.code)),
        }
    }
    ends.sort_unstable();
    assert!(ends.iter().zip(1..).all(|(end, number)| *end == (number, 0)));
    assert!(entries.len() == 300 && entries.values().all(|count| *count == 1));
}
