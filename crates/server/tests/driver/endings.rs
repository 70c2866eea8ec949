//! How connections end: limits, nonsense, silence and shutdown.

use std::io::{Read, Write};
use std::net::TcpStream;

use bailiwick_ldap::request::{Request, SearchRequest};

use crate::client::search;
use crate::fake::Fake;
use crate::started::{start, start_with};

#[test]
fn nonsense_is_answered_with_a_notice() {
    let server = start();
    let mut client = server.client();
    client.write(b"GET / HTTP/1.1\r\n\r\n");
    let (_, end) = client.end();
    assert_eq!((end.id, end.code), (0, 2));
    assert_eq!(end.name.as_deref(), Some("1.3.6.1.4.1.1466.20036"));
    assert_eq!(client.answer(), None);
}

#[test]
fn a_message_above_the_limit_is_not_waited_for() {
    let server = start_with(Fake::default(), &[("message-octets-before-bind-max", "2048")]);
    let mut client = server.client();
    client.write(b"\x30\x84\x00\x00\x10\x00");
    let (_, end) = client.end();
    assert_eq!((end.id, end.code), (0, 2));
    // Who has signed in may send larger ones.
    let filter = format!("(cn={})", "x".repeat(4_000));
    assert_eq!(server.signed_in().search("DC=example", &filter).1.code, 0);
}

#[test]
fn a_request_that_cannot_be_read_is_answered_and_the_connection_goes_on() {
    let server = start();
    let mut client = server.signed_in();
    // An add request whose contents are no elements.
    client.write(b"\x30\x08\x02\x01\x63\x68\x03\x04\x05a");
    let (_, end) = client.end();
    assert_eq!((end.id, end.code), (0x63, 2));
    assert!(client.is_alive());
}

#[test]
fn connections_of_an_address_are_counted() {
    let server = start_with(Fake::default(), &[("connections-per-address-max", "2")]);
    let mut first = server.signed_in();
    let mut second = server.signed_in();
    let mut third = server.client();
    let (_, end) = third.end();
    assert_eq!((end.id, end.code), (0, 52));
    assert!(end.text.contains("connections-per-address-max"), "{}", end.text);
    assert_eq!(third.answer(), None);
    assert!(first.is_alive() && second.is_alive());
    drop(first);
    // The place is free once the server has noticed.
    let mut tries = 0;
    while server.client().answer_or_alive().is_none() {
        tries += 1;
        assert!(tries < 10_000);
    }
}

#[test]
fn a_silent_connection_is_ended_with_a_notice() {
    let server = start_with(Fake::default(), &[("idle-seconds-max", "1")]);
    let mut client = server.signed_in();
    let (_, end) = client.end();
    assert_eq!((end.id, end.code), (0, 52));
    assert_eq!(client.answer(), None);
}

#[test]
fn a_handshake_that_does_not_come_is_not_waited_for() {
    let server = start_with(Fake::default(), &[("handshake-seconds-max", "1")]);
    let mut socket = TcpStream::connect(server.running.addresses().ldaps.unwrap()).unwrap();
    assert_eq!(socket.read(&mut [0; 16]).unwrap_or(0), 0);
}

#[test]
fn the_wrong_protocol_on_the_tls_port_ends_the_connection() {
    let server = start();
    let mut socket = TcpStream::connect(server.running.addresses().ldaps.unwrap()).unwrap();
    socket.write_all(b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00").unwrap();
    let mut rest = Vec::new();
    let _ = socket.read_to_end(&mut rest);
    // Nothing but a TLS alert.
    assert_eq!(rest.first().copied().unwrap_or(0x15), 0x15);
}

#[test]
fn unbind_ends_the_connection_without_a_word() {
    let server = start();
    let mut client = server.signed_in();
    client.send(&Request::Unbind, &[]);
    assert_eq!(client.answer(), None);
}

#[test]
fn stopping_finishes_what_is_in_flight_and_says_goodbye() {
    let server = start_with(Fake { entries: 300_000, ..Fake::default() }, &[]);
    let mut idle = server.signed_in();
    let mut busy = server.signed_in();
    let id = busy.send(&Request::Search(SearchRequest { size_limit: 1, ..search("DC=example", "(cn=299999)") }), &[]);
    // The search has begun when this is answered: one connection's requests begin in order.
    let alive = busy.send(&Request::Extended(bailiwick_ldap::extended::who_am_i::request()), &[]);
    let mut ended = vec![busy.end().1];
    server.running.shutdown().ask();
    while ended.len() < 2 {
        ended.push(busy.end().1);
    }
    let mut ids: Vec<_> = ended.iter().map(|end| (end.id, end.code)).collect();
    ids.sort_unstable();
    assert_eq!(ids, [(id, 0), (alive, 0)]);
    for client in [&mut idle, &mut busy] {
        let (_, end) = client.end();
        assert_eq!((end.id, end.code), (0, 52));
        assert_eq!(client.answer(), None);
    }
    server.running.wait();
}
