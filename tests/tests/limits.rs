//! The bounds that protect the server: each refuses clearly, and the next client is served.

use std::io::{Read, Write};
use std::net::TcpStream;

use bailiwick_ldap::result_code::ResultCode;
use bailiwick_tests::{Client, Server};

/// Sends octets and gives what comes back until the server closes.
fn exchange(server: &Server, octets: &[u8]) -> Vec<u8> {
    let mut socket = TcpStream::connect(server.address("ldap")).expect("the server listens");
    // The server may close before it has read everything.
    let _ = socket.write_all(octets);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    answer
}

#[track_caller]
fn is_served(server: &Server) {
    assert_eq!(server.search(&["-b", "", "-s", "base", "(objectClass=*)", "1.1"]).entries().len(), 1);
}

#[test]
fn what_is_no_ldap_ends_the_connection() {
    let server = Server::start();
    for octets in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x30\x80\x00\x00",
        b"\x30\x05\x02\x01\x01\x42\x05",
        b"\x30\x84\xff\xff\xff\xff",
    ] {
        exchange(&server, octets);
        is_served(&server);
    }
}

#[test]
fn a_message_above_the_limit_is_refused_before_it_is_read() {
    let server = Server::with(&["--message-octets-before-bind-max", "4096"]);
    let answer = exchange(&server, b"\x30\x83\x10\x00\x00\x02\x01\x01");
    // A notice of disconnection: RFC 4511 section 4.4.1.
    let notice = b"1.3.6.1.4.1.1466.20036";
    assert!(answer.windows(notice.len()).any(|window| window == notice), "{answer:?}");
    is_served(&server);
}

#[test]
fn connections_of_one_address_are_limited() {
    let server = Server::with(&["--connections-per-address-max", "3"]);
    let address = server.address("ldap");
    let mut clients: Vec<_> = (0..3).map(|_| Client::administrator(address)).collect();
    let mut fourth = Client::connect(address).expect("the system takes the connection");
    assert_ne!(fourth.bind("", ""), Ok(ResultCode::Success));
    // Those that were first are served on.
    for client in &mut clients {
        assert_eq!(client.bind("", ""), Ok(ResultCode::Success));
    }
}

#[test]
fn a_silent_client_is_sent_away() {
    let server = Server::with(&["--idle-seconds-max", "1"]);
    let mut socket = TcpStream::connect(server.address("ldap")).expect("the server listens");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("the server closes the connection");
    is_served(&server);
}

#[test]
fn a_page_has_its_maximum() {
    let server = Server::with(&["--page-entries-max", "10"]);
    let plain = server.search(&["(objectClass=group)", "1.1"]);
    plain.expect(4, &[]);
    assert_eq!(plain.stdout.matches("dn: ").count(), 10);
    let paged = server.search(&["-E", "pr=1000/noprompt", "(objectClass=group)", "1.1"]).entries();
    assert!(paged.len() > 30, "{}", paged.len());
}
