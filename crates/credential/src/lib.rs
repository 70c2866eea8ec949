//! Password hashes and how they are checked; pure. The pool that bounds hashing lives in `server`.

mod argon2id;
mod password;

pub use argon2id::{Cost, PasswordHash, PasswordHashError, SALT_OCTETS};
pub use password::Password;
