//! Who knows the password and is still not let in.

use bailiwick_adtypes::modification::Operation;
use bailiwick_domain::SignInFailure as Failure;

use super::*;

fn check(directory: &Native, password: &str, now: FileTime, expected: Failure) {
    assert_eq!(sign_in(directory, "ada", password, now).map(drop), Err(failure(expected)));
}

#[test]
fn each_restriction_is_told_to_those_who_know_the_password() {
    let never: &[u8] = &[0; 21];
    let cases: [(&str, &[u8], Failure); 6] = [
        ("userAccountControl", b"514", Failure::AccountDisabled),
        ("accountExpires", b"132000000000000000", Failure::AccountExpired),
        ("pwdLastSet", b"0", Failure::PasswordMustChange),
        ("pwdLastSet", b"132000000000000000", Failure::PasswordExpired),
        ("userWorkstations", b"PC1,PC2", Failure::Workstation),
        ("logonHours", never, Failure::LogonHours),
    ];
    for (attribute, value, expected) in cases {
        let directory = with_ada();
        restore(&directory, modify(&dn("ada"), &[(Operation::Replace, attribute, &[value])])).unwrap();
        check(&directory, FIRST, NOW, expected);
        check(&directory, "Wrong-123", NOW, Failure::WrongPassword);
    }
}

#[test]
fn this_server_is_a_workstation_too() {
    let directory = with_ada();
    set(&directory, "ada", "userWorkstations", "PC1,DC1");
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok());
}

#[test]
fn a_password_ends_by_its_age_and_lives_on_by_minus_one() {
    let directory = with_ada();
    assert!(sign_in(&directory, "ada", FIRST, days(41)).is_ok());
    check(&directory, FIRST, days(42), Failure::PasswordExpired);
    set_policy(&directory, "maxPwdAge", &i64::MIN.to_string());
    assert!(sign_in(&directory, "ada", FIRST, days(4200)).is_ok());
    set(&directory, "ada", "pwdLastSet", "0");
    check(&directory, FIRST, NOW, Failure::PasswordMustChange);
    set(&directory, "ada", "pwdLastSet", "-1");
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok());
}

#[test]
fn a_name_without_a_password_is_no_sign_in() {
    let directory = with_ada();
    let refused = Err(Error::Refused(bailiwick_domain::Refusal::EmptyPassword));
    assert_eq!(sign_in(&directory, &dn("ada"), "", NOW).map(drop), refused);
    // An account that needs no password does not sign in with none either.
    set(&directory, "ada", "userAccountControl", "544");
    reset(&directory, &administrator(&directory), "ada", "", NOW).unwrap();
    assert_eq!(sign_in(&directory, "ada", "", NOW).map(drop), refused);
}

#[test]
fn unknown_names_cost_the_work_of_a_check() {
    let directory = with_ada();
    assert!(!is_decided_at_once(&directory, "nobody", FIRST, NOW));
    assert_eq!(sign_in(&directory, "nobody", FIRST, NOW).map(drop), Err(failure(Failure::UnknownName)));
}

#[test]
fn the_password_ends_when_a_smart_card_is_required() {
    let directory = with_ada();
    set(&directory, "ada", "userAccountControl", "262656");
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_err());
    set(&directory, "ada", "description", "has a card");
    reset(&directory, &administrator(&directory), "ada", SECOND, NOW).unwrap();
    assert!(sign_in(&directory, "ada", SECOND, NOW).is_ok());
}

#[test]
fn a_name_that_two_accounts_have_is_nobodys() {
    let directory = with_ada();
    set(&directory, "ada", "displayName", "The Countess");
    assert!(sign_in(&directory, "The Countess", FIRST, NOW).is_ok());
    set(&directory, "Administrator", "displayName", "the countess");
    assert_eq!(sign_in(&directory, "The Countess", FIRST, NOW).map(drop), Err(failure(Failure::UnknownName)));
}
