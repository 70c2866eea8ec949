//! How often one may guess the password of a name. Names that nobody has are counted like others, so that being locked
//! tells nothing. Guessing by address is limited for all faces together by `domain::attempts`.

use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_store::{Error, Space, Store, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{Policy, PolicyError};
use crate::book::folded;

/// Failures by name: a count of 4 octets and the times of the first of them and of the last, 8 octets each.
pub(crate) const FAILURE: Space = Space("sign-in-failure");

/// The most octets of a name that are told apart; longer names than any account has share their counts.
const KEY_OCTETS_MAX: usize = 400;
/// The most names that are counted. When more come, those are forgotten whose time is over.
const NAMES_MAX: usize = 8192;

/// The rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LockoutPolicy {
    /// So many failures within the window lock a name; 0 never does.
    pub failures_max: u32,
    /// How long failures count, in minutes.
    pub window_minutes: u32,
    /// How long a name stays locked, in minutes.
    pub locked_minutes: u32,
}

impl Default for LockoutPolicy {
    fn default() -> LockoutPolicy {
        LockoutPolicy { failures_max: 10, window_minutes: 10, locked_minutes: 30 }
    }
}

impl Policy for LockoutPolicy {
    const KEY: &'static [u8] = b"lockout";

    fn check(&self) -> Result<(), PolicyError> {
        let minutes = 1..=60 * 24 * 30;
        match (minutes.contains(&self.window_minutes), minutes.contains(&self.locked_minutes)) {
            (true, true) => Ok(()),
            (false, _) => Err(PolicyError::OutOfRange { setting: "window_minutes" }),
            (true, false) => Err(PolicyError::OutOfRange { setting: "locked_minutes" }),
        }
    }
}

/// The failures of the host's names. They are durable: a restart forgives nobody.
#[derive(Clone)]
pub struct Lockout {
    store: Arc<dyn Store>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failures {
    count: u32,
    first: FileTime,
    last: FileTime,
}

impl Lockout {
    /// The failures in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> Lockout {
        Lockout { store }
    }

    /// Whether the name is locked.
    ///
    /// # Errors
    /// The store's.
    pub fn is_locked(&self, name: &str, now: FileTime) -> Result<bool, Error> {
        let transaction = self.store.read()?;
        let policy = LockoutPolicy::read(transaction.as_ref())?;
        let failures = transaction.get(FAILURE, &key(name))?.and_then(Failures::read);
        Ok(failures.is_some_and(|failures| failures.lock(&policy, now)))
    }

    /// Counts a failure of the name; whether it is locked now. One of a locked name counts no further.
    ///
    /// # Errors
    /// The store's.
    pub fn note_failure(&self, name: &str, now: FileTime) -> Result<bool, Error> {
        let key = key(name);
        self.store.transact(|transaction| {
            let policy = LockoutPolicy::read(transaction)?;
            let former = transaction.get(FAILURE, &key)?.and_then(Failures::read);
            let failures = match former {
                Some(former) if former.lock(&policy, now) => return Ok(true),
                Some(former) if former.count_still(&policy, now) => {
                    Failures { count: former.count.saturating_add(1), last: now, ..former }
                }
                Some(_) => Failures { count: 1, first: now, last: now },
                None => {
                    make_room(transaction, &policy, now)?;
                    Failures { count: 1, first: now, last: now }
                }
            };
            transaction.put(FAILURE, &key, &failures.to_octets())?;
            Ok(failures.lock(&policy, now))
        })?
    }

    /// Forgives the name everything: somebody showed its password, or an administrator says so.
    ///
    /// # Errors
    /// The store's.
    pub fn clear(&self, name: &str) -> Result<(), Error> {
        let key = key(name);
        // Nearly every sign-in finds nothing to forgive, and needs no transaction for that.
        if self.store.read()?.get(FAILURE, &key)?.is_none() {
            return Ok(());
        }
        self.store.transact(|transaction| transaction.delete(FAILURE, &key).map(drop))?
    }
}

/// Forgets names whose time is over when there are too many. When nobody's is, the first ones go: whoever fills the
/// table with names that he makes up is stopped by his address long before that.
fn make_room(transaction: &mut dyn WriteTransaction, policy: &LockoutPolicy, now: FileTime) -> Result<(), Error> {
    let mut names = 0;
    let mut over = Vec::new();
    let mut first = None;
    transaction.scan(FAILURE, &[], None, &mut |key, value| {
        names += 1;
        first.get_or_insert_with(|| key.to_vec());
        if Failures::read(value)
            .is_none_or(|failures| !failures.lock(policy, now) && !failures.count_still(policy, now))
        {
            over.push(key.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    if names < NAMES_MAX {
        return Ok(());
    }
    if over.is_empty() {
        over.extend(first);
    }
    over.iter().try_for_each(|key| transaction.delete(FAILURE, key).map(drop))
}

fn key(name: &str) -> Vec<u8> {
    let folded = folded(name);
    let cut = folded.floor_char_boundary(KEY_OCTETS_MAX);
    // An empty name has a key too.
    [b"n", &folded.as_bytes()[..cut]].concat()
}

impl Failures {
    /// Whether they lock the name at this time.
    fn lock(self, policy: &LockoutPolicy, now: FileTime) -> bool {
        policy.failures_max > 0
            && self.count >= policy.failures_max
            && now < self.last.after(minutes(policy.locked_minutes))
    }

    /// Whether further ones are added to them. Those that locked the name are done with when the lock ends.
    fn count_still(self, policy: &LockoutPolicy, now: FileTime) -> bool {
        let full = policy.failures_max > 0 && self.count >= policy.failures_max;
        !full && now < self.first.after(minutes(policy.window_minutes))
    }

    fn to_octets(self) -> Vec<u8> {
        [&self.count.to_be_bytes()[..], &self.first.0.to_be_bytes(), &self.last.0.to_be_bytes()].concat()
    }

    fn read(octets: &[u8]) -> Option<Failures> {
        let (count, times) = octets.split_first_chunk()?;
        let (first, last) = times.split_first_chunk()?;
        Some(Failures {
            count: u32::from_be_bytes(*count),
            first: FileTime(i64::from_be_bytes(*first)),
            last: FileTime(i64::from_be_bytes(last.try_into().ok()?)),
        })
    }
}

fn minutes(number: u32) -> Interval {
    Interval::from_seconds(u64::from(number) * 60)
}

#[cfg(test)]
mod tests {
    use bailiwick_store::Memory;

    use super::*;
    use crate::policy::Policies;

    fn at(minutes: i64) -> FileTime {
        FileTime::from_unix_seconds(minutes * 60)
    }

    fn lockout(failures_max: u32) -> Lockout {
        let store: Arc<dyn Store> = Arc::new(Memory::open(crate::SPACES));
        let policy = LockoutPolicy { failures_max, window_minutes: 10, locked_minutes: 30 };
        Policies::new(Arc::clone(&store)).change_lockout(|set| *set = policy).unwrap();
        Lockout::new(store)
    }

    #[test]
    fn failures_within_the_window_lock_a_name_for_a_while() {
        let lockout = lockout(3);
        assert_eq!([0, 1, 2].map(|minute| lockout.note_failure("Ada", at(minute)).unwrap()), [false, false, true]);
        assert!(lockout.is_locked("ADA", at(31)).unwrap());
        assert!(!lockout.is_locked("bob", at(2)).unwrap());
        assert!(lockout.note_failure("ada", at(31)).unwrap());
        assert!(!lockout.is_locked("ada", at(32)).unwrap());
        assert!(!lockout.note_failure("ada", at(32)).unwrap());
    }

    #[test]
    fn failures_far_apart_do_not_add_up_and_success_forgives() {
        let lockout = lockout(2);
        assert!(!lockout.note_failure("ada", at(0)).unwrap());
        assert!(!lockout.note_failure("ada", at(10)).unwrap());
        lockout.clear("Ada").unwrap();
        assert!(!lockout.note_failure("ada", at(11)).unwrap());
        assert!(lockout.note_failure("ada", at(12)).unwrap());
        lockout.clear("nobody").unwrap();
    }

    #[test]
    fn no_number_of_failures_locks_when_the_rule_is_off() {
        let lockout = lockout(0);
        assert!((0..50).all(|_| !lockout.note_failure("", at(0)).unwrap()));
    }
}
