//! What a good sign-in leaves behind: a remembered password, statistics, a better hash.

use bailiwick_domain::SignInFailure;

use super::*;

#[test]
fn a_password_that_was_right_needs_no_second_check() {
    let directory = with_ada();
    assert!(!is_decided_at_once(&directory, "ada", FIRST, NOW));
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert!(is_decided_at_once(&directory, "ada", FIRST, NOW));
    assert!(is_decided_at_once(&directory, "EXAMPLE\\ada", FIRST, NOW), "the account counts, not the name");
    assert!(!is_decided_at_once(&directory, "ada", SECOND, NOW));
}

#[test]
fn any_change_of_account_or_policy_ends_that_at_once() {
    for change in 0..4 {
        let directory = with_ada();
        let administrator = administrator(&directory);
        sign_in(&directory, "ada", FIRST, NOW).unwrap();
        match change {
            0 => reset(&directory, &administrator, "ada", SECOND, NOW).unwrap(),
            1 => set(&directory, "ada", "userAccountControl", "514"),
            2 => set(&directory, "ada", "description", "x"),
            _ => set_policy(&directory, "maxPwdAge", "-1"),
        }
        assert!(!is_decided_at_once(&directory, "ada", FIRST, NOW), "{change}");
    }
}

#[test]
fn a_remembered_password_is_no_way_around_a_restriction_of_time() {
    let directory = with_ada();
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    let expired = Err(failure(SignInFailure::PasswordExpired));
    assert_eq!(sign_in(&directory, "ada", FIRST, days(43)).map(drop), expired);
}

#[test]
fn logons_are_counted_and_written_now_and_then() {
    let directory = with_ada();
    assert_eq!(value(&directory, "ada", "lastLogon"), "0");
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert_eq!(value(&directory, "ada", "lastLogon"), NOW.0.to_string());
    assert_eq!(value(&directory, "ada", "lastLogonTimestamp"), NOW.0.to_string());
    assert_eq!(value(&directory, "ada", "logonCount"), "1");
    let soon = FileTime(NOW.0 + 10_000_000);
    for _ in 0..3 {
        sign_in(&directory, "ada", FIRST, soon).unwrap();
    }
    assert_eq!(value(&directory, "ada", "logonCount"), "1", "these wait in memory");
    let administrator = administrator(&directory);
    reset(&directory, &administrator, "ada", SECOND, days(1)).unwrap();
    sign_in(&directory, "ada", SECOND, days(1)).unwrap();
    assert_eq!(value(&directory, "ada", "lastLogon"), days(1).0.to_string());
    assert_eq!(value(&directory, "ada", "logonCount"), "5");
    assert_eq!(value(&directory, "ada", "lastLogonTimestamp"), NOW.0.to_string(), "renewed after two weeks");
}

#[test]
fn logons_that_wait_are_written_when_the_directory_closes() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let options = bailiwick_store::Options { map_octets: 1 << 28, readers_max: 16 };
        bailiwick_store::Embedded::open(folder.path(), bailiwick_directory::SPACES, options).unwrap()
    };
    let cost = bailiwick_directory::Options { cost: bailiwick_credential::Cost::CHEAP };
    let store = open();
    bailiwick_directory::provision(&store, &domain::new_domain(), NOW, &domain::octets).unwrap();
    let directory = Native::open(Box::new(store), cost).unwrap();
    for _ in 0..3 {
        sign_in(&directory, "Administrator", "Secret-Adm1n!", NOW).unwrap();
    }
    assert_eq!(value(&directory, "Administrator", "logonCount"), "1");
    drop(directory);
    let directory = Native::open(Box::new(open()), cost).unwrap();
    assert_eq!(value(&directory, "Administrator", "logonCount"), "3");
}

#[test]
fn logons_that_wait_are_written_when_the_directory_is_tended() {
    let directory = with_ada();
    for _ in 0..3 {
        sign_in(&directory, "ada", FIRST, NOW).unwrap();
    }
    assert_eq!(value(&directory, "ada", "logonCount"), "1");
    let changed = value(&directory, "ada", "uSNChanged");
    directory.tend(NOW);
    assert_eq!(value(&directory, "ada", "logonCount"), "3");
    assert_eq!(value(&directory, "ada", "uSNChanged"), changed, "statistics are no change that others hear of");
    assert!(is_decided_at_once(&directory, "ada", FIRST, NOW), "nor one that ends what is remembered");
    directory.tend(NOW);
    assert_eq!(value(&directory, "ada", "logonCount"), "4", "what was counted is not counted again");
}

#[test]
fn a_busy_account_has_a_timestamp_of_its_own_time() {
    let directory = with_ada();
    set_policy(&directory, "maxPwdAge", &i64::MIN.to_string());
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    for day in [1, 13, 15] {
        assert!(is_decided_at_once(&directory, "ada", FIRST, days(day)), "{day}");
        directory.tend(days(day));
        let timestamp = if day < 14 { NOW } else { days(day) };
        assert_eq!(value(&directory, "ada", "lastLogonTimestamp"), timestamp.0.to_string(), "{day}");
        assert_eq!(value(&directory, "ada", "lastLogon"), days(day).0.to_string(), "{day}");
    }
}

#[test]
fn a_remembered_password_ends_the_count_of_wrong_ones() {
    let directory = with_ada();
    set_policy(&directory, "lockoutThreshold", "3");
    for round in 0..3 {
        sign_in(&directory, "ada", FIRST, NOW).unwrap();
        for guess in ["Guess-1", "Guess-2"] {
            assert!(sign_in(&directory, "ada", &format!("{guess}{round}"), NOW).is_err());
        }
        assert_eq!(value(&directory, "ada", "badPwdCount"), "2");
    }
    sign_in(&directory, "ada", FIRST, NOW).unwrap();
    assert_eq!(value(&directory, "ada", "badPwdCount"), "0");
    assert!(is_decided_at_once(&directory, "ada", FIRST, NOW));
}
