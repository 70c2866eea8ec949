//! Password hashes, apart from records: nothing that reads attributes can reach them.

use bailiwick_credential::PasswordHash;
use bailiwick_store::{ReadTransaction, WriteTransaction};

use crate::record::{CREDENTIAL, EntryId, Fault};

/// The stored hash of an account's password; none when it has no password.
pub(crate) fn read(transaction: &dyn ReadTransaction, id: EntryId) -> Result<Option<PasswordHash>, Fault> {
    match transaction.get(CREDENTIAL, &id.key())? {
        Some(octets) => {
            PasswordHash::from_bytes(octets).map(Some).map_err(|_| Fault::Damaged { what: "password hash", id: id.0 })
        }
        None => Ok(None),
    }
}

/// Stores the hash of an account's password.
pub(crate) fn write(transaction: &mut dyn WriteTransaction, id: EntryId, hash: &PasswordHash) -> Result<(), Fault> {
    Ok(transaction.put(CREDENTIAL, &id.key(), &hash.to_bytes())?)
}

/// Removes an account's hash.
pub(crate) fn remove(transaction: &mut dyn WriteTransaction, id: EntryId) -> Result<(), Fault> {
    transaction.delete(CREDENTIAL, &id.key())?;
    Ok(())
}
