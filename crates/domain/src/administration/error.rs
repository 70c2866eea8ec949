//! Why a use-case fails: by meaning, before or in the directory.

use std::fmt;

use super::Kind;
use crate::{PasswordFault, Refused};

/// Why a use-case fails. Nothing has been changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing of the kind answers to the selector.
    NoSuchObject {
        /// What was looked for.
        kind: Kind,
        /// As the caller wrote it.
        selector: String,
    },
    /// More than one object answers to the selector.
    Ambiguous {
        /// What was looked for.
        kind: Kind,
        /// As the caller wrote it.
        selector: String,
    },
    /// The text cannot be a name of an object.
    InvalidName {
        /// The text.
        text: String,
    },
    /// The object changed again and again while the use-case looked at it.
    KeepsChanging,
    /// There is no such entry to revoke.
    NotGranted,
    /// The directory does not say something that the use-case needs, such as the place of its users.
    Unsaid {
        /// The attribute.
        attribute: &'static str,
    },
    /// The directory refuses, or failed.
    Directory(crate::Error),
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Error {
        Error::Directory(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        Error::Directory(refused.error)
    }
}

impl From<PasswordFault> for Error {
    fn from(fault: PasswordFault) -> Error {
        Error::Directory(fault.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Error {}
