//! What the HTTP listeners offer before any face is mounted: health and metrics.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use bailiwick_tests::Server;

/// Asks and gives status and body.
fn get(address: SocketAddr, request: &str) -> (u16, String) {
    let mut socket = TcpStream::connect(address).expect("the server listens");
    socket.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("the server answers");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

fn path(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

#[test]
fn health_is_told() {
    let server = Server::start();
    assert_eq!(get(server.address("http"), &path("/healthz")).0, 200);
    assert_eq!(get(server.address("http"), &path("/nothing-here")).0, 404);
}

#[test]
fn metrics_count_what_was_done() {
    let server = Server::start();
    server.search(&["(cn=Guest)", "1.1"]).expect(0, &[]);
    let (status, metrics) = get(server.address("http"), &path("/metrics"));
    assert_eq!(status, 200);
    assert!(metrics.contains("# TYPE"), "{metrics}");
    let searches = metrics.lines().find(|line| !line.starts_with('#') && line.contains("search"));
    assert!(searches.is_some_and(|line| !line.ends_with(" 0")), "{metrics}");
}

#[test]
fn nonsense_is_answered_and_harms_nobody() {
    let server = Server::start();
    let address = server.address("http");
    let (status, _) = get(address, "BREW /pot HTCPCP/1.0\r\n\r\n");
    assert!((400..500).contains(&status));
    assert_eq!(get(address, &path("/healthz")).0, 200);
}
