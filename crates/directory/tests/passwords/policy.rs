//! Length, complexity, history and age, by the attributes of the domain's head.

use bailiwick_domain::PasswordFault;

use super::*;

#[test]
fn length_and_complexity_hold_for_resets_and_changes() {
    let directory = with_ada();
    let administrator = administrator(&directory);
    let short = PasswordFault::TooShort { length: 6, minimum: 7 };
    assert_eq!(reset(&directory, &administrator, "ada", "Ab-345", NOW), fault(short));
    assert_eq!(change(&directory, "ada", FIRST, "Ab-345", days(2)), fault(short));
    for simple in ["abcdefgh", "xxADA-123"] {
        assert_eq!(reset(&directory, &administrator, "ada", simple, NOW), fault(PasswordFault::NotComplex));
    }
    set_policy(&directory, "pwdProperties", "0");
    set_policy(&directory, "minPwdLength", "3");
    reset(&directory, &administrator, "ada", "abc", NOW).unwrap();
}

#[test]
fn a_part_of_the_persons_name_is_not_complex() {
    let directory = with_ada();
    set(&directory, "ada", "displayName", "Augusta King");
    let refused = fault(PasswordFault::NotComplex);
    assert_eq!(reset(&directory, &administrator(&directory), "ada", "King-2026", NOW), refused);
}

#[test]
fn former_passwords_come_again_only_by_a_reset_or_after_the_history() {
    let directory = with_ada();
    set_policy(&directory, "pwdHistoryLength", "3");
    set_policy(&directory, "minPwdAge", "0");
    let passwords = [FIRST, "Zweites-02", "Drittes-03", "Viertes-04"];
    for pair in passwords.windows(2) {
        change(&directory, "ada", pair[0], pair[1], NOW).unwrap();
    }
    for recent in &passwords[1..] {
        assert_eq!(change(&directory, "ada", "Viertes-04", recent, NOW), fault(PasswordFault::InHistory), "{recent}");
    }
    change(&directory, "ada", "Viertes-04", FIRST, NOW).unwrap();
    reset(&directory, &administrator(&directory), "ada", "Viertes-04", NOW).unwrap();
    set_policy(&directory, "pwdHistoryLength", "0");
    change(&directory, "ada", "Viertes-04", "Viertes-04", NOW).unwrap();
}

#[test]
fn a_password_is_changed_once_a_day_unless_it_must_be() {
    let directory = with_ada();
    assert_eq!(change(&directory, "ada", FIRST, SECOND, NOW), fault(PasswordFault::TooYoung));
    set(&directory, "ada", "pwdLastSet", "0");
    change(&directory, "ada", FIRST, SECOND, NOW).unwrap();
    assert_eq!(change(&directory, "ada", SECOND, "Herbst-2026", NOW), fault(PasswordFault::TooYoung));
    change(&directory, "ada", SECOND, "Herbst-2026", days(1)).unwrap();
}

#[test]
fn the_end_of_a_password_is_computed() {
    let directory = with_ada();
    let expiry = |directory: &Native| value(directory, "ada", "msDS-UserPasswordExpiryTimeComputed");
    let control = |now| value_at(&directory, "ada", "msDS-User-Account-Control-Computed", now);
    assert_eq!(expiry(&directory), days(42).0.to_string());
    assert_eq!((control(days(41)).as_str(), control(days(42)).as_str()), ("0", "8388608"));
    set(&directory, "ada", "userAccountControl", "66048");
    assert_eq!(expiry(&directory), i64::MAX.to_string());
    set(&directory, "ada", "userAccountControl", "512");
    set(&directory, "ada", "pwdLastSet", "0");
    assert_eq!(expiry(&directory), "0");
}
