//! `ldapwhoami`, and `ldapexop`, which exits with 1 whatever the result code is.

use bailiwick_tests::Server;

#[test]
fn who_am_i_tells_the_name_that_signed_in() {
    let server = Server::start();
    server.tool("ldapwhoami", &[], "").expect(0, &["u:EXAMPLE\\Administrator"]);
    server.tool("ldapexop", &["whoami"], "").expect(0, &["u:EXAMPLE\\Administrator"]);
    server.tool("ldapexop", &["1.3.6.1.4.1.4203.1.11.3"], "").expect(0, &[]);
}

#[test]
fn an_unknown_operation_is_a_protocol_error() {
    let server = Server::start();
    server.tool("ldapexop", &["1.2.3.4.5"], "").expect(1, &["(2)", "0000203D: "]);
}

#[test]
fn cancelling_what_does_not_run_is_refused() {
    let server = Server::start();
    server.tool("ldapexop", &["cancel", "77"], "").expect(1, &["(119)", "0000"]);
}
