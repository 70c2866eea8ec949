//! crypt(3): SHA-256 and SHA-512 crypt (`$5$`, `$6$`) and bcrypt (`$2b$`). Older kinds are no protection and are not read.

use sha_crypt::{Sha256Params, Sha512Params, sha256_crypt_b64, sha512_crypt_b64};
use subtle::ConstantTimeEq;

use super::ForeignHashError;
use crate::Password;

/// Rounds when the text names none.
const ROUNDS_DEFAULT: usize = 5000;
/// What the definition of SHA crypt raises smaller numbers to.
const ROUNDS_MIN: usize = 1000;
/// The most rounds that are run for one sign-in.
const ROUNDS_MAX: usize = 1_000_000;
/// The longest salt of SHA crypt; further characters do not count.
const SALT_CHARACTERS_MAX: usize = 16;
/// The greatest exponent of bcrypt that is run for one sign-in: some four seconds.
const BCRYPT_COST_MAX: u32 = 16;
/// The least exponent that bcrypt has.
const BCRYPT_COST_MIN: u32 = 4;
/// Characters of bcrypt's salt and output.
const BCRYPT_CHARACTERS: usize = 53;

/// A hash of crypt(3).
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Crypt {
    /// `$5$`.
    Sha256 { rounds: usize, salt: String, output: String },
    /// `$6$`.
    Sha512 { rounds: usize, salt: String, output: String },
    /// `$2a$`, `$2b$`, `$2x$` and `$2y$`, as the library reads it.
    Bcrypt(String),
}

impl Crypt {
    /// Reads the whole text, which begins with one of the five prefixes.
    pub fn parse(text: &str) -> Result<Crypt, ForeignHashError> {
        let (id, rest) =
            text.strip_prefix('$').and_then(|rest| rest.split_once('$')).ok_or(ForeignHashError::Malformed)?;
        if id.starts_with('2') {
            return bcrypt(text, rest);
        }
        let (rounds, rest) = match rest.strip_prefix("rounds=").and_then(|rest| rest.split_once('$')) {
            Some((rounds, rest)) => (rounds.parse().map_err(|_| ForeignHashError::Malformed)?, rest),
            None => (ROUNDS_DEFAULT, rest),
        };
        if rounds > ROUNDS_MAX {
            return Err(ForeignHashError::Cost);
        }
        let rounds = rounds.max(ROUNDS_MIN);
        let (salt, output) = rest.split_once('$').ok_or(ForeignHashError::Malformed)?;
        let salt: String = salt.chars().take(SALT_CHARACTERS_MAX).collect();
        let output = output.to_owned();
        match (id, output.len()) {
            ("5", 43) => Ok(Crypt::Sha256 { rounds, salt, output }),
            ("6", 86) => Ok(Crypt::Sha512 { rounds, salt, output }),
            _ => Err(ForeignHashError::Malformed),
        }
    }

    /// Whether the password is the one.
    pub fn verify(&self, password: &Password) -> bool {
        let (found, expected) = match self {
            Crypt::Sha256 { rounds, salt, output } => {
                let found = Sha256Params::new(*rounds)
                    .and_then(|params| sha256_crypt_b64(password.expose(), salt.as_bytes(), &params));
                (found, output)
            }
            Crypt::Sha512 { rounds, salt, output } => {
                let found = Sha512Params::new(*rounds)
                    .and_then(|params| sha512_crypt_b64(password.expose(), salt.as_bytes(), &params));
                (found, output)
            }
            Crypt::Bcrypt(text) => return bcrypt::verify(password.expose(), text).unwrap_or(false),
        };
        found.is_ok_and(|found| found.as_bytes().ct_eq(expected.as_bytes()).into())
    }
}

fn bcrypt(text: &str, rest: &str) -> Result<Crypt, ForeignHashError> {
    let (cost, output) = rest.split_once('$').ok_or(ForeignHashError::Malformed)?;
    let cost: u32 = cost.parse().map_err(|_| ForeignHashError::Malformed)?;
    if cost > BCRYPT_COST_MAX {
        return Err(ForeignHashError::Cost);
    }
    match cost >= BCRYPT_COST_MIN && output.len() == BCRYPT_CHARACTERS && output.is_ascii() {
        true => Ok(Crypt::Bcrypt(text.to_owned())),
        false => Err(ForeignHashError::Malformed),
    }
}
