//! Signing in to the host.

use bailiwick_accounts::user::{SignedIn, UserChange, Users};
use bailiwick_credential::Cost;
use bailiwick_domain::SignInFailure;

use crate::{DAY, Host, at, password};

const RIGHT: &str = "Violet-7-harbour";

fn sign_in_to(users: &Users, seconds: i64, name: &str, text: &str) -> Result<SignedIn, SignInFailure> {
    at(seconds, |context| match users.authenticate(context, name, &password(text)).unwrap() {
        Err(failure) => Err(failure),
        Ok(check) => {
            let verdict = check.run();
            users.finish(context, &check, verdict).unwrap()
        }
    })
}

fn sign_in(host: &Host, seconds: i64, name: &str, text: &str) -> Result<SignedIn, SignInFailure> {
    sign_in_to(&host.users, seconds, name, text)
}

#[test]
fn who_shows_the_password_signs_in() {
    let host = Host::new();
    host.create_with("ada", RIGHT).unwrap();
    let ada = sign_in(&host, 1, "ADA", RIGHT).unwrap();
    assert_eq!((ada.user.name.as_str(), ada.administrator, ada.password_ends_in_days), ("ada", false, None));
    assert!(sign_in(&host, 1, "admin", "Adm1n-secret").unwrap().administrator);
    assert_eq!(sign_in(&host, 1, "ada", "nonsense"), Err(SignInFailure::WrongPassword));
    assert_eq!(sign_in(&host, 1, "nobody", RIGHT), Err(SignInFailure::UnknownName));
    // He has no password that could be right.
    assert_eq!(sign_in(&host, 1, "guest", ""), Err(SignInFailure::UnknownName));
}

#[test]
fn names_that_nobody_has_lock_like_others() {
    let host = Host::new();
    host.create_with("ada", RIGHT).unwrap();
    host.policies.change_lockout(|policy| policy.failures_max = 3).unwrap();
    for name in ["ada", "nobody"] {
        for _ in 0..3 {
            assert_ne!(sign_in(&host, 1, name, "nonsense"), Err(SignInFailure::AccountLocked));
        }
        assert_eq!(sign_in(&host, 1, name, RIGHT), Err(SignInFailure::AccountLocked));
    }
    assert!(sign_in(&host, 1801, "ada", RIGHT).is_ok());
}

#[test]
fn success_forgives_and_a_former_password_is_no_guess() {
    let host = Host::new();
    host.create_with("ada", RIGHT).unwrap();
    host.policies.change_lockout(|policy| policy.failures_max = 2).unwrap();
    at(0, |context| {
        let change = UserChange::default();
        host.users.change(context, "ada", &change, Some(&password("Second-2-word"))).unwrap();
    });
    for _ in 0..4 {
        assert_eq!(sign_in(&host, 1, "ada", RIGHT), Err(SignInFailure::WrongPassword));
    }
    for _ in 0..4 {
        assert_eq!(sign_in(&host, 1, "ada", "nonsense"), Err(SignInFailure::WrongPassword));
        assert!(sign_in(&host, 1, "ada", "Second-2-word").is_ok());
    }
}

#[test]
fn accounts_end() {
    let host = Host::new();
    host.create_with("ada", RIGHT).unwrap();
    for (expiry, failure) in [
        ("now", Some(SignInFailure::AccountDisabled)),
        ("2026/12/31", Some(SignInFailure::AccountExpired)),
        ("2027/1/1", None),
    ] {
        let change = UserChange { expiry: Some(expiry.parse().unwrap()), ..UserChange::default() };
        at(0, |context| host.users.change(context, "ada", &change, None)).unwrap();
        assert_eq!(sign_in(&host, 1, "ada", RIGHT).err(), failure, "{expiry}");
        assert_eq!(sign_in(&host, 1, "ada", "nonsense"), Err(SignInFailure::WrongPassword), "{expiry}");
    }
    assert_eq!(sign_in(&host, DAY, "ada", RIGHT), Err(SignInFailure::AccountExpired));
}

#[test]
fn passwords_end_and_their_owners_are_told_before() {
    let host = Host::new();
    let ada = host.create_with("ada", RIGHT).unwrap();
    host.policies
        .change_password_expiry(|policy| {
            policy.expires = true;
            policy.age_days_max = 10;
            policy.login_prompt = true;
            policy.login_prompt_days = 3;
        })
        .unwrap();
    let told = |seconds| sign_in(&host, seconds, "ada", RIGHT).map(|ada| ada.password_ends_in_days);
    assert_eq!(told(6 * DAY), Ok(None));
    assert_eq!(told(7 * DAY), Ok(Some(3)));
    assert_eq!(told(10 * DAY - 1), Ok(Some(0)));
    assert_eq!(told(10 * DAY), Err(SignInFailure::PasswordExpired));
    assert!(host.users.may_replace_ended("ada").unwrap());
    host.policies.change_password_expiry(|policy| policy.change_after_end = false).unwrap();
    assert!(!host.users.may_replace_ended("ada").unwrap());
    host.policies.change_password_expiry(|policy| policy.never_expiring = vec![ada.uid]).unwrap();
    assert_eq!(told(10 * DAY), Ok(None));
}

#[test]
fn a_password_that_must_be_changed_lets_nobody_in() {
    let host = Host::new();
    host.policies.change_password(|policy| policy.must_change = true).unwrap();
    host.create_with("ada", RIGHT).unwrap();
    assert_eq!(sign_in(&host, 1, "ada", RIGHT), Err(SignInFailure::PasswordMustChange));
}

#[test]
fn a_hash_of_another_cost_is_renewed_at_a_sign_in() {
    let host = Host::new();
    host.create_with("ada", RIGHT).unwrap();
    let dearer = Cost { memory_kib: 32, passes: 1 };
    let users = Users::new(host.store.clone(), dearer);
    assert!(sign_in_to(&users, 1, "ada", RIGHT).is_ok());
    at(1, |context| match users.authenticate(context, "ada", &password(RIGHT)).unwrap() {
        Ok(check) => assert_eq!(check.hash().argon2id().unwrap().cost(), dearer),
        Err(failure) => panic!("{failure:?}"),
    });
    assert!(sign_in_to(&users, 1, "ada", RIGHT).is_ok());
    assert_eq!(sign_in_to(&users, 1, "ada", "nonsense"), Err(SignInFailure::WrongPassword));
}
