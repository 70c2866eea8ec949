//! `bailiwick password`, and the passwords of new users.

use bailiwick_tests::Server;

use super::{Shell, both_ways};

const FIRST: &str = "Sommer-Wiese-31";
const SECOND: &str = "Winter-Wald-58";

fn signs_in(server: &Server, name: &str, password: &str) -> bool {
    server.bare_tool("ldapwhoami", &["-x", "-H", &server.url("ldap"), "-D", name, "-w", password], "").code == 0
}

#[test]
fn a_user_with_a_password_is_enabled_and_signs_in() {
    let shell = Shell::Online(Box::new(Server::start()));
    shell.run_with(&["user", "create", "ada", "--password-file", "-"], FIRST).expect(0, &[]);
    let Shell::Online(server) = &shell else { return };
    assert!(signs_in(server, "ada@example.com", FIRST));
    shell.run_with(&["password", "reset", "ada"], SECOND).expect(0, &["Set the password"]);
    assert!(!signs_in(server, "ada@example.com", FIRST));
    assert!(signs_in(server, "ada@example.com", SECOND));
    shell.does(&["user", "disable", "ada"]);
    assert!(!signs_in(server, "ada@example.com", SECOND));
    shell.does(&["user", "enable", "ada"]);
    assert!(signs_in(server, "ada@example.com", SECOND));
}

#[test]
fn what_was_set_while_the_server_was_stopped_holds_when_it_runs() {
    let domain = Server::start().stop();
    let shell = Shell::Offline(domain);
    shell.run_with(&["user", "create", "ada", "--password-file", "-"], FIRST).expect(0, &[]);
    shell.run_with(&["password", "reset", "ada"], SECOND).expect(0, &[]);
    let Shell::Offline(domain) = shell else { return };
    let server = Server::on(domain, &[]);
    assert!(signs_in(&server, "ada@example.com", SECOND));
}

#[test]
fn the_policy_holds_at_the_shell_too() {
    both_ways(|shell| {
        let refused = shell.run_with(&["user", "create", "ada", "--password-file", "-"], "short");
        refused.expect(1, &["password"]);
        assert!(!refused.says("short\n"), "{refused}");
        shell.run(&["user", "show", "ada"]).expect(13, &[]);
        shell
            .run_with(&["user", "create", "ada", "--password-file", "-", "--must-change-password"], FIRST)
            .expect(0, &[]);
        assert_eq!(shell.json(&["user", "show", "ada"])["pwdLastSet"][0], "0");
        shell.run_with(&["password", "reset", "ada"], "short").expect(1, &[]);
        shell.run_with(&["password", "reset", "ada"], "").expect(2, &["missing"]);
        shell.run_with(&["password", "reset", "nobody"], SECOND).expect(13, &[]);
        shell.run(&["user", "create", "grace", "--password-file", "/nonexistent"]).expect(3, &[]);
    });
}

#[test]
fn no_password_is_printed_or_logged() {
    let shell = Shell::Online(Box::new(Server::with(&["--log-level", "trace"])));
    let made = shell.run_with(&["user", "create", "ada", "--password-file", "-"], FIRST);
    let set = shell.run_with(&["password", "reset", "ada", "--must-change", "--unlock"], SECOND);
    made.expect(0, &[]);
    set.expect(0, &[]);
    let Shell::Online(server) = &shell else { return };
    let log = server.log();
    for secret in [FIRST, SECOND] {
        assert!(!log.contains(secret) && !made.says(secret) && !set.says(secret), "{secret}");
    }
}
