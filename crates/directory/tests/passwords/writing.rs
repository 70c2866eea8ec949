//! Setting and changing passwords: who, how, and over which connection.

use bailiwick_adtypes::modification::Operation;
use bailiwick_credential::{KEY_OCTETS, Password, Vault};
use bailiwick_domain::{Change, Error, PasswordFault, Protection, Refusal, Requester, SignInFailure};

use super::*;

#[test]
fn a_user_is_added_with_a_password_and_signs_in() {
    let directory = with_ada();
    let requester = sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert!(matches!(requester.identity, bailiwick_domain::Identity::Account { .. }));
    assert_eq!(value(&directory, "ada", "pwdLastSet"), NOW.0.to_string());
    assert_eq!(sign_in(&directory, "ada", SECOND, NOW).map(drop), Err(failure(SignInFailure::WrongPassword)));
}

#[test]
fn a_reset_needs_no_old_password_and_a_change_does() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    reset(&directory, &administrator, "ada", SECOND, days(1)).unwrap();
    assert!(sign_in(&directory, "ada", SECOND, days(1)).is_ok());
    assert_eq!(change(&directory, "ada", "Wrong-123", "Herbst-2026", days(3)), fault(PasswordFault::WrongOld));
    change(&directory, "ada", SECOND, "Herbst-2026", days(3)).unwrap();
    assert!(sign_in(&directory, "ada", "Herbst-2026", days(3)).is_ok());
    assert_eq!(sign_in(&directory, "ada", SECOND, days(3)).map(drop), Err(failure(SignInFailure::WrongPassword)));
}

#[test]
fn a_user_may_not_reset_and_nobody_signed_out_may_change() {
    let directory = with_ada();
    let ada = sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert_eq!(reset(&directory, &ada, "ada", SECOND, days(2)), Err(Error::InsufficientRights));
    let [old, new] = [FIRST, SECOND].map(|text| Password::new(text.as_bytes()));
    let change = Change::change_password(name("ada"), &old, &new).unwrap();
    assert_eq!(apply(&directory, &client(), change.clone(), days(2)), Err(Error::NotSignedIn));
    apply(&directory, &ada, change, days(2)).unwrap();
}

#[test]
fn passwords_come_over_protected_connections_only() {
    let directory = with_ada();
    let plain = Requester { protection: Protection::None, ..administrator(&directory) };
    let refused = Err(Error::Refused(Refusal::PasswordUnprotected));
    assert_eq!(reset(&directory, &plain, "ada", SECOND, NOW), refused);
    assert_eq!(apply(&directory, &plain, user_with("bob", FIRST, &[]), NOW), refused);
}

#[test]
fn user_password_sets_the_password_and_is_not_stored() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    let write = modify(&dn("ada"), &[(Operation::Replace, "userPassword", &[SECOND.as_bytes()])]);
    apply(&directory, &administrator, write, NOW).unwrap();
    assert!(sign_in(&directory, "ada", SECOND, NOW).is_ok());
    for attribute in ["userPassword", "unicodePwd"] {
        assert_eq!(value(&directory, "ada", attribute), "");
        let filter = format!("(&(sAMAccountName=ada)({attribute}=*))");
        assert!(find(&directory, BASE, Scope::Subtree, &filter, &["1.1"]).is_empty());
    }
}

#[test]
fn other_objects_have_no_password() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    let refused = Err(Error::Refused(Refusal::PasswordWrite));
    assert_eq!(reset(&directory, &administrator, "Domain Users", FIRST, NOW), refused);
    let unit = format!("OU=x,{BASE}");
    let mut add = domain::add(&unit, &[("objectClass", "organizationalUnit")]);
    if let Change::Add { attributes, .. } = &mut add {
        attributes.push(Attribute { name: "userPassword".to_owned(), values: vec![b"Geheim-123".to_vec()] });
    }
    assert_eq!(apply(&directory, &administrator, add, NOW), refused);
}

#[test]
fn a_password_and_other_values_are_one_change() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    let write = |password: &str, number: &str| {
        let quoted = quoted(password);
        let write: &[(Operation, &str, &[&[u8]])] = &[
            (Operation::Replace, "unicodePwd", &[&quoted]),
            (Operation::Replace, "pwdLastSet", &[b"0"]),
            (Operation::Replace, "telephoneNumber", &[number.as_bytes()]),
        ];
        apply(&directory, &administrator, modify(&dn("ada"), write), days(1))
    };
    assert_eq!(write("short", "1"), fault(PasswordFault::TooShort { length: 5, minimum: 7 }));
    assert_eq!(value(&directory, "ada", "telephoneNumber"), "");
    write(SECOND, "2").unwrap();
    assert_eq!(value(&directory, "ada", "telephoneNumber"), "2");
    assert_eq!(value(&directory, "ada", "pwdLastSet"), "0");
    let must_change = Err(failure(SignInFailure::PasswordMustChange));
    assert_eq!(sign_in(&directory, "ada", SECOND, days(1)).map(drop), must_change);
}

#[test]
fn an_account_is_enabled_only_with_a_password() {
    let directory = domain::founded();
    let administrator = administrator(&directory);
    let add = domain::add(&dn("bob"), &[("objectClass", "user"), ("sAMAccountName", "bob")]);
    apply(&directory, &administrator, add, NOW).unwrap();
    let enable = || modify(&dn("bob"), &[(Operation::Replace, "userAccountControl", &[b"512"])]);
    assert_eq!(apply(&directory, &administrator, enable(), NOW), fault(PasswordFault::Missing));
    reset(&directory, &administrator, "bob", FIRST, NOW).unwrap();
    apply(&directory, &administrator, enable(), NOW).unwrap();
    assert!(sign_in(&directory, "bob", FIRST, NOW).is_ok());
    let enabled = [("objectClass", "user"), ("sAMAccountName", "cy"), ("userAccountControl", "512")];
    let add = domain::add(&dn("cy"), &enabled);
    assert_eq!(apply(&directory, &administrator, add, NOW), fault(PasswordFault::Missing));
}

#[test]
fn each_password_has_keys_of_a_greater_version() {
    let directory = with_ada().with_vault(Vault::new(&[7; KEY_OCTETS]));
    let administrator = administrator(&directory);
    let version = |directory: &Native| value(directory, "ada", "msDS-KeyVersionNumber");
    assert_eq!(version(&directory), "2");
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert_eq!(version(&directory), "2", "keys that a sign-in makes are those of the same password");
    reset(&directory, &administrator, "ada", SECOND, NOW).unwrap();
    assert_eq!(version(&directory), "3");
}

#[test]
fn one_list_adds_an_account_and_sets_its_password() {
    let directory = domain::founded();
    let administrator = administrator(&directory);
    let add = domain::add(&dn("bob"), &[("objectClass", "user"), ("sAMAccountName", "bob")]);
    let set = Change::set_password(name("bob"), &Password::new(FIRST.as_bytes())).unwrap();
    let enable = modify(&dn("bob"), &[(Operation::Replace, "userAccountControl", &[b"512"])]);
    directory.apply(&at(&administrator, NOW), &[add, set, enable]).unwrap();
    assert!(sign_in(&directory, "bob", FIRST, NOW).is_ok());
}

#[test]
fn of_two_changes_at_once_one_knew_the_old_password() {
    let directory = with_ada();
    set_policy(&directory, "minPwdAge", "0");
    let mut current = FIRST.to_owned();
    for round in 0..10 {
        let candidates = [format!("Links-{round:03}"), format!("Rechts-{round:03}")];
        let outcomes = std::thread::scope(|scope| {
            let threads = candidates.each_ref().map(|new| {
                let (directory, current) = (&directory, &current);
                scope.spawn(move || change(directory, "ada", current, new, NOW))
            });
            threads.map(|thread| thread.join().unwrap())
        });
        let winner = outcomes.iter().position(Result::is_ok).expect("one of them is first");
        assert_eq!(outcomes[1 - winner], fault(PasswordFault::WrongOld));
        current = candidates[winner].clone();
        assert!(sign_in(&directory, "ada", &current, NOW).is_ok());
    }
}

/// The tombstone keeps the account name, and was the only one that a sign-in looked at.
#[test]
fn an_account_that_is_deleted_and_made_again_signs_in() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    apply(&directory, &administrator, Change::Delete { name: name("ada"), tree: false }, NOW).unwrap();
    assert_eq!(sign_in(&directory, "ada", FIRST, NOW).map(drop), Err(failure(SignInFailure::UnknownName)));
    apply(&directory, &administrator, user_with("ada", SECOND, &[]), NOW).unwrap();
    for name in ["ada", "EXAMPLE\\ada", "ada@example.com"] {
        assert!(sign_in(&directory, name, SECOND, NOW).is_ok(), "{name}");
    }
}
