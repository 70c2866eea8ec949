//! What an account's password is verified against: a hash of our own, or one that another server made.

use crate::{ForeignHash, Password, PasswordHash, PasswordHashError};

/// The first octet of the stored form of a foreign hash.
const KIND_FOREIGN: u8 = 2;

/// The hash of a password as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredHash {
    /// Ours.
    Argon2id(PasswordHash),
    /// Another server's; it is replaced by ours at the first good sign-in.
    Foreign(ForeignHash),
}

impl StoredHash {
    /// Whether the password is the one. Slow: run it in the hashing pool.
    pub fn verify(&self, password: &Password) -> bool {
        match self {
            StoredHash::Argon2id(hash) => hash.verify(password),
            StoredHash::Foreign(hash) => hash.verify(password),
        }
    }

    /// Our own hash, if it is one.
    pub fn argon2id(&self) -> Option<&PasswordHash> {
        match self {
            StoredHash::Argon2id(hash) => Some(hash),
            StoredHash::Foreign(_) => None,
        }
    }

    /// The stored form: the kind, then what the kind needs.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            StoredHash::Argon2id(hash) => hash.to_bytes(),
            StoredHash::Foreign(hash) => [&[KIND_FOREIGN], hash.as_text().as_bytes()].concat(),
        }
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// `Malformed` when it is not one; `Cost` when verifying would cost more than is allowed.
    pub fn from_bytes(bytes: &[u8]) -> Result<StoredHash, PasswordHashError> {
        match bytes.split_first() {
            Some((&KIND_FOREIGN, text)) => std::str::from_utf8(text)
                .ok()
                .and_then(|text| ForeignHash::parse(text).ok())
                .map(StoredHash::Foreign)
                .ok_or(PasswordHashError::Malformed),
            _ => PasswordHash::from_bytes(bytes).map(StoredHash::Argon2id),
        }
    }
}

impl From<PasswordHash> for StoredHash {
    fn from(hash: PasswordHash) -> StoredHash {
        StoredHash::Argon2id(hash)
    }
}

impl From<ForeignHash> for StoredHash {
    fn from(hash: ForeignHash) -> StoredHash {
        StoredHash::Foreign(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cost, SALT_OCTETS};

    #[test]
    fn both_kinds_read_back() {
        let ours = PasswordHash::make(&Password::new(b"x"), [7; SALT_OCTETS], Cost::CHEAP).unwrap();
        for hash in [StoredHash::from(ours), StoredHash::from(ForeignHash::nt([3; 16]))] {
            assert_eq!(StoredHash::from_bytes(&hash.to_bytes()), Ok(hash));
        }
        assert_eq!(StoredHash::from_bytes(b"\x02geheim"), Err(PasswordHashError::Malformed));
        assert_eq!(StoredHash::from_bytes(b"\x09"), Err(PasswordHashError::Malformed));
    }
}
