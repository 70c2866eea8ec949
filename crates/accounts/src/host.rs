//! The host's data file: its spaces and its format.

use std::fmt;

use bailiwick_store::{Error, ReadTransaction, Space, Store};

use crate::{
    audit, book, confirmation, host_key, mail, password_reset, policy, roster, second_factor, session, sync, task,
    token, trusted_device, user,
};

/// What holds for the whole file.
const META: Space = Space("host-meta");

/// Every space of the file.
pub const SPACES: &[Space] = &[
    META,
    audit::EVENT,
    audit::COUNT,
    host_key::HOST_KEY,
    second_factor::SECOND_FACTOR,
    token::TOKEN,
    session::SESSION,
    trusted_device::TRUSTED_DEVICE,
    mail::LETTER,
    mail::NUMBER,
    password_reset::TICKET,
    book::COUNTER,
    roster::USER,
    roster::USER_NAME,
    roster::GROUP,
    roster::GROUP_NAME,
    roster::MEMBER,
    roster::MEMBER_OF,
    user::CREDENTIAL,
    user::REMINDER,
    policy::POLICY,
    policy::FAILURE,
    confirmation::CONFIRMATION,
    task::TASK,
    task::UNFINISHED,
    sync::STATE,
    sync::USER,
    sync::USER_NAME,
    sync::GROUP,
    sync::GROUP_NAME,
    sync::MEMBER,
    sync::MEMBER_OF,
];

/// Key of the format number: 4 octets, big-endian.
const FORMAT: &[u8] = b"format";
/// The format that this program writes.
const FORMAT_KNOWN: u32 = 1;

/// A store could not be opened as the host's data file.
#[derive(Debug)]
pub enum OpenError {
    /// A newer program wrote it.
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// Its format number cannot be read.
    Damaged,
    /// The store failed.
    Store(Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::NewerFormat { found, known } => write!(
                f,
                "the host's data has format {found}, this program knows formats up to {known}: use a newer program"
            ),
            OpenError::Damaged => f.write_str("the host's data is damaged: its format number cannot be read"),
            OpenError::Store(error) => write!(f, "the host's data cannot be read: {error}"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Store(error) => Some(error),
            OpenError::NewerFormat { .. } | OpenError::Damaged => None,
        }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> OpenError {
        OpenError::Store(error)
    }
}

/// Makes sure that the file is one that this program knows, and marks a new one.
///
/// # Errors
/// See [`OpenError`]; the file is unchanged then.
pub fn open(store: &dyn Store) -> Result<(), OpenError> {
    if is_marked(store.read()?.as_ref())? {
        return Ok(());
    }
    Ok(store.transact(|transaction| transaction.put(META, FORMAT, &FORMAT_KNOWN.to_be_bytes()))??)
}

/// Makes sure that a file which is only read is one that this program knows.
///
/// # Errors
/// See [`OpenError`].
pub fn check(transaction: &dyn ReadTransaction) -> Result<(), OpenError> {
    is_marked(transaction).map(drop)
}

/// Whether the file has a format number, which then is a known one.
fn is_marked(transaction: &dyn ReadTransaction) -> Result<bool, OpenError> {
    let Some(octets) = transaction.get(META, FORMAT)? else { return Ok(false) };
    let found = octets.try_into().map(u32::from_be_bytes).map_err(|_| OpenError::Damaged)?;
    match found > FORMAT_KNOWN {
        true => Err(OpenError::NewerFormat { found, known: FORMAT_KNOWN }),
        false => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_store::Memory;

    use super::*;

    #[test]
    fn a_file_of_a_newer_program_is_refused() {
        let memory = Memory::open(SPACES);
        let store: &dyn Store = &memory;
        open(store).unwrap();
        open(store).unwrap();
        store.transact(|transaction| transaction.put(META, FORMAT, &2_u32.to_be_bytes())).unwrap().unwrap();
        assert!(matches!(open(store), Err(OpenError::NewerFormat { found: 2, known: 1 })));
        store.transact(|transaction| transaction.put(META, FORMAT, b"x")).unwrap().unwrap();
        assert!(matches!(open(store), Err(OpenError::Damaged)));
    }
}
