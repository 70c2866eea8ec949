//! The local users of the host: [`Users`] makes, changes, lists and removes them, and says who signs in.

mod change;
mod credential;
pub mod letter;
mod read;
mod reminder;
mod sign_in;

use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{Cost, PasswordHashError};
use bailiwick_store::{Error as StoreError, Store};
use serde::{Deserialize, Serialize};

pub use change::{NewUser, Setter, UserChange};
pub(crate) use credential::CREDENTIAL;
pub(crate) use reminder::REMINDER;
pub use sign_in::SignedIn;

use crate::book::Named;
use crate::expiry::{Expiry, kept_time};
use crate::name::NameFault;
use crate::policy::{Lockout, PasswordFault};

/// The most local users.
pub const USERS_MAX: u64 = 16_000;

/// A user of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// His number, which no other user ever has.
    pub uid: u32,
    /// His name, as it is shown.
    pub name: String,
    /// What is said of him; his full name, mostly.
    #[serde(default)]
    pub description: String,
    /// His e-mail addresses, separated by commas or semicolons; empty for none.
    #[serde(default)]
    pub email: String,
    /// Until when he may sign in.
    #[serde(default)]
    pub expiry: Expiry,
    /// He may not change his password himself.
    #[serde(default)]
    pub cannot_change_password: bool,
    /// His password does not end, whatever the policy says.
    #[serde(default)]
    pub password_never_expires: bool,
    /// When his password was set.
    #[serde(with = "kept_time")]
    pub password_changed: FileTime,
    /// He must set another password at the next sign-in.
    #[serde(default)]
    pub password_pending: bool,
}

impl User {
    /// Whether he came with the host: such a user can be neither renamed nor removed.
    pub fn is_built_in(&self) -> bool {
        [crate::roster::ADMIN_UID, crate::roster::GUEST_UID].contains(&self.uid)
    }

    /// The day on which his password was set, counted from 1970-01-01 in UTC.
    pub fn password_changed_day(&self) -> i64 {
        self.password_changed.unix_seconds().div_euclid(86_400).max(0)
    }
}

impl Named for User {
    fn number(&self) -> u32 {
        self.uid
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// The local users, in a store that was opened with [`crate::SPACES`].
#[derive(Clone)]
pub struct Users {
    store: Arc<dyn Store>,
    lockout: Lockout,
    cost: Cost,
}

impl Users {
    /// The users in a store; `cost` is that of passwords hashed from now on.
    pub fn new(store: Arc<dyn Store>, cost: Cost) -> Users {
        Users { lockout: Lockout::new(Arc::clone(&store)), store, cost }
    }
}

/// Why something was not done with a user. Nothing is changed then.
#[derive(Debug)]
pub enum Error {
    /// Nobody has the name.
    NoSuchUser,
    /// Somebody has the name already.
    Taken,
    /// The name is one that users are not given.
    Reserved,
    /// It is no name.
    Name(NameFault),
    /// The description is too long, or holds control characters.
    Description,
    /// The e-mail addresses are none.
    Email,
    /// There are as many users as there may be.
    TooMany,
    /// The user came with the host and stays as he is.
    BuiltIn,
    /// Nobody could administer the host any more.
    LastAdministrator,
    /// The password cannot be his.
    Password(PasswordFault),
    /// The password was changed several times by others meanwhile.
    Contended,
    /// Passwords cannot be hashed at the cost that is configured.
    Cost,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl From<NameFault> for Error {
    fn from(fault: NameFault) -> Error {
        Error::Name(fault)
    }
}

impl From<PasswordFault> for Error {
    fn from(fault: PasswordFault) -> Error {
        Error::Password(fault)
    }
}

impl From<PasswordHashError> for Error {
    fn from(error: PasswordHashError) -> Error {
        match error {
            PasswordHashError::Cost => Error::Cost,
            PasswordHashError::Malformed => Error::Store(StoreError::Corrupt { doing: "reading a password's hash" }),
        }
    }
}
