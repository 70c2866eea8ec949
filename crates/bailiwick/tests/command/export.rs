//! Exports, and that they come back as they were.

use std::os::unix::fs::PermissionsExt;

use crate::folder::{BASE, Workplace, run, stderr, text};
use crate::serve::Server;

const PEOPLE: &str = "\
dn: OU=Staff,DC=example,DC=com
objectClass: organizationalUnit
ou: Staff
description: Leute

dn: CN=All,OU=Staff,DC=example,DC=com
objectClass: group
sAMAccountName: All
member: CN=Ada,OU=Staff,DC=example,DC=com
member: CN=Bob,OU=Staff,DC=example,DC=com

dn: CN=Ada,OU=Staff,DC=example,DC=com
objectClass: user
sAMAccountName: ada
displayName:: w4RkYQ==
manager: CN=Bob,OU=Staff,DC=example,DC=com

dn: CN=Bob,OU=Staff,DC=example,DC=com
objectClass: user
sAMAccountName: bob
manager: CN=Ada,OU=Staff,DC=example,DC=com

dn: CN=Administrator,CN=Users,DC=example,DC=com
changetype: modify
replace: description
description: Someone else's words
-
";

/// Checks that two exports hold the same records, in whatever order, and says where they differ.
#[track_caller]
fn assert_same(one: &str, other: &str) {
    let (one, other) = (records(one), records(other));
    let difference = one.iter().zip(&other).find(|(a, b)| a != b);
    assert_eq!(difference, None);
    assert_eq!(one.len(), other.len());
}

/// The records of an export, each with its lines in order.
fn records(export: &str) -> Vec<Vec<&str>> {
    let mut records: Vec<Vec<&str>> = export
        .split("\n\n")
        .map(|record| {
            let mut lines: Vec<&str> = record.lines().collect();
            lines.sort_unstable();
            lines
        })
        .collect();
    records.sort_unstable();
    records
}

fn filled() -> Workplace {
    let workplace = Workplace::with_domain();
    let (code, said) = workplace.import(PEOPLE, &[]);
    assert_eq!(code, 0, "{said}");
    workplace
}

#[test]
fn an_export_imports_to_an_equal_domain() {
    let export = filled().export(BASE);
    let other = Workplace::with_domain();
    let (code, said) = other.import(&export, &["--existing", "update"]);
    assert_eq!(code, 0, "{said}");
    assert_same(&other.export(BASE), &export);
}

#[test]
fn a_running_server_gives_and_takes_the_same() {
    let workplace = filled();
    let export = workplace.export(BASE);
    let server = Server::start(&workplace, &[]);
    let file = workplace.path("remote.ldif");
    let reach = ["--url", &server.url, "--bind", "Administrator@example.com"];
    let output = run(&[&["export", text(&file)], &reach[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(server.stop(), 0);
    assert_same(&std::fs::read_to_string(&file).unwrap(), &export);
    let other = Workplace::with_domain();
    let server = Server::start(&other, &[]);
    let reach = ["--url", &server.url, "--bind", "Administrator@example.com"];
    let output = run(&[&["import", text(&file), "--existing", "update"], &reach[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(server.stop(), 0);
    // Changes run side by side there, so siblings may come in another order.
    assert_same(&other.export(BASE), &export);
}

#[test]
fn a_unit_that_was_moved_below_a_younger_one_comes_after_it() {
    let workplace = Workplace::with_domain();
    let ldif = "\
dn: OU=Old,DC=example,DC=com
objectClass: organizationalUnit

dn: OU=Inner,OU=Old,DC=example,DC=com
objectClass: organizationalUnit

dn: OU=Young,DC=example,DC=com
objectClass: organizationalUnit

dn: OU=Old,DC=example,DC=com
changetype: modrdn
newrdn: OU=Old
deleteoldrdn: 1
newsuperior: OU=Young,DC=example,DC=com
";
    let (code, said) = workplace.import(ldif, &[]);
    assert_eq!(code, 0, "{said}");
    let export = workplace.export("OU=Young,DC=example,DC=com");
    let names: Vec<&str> = export.lines().filter_map(|line| line.strip_prefix("dn: OU=")).collect();
    assert_eq!(
        names,
        ["Young,DC=example,DC=com", "Old,OU=Young,DC=example,DC=com", "Inner,OU=Old,OU=Young,DC=example,DC=com"]
    );
}

#[test]
fn operational_attributes_are_written_when_asked_for() {
    let workplace = Workplace::with_domain();
    let output = workplace.run(&["export", "--operational", "--filter", "(sAMAccountName=Guest)"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("objectGUID::") && text.contains("whenCreated:"), "{text}");
    assert!(!workplace.export("CN=Guest,CN=Users,DC=example,DC=com").contains("objectGUID"));
}

#[test]
fn a_wrong_password_is_refused_with_a_code_of_its_own() {
    let workplace = Workplace::with_domain();
    let server = Server::start(&workplace, &[]);
    let file = workplace.write("password", "wrong");
    let output = run(&["export", "--url", &server.url, "--bind", "Administrator", "--password-file", text(&file)]);
    assert_eq!(output.status.code(), Some(12));
    let output = run(&["export", "--url", "ldap://127.0.0.1:1", "--bind", "Administrator"]);
    assert_eq!(output.status.code(), Some(12));
}

#[test]
fn with_secrets_people_sign_in_to_the_new_domain_with_their_old_passwords() {
    let workplace = Workplace::with_domain();
    let ada = "dn: CN=Ada,CN=Users,DC=example,DC=com\nobjectClass: user\nsAMAccountName: ada\n\
               userAccountControl: 512\nuserPassword: Lovelace-1815\n\n";
    let (code, said) = workplace.import(ada, &[]);
    assert_eq!(code, 0, "{said}");
    let file = workplace.path("secrets.ldif");
    let output = workplace.run(&["export", text(&file), "--with-secrets", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let export = std::fs::read_to_string(&file).unwrap();
    assert!(export.contains("supplementalCredentials:: ") && export.contains("pwdLastSet: "));
    assert!(!workplace.export(BASE).contains("supplementalCredentials"));
    let other = Workplace::with_domain();
    let (code, said) = other.import(&export, &["--existing", "update"]);
    assert_eq!(code, 0, "{said}");
    let server = Server::start(&other, &[]);
    let password = other.write("password", "Lovelace-1815");
    let reach = ["--url", &server.url, "--bind", "ada@example.com", "--password-file", text(&password)];
    let output = run(&[&["export", "--base", "CN=Ada,CN=Users,DC=example,DC=com"], &reach[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 entry exported"), "{}", stderr(&output));
    let output = run(&[&["export", "--with-secrets"], &reach[..]].concat());
    assert_eq!(output.status.code(), Some(2));
    // The same through the data folder, which the server has.
    let output = other.run(&["export", "--with-secrets"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn a_password_is_not_sent_to_another_machine_in_the_clear() {
    let output = run(&["export", "--url", "ldap://192.0.2.1:389", "--bind", "Administrator"]);
    assert_eq!(output.status.code(), Some(12));
    assert!(stderr(&output).contains("ldaps:// or --start-tls"), "{}", stderr(&output));
}
