//! Sign-in in two steps: hashing runs neither on a network thread nor inside a transaction.

use std::fmt;

use bailiwick_credential::{History, Password, PasswordHash, StoredHash};

use crate::{Error, Requester};

/// How many former passwords are no guesses: whoever tries one of them has not heard of the change yet.
/// [MS-SAMR] 3.1.1.7.
const FORMER_PASSWORDS: usize = 2;

/// The first step's answer.
pub enum Authentication {
    /// No hashing is needed.
    Decided(Result<Requester, Error>),
    /// Run [`Check::run`] in the bounded hashing pool, and `Directory::finish` there too.
    Check(Check),
}

/// A password to verify, and for whom. Unknown names get a check too, so that they cost the same work.
pub struct Check {
    password: Password,
    hash: StoredHash,
    former: History,
    account: Option<u64>,
    name: String,
}

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the account's password.
    Right,
    /// It was the account's password not long ago: no sign-in, and no guess either.
    Former,
    /// It is neither.
    Wrong,
}

impl Check {
    /// A check of `password` against `hash`, for the directory's `account`; none when nobody has the name.
    pub fn new(password: Password, hash: impl Into<StoredHash>, account: Option<u64>) -> Check {
        Check { password, hash: hash.into(), former: History::default(), account, name: String::new() }
    }

    /// The same, remembering the name that was given.
    #[must_use]
    pub fn named(self, name: String) -> Check {
        Check { name, ..self }
    }

    /// The name that was given, if anybody asked to remember it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same, telling former passwords from guesses.
    pub fn with_former(self, former: History) -> Check {
        Check { former, ..self }
    }

    /// Verifies. This is the slow part; current and former passwords share one derivation.
    pub fn run(&self) -> Verdict {
        let derived = match &self.hash {
            StoredHash::Argon2id(hash) => {
                let Ok(derived) = PasswordHash::make(&self.password, hash.salt(), hash.cost()) else {
                    return Verdict::Wrong;
                };
                if derived.is_same(hash) {
                    return Verdict::Right;
                }
                Some(derived)
            }
            StoredHash::Foreign(hash) => {
                if hash.verify(&self.password) {
                    return Verdict::Right;
                }
                None
            }
        };
        match self.former.find(&self.password, FORMER_PASSWORDS, derived.as_ref()) {
            Some(_) => Verdict::Former,
            None => Verdict::Wrong,
        }
    }

    /// The account the check is for; none when nobody has the name.
    pub fn account(&self) -> Option<u64> {
        self.account
    }

    /// The hash that the password was checked against.
    pub fn hash(&self) -> &StoredHash {
        &self.hash
    }

    /// The password, for the directory that made the check: it may have to hash it anew.
    pub fn password(&self) -> &Password {
        &self.password
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Why a sign-in failed. Faces tell an unauthenticated caller no more than Active Directory does: all but the first
/// two, `AccountLocked` and `TooManyAttempts` are told to those only who showed the right password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFailure {
    /// Nobody has the name.
    UnknownName,
    /// The password is not right.
    WrongPassword,
    /// The account is disabled.
    AccountDisabled,
    /// The account has ended (`accountExpires`).
    AccountExpired,
    /// Not at this hour of the week (`logonHours`).
    LogonHours,
    /// Not at this computer (`userWorkstations`).
    Workstation,
    /// The password is too old.
    PasswordExpired,
    /// The password must be changed first (`pwdLastSet` is 0).
    PasswordMustChange,
    /// Too many wrong passwords: the account is locked for a while.
    AccountLocked,
    /// Too many wrong passwords came from this address.
    TooManyAttempts,
    /// The password is right, and the account must show a one-time code too.
    CodeNeeded,
    /// The password is right; the policy wants a second factor, and the account has none.
    NoSecondFactor,
    /// The one-time code is not right, not good now, or was used before.
    WrongCode,
    /// Too many wrong one-time codes: for a while none counts.
    TooManyWrongCodes,
}

#[cfg(test)]
mod tests {
    use bailiwick_credential::{Cost, ForeignHash, SALT_OCTETS};

    use super::*;

    fn hash(password: &str) -> PasswordHash {
        PasswordHash::make(&Password::new(password.as_bytes()), [1; SALT_OCTETS], Cost::CHEAP).unwrap()
    }

    fn verdict(hash: impl Into<StoredHash>, former: &[&str], password: &str) -> Verdict {
        let former =
            former.iter().rev().fold(History::default(), |history, former| history.with(Some(&self::hash(former)), 24));
        Check::new(Password::new(password.as_bytes()), hash, None).with_former(former).run()
    }

    #[test]
    fn the_two_last_passwords_are_no_guesses() {
        let former = ["one ago", "two ago", "three ago"];
        assert_eq!(verdict(hash("now"), &former, "now"), Verdict::Right);
        assert_eq!(verdict(hash("now"), &former, "one ago"), Verdict::Former);
        assert_eq!(verdict(hash("now"), &former, "two ago"), Verdict::Former);
        assert_eq!(verdict(hash("now"), &former, "three ago"), Verdict::Wrong);
        assert_eq!(verdict(hash("now"), &[], "guess"), Verdict::Wrong);
    }

    #[test]
    fn a_foreign_hash_is_checked_too() {
        let foreign = ForeignHash::parse("{NT}8846F7EAEE8FB117AD06BDD830B7586C").unwrap();
        assert_eq!(verdict(foreign.clone(), &["before"], "password"), Verdict::Right);
        assert_eq!(verdict(foreign.clone(), &["before"], "before"), Verdict::Former);
        assert_eq!(verdict(foreign, &["before"], "after"), Verdict::Wrong);
    }
}
