//! The password of a user as it is kept: its hash, and those of the passwords before it. No password lies anywhere.

use bailiwick_credential::{Cost, History, Password, PasswordHash, PasswordHashError, SALT_OCTETS};
use bailiwick_store::{Error as StoreError, ReadTransaction, Space};

use super::Error;
use crate::policy::{PasswordFault, PasswordPolicy};

/// Credentials by uid: 2 octets of the hash's length, big-endian, the hash, then the history.
pub(crate) const CREDENTIAL: Space = Space("host-credential");
/// The most former passwords that are kept, whatever the policy excludes today.
const HISTORY_LENGTH_MAX: usize = 24;

/// What a user's password is verified against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    pub hash: PasswordHash,
    pub history: History,
}

impl Credential {
    /// The credential of a user; none when he has no password.
    pub fn read(transaction: &dyn ReadTransaction, uid: u32) -> Result<Option<Credential>, StoreError> {
        let damaged = StoreError::Corrupt { doing: "reading a password's hash" };
        let Some(octets) = transaction.get(CREDENTIAL, &uid.to_be_bytes())? else { return Ok(None) };
        let Some((length, rest)) = octets.split_first_chunk() else { return Err(damaged) };
        let Some((hash, history)) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))) else {
            return Err(damaged);
        };
        match (PasswordHash::from_bytes(hash), History::from_bytes(history)) {
            (Ok(hash), Ok(history)) => Ok(Some(Credential { hash, history })),
            _ => Err(damaged),
        }
    }

    pub fn to_octets(&self) -> Vec<u8> {
        let hash = self.hash.to_bytes();
        let length = u16::try_from(hash.len()).expect("a hash has some dozens of octets");
        [&length.to_be_bytes()[..], &hash, &self.history.to_bytes()].concat()
    }

    /// The credential that replaces `former`, if the history allows it. Slow: it hashes, once for all passwords of a
    /// user as long as the cost stays.
    pub fn replacing(
        former: Option<&Credential>,
        password: &Password,
        policy: &PasswordPolicy,
        cost: Cost,
        random: &(dyn Fn(&mut [u8]) + Sync),
    ) -> Result<Credential, Error> {
        let salt = match former {
            Some(former) if former.hash.cost() == cost => former.hash.salt(),
            _ => {
                let mut salt = [0; SALT_OCTETS];
                random(&mut salt);
                salt
            }
        };
        let hash = PasswordHash::make(password, salt, cost)?;
        let Some(former) = former else { return Ok(Credential { hash, history: History::default() }) };
        let excluded = policy.excluded_history();
        if excluded > 0 {
            // The current password is the first of those that count.
            let all = former.history.with(Some(&former.hash), HISTORY_LENGTH_MAX);
            if all.find(password, excluded, Some(&hash)).is_some() {
                return Err(PasswordFault::InHistory.into());
            }
        }
        let history = former.history.with(Some(&former.hash), HISTORY_LENGTH_MAX);
        Ok(Credential { hash, history })
    }

    /// The same password at today's cost.
    pub fn at_cost(
        &self,
        password: &Password,
        cost: Cost,
        random: &(dyn Fn(&mut [u8]) + Sync),
    ) -> Result<Credential, PasswordHashError> {
        let mut salt = [0; SALT_OCTETS];
        random(&mut salt);
        Ok(Credential { hash: PasswordHash::make(password, salt, cost)?, history: self.history.clone() })
    }
}
