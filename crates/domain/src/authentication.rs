//! Sign-in in two steps: hashing runs neither on a network thread nor inside a transaction.

use std::fmt;

use bailiwick_credential::{Password, PasswordHash};

use crate::{Error, Requester};

/// The first step's answer.
pub enum Authentication {
    /// No hashing is needed.
    Decided(Result<Requester, Error>),
    /// Run [`Check::run`] in the bounded hashing pool, then call `Directory::finish`.
    Check(Check),
}

/// A password to verify, and for whom. Unknown names get a check too, so that they cost the same work.
pub struct Check {
    password: Password,
    hash: PasswordHash,
    account: Option<u64>,
    name: String,
}

impl Check {
    /// A check of `password` against `hash`, for the directory's `account`; none when nobody has the name.
    pub fn new(password: Password, hash: PasswordHash, account: Option<u64>) -> Check {
        Check { password, hash, account, name: String::new() }
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

    /// Verifies. This is the slow part.
    pub fn run(&self) -> bool {
        self.hash.verify(&self.password)
    }

    /// The account the check is for; none when nobody has the name.
    pub fn account(&self) -> Option<u64> {
        self.account
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Why a sign-in failed. Faces tell an unauthenticated caller no more than Active Directory does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFailure {
    /// Nobody has the name.
    UnknownName,
    /// The password is not right.
    WrongPassword,
    /// The account is disabled.
    AccountDisabled,
}
