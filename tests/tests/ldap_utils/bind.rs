//! Simple binds, by every name that counts and with every mistake.

use bailiwick_tests::{ADMINISTRATOR, PASSWORD, Server};

#[track_caller]
fn check(server: &Server, name: &str, password: &str, code: i32, texts: &[&str]) {
    let url = server.url("ldap");
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", name, "-w", password], "").expect(code, texts);
}

#[test]
fn the_administrator_has_many_names() {
    let server = Server::start();
    for name in [
        ADMINISTRATOR,
        "cn=administrator,cn=users,dc=EXAMPLE,dc=COM",
        "Administrator@example.com",
        "EXAMPLE\\Administrator",
        "example\\ADMINISTRATOR",
        "Administrator",
    ] {
        check(&server, name, PASSWORD, 0, &["u:EXAMPLE\\Administrator"]);
    }
}

#[test]
fn a_failed_sign_in_says_whether_the_name_or_the_password_is_wrong() {
    let server = Server::start();
    let error = "80090308: LdapErr: DSID-";
    for (name, password, data) in [
        (ADMINISTRATOR, "swordfish", "52e"),
        ("CN=nobody,DC=example,DC=com", PASSWORD, "525"),
        ("nobody@example.com", PASSWORD, "525"),
        ("OTHER\\Administrator", PASSWORD, "525"),
        ("CN=Guest,CN=Users,DC=example,DC=com", PASSWORD, "52e"),
    ] {
        check(&server, name, password, 49, &[error, &format!("AcceptSecurityContext error, data {data},")]);
    }
}

#[test]
fn a_name_without_a_password_is_never_a_sign_in() {
    let server = Server::start();
    check(&server, ADMINISTRATOR, "", 53, &["0000"]);
}

#[test]
fn anonymous_clients_see_the_root_dse_and_nothing_else() {
    let server = Server::start();
    let url = server.url("ldap");
    let anonymous = |arguments: &[&str]| {
        let mut all = vec!["-x", "-LLL", "-H", &url];
        all.extend(arguments);
        server.bare_tool("ldapsearch", &all, "")
    };
    let root = anonymous(&["-b", "", "-s", "base"]);
    assert_eq!(root.entries()[0].value("defaultNamingContext"), "DC=example,DC=com");
    anonymous(&["-b", "DC=example,DC=com"]).expect(1, &["000004DC: "]);
    anonymous(&["-b", "CN=Aggregate,CN=Schema,CN=Configuration,DC=example,DC=com", "-s", "base"]).expect(1, &["0000"]);
    server.bare_tool("ldapwhoami", &["-x", "-H", &url], "").expect(0, &["anonymous"]);
}

#[test]
fn encryption_can_be_required_from_loopback_too() {
    let server = Server::with(&["--require-encryption"]);
    check(&server, ADMINISTRATOR, PASSWORD, 13, &["0000202D: "]);
    let ldaps = server.url("ldaps");
    let arguments = ["-x", "-H", &ldaps, "-D", ADMINISTRATOR, "-w", PASSWORD];
    server.bare_tool("ldapwhoami", &arguments, "").expect(0, &["u:EXAMPLE\\Administrator"]);
}
