//! Password hashes of every kind and how they are checked, Kerberos keys, one-time codes, and secrets at rest; pure.
//!
//! No clock, no random source and no thread: salts, nonces and keys are handed in. The pool that bounds hashing lives
//! in `server`.

mod argon2id;
mod base32;
mod fingerprint;
mod foreign;
mod history;
pub mod kerberos;
mod one_time_code;
mod password;
mod recovery_code;
mod stored_hash;
mod vault;

pub use argon2id::{Cost, PasswordHash, PasswordHashError, SALT_OCTETS};
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use foreign::{ForeignHash, ForeignHashError};
pub use history::{History, Match};
pub use one_time_code::{SEED_OCTETS, Seed, Step};
pub use password::Password;
pub use recovery_code::{RECOVERY_CODE_OCTETS, RECOVERY_DIGEST_OCTETS, RecoveryCode, RecoveryDigest};
pub use stored_hash::StoredHash;
pub use vault::{KEY_OCTETS, NONCE_OCTETS, Vault, VaultError};
