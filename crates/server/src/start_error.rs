//! Why a server cannot start: each a thing that an administrator can act on, each one clear line.

use std::fmt;
use std::path::PathBuf;

use bailiwick_accounts::OpenError as HostError;
use bailiwick_directory::{OpenError, ProvisionError};

use crate::certificate::CertificateError;
use crate::data_folder::FolderError;
use crate::listener::ListenError;
use crate::mail::MailError;

/// Why a server cannot start.
#[derive(Debug)]
pub enum StartError {
    /// A port cannot be had.
    Listen(ListenError),
    /// The data folder cannot be used.
    Folder(FolderError),
    /// There is no directory yet, and no name for a new domain.
    DomainNeeded,
    /// The folder holds another domain.
    OtherDomain {
        /// The folder.
        folder: PathBuf,
        /// The domain that was asked for.
        asked: String,
        /// The domain that is there.
        found: String,
    },
    /// A new domain cannot be founded.
    Provision(ProvisionError),
    /// The directory cannot be opened.
    Open(OpenError),
    /// The host's own data cannot be opened.
    Host(HostError),
    /// Passwords cannot be hashed at the cost that is configured.
    PasswordCost,
    /// A password cannot be read from its file.
    PasswordFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Letters cannot be sent with these settings.
    Mail(MailError),
    /// There is no certificate to serve TLS with.
    Certificate(CertificateError),
    /// The operating system has no threads or event queues for us.
    System(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Listen(error) => error.fmt(f),
            StartError::Folder(error) => error.fmt(f),
            StartError::DomainNeeded => {
                f.write_str("the first start needs the name of the domain: --domain example.com")
            }
            StartError::OtherDomain { folder, asked, found } => {
                write!(f, "{} holds the domain {found}, not {asked}", folder.display())
            }
            StartError::Provision(error) => error.fmt(f),
            StartError::Open(error) => error.fmt(f),
            StartError::Host(error) => error.fmt(f),
            StartError::PasswordCost => {
                f.write_str("no password can be hashed with this argon2-memory-kib and argon2-passes")
            }
            StartError::PasswordFile { path, source } => {
                write!(f, "{} gives no password: {source}", path.display())
            }
            StartError::Mail(error) => error.fmt(f),
            StartError::Certificate(error) => error.fmt(f),
            StartError::System(error) => write!(f, "the operating system refuses: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Listen(error) => Some(error),
            StartError::Folder(error) => Some(error),
            StartError::Provision(error) => Some(error),
            StartError::Open(error) => Some(error),
            StartError::Host(error) => Some(error),
            StartError::Mail(error) => Some(error),
            StartError::Certificate(error) => Some(error),
            StartError::PasswordFile { source, .. } | StartError::System(source) => Some(source),
            StartError::DomainNeeded | StartError::OtherDomain { .. } | StartError::PasswordCost => None,
        }
    }
}

macro_rules! from {
    ($($variant:ident($error:ty);)*) => {$(
        impl From<$error> for StartError {
            fn from(error: $error) -> StartError {
                StartError::$variant(error)
            }
        }
    )*};
}

from! {
    Listen(ListenError);
    Folder(FolderError);
    Provision(ProvisionError);
    Open(OpenError);
    Host(HostError);
    Mail(MailError);
    Certificate(CertificateError);
    System(std::io::Error);
}
