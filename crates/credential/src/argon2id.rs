//! argon2id, the hash that sign-ins are checked against. RFC 9106. Its cost is tuned in one place: [`Cost`].

use std::cell::RefCell;
use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use crate::Password;

/// Octets of the salt.
pub const SALT_OCTETS: usize = 16;
/// Octets of the output.
const OUTPUT_OCTETS: usize = 32;
/// Octets of the stored form.
pub(crate) const STORED_OCTETS: usize = 1 + 8 + SALT_OCTETS + OUTPUT_OCTETS;
/// The first octet of the stored form, so that other kinds can stand beside it.
pub(crate) const KIND_ARGON2ID: u8 = 1;
/// The most memory a stored hash may ask for, in KiB: a damaged record must not exhaust the machine.
pub(crate) const MEMORY_KIB_MAX: u32 = 1 << 20;
/// The most passes a stored hash may ask for.
pub(crate) const PASSES_MAX: u32 = 64;

thread_local! {
    /// The working memory of a thread that hashes, kept from hash to hash. Freeing and asking anew for many megabytes a
    /// sign-in leaves the allocator with holes that it never gives back: a server grew by 20 MB a connection.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Cost {
    /// What production uses: the second recommendation of RFC 9106 scaled for sign-in storms (OWASP's 19 MiB, 2 passes).
    pub const PRODUCTION: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };
    /// What tests use by configuration, so that a suite of thousands of sign-ins stays quick.
    pub const CHEAP: Cost = Cost { memory_kib: 16, passes: 1 };
}

/// A stored hash with its salt and cost.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    cost: Cost,
    salt: [u8; SALT_OCTETS],
    output: [u8; OUTPUT_OCTETS],
}

/// A hash could not be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordHashError {
    /// The stored form is not one of ours.
    Malformed,
    /// The cost is outside what argon2 and this crate allow.
    Cost,
}

impl PasswordHash {
    /// Hashes a password. Slow by design: run it in the hashing pool.
    ///
    /// # Errors
    /// `Cost` when the parameters are out of range.
    pub fn make(password: &Password, salt: [u8; SALT_OCTETS], cost: Cost) -> Result<PasswordHash, PasswordHashError> {
        Ok(PasswordHash { cost, salt, output: derive(password, &salt, cost)? })
    }

    /// A hash that no password has, with the same work to find that out: for names that nobody has.
    pub fn unmatchable(cost: Cost) -> PasswordHash {
        PasswordHash { cost, salt: [0; SALT_OCTETS], output: [0; OUTPUT_OCTETS] }
    }

    /// Whether the password is the one. Constant time in the output.
    pub fn verify(&self, password: &Password) -> bool {
        match derive(password, &self.salt, self.cost) {
            Ok(output) => output.ct_eq(&self.output).into(),
            Err(_) => false,
        }
    }

    /// What verifying costs.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// The salt, for further hashes of the same account: hashes with one salt and cost are checked by one derivation.
    pub fn salt(&self) -> [u8; SALT_OCTETS] {
        self.salt
    }

    /// Whether this hash of a password is that hash of it: the same salt, cost and output. Constant time in the output.
    pub fn is_same(&self, other: &PasswordHash) -> bool {
        self.is_comparable(other) && self.output.ct_eq(&other.output).into()
    }

    /// Whether hashes of one password are the same hash.
    pub(crate) fn is_comparable(&self, other: &PasswordHash) -> bool {
        self.salt == other.salt && self.cost == other.cost
    }

    /// The stored form: kind, memory, passes, salt, output.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![KIND_ARGON2ID];
        bytes.extend_from_slice(&self.cost.memory_kib.to_be_bytes());
        bytes.extend_from_slice(&self.cost.passes.to_be_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.output);
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// `Malformed` when it is not one; `Cost` when it asks for more than this machine gives.
    pub fn from_bytes(bytes: &[u8]) -> Result<PasswordHash, PasswordHashError> {
        let (&kind, rest) = bytes.split_first().ok_or(PasswordHashError::Malformed)?;
        if kind != KIND_ARGON2ID || rest.len() != 8 + SALT_OCTETS + OUTPUT_OCTETS {
            return Err(PasswordHashError::Malformed);
        }
        let number = |at: usize| u32::from_be_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        let cost = Cost { memory_kib: number(0), passes: number(4) };
        if cost.memory_kib > MEMORY_KIB_MAX || cost.passes > PASSES_MAX {
            return Err(PasswordHashError::Cost);
        }
        let mut salt = [0; SALT_OCTETS];
        salt.copy_from_slice(&rest[8..8 + SALT_OCTETS]);
        let mut output = [0; OUTPUT_OCTETS];
        output.copy_from_slice(&rest[8 + SALT_OCTETS..]);
        Ok(PasswordHash { cost, salt, output })
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHash").field("cost", &self.cost).finish_non_exhaustive()
    }
}

fn derive(password: &Password, salt: &[u8; SALT_OCTETS], cost: Cost) -> Result<[u8; OUTPUT_OCTETS], PasswordHashError> {
    let params =
        Params::new(cost.memory_kib, cost.passes, 1, Some(OUTPUT_OCTETS)).map_err(|_| PasswordHashError::Cost)?;
    let block_count = params.block_count();
    let mut output = [0; OUTPUT_OCTETS];
    MEMORY.with_borrow_mut(|blocks| {
        if blocks.len() < block_count {
            blocks.resize(block_count, Block::default());
        }
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password.expose(), salt, &mut output, &mut blocks[..block_count])
            .map_err(|_| PasswordHashError::Cost)
    })?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(password: &str) -> PasswordHash {
        PasswordHash::make(&Password::new(password.as_bytes()), [7; SALT_OCTETS], Cost::CHEAP).unwrap()
    }

    #[test]
    fn the_right_password_verifies_and_a_wrong_one_does_not() {
        assert!(hash("Sommer-2026").verify(&Password::new(b"Sommer-2026")));
        assert!(!hash("Sommer-2026").verify(&Password::new(b"sommer-2026")));
        assert!(!hash("Sommer-2026").verify(&Password::new(b"")));
    }

    #[test]
    fn the_stored_form_reads_back() {
        let hash = hash("x");
        assert_eq!(PasswordHash::from_bytes(&hash.to_bytes()), Ok(hash));
    }

    #[test]
    fn a_damaged_form_is_refused() {
        let mut bytes = hash("x").to_bytes();
        assert_eq!(PasswordHash::from_bytes(&bytes[..bytes.len() - 1]), Err(PasswordHashError::Malformed));
        assert_eq!(PasswordHash::from_bytes(&[]), Err(PasswordHashError::Malformed));
        bytes[1] = 0xff;
        assert_eq!(PasswordHash::from_bytes(&bytes), Err(PasswordHashError::Cost));
    }

    #[test]
    fn nothing_matches_the_unmatchable_hash() {
        assert!(!PasswordHash::unmatchable(Cost::CHEAP).verify(&Password::new(b"anything")));
    }

    #[test]
    fn neither_hash_nor_password_prints_itself() {
        assert!(!format!("{:?}", hash("geheim")).contains("salt"));
        assert_eq!(format!("{:?}", Password::new(b"geheim")), "Password(…)");
    }
}
