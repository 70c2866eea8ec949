//! The rules of accounts, groups, passwords and sign-ins, as the tables of `clients/rules` state them: each client runs
//! all of them, against a server of its own.

use bailiwick_tests::{Server, python_with};

#[test]
fn ldap_utils_keep_the_rules_of_accounts() {
    python_with(&Server::start(), "rules_ldap_utils.py", &["accounts"]);
}

#[test]
fn ldap_utils_keep_the_rules_of_passwords_and_sign_ins() {
    python_with(&Server::start(), "rules_ldap_utils.py", &["passwords"]);
}

#[test]
fn ldap3_keeps_the_rules_of_accounts() {
    python_with(&Server::start(), "rules_ldap3.py", &["accounts"]);
}

#[test]
fn ldap3_keeps_the_rules_of_passwords_and_sign_ins() {
    python_with(&Server::start(), "rules_ldap3.py", &["passwords"]);
}

#[test]
fn ldap3_writes_the_parts_of_descriptors_that_it_names() {
    python_with(&Server::start(), "ldap3_descriptors.py", &[]);
}

#[test]
fn python_ldap_keeps_the_rules_of_accounts() {
    python_with(&Server::start(), "rules_python_ldap.py", &["accounts"]);
}

#[test]
fn python_ldap_keeps_the_rules_of_passwords_and_sign_ins() {
    python_with(&Server::start(), "rules_python_ldap.py", &["passwords"]);
}
