//! Letters before the end of a password.

use std::sync::Arc;

use bailiwick_accounts::mail::Outbox;
use bailiwick_accounts::user::NewUser;
use bailiwick_credential::{KEY_OCTETS, Vault};

use crate::{DAY, Host, at, password};

/// A host where passwords end after 30 days, users are told 7, 3 and 1 before, and `ada` has an address.
fn host() -> (Host, Outbox) {
    let host = Host::new();
    let changed = host.policies.change_password_expiry(|policy| {
        policy.expires = true;
        policy.age_days_max = 30;
        policy.mail_notification = true;
        policy.mail_days = vec![7, 1, 3];
    });
    changed.unwrap();
    for (name, email) in [("ada", "ada@example.com"), ("bob", "")] {
        let new = NewUser { name: name.into(), email: email.into(), ..NewUser::default() };
        at(0, |context| host.users.create(context, &new, &password("Violet-7-harbour"))).unwrap();
    }
    let outbox = Outbox::new(Arc::clone(&host.store), Vault::new(&[7; KEY_OCTETS]));
    (host, outbox)
}

fn remind(host: &Host, outbox: &Outbox, seconds: i64) -> usize {
    at(seconds, |context| host.users.remind(context, outbox, "example.com")).unwrap()
}

#[test]
fn each_day_that_the_policy_names_has_one_letter() {
    let (host, outbox) = host();
    let letters: Vec<i64> = (0..32 * 4)
        .map(|quarter| quarter * DAY / 4)
        .filter(|seconds| remind(&host, &outbox, *seconds) > 0)
        .map(|seconds| 30 - seconds / DAY)
        .collect();
    assert_eq!(letters, [7, 3, 1]);
    let subjects: Vec<String> = outbox.list(0, 10).unwrap().into_iter().map(|slip| slip.subject).collect();
    assert_eq!(
        subjects,
        [
            "Your password at example.com ends in 7 days",
            "Your password at example.com ends in 3 days",
            "Your password at example.com ends in 1 day",
        ]
    );
}

#[test]
fn a_day_that_was_missed_is_made_up_for_once() {
    let (host, outbox) = host();
    assert_eq!(remind(&host, &outbox, 28 * DAY), 1);
    assert_eq!(remind(&host, &outbox, 28 * DAY + 1), 0);
    assert_eq!(outbox.list(0, 10).unwrap()[0].subject, "Your password at example.com ends in 2 days");
}

#[test]
fn a_new_password_or_a_policy_that_is_off_is_nobodys_letter() {
    let (host, outbox) = host();
    assert_eq!(remind(&host, &outbox, 24 * DAY), 1);
    at(25 * DAY, |context| host.users.change(context, "ada", &Default::default(), Some(&password("Amber-9-castle"))))
        .unwrap();
    assert_eq!(remind(&host, &outbox, 26 * DAY), 0);
    // It comes to the same day as the former one.
    assert_eq!(remind(&host, &outbox, 49 * DAY), 1);
    host.policies.change_password_expiry(|policy| policy.mail_notification = false).unwrap();
    assert_eq!(remind(&host, &outbox, 54 * DAY), 0);
}
