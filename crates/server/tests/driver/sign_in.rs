//! Signing in, StartTLS, and who one is afterwards. RFC 4513.

use bailiwick_ldap::request::{Authentication, BindRequest, Request};

use crate::fake::{Fake, NAME, PASSWORD};
use crate::started::{start, start_with};

const WHO_AM_I: &str = "1.3.6.1.4.1.4203.1.11.3";
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

fn who(client: &mut crate::client::Client) -> String {
    String::from_utf8(client.extended(WHO_AM_I, None).value.unwrap()).unwrap()
}

#[test]
fn the_right_password_signs_in_and_a_wrong_one_signs_out() {
    let server = start();
    let mut client = server.client();
    assert_eq!(who(&mut client), "");
    assert_eq!(client.bind(NAME, PASSWORD).code, 0);
    assert_eq!(who(&mut client), "u:EXAMPLE\\Administrator");
    let end = client.bind(NAME, "wrong");
    assert_eq!(end.code, 49);
    assert!(end.text.contains("AcceptSecurityContext error, data 52e, v"), "{}", end.text);
    assert_eq!(who(&mut client), "");
}

#[test]
fn an_unknown_name_and_a_wrong_password_are_told_apart_by_their_data() {
    let server = start();
    let mut client = server.client();
    let (unknown, wrong) = (client.bind("CN=nobody", "x"), client.bind(NAME, "x"));
    assert_eq!((unknown.code, wrong.code), (49, 49));
    assert!(unknown.text.contains("data 525,") && wrong.text.contains("data 52e,"), "{} {}", unknown.text, wrong.text);
}

#[test]
fn a_decision_without_a_check_needs_no_pool() {
    let end = start().client().bind("CN=disabled", "x");
    assert_eq!(end.code, 49);
    assert!(end.text.contains("data 533"));
}

#[test]
fn a_name_without_a_password_is_refused_and_nothing_at_all_is_anonymous() {
    let server = start();
    let mut client = server.signed_in();
    assert_eq!(client.bind(NAME, "").code, 53);
    assert_eq!(client.bind("", "").code, 0);
    assert_eq!(who(&mut client), "");
    assert_eq!(client.bind("", "x").code, 49);
}

#[test]
fn other_ways_and_versions_are_refused() {
    let server = start();
    let mut client = server.client();
    let sasl = Authentication::Sasl { mechanism: "GSSAPI", credentials: None };
    let request = BindRequest { version: 3, name: "", authentication: sasl };
    assert_eq!(client.run(&Request::Bind(request), &[]).1.code, 7);
    let request = BindRequest { version: 2, ..BindRequest::simple(NAME, PASSWORD.as_bytes()) };
    assert_eq!(client.run(&Request::Bind(request), &[]).1.code, 2);
    assert!(client.is_alive());
}

#[test]
fn encryption_can_be_required_from_loopback_too() {
    let server = start_with(Fake::default(), &[("require-encryption", "true")]);
    let mut client = server.client();
    let end = client.bind(NAME, PASSWORD);
    assert_eq!(end.code, 13);
    assert!(end.text.starts_with("0000202D: "), "{}", end.text);
    assert_eq!(client.start_tls(&server.authority()).code, 0);
    assert_eq!(client.bind(NAME, PASSWORD).code, 0);
    assert_eq!(server.tls_client().bind(NAME, PASSWORD).code, 0);
}

#[test]
fn start_tls_is_answered_by_its_name_and_begins_once() {
    let server = start();
    let mut client = server.signed_in();
    let end = client.start_tls(&server.authority());
    assert_eq!((end.code, end.name.as_deref()), (0, Some(START_TLS)));
    assert_eq!(who(&mut client), "u:EXAMPLE\\Administrator");
    assert_eq!(client.search("DC=example", "(cn=3)").0.len(), 1);
    assert_eq!(client.extended(START_TLS, None).code, 1);
    assert!(client.is_alive());
}

#[test]
fn what_follows_start_tls_in_the_clear_ends_the_connection() {
    let server = start();
    let mut client = server.client();
    // A StartTLS request and a who am I in one write, as an attacker in between would slip it in.
    let mut codec = bailiwick_ldap::client::Client::new();
    let mut octets = Vec::new();
    codec.send(&mut octets, &Request::Extended(bailiwick_ldap::extended::start_tls::request()), &[]);
    codec.send(&mut octets, &Request::Extended(bailiwick_ldap::extended::who_am_i::request()), &[]);
    client.write(&octets);
    let (_, end) = client.end();
    assert_eq!((end.id, end.code), (0, 2));
    assert_eq!(client.answer(), None);
}

#[test]
fn requests_behind_a_bind_are_served_as_the_one_who_signed_in() {
    let server = start();
    let mut client = server.client();
    client.send(&Request::Bind(BindRequest::simple(NAME, PASSWORD.as_bytes())), &[]);
    client.send(&Request::Search(crate::client::search("DC=example", "(cn=1)")), &[]);
    assert_eq!(client.end().1.code, 0);
    let (entries, end) = client.end();
    assert_eq!((entries.len(), end.code), (1, 0));
}

#[test]
fn many_sign_in_at_once() {
    let server = start();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut client = server.client();
                for _ in 0..20 {
                    assert_eq!(client.bind(NAME, PASSWORD).code, 0);
                    assert_eq!(client.bind(NAME, "wrong").code, 49);
                }
            });
        }
    });
}
