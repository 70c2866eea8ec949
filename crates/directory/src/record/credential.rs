//! What an account signs in with, apart from its record: nothing that reads attributes can reach it.
//!
//! ```text
//! form u8 | version u64 | time of the change i64 | three parts, each with its length as u32
//! ```
//!
//! Numbers are big-endian. The parts are the hash, the history, and the Kerberos keys as the vault sealed them.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{History, StoredHash};
use bailiwick_store::{ReadTransaction, WriteTransaction};

use crate::record::{CREDENTIAL, EntryId, Fault};

/// The first octet of the stored form.
const FORM: u8 = 1;
/// What stands before the parts.
const HEADER_OCTETS: usize = 17;

/// What an account signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Credential {
    /// Grows by one with each password: who has read one version does not write over another.
    pub version: u64,
    /// When the password was set.
    pub changed: FileTime,
    /// The hash that sign-ins are checked against.
    pub hash: StoredHash,
    /// Former passwords.
    pub history: History,
    /// Kerberos keys in their envelope; none where no vault was at hand.
    pub keys: Option<Vec<u8>>,
}

impl Credential {
    /// The first credential of an account.
    pub fn first(hash: StoredHash, changed: FileTime, keys: Option<Vec<u8>>) -> Credential {
        Credential { version: 1, changed, hash, history: History::default(), keys }
    }

    /// The stored form.
    pub fn to_octets(&self) -> Vec<u8> {
        let mut octets = vec![FORM];
        octets.extend_from_slice(&self.version.to_be_bytes());
        octets.extend_from_slice(&self.changed.0.to_be_bytes());
        let parts = [self.hash.to_bytes(), self.history.to_bytes(), self.keys.clone().unwrap_or_default()];
        for part in parts {
            octets.extend_from_slice(&(part.len() as u32).to_be_bytes());
            octets.extend_from_slice(&part);
        }
        octets
    }

    /// Reads the stored form; none when it is damaged.
    pub fn from_octets(octets: &[u8]) -> Option<Credential> {
        let (header, mut rest) = octets.split_at_checked(HEADER_OCTETS)?;
        if header[0] != FORM {
            return None;
        }
        let mut part = || {
            let (length, tail) = rest.split_first_chunk::<4>()?;
            let (part, tail) = tail.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
            rest = tail;
            Some(part)
        };
        Some(Credential {
            version: u64::from_be_bytes(*header[1..].first_chunk::<8>()?),
            changed: FileTime(i64::from_be_bytes(*header[9..].first_chunk::<8>()?)),
            hash: StoredHash::from_bytes(part()?).ok()?,
            history: History::from_bytes(part()?).ok()?,
            keys: Some(part()?).filter(|keys| !keys.is_empty()).map(<[u8]>::to_vec),
        })
    }
}

/// The credential of an account; none when it has no password.
pub(crate) fn read(transaction: &dyn ReadTransaction, id: EntryId) -> Result<Option<Credential>, Fault> {
    match transaction.get(CREDENTIAL, &id.key())? {
        Some(octets) => {
            Credential::from_octets(octets).map(Some).ok_or(Fault::Damaged { what: "credential", id: id.0 })
        }
        None => Ok(None),
    }
}

/// Stores the credential of an account.
pub(crate) fn write(transaction: &mut dyn WriteTransaction, id: EntryId, credential: &Credential) -> Result<(), Fault> {
    Ok(transaction.put(CREDENTIAL, &id.key(), &credential.to_octets())?)
}

/// Removes an account's credential.
pub(crate) fn remove(transaction: &mut dyn WriteTransaction, id: EntryId) -> Result<(), Fault> {
    transaction.delete(CREDENTIAL, &id.key())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use bailiwick_credential::{Cost, Password, PasswordHash, SALT_OCTETS};

    use super::*;

    fn credential(keys: Option<Vec<u8>>) -> Credential {
        let hash = |password| PasswordHash::make(&Password::new(password), [1; SALT_OCTETS], Cost::CHEAP).unwrap();
        Credential {
            version: 7,
            changed: FileTime(-3),
            hash: hash(b"now").into(),
            history: History::default().with(Some(&hash(b"before")), 24),
            keys,
        }
    }

    #[test]
    fn a_credential_reads_back() {
        for keys in [None, Some(vec![1, 2, 3])] {
            let credential = credential(keys);
            assert_eq!(Credential::from_octets(&credential.to_octets()), Some(credential));
        }
    }

    #[test]
    fn no_cut_of_a_credential_is_one() {
        let octets = credential(Some(vec![1])).to_octets();
        for length in 0..octets.len() {
            assert_eq!(Credential::from_octets(&octets[..length]), None, "{length}");
        }
    }
}
