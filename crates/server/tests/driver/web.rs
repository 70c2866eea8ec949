//! The HTTP driver: health, figures and limits.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::fake::Fake;
use crate::started::{Started, start, start_with};

fn exchange(server: &Started, request: &str) -> String {
    let mut socket = TcpStream::connect(server.running.addresses().http.unwrap()).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).unwrap();
    response
}

fn get(server: &Started, path: &str) -> String {
    exchange(server, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
}

#[test]
fn health_is_a_word() {
    let response = get(&start(), "/healthz");
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    assert!(response.ends_with("\r\n\r\nok\n"));
}

#[test]
fn figures_count_operations_and_connections() {
    let server = start();
    let mut client = server.signed_in();
    client.search("DC=example", "(cn=1)");
    let response = get(&server, "/metrics");
    assert!(response.contains("bailiwick_ldap_operations_total{operation=\"search\",result=\"0\"} 1"), "{response}");
    assert!(response.contains("bailiwick_connections_open{listener=\"Ldap\"} 1"));
    assert!(response.contains("bailiwick_ldap_search_slices_total{place=\"Inline\"} 1"));
    assert!(response.contains("bailiwick_process_resident_memory_bytes"));
}

#[test]
fn a_body_above_the_limit_is_refused() {
    let server = start_with(Fake::default(), &[("http-body-octets-max", "1024")]);
    let request = "POST /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4096\r\n\r\n";
    assert!(exchange(&server, request).starts_with("HTTP/1.1 413 "));
}

#[test]
fn unknown_paths_are_not_found() {
    assert!(get(&start(), "/nothing").starts_with("HTTP/1.1 404 "));
}

#[test]
fn the_same_is_served_over_tls() {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};

    let server = start();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(server.authority()).unwrap()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("dc1.example.com").unwrap();
    let tls = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(server.running.addresses().https.unwrap()).unwrap();
    let mut stream = rustls::StreamOwned::new(tls, socket);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.ends_with("ok\n"), "{response}");
}
