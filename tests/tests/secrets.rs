//! A credential appears in no log at any level, in no metric and on no screen.

use bailiwick_tests::{ADMINISTRATOR, PASSWORD, Server, USERS};

const WRONG: &str = "Wrong-Herring-31";
const WRITTEN: &str = "Written-Walrus-58";

#[test]
fn no_log_line_holds_a_password() {
    for format in ["human", "json"] {
        let server = Server::with(&["--log-level", "trace", "--log-format", format]);
        let (ldap, ldaps) = (server.url("ldap"), server.url("ldaps"));
        for (name, password, url, extra) in [
            (ADMINISTRATOR, PASSWORD, &ldap, "-v"),
            (ADMINISTRATOR, PASSWORD, &ldap, "-ZZ"),
            ("Administrator@example.com", PASSWORD, &ldaps, "-v"),
            (ADMINISTRATOR, WRONG, &ldap, "-v"),
            ("nobody@example.com", WRONG, &ldap, "-v"),
        ] {
            server.bare_tool("ldapwhoami", &["-x", extra, "-H", url, "-D", name, "-w", password], "");
        }
        // A password written in any of the ways that exist, refused or not.
        let quoted: Vec<u8> = format!("\"{WRITTEN}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hex: String = quoted.iter().map(|octet| format!("{octet:02x}")).collect();
        let user = format!("dn: CN=s,{USERS}\nobjectClass: user\nsAMAccountName: s\nuserPassword: {WRITTEN}\n");
        server.tool("ldapadd", &[], &user);
        server.modify(&format!(
            "dn: CN=Guest,{USERS}\nchangetype: modify\nreplace: userPassword\nuserPassword: {WRITTEN}\n"
        ));
        server.tool("ldapcompare", &[ADMINISTRATOR, &format!("unicodePwd:{WRITTEN}")], "");
        server.search(&[&format!("(userPassword={WRITTEN})"), "1.1"]);
        let log = server.log();
        assert!(log.lines().count() > 5, "the log is there at all:\n{log}");
        let (status, screen) = server.stop_running();
        assert!(status.success());
        for secret in [PASSWORD, WRONG, WRITTEN, hex.as_str()] {
            assert!(!log.contains(secret), "{secret} is in the {format} log");
            assert!(!screen.contains(secret), "{secret} is on the screen");
        }
    }
}

#[test]
fn json_log_lines_are_objects_with_request_and_address() {
    let server = Server::with(&["--log-level", "debug", "--log-format", "json"]);
    server.search(&["(cn=Guest)", "1.1"]).expect(0, &[]);
    let log = server.log();
    let mut requests = 0;
    for line in log.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(value.is_object(), "{line}");
        if line.contains("\"request\"") {
            requests += 1;
            assert!(line.contains("\"127.0.0.1"), "no client's address: {line}");
        }
    }
    assert!(requests > 0, "{log}");
}
