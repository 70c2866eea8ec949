//! Setting passwords: the rules that need the account, its history and its age.

use bailiwick_accounts::policy::PasswordFault;
use bailiwick_accounts::user::{Error, Setter, UserChange};

use crate::{DAY, Host, at, password};

const FIRST: &str = "Violet-7-harbour";

fn set(host: &Host, seconds: i64, text: &str, setter: Setter<'_>) -> Result<bool, PasswordFault> {
    match at(seconds, |context| host.users.set_password(context, "ada", &password(text), setter)) {
        Ok(user) => Ok(user.password_pending),
        Err(Error::Password(fault)) => Err(fault),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn former_passwords_are_excluded_as_far_as_the_policy_says() {
    let host = Host::new();
    host.create_with("ada", FIRST).unwrap();
    let administrator = Setter::Administrator;
    assert_eq!(set(&host, 1, FIRST, administrator), Ok(false));
    host.policies
        .change_password(|policy| {
            policy.exclude_history = true;
            policy.history_length = 2;
        })
        .unwrap();
    assert_eq!(set(&host, 2, FIRST, administrator), Err(PasswordFault::InHistory));
    assert_eq!(set(&host, 2, "Second-2-word", administrator), Ok(false));
    assert_eq!(set(&host, 3, FIRST, administrator), Err(PasswordFault::InHistory));
    assert_eq!(set(&host, 3, "Third-3-word", administrator), Ok(false));
    assert_eq!(set(&host, 4, "Second-2-word", administrator), Err(PasswordFault::InHistory));
    assert_eq!(set(&host, 4, FIRST, administrator), Ok(false));
}

#[test]
fn an_owner_shows_the_old_password_and_waits_his_time() {
    let host = Host::new();
    host.create_with("ada", FIRST).unwrap();
    let (wrong, right) = (password("nonsense"), password(FIRST));
    assert_eq!(set(&host, 1, "Second-2-word", Setter::Owner { old: &wrong }), Err(PasswordFault::WrongOld));
    host.policies
        .change_password_expiry(|policy| {
            policy.min_age_enabled = true;
            policy.age_days_min = 2;
        })
        .unwrap();
    let owner = Setter::Owner { old: &right };
    assert_eq!(set(&host, 2 * DAY - 1, "Second-2-word", owner), Err(PasswordFault::TooYoung));
    assert_eq!(set(&host, DAY, FIRST, Setter::Administrator), Ok(false));
    assert_eq!(set(&host, DAY, FIRST, Setter::Reset), Ok(false));
    assert_eq!(set(&host, 3 * DAY, "weak", owner), Err(PasswordFault::TooShort { minimum: 8 }));
    assert_eq!(set(&host, 3 * DAY, "Second-2-word", owner), Ok(false));
}

#[test]
fn what_an_administrator_sets_must_be_changed_when_the_policy_says_so() {
    let host = Host::new();
    host.create_with("ada", FIRST).unwrap();
    host.policies.change_password(|policy| policy.must_change = true).unwrap();
    host.policies
        .change_password_expiry(|policy| {
            policy.min_age_enabled = true;
            policy.age_days_min = 2;
        })
        .unwrap();
    assert_eq!(set(&host, DAY, "Second-2-word", Setter::Administrator), Ok(true));
    // A password that must be changed is never too young for it.
    let old = password("Second-2-word");
    assert_eq!(set(&host, DAY, "Third-3-word", Setter::Owner { old: &old }), Ok(false));
    assert!(host.create("bob").unwrap().password_pending);
}

#[test]
fn some_may_not_change_their_own() {
    let host = Host::new();
    host.create_with("ada", FIRST).unwrap();
    let change = UserChange { cannot_change_password: Some(true), ..UserChange::default() };
    at(0, |context| host.users.change(context, "ada", &change, None)).unwrap();
    let old = password(FIRST);
    assert_eq!(set(&host, 1, "Second-2-word", Setter::Owner { old: &old }), Err(PasswordFault::NotChangeable));
    assert_eq!(set(&host, 1, "Second-2-word", Setter::Administrator), Ok(false));
}

#[test]
fn no_password_lies_in_the_store() {
    let host = Host::new();
    host.create_with("ada", FIRST).unwrap();
    let transaction = host.store.read().unwrap();
    for space in bailiwick_accounts::SPACES {
        transaction
            .scan(*space, &[], None, &mut |_, value| {
                assert!(!value.windows(FIRST.len()).any(|window| window == FIRST.as_bytes()), "{space:?}");
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
    }
}
