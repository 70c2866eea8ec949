//! A user and a group of the domain as the host sees them.

use bailiwick_adtypes::file_time::FileTime;
use serde::{Deserialize, Serialize};

use crate::book::Named;
use crate::expiry::{Expiry, kept_time};

/// What a RID is added to for the number of an account on the host: far above those of local accounts. RIDs have 30
/// bits and are never given again, and so are the numbers.
pub const NUMBER_BASE: u32 = 1_000_000;

/// A user of the domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainUser {
    /// His number on the host.
    pub uid: u32,
    /// The number of his primary group.
    pub gid: u32,
    /// `NETBIOS\name`.
    pub name: String,
    /// What is said of him: `description`, or `displayName` when there is none.
    #[serde(default)]
    pub description: String,
    /// `displayName`.
    #[serde(default)]
    pub display_name: String,
    /// `mail`.
    #[serde(default)]
    pub email: String,
    /// Until when he may sign in.
    #[serde(default)]
    pub expiry: Expiry,
    /// His password does not end.
    #[serde(default)]
    pub password_never_expires: bool,
    /// He must set another password at the next sign-in.
    #[serde(default)]
    pub password_pending: bool,
    /// When his password was set.
    #[serde(with = "kept_time")]
    pub password_changed: FileTime,
    /// `unixHomeDirectory`; empty for none.
    #[serde(default)]
    pub home: String,
    /// `loginShell`; empty for none.
    #[serde(default)]
    pub shell: String,
    /// The whole walk of the domain that last met him.
    #[serde(default)]
    pub(crate) generation: u32,
}

/// A security group of the domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainGroup {
    /// Its number on the host.
    pub gid: u32,
    /// `NETBIOS\name`.
    pub name: String,
    /// What is said of it.
    #[serde(default)]
    pub description: String,
    /// The whole walk of the domain that last met it.
    #[serde(default)]
    pub(crate) generation: u32,
}

impl DomainUser {
    /// The day on which his password was set, counted from 1970-01-01 in UTC.
    pub fn password_changed_day(&self) -> i64 {
        self.password_changed.unix_seconds().div_euclid(86_400).max(0)
    }
}

impl Named for DomainUser {
    fn number(&self) -> u32 {
        self.uid
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for DomainGroup {
    fn number(&self) -> u32 {
        self.gid
    }

    fn name(&self) -> &str {
        &self.name
    }
}
