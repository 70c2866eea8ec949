//! Plain digests with or without a salt behind them: `{SHA}`, `{SSHA}` and their longer sisters. RFC 2307 section 5.3.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::{ForeignHashError, decode_base64};
use crate::Password;

/// The most octets of a salt.
const SALT_OCTETS_MAX: usize = 256;

/// A digest of password and salt.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SaltedDigest {
    function: Function,
    output: Vec<u8>,
    salt: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Function {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl SaltedDigest {
    /// Reads what follows the scheme: base64 of the digest and, for schemes with a salt, the salt.
    pub fn parse(scheme: &str, text: &str) -> Result<SaltedDigest, ForeignHashError> {
        let (function, is_salted) = match scheme {
            "SHA" => (Function::Sha1, false),
            "SSHA" => (Function::Sha1, true),
            "SHA256" => (Function::Sha256, false),
            "SSHA256" => (Function::Sha256, true),
            "SHA384" => (Function::Sha384, false),
            "SSHA384" => (Function::Sha384, true),
            "SHA512" => (Function::Sha512, false),
            "SSHA512" => (Function::Sha512, true),
            _ => return Err(ForeignHashError::UnknownKind),
        };
        let octets = decode_base64(text)?;
        let (output, salt) = octets.split_at_checked(function.octets()).ok_or(ForeignHashError::Malformed)?;
        match is_salted {
            true if salt.is_empty() || salt.len() > SALT_OCTETS_MAX => Err(ForeignHashError::Malformed),
            false if !salt.is_empty() => Err(ForeignHashError::Malformed),
            _ => Ok(SaltedDigest { function, output: output.to_vec(), salt: salt.to_vec() }),
        }
    }

    /// Whether the password is the one.
    pub fn verify(&self, password: &Password) -> bool {
        let output = match self.function {
            Function::Sha1 => digest::<Sha1>(password, &self.salt),
            Function::Sha256 => digest::<Sha256>(password, &self.salt),
            Function::Sha384 => digest::<Sha384>(password, &self.salt),
            Function::Sha512 => digest::<Sha512>(password, &self.salt),
        };
        output.ct_eq(&self.output).into()
    }
}

impl Function {
    fn octets(self) -> usize {
        match self {
            Function::Sha1 => 20,
            Function::Sha256 => 32,
            Function::Sha384 => 48,
            Function::Sha512 => 64,
        }
    }
}

fn digest<D: Digest>(password: &Password, salt: &[u8]) -> Vec<u8> {
    D::new().chain_update(password.expose()).chain_update(salt).finalize().to_vec()
}
