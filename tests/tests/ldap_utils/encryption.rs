//! StartTLS and LDAPS with the certificate authority that the server made.

use bailiwick_tests::{ADMINISTRATOR, PASSWORD, Server};

#[track_caller]
fn check(server: &Server, url: &str, flags: &[&str], code: i32) {
    let mut arguments = vec!["-x", "-H", url, "-D", ADMINISTRATOR, "-w", PASSWORD];
    arguments.extend(flags);
    let output = server.bare_tool("ldapwhoami", &arguments, "");
    assert_eq!(output.code == 0, code == 0, "{url} {flags:?}: {output}");
}

#[test]
fn both_ways_to_encrypt_are_verified_against_the_authority() {
    let server = Server::start();
    check(&server, &server.url("ldap"), &["-ZZ"], 0);
    check(&server, &server.url("ldaps"), &[], 0);
    let by_name = format!("ldaps://localhost:{}", server.address("ldaps").port());
    check(&server, &by_name, &[], 0);
}

#[test]
fn a_stranger_to_the_authority_does_not_connect() {
    let server = Server::start();
    let url = server.url("ldaps");
    let empty = server.domain().beside("empty.pem");
    std::fs::write(&empty, "").expect("the folder is writable");
    let mut command = std::process::Command::new("ldapwhoami");
    command.env("LDAPNOINIT", "1").env("LDAPTLS_CACERT", &empty).env("LDAPTLS_REQCERT", "demand");
    command.args(["-x", "-H", &url]);
    assert_ne!(bailiwick_tests::run(&mut command, "").code, 0);
}

#[test]
fn a_second_tls_inside_tls_is_refused() {
    let server = Server::start();
    let arguments = ["-x", "-ZZ", "-H", &server.url("ldaps"), "-D", ADMINISTRATOR, "-w", PASSWORD];
    let output = server.bare_tool("ldapwhoami", &arguments, "");
    assert!(output.code != 0 && output.says("TLS is already active"), "{output}");
}

#[test]
fn a_restarted_server_keeps_its_authority() {
    let server = Server::start();
    let before = std::fs::read(server.authority_file()).expect("the authority is there");
    let server = Server::on(server.stop(), &[]);
    assert_eq!(std::fs::read(server.authority_file()).expect("the authority is there"), before);
    check(&server, &server.url("ldaps"), &[], 0);
}
