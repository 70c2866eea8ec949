//! Wrong passwords: how they are counted, when they lock, and how an address is slowed.

use bailiwick_domain::{SignInFailure as Failure, attempts};

use super::*;

const MINUTE: i64 = 600_000_000;

fn minutes(minutes: i64) -> FileTime {
    FileTime(NOW.0 + minutes * MINUTE)
}

fn locking() -> Native {
    let directory = with_ada();
    set_policy(&directory, "lockoutThreshold", "3");
    directory
}

fn guess(directory: &Native, number: usize, now: FileTime) -> Failure {
    match sign_in(directory, "ada", &format!("Guess-{number}"), now) {
        Err(Error::SignIn(failure)) => failure,
        other => panic!("a guess ends with {other:?}"),
    }
}

#[test]
fn three_guesses_lock_for_half_an_hour() {
    let directory = locking();
    for number in 0..3 {
        assert_eq!(guess(&directory, number, NOW), Failure::WrongPassword);
    }
    assert_eq!(value(&directory, "ada", "lockoutTime"), NOW.0.to_string());
    assert_eq!(value(&directory, "ada", "badPwdCount"), "3");
    assert_eq!(value(&directory, "ada", "badPasswordTime"), NOW.0.to_string());
    assert_eq!(value(&directory, "ada", "msDS-User-Account-Control-Computed"), "16");
    assert_eq!(sign_in(&directory, "ada", FIRST, minutes(29)).map(drop), Err(failure(Failure::AccountLocked)));
    assert_eq!(guess(&directory, 9, minutes(29)), Failure::AccountLocked);
    assert!(sign_in(&directory, "ada", FIRST, minutes(30)).is_ok());
    assert_eq!(value(&directory, "ada", "lockoutTime"), "0");
    assert_eq!(value(&directory, "ada", "badPwdCount"), "0");
}

#[test]
fn an_administrator_unlocks() {
    let directory = locking();
    for number in 0..3 {
        guess(&directory, number, NOW);
    }
    let administrator = administrator(&directory);
    let unlock = modify(&dn("ada"), &[(Operation::Replace, "lockoutTime", &[b"0"])]);
    apply(&directory, &administrator, unlock, NOW).unwrap();
    assert_eq!(value(&directory, "ada", "badPwdCount"), "0");
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok());
}

#[test]
fn guesses_are_forgotten_after_the_window_and_by_a_sign_in() {
    let directory = locking();
    guess(&directory, 0, NOW);
    guess(&directory, 1, minutes(29));
    assert_eq!(value(&directory, "ada", "badPwdCount"), "2");
    guess(&directory, 2, minutes(59));
    assert_eq!(value(&directory, "ada", "badPwdCount"), "1");
    sign_in(&directory, "ada", FIRST, minutes(60)).unwrap();
    assert_eq!(value(&directory, "ada", "badPwdCount"), "0");
}

#[test]
fn the_same_wrong_password_counts_once() {
    let directory = locking();
    for _ in 0..10 {
        assert_eq!(guess(&directory, 0, NOW), Failure::WrongPassword);
    }
    assert_eq!(value(&directory, "ada", "badPwdCount"), "1");
}

#[test]
fn a_former_password_is_no_guess() {
    let directory = locking();
    let administrator = administrator(&directory);
    reset(&directory, &administrator, "ada", SECOND, NOW).unwrap();
    reset(&directory, &administrator, "ada", "Herbst-2026", NOW).unwrap();
    for old in [FIRST, SECOND] {
        assert_eq!(sign_in(&directory, "ada", old, NOW).map(drop), Err(failure(Failure::WrongPassword)));
    }
    assert_eq!(value(&directory, "ada", "badPwdCount"), "0");
}

#[test]
fn a_wrong_old_password_is_a_guess() {
    let directory = locking();
    for number in 0..3 {
        let old = format!("Guess-{number}");
        assert_eq!(change(&directory, "ada", &old, SECOND, days(2)), fault(PasswordFault::WrongOld));
    }
    assert_eq!(change(&directory, "ada", FIRST, SECOND, days(2)), fault(PasswordFault::WrongOld));
    assert_eq!(sign_in(&directory, "ada", FIRST, days(2)).map(drop), Err(failure(Failure::AccountLocked)));
}

#[test]
fn the_built_in_administrator_is_locked_only_if_the_policy_says_so() {
    let directory = locking();
    let guess = |number: usize| sign_in(&directory, "Administrator", &format!("Guess-{number}"), NOW).map(drop);
    for number in 0..5 {
        assert_eq!(guess(number), Err(failure(Failure::WrongPassword)));
    }
    assert!(sign_in(&directory, "Administrator", "Secret-Adm1n!", NOW).is_ok());
    set_policy(&directory, "pwdProperties", "9");
    for number in 5..8 {
        guess(number).unwrap_err();
    }
    assert_eq!(guess(8), Err(failure(Failure::AccountLocked)));
}

#[test]
fn counting_gives_no_usn_and_locking_does() {
    let directory = locking();
    let usn = |directory: &Native| value(directory, "ada", "uSNChanged");
    let before = usn(&directory);
    guess(&directory, 0, NOW);
    guess(&directory, 1, NOW);
    assert_eq!(usn(&directory), before);
    guess(&directory, 2, NOW);
    assert_ne!(usn(&directory), before);
}

#[test]
fn an_address_that_guesses_is_slowed_and_others_are_not() {
    let directory = with_ada();
    apply(&directory, &administrator(&directory), user_with("bob", FIRST, &[]), NOW).unwrap();
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    for number in 0..attempts::FAILURES_MAX {
        sign_in(&directory, &format!("nobody{number}"), "Guess-123", NOW).unwrap_err();
    }
    let slowed = Err(failure(Failure::TooManyAttempts));
    assert_eq!(sign_in(&directory, "nobody", "Guess-123", NOW).map(drop), slowed);
    assert_eq!(sign_in(&directory, "bob", FIRST, NOW).map(drop), slowed);
    assert!(sign_in(&directory, "ada", FIRST, NOW).is_ok(), "a remembered password is no guess");
    let other = Requester::anonymous(Some("192.0.2.2".parse().unwrap()), Protection::Encrypted);
    assert!(sign_in_from(&directory, &other, "bob", FIRST, NOW).is_ok());
    assert!(sign_in(&directory, "bob", FIRST, minutes(1)).is_ok());
}
