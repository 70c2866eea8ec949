//! Paged results. RFC 2696, [MS-ADTS] 3.1.1.3.4.1.1.

use bailiwick_domain::Limits;
use bailiwick_ldap::control::{Control, PagedResults};
use bailiwick_ldap::request::{Request, SearchRequest};

use crate::client::{Client, End, Entry, search};
use crate::fake::Fake;
use crate::started::{start, start_with};

fn page(client: &mut Client, request: &SearchRequest<'_>, size: u32, cookie: &[u8]) -> (Vec<Entry>, End, Vec<u8>) {
    let value = PagedResults { size, cookie }.encode();
    let control = Control::critical(PagedResults::OID, Some(&value));
    let (entries, end) = client.run(&Request::Search(request.clone()), &[control]);
    let cookie = match end.controls.iter().find(|(oid, _)| oid == PagedResults::OID) {
        Some((_, value)) => PagedResults::decode(Some(value)).unwrap().cookie.to_vec(),
        None => Vec::new(),
    };
    (entries, end, cookie)
}

#[test]
fn pages_together_are_the_whole() {
    let limits = Limits::default();
    let server = start_with(Fake { entries: 2_500, limits, ..Fake::default() }, &[]);
    let mut client = server.signed_in();
    let request = search("DC=example", "(objectClass=*)");
    let (mut names, mut cookie, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let (entries, end, next) = page(&mut client, &request, 600, &cookie);
        assert_eq!(end.code, 0);
        sizes.push(entries.len());
        names.extend(entries.into_iter().map(|entry| entry.dn));
        cookie = next;
        if cookie.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [600, 600, 600, 600, 100]);
    assert!(names.iter().enumerate().all(|(number, name)| *name == format!("CN={number}")));
}

#[test]
fn the_control_is_answered_on_a_single_page_too() {
    let server = start();
    let (entries, end, cookie) = page(&mut server.signed_in(), &search("DC=example", "(cn=1)"), 100, b"");
    assert_eq!((entries.len(), end.code, cookie.len()), (1, 0, 0));
    assert_eq!(end.controls.len(), 1);
    let (_, end, _) = page(&mut server.client(), &search("", "(objectClass=*)"), 100, b"");
    assert_eq!(end.controls.len(), 1);
}

#[test]
fn a_page_is_no_larger_than_the_directory_allows() {
    let server = start_with(Fake::default(), &[("page-entries-max", "3")]);
    let (entries, _, cookie) = page(&mut server.signed_in(), &search("DC=example", "(objectClass=*)"), 100, b"");
    assert_eq!(entries.len(), 3);
    assert!(!cookie.is_empty());
}

#[test]
fn a_cookie_is_bound_to_its_search_and_its_connection() {
    let server = start();
    let mut client = server.signed_in();
    let request = search("DC=example", "(objectClass=*)");
    let (_, _, cookie) = page(&mut client, &request, 2, b"");
    assert_eq!(page(&mut server.signed_in(), &request, 2, &cookie).1.code, 53);
    assert_eq!(page(&mut client, &search("DC=example", "(cn=*)"), 2, &cookie).1.code, 53);
    assert_eq!(page(&mut client, &request, 2, b"nonsense").1.code, 53);
}

#[test]
fn a_page_of_none_gives_the_search_up() {
    let server = start();
    let mut client = server.signed_in();
    let request = search("DC=example", "(objectClass=*)");
    let (_, _, cookie) = page(&mut client, &request, 2, b"");
    let (entries, end, next) = page(&mut client, &request, 0, &cookie);
    assert_eq!((entries.len(), end.code, next.len()), (0, 0, 0));
    assert_eq!(page(&mut client, &request, 2, &cookie).1.code, 53);
}

#[test]
fn the_size_limit_counts_over_all_pages() {
    let server = start();
    let mut client = server.signed_in();
    let request = SearchRequest { size_limit: 5, ..search("DC=example", "(objectClass=*)") };
    let (first, end, cookie) = page(&mut client, &request, 3, b"");
    assert_eq!((first.len(), end.code), (3, 0));
    let (second, end, cookie) = page(&mut client, &request, 3, &cookie);
    assert_eq!((second.len(), end.code, cookie.len()), (2, 4, 0));
}
