//! What the process remembers of sign-ins: passwords that were right, guesses that were wrong, how often and from where.
//!
//! Passwords are remembered as fingerprints under a random key of the process, and only as long as neither the account
//! nor the policy has changed since. Logons that were not worth a write of their own wait here for the next one. All of
//! it is bounded, and all of it may be lost.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::OnceLock;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{Fingerprint, FingerprintKey, Password};
use bailiwick_domain::{Attempts, Context};
use parking_lot::Mutex;

use crate::record::EntryId;

/// The most accounts that are remembered; then any one of them is forgotten for each new one.
const ACCOUNTS_MAX: usize = 65_536;
/// How many different wrong passwords of an account are recognised when they come again.
const WRONG_MAX: usize = 4;
/// The most accounts whose logons wait; a further one's is written at once, and many of these with it.
const LOGONS_MAX: usize = 65_536;

/// The memory.
#[derive(Default)]
pub(crate) struct SignIns {
    key: OnceLock<FingerprintKey>,
    accounts: Mutex<HashMap<EntryId, Remembered>>,
    logons: Mutex<HashMap<EntryId, Logons>>,
    attempts: Mutex<Attempts>,
}

/// What must be unchanged for a remembered password to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Basis {
    /// The version of the credential.
    pub version: u64,
    /// The USN of the account's last change.
    pub account_usn: i64,
    /// The USN of the policy's last change.
    pub policy_usn: i64,
}

#[derive(Default)]
struct Remembered {
    right: Option<(Fingerprint, Basis)>,
    /// Wrong passwords, the newest last, and the version of the credential they were tried against.
    wrong: Vec<(Fingerprint, u64)>,
}

/// Logons that are not written yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Logons {
    /// The last one.
    pub last: FileTime,
    /// How many there were.
    pub count: u32,
}

impl SignIns {
    /// What the password of an account is recognised by.
    pub fn fingerprint(&self, context: &Context<'_>, account: EntryId, password: &Password) -> Fingerprint {
        let key = self.key.get_or_init(|| {
            let mut octets = [0; 32];
            (context.random)(&mut octets);
            FingerprintKey::new(octets)
        });
        key.of(account.0, password)
    }

    /// Whether this password was right, on the same basis.
    pub fn is_right(&self, account: EntryId, fingerprint: &Fingerprint, basis: Basis) -> bool {
        let accounts = self.accounts.lock();
        let right = accounts.get(&account).and_then(|remembered| remembered.right.as_ref());
        right.is_some_and(|(known, known_basis)| *known_basis == basis && known == fingerprint)
    }

    /// Remembers a password that was right. Wrong ones are forgotten.
    pub fn remember_right(&self, account: EntryId, fingerprint: Fingerprint, basis: Basis) {
        let mut accounts = self.accounts.lock();
        make_room(&mut accounts, account, ACCOUNTS_MAX);
        accounts.insert(account, Remembered { right: Some((fingerprint, basis)), wrong: Vec::new() });
    }

    /// Notes a wrong password; whether it is another one than those before.
    pub fn is_new_guess(&self, account: EntryId, fingerprint: Fingerprint, version: u64) -> bool {
        let mut accounts = self.accounts.lock();
        make_room(&mut accounts, account, ACCOUNTS_MAX);
        let wrong = &mut accounts.entry(account).or_default().wrong;
        wrong.retain(|(_, tried_at)| *tried_at == version);
        if wrong.iter().any(|(known, _)| *known == fingerprint) {
            return false;
        }
        if wrong.len() >= WRONG_MAX {
            wrong.remove(0);
        }
        wrong.push((fingerprint, version));
        true
    }

    /// Notes a logon that is to be written with others. Whether there was room for it.
    pub fn note_logon(&self, account: EntryId, now: FileTime) -> bool {
        let mut logons = self.logons.lock();
        if logons.len() >= LOGONS_MAX && !logons.contains_key(&account) {
            return false;
        }
        let noted = logons.entry(account).or_insert(Logons { last: now, count: 0 });
        noted.last = noted.last.max(now);
        noted.count = noted.count.saturating_add(1);
        true
    }

    /// Takes out the logons of one account.
    pub fn take_logons(&self, account: EntryId) -> Option<Logons> {
        self.logons.lock().remove(&account)
    }

    /// Takes out some accounts' logons.
    pub fn take_some_logons(&self, most: usize) -> Vec<(EntryId, Logons)> {
        let mut logons = self.logons.lock();
        let accounts: Vec<EntryId> = logons.keys().take(most).copied().collect();
        accounts.into_iter().filter_map(|account| Some((account, logons.remove(&account)?))).collect()
    }

    /// Whether a password from this address is looked at. What has no address is the machine's own shell.
    pub fn may_try(&self, address: Option<IpAddr>, now: FileTime) -> bool {
        address.is_none_or(|address| self.attempts.lock().may_try(address, now))
    }

    /// Counts a wrong password from this address.
    pub fn note_wrong_address(&self, address: Option<IpAddr>, now: FileTime) {
        if let Some(address) = address {
            self.attempts.lock().note_failure(address, now);
        }
    }
}

fn make_room<T>(accounts: &mut HashMap<EntryId, T>, account: EntryId, most: usize) {
    if accounts.len() >= most && !accounts.contains_key(&account) {
        let any = accounts.keys().next().copied();
        any.and_then(|any| accounts.remove(&any));
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_domain::{Limits, Requester};

    use super::*;

    const BASIS: Basis = Basis { version: 1, account_usn: 5, policy_usn: 2 };
    const ACCOUNT: EntryId = EntryId(7);

    fn fingerprint(sign_ins: &SignIns, password: &[u8]) -> Fingerprint {
        let requester = Requester::system();
        let context = Context {
            requester: &requester,
            now: FileTime(1),
            random: &|octets: &mut [u8]| octets.fill(3),
            limits: Limits::default(),
            request_id: 1,
        };
        sign_ins.fingerprint(&context, ACCOUNT, &Password::new(password))
    }

    #[test]
    fn any_change_ends_what_is_remembered() {
        let sign_ins = SignIns::default();
        let right = fingerprint(&sign_ins, b"right");
        assert!(!sign_ins.is_right(ACCOUNT, &right, BASIS));
        sign_ins.remember_right(ACCOUNT, right, BASIS);
        assert!(sign_ins.is_right(ACCOUNT, &right, BASIS));
        assert!(!sign_ins.is_right(EntryId(8), &right, BASIS));
        assert!(!sign_ins.is_right(ACCOUNT, &fingerprint(&sign_ins, b"wrong"), BASIS));
        for basis in
            [Basis { version: 2, ..BASIS }, Basis { account_usn: 6, ..BASIS }, Basis { policy_usn: 3, ..BASIS }]
        {
            assert!(!sign_ins.is_right(ACCOUNT, &right, basis), "{basis:?}");
        }
    }

    #[test]
    fn the_same_wrong_password_is_one_guess() {
        let sign_ins = SignIns::default();
        let wrong = |text: &str| fingerprint(&sign_ins, text.as_bytes());
        assert!(sign_ins.is_new_guess(ACCOUNT, wrong("a"), 1));
        assert!(!sign_ins.is_new_guess(ACCOUNT, wrong("a"), 1));
        assert!(sign_ins.is_new_guess(ACCOUNT, wrong("b"), 1));
        assert!(!sign_ins.is_new_guess(ACCOUNT, wrong("a"), 1));
        assert!(sign_ins.is_new_guess(ACCOUNT, wrong("a"), 2), "another password, another guess");
        for text in ["c", "d", "e", "f"] {
            assert!(sign_ins.is_new_guess(ACCOUNT, wrong(text), 2));
        }
        assert!(sign_ins.is_new_guess(ACCOUNT, wrong("a"), 2), "the oldest are forgotten");
    }

    #[test]
    fn logons_add_up() {
        let sign_ins = SignIns::default();
        assert!(sign_ins.note_logon(ACCOUNT, FileTime(10)));
        assert!(sign_ins.note_logon(ACCOUNT, FileTime(8)));
        assert_eq!(sign_ins.take_some_logons(5), [(ACCOUNT, Logons { last: FileTime(10), count: 2 })]);
        assert_eq!(sign_ins.take_logons(ACCOUNT), None);
    }

    #[test]
    fn who_notes_a_logon_is_told_when_there_is_no_room() {
        let sign_ins = SignIns::default();
        for account in 0..LOGONS_MAX as u64 {
            assert!(sign_ins.note_logon(EntryId(account), FileTime(1)));
        }
        assert!(sign_ins.note_logon(EntryId(0), FileTime(2)), "it waits already");
        assert!(!sign_ins.note_logon(EntryId(LOGONS_MAX as u64), FileTime(2)));
        assert_eq!(sign_ins.take_some_logons(1).len(), 1);
        assert!(sign_ins.note_logon(EntryId(LOGONS_MAX as u64), FileTime(2)));
    }
}
