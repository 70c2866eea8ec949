//! The passwords that an account had before, newest first.
//!
//! All hashes of an account share one salt while the cost stays, so that one derivation finds a password among all of
//! them. After a change of cost there is one derivation more for as long as older entries remain.

use crate::argon2id::STORED_OCTETS;
use crate::{Password, PasswordHash, PasswordHashError};

/// The most entries that are kept, the greatest `pwdHistoryLength` that a domain has.
pub const ENTRIES_MAX: usize = 1024;

/// Hashes of former passwords, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(Vec<PasswordHash>);

/// Where a password was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// How many newer entries there are.
    pub age: usize,
}

impl History {
    /// The newest entry that is the password, among the first `depth`. Slow: it derives once for each salt and cost
    /// among them, which is once for an account whose cost never changed. `known` is a hash of the same password that
    /// was derived already.
    pub fn find(&self, password: &Password, depth: usize, known: Option<&PasswordHash>) -> Option<Match> {
        let mut derived: Vec<PasswordHash> = known.cloned().into_iter().collect();
        for (age, entry) in self.0.iter().take(depth).enumerate() {
            let at = match derived.iter().position(|hash| hash.is_comparable(entry)) {
                Some(at) => at,
                None => {
                    // An entry whose cost this machine refuses matches nothing.
                    let Ok(hash) = PasswordHash::make(password, entry.salt(), entry.cost()) else { continue };
                    derived.push(hash);
                    derived.len() - 1
                }
            };
            if derived[at].is_same(entry) {
                return Some(Match { age });
            }
        }
        None
    }

    /// The history once `former` has been replaced, cut to `length` entries.
    pub fn with(&self, former: Option<&PasswordHash>, length: usize) -> History {
        let length = length.min(ENTRIES_MAX);
        History(former.into_iter().chain(&self.0).take(length).cloned().collect())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The stored form: the entries one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(PasswordHash::to_bytes).collect()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// As those of [`PasswordHash::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<History, PasswordHashError> {
        if bytes.len() > ENTRIES_MAX * STORED_OCTETS {
            return Err(PasswordHashError::Malformed);
        }
        bytes.chunks(STORED_OCTETS).map(PasswordHash::from_bytes).collect::<Result<_, _>>().map(History)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cost, SALT_OCTETS};

    fn hash(password: &str, salt: u8) -> PasswordHash {
        PasswordHash::make(&Password::new(password.as_bytes()), [salt; SALT_OCTETS], Cost::CHEAP).unwrap()
    }

    fn find(history: &History, password: &str) -> Option<usize> {
        history.find(&Password::new(password.as_bytes()), usize::MAX, None).map(|found| found.age)
    }

    #[test]
    fn a_former_password_is_found_whatever_its_salt() {
        let history = History::default().with(Some(&hash("one", 1)), 24);
        let history = history.with(Some(&hash("two", 2)), 24).with(Some(&hash("three", 2)), 24);
        assert_eq!(find(&history, "three"), Some(0));
        assert_eq!(find(&history, "two"), Some(1));
        assert_eq!(find(&history, "one"), Some(2));
        assert_eq!(find(&history, "four"), None);
        let known = hash("two", 2);
        assert_eq!(history.find(&Password::new(b"two"), 2, Some(&known)), Some(Match { age: 1 }));
        assert_eq!(history.find(&Password::new(b"one"), 2, None), None);
    }

    #[test]
    fn the_oldest_entries_go() {
        let mut history = History::default();
        for number in 0..5 {
            history = history.with(Some(&hash(&number.to_string(), 1)), 3);
        }
        assert_eq!(history.len(), 3);
        assert_eq!((find(&history, "4"), find(&history, "2"), find(&history, "1")), (Some(0), Some(2), None));
        assert!(history.with(None, 0).is_empty());
    }

    #[test]
    fn the_stored_form_reads_back() {
        let history = History::default().with(Some(&hash("one", 1)), 24).with(Some(&hash("two", 1)), 24);
        let bytes = history.to_bytes();
        assert_eq!(History::from_bytes(&bytes), Ok(history));
        assert_eq!(History::from_bytes(&bytes[1..]), Err(PasswordHashError::Malformed));
        assert_eq!(History::from_bytes(&[]), Ok(History::default()));
    }
}
