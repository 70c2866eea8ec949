//! A password that has expired is changed by whoever knows it, without signing in. RFC 3062.

use bailiwick_directory::Native;
use bailiwick_ldap::extended::password_modify::PasswordModify;

use crate::client::{Client, End};
use crate::passwords::{ADA, FIRST, SECOND, administrator, check, domain, modify, password_modify, replace};
use crate::started::Started;

/// A domain in which Ada must change her password, and her connection, on which nobody has signed in.
fn must_change() -> (Started<Native>, Client) {
    let server = domain();
    set(&server, "pwdLastSet", b"0");
    let client = server.tls_client();
    (server, client)
}

fn set(server: &Started<Native>, attribute: &str, value: &[u8]) {
    check(&modify(&mut administrator(server), ADA, &[replace(attribute, value)]), 0, "");
}

fn change(client: &mut Client, name: &str, old: &str, new: &str) -> End {
    let request = PasswordModify {
        identity: Some(name.as_bytes()),
        old_password: Some(old.as_bytes()),
        new_password: Some(new.as_bytes()),
    };
    password_modify(client, request)
}

fn check_sign_in(end: &End, data: &str) {
    assert!(end.code == 49 && end.text.contains(&format!(", data {data}, v")), "{data}: {} {}", end.code, end.text);
}

#[test]
fn who_knows_the_old_password_changes_it_by_any_name() {
    for name in [ADA, "dn:CN=ada,CN=Users,DC=example,DC=com", "u:EXAMPLE\\ada", "ada@example.com", "ada"] {
        let (_server, mut client) = must_change();
        check_sign_in(&client.bind(ADA, FIRST), "773");
        check(&change(&mut client, name, FIRST, SECOND), 0, "");
        // Nobody is signed in by it.
        check(&client.search("DC=example,DC=com", "(cn=ada)").1, 1, "000004DC: ");
        assert_eq!(client.bind(ADA, SECOND).code, 0);
    }
}

#[test]
fn a_password_that_is_too_old_is_changed_too() {
    let server = domain();
    let age = [replace("maxPwdAge", b"-1")];
    check(&modify(&mut administrator(&server), "DC=example,DC=com", &age), 0, "");
    let mut client = server.tls_client();
    check_sign_in(&client.bind(ADA, FIRST), "532");
    check(&change(&mut client, "ada", FIRST, SECOND), 0, "");
}

#[test]
fn an_unknown_name_and_a_wrong_password_are_told_as_binds_tell_them_and_are_guesses() {
    let (_server, mut client) = must_change();
    let wrong = change(&mut client, "ada", "Wrong-123", SECOND);
    check_sign_in(&wrong, "52e");
    let unknown = change(&mut client, "nobody", "Wrong-123", SECOND);
    check_sign_in(&unknown, "525");
    check_sign_in(&change(&mut client, "ada", "Wrong-124", SECOND), "52e");
    check_sign_in(&change(&mut client, "ada", "Wrong-125", SECOND), "52e");
    // Three are too many, as they are for sign-ins.
    check_sign_in(&change(&mut client, "ada", FIRST, SECOND), "775");
}

#[test]
fn what_else_stands_in_the_way_of_a_sign_in_stands_in_the_way_of_the_change() {
    let (server, mut client) = must_change();
    for (attribute, refusing, data, letting) in [
        ("userAccountControl", &b"514"[..], "533", &b"512"[..]),
        ("accountExpires", b"1", "701", b"0"),
        ("userWorkstations", b"PC1", "531", b"dc1"),
        ("logonHours", &[0; 21], "530", &[0xff; 21]),
    ] {
        set(&server, attribute, refusing);
        check_sign_in(&change(&mut client, "ada", FIRST, SECOND), data);
        set(&server, attribute, letting);
    }
    check(&change(&mut client, "ada", FIRST, "short"), 19, "0000052D: ");
    check(&change(&mut client, "ada", FIRST, FIRST), 19, "0000052D: ");
    check(&change(&mut client, "ada", FIRST, SECOND), 0, "");
}

#[test]
fn it_takes_both_passwords_and_a_connection_that_nobody_reads() {
    let (server, mut client) = must_change();
    check(&change(&mut server.client(), "ada", FIRST, SECOND), 53, "0000001F: ");
    check(&change(&mut client, "ada", "", SECOND), 53, "00000057: ");
    let reset = PasswordModify { identity: Some(b"ada"), new_password: Some(b"Winter-2026"), old_password: None };
    check(&password_modify(&mut client, reset), 1, "000004DC: ");
    let made = PasswordModify { identity: Some(b"ada"), old_password: Some(FIRST.as_bytes()), new_password: None };
    check(&password_modify(&mut client, made), 1, "000004DC: ");
}
