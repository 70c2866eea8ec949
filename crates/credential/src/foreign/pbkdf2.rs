//! PBKDF2 as two other servers store it. RFC 8018.
//!
//! OpenLDAP's pw-pbkdf2 and newer 389 Directory Servers: `{PBKDF2-SHA256}10000$salt$output`, in base64 without padding
//! and with `.` for `+`. Older 389 Directory Servers: `{PBKDF2_SHA256}` and base64 of the iterations (32 bits,
//! big-endian), 64 octets of salt and 256 of output.

use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::{ForeignHashError, decode_base64};
use crate::Password;

/// The most iterations that are run for one sign-in.
const ITERATIONS_MAX: u32 = 2_000_000;
/// The most octets of an output; each further block costs all iterations again.
const OUTPUT_OCTETS_MAX: usize = 256;
/// The least octets of an output.
const OUTPUT_OCTETS_MIN: usize = 16;
/// Octets of the salt in the binary form.
const BINARY_SALT_OCTETS: usize = 64;
/// Octets of the output in the binary form.
const BINARY_OUTPUT_OCTETS: usize = 256;

/// A hash of PBKDF2.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pbkdf2 {
    function: Function,
    iterations: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Function {
    Sha1,
    Sha256,
    Sha512,
}

impl Pbkdf2 {
    /// Reads what follows the scheme, which is in capitals.
    pub fn parse(scheme: &str, text: &str) -> Result<Pbkdf2, ForeignHashError> {
        let function = match scheme {
            "PBKDF2" | "PBKDF2-SHA1" => Function::Sha1,
            "PBKDF2-SHA256" | "PBKDF2_SHA256" => Function::Sha256,
            "PBKDF2-SHA512" | "PBKDF2_SHA512" => Function::Sha512,
            _ => return Err(ForeignHashError::UnknownKind),
        };
        let (iterations, salt, output) = match text.split_once('$') {
            Some((iterations, rest)) => {
                let (salt, output) = rest.split_once('$').ok_or(ForeignHashError::Malformed)?;
                let iterations: u32 = iterations.parse().map_err(|_| ForeignHashError::Malformed)?;
                (iterations, decode_adapted(salt)?, decode_adapted(output)?)
            }
            None => binary(&decode_base64(text)?)?,
        };
        if iterations > ITERATIONS_MAX {
            return Err(ForeignHashError::Cost);
        }
        let fits = iterations > 0 && (OUTPUT_OCTETS_MIN..=OUTPUT_OCTETS_MAX).contains(&output.len());
        if fits { Ok(Pbkdf2 { function, iterations, salt, output }) } else { Err(ForeignHashError::Malformed) }
    }

    /// Whether the password is the one.
    pub fn verify(&self, password: &Password) -> bool {
        let mut output = vec![0; self.output.len()];
        let password = password.expose();
        match self.function {
            Function::Sha1 => pbkdf2_hmac::<Sha1>(password, &self.salt, self.iterations, &mut output),
            Function::Sha256 => pbkdf2_hmac::<Sha256>(password, &self.salt, self.iterations, &mut output),
            Function::Sha512 => pbkdf2_hmac::<Sha512>(password, &self.salt, self.iterations, &mut output),
        }
        output.ct_eq(&self.output).into()
    }
}

fn binary(octets: &[u8]) -> Result<(u32, Vec<u8>, Vec<u8>), ForeignHashError> {
    let (iterations, rest) = octets.split_first_chunk::<4>().ok_or(ForeignHashError::Malformed)?;
    match rest.len() == BINARY_SALT_OCTETS + BINARY_OUTPUT_OCTETS {
        true => {
            let (salt, output) = rest.split_at(BINARY_SALT_OCTETS);
            Ok((u32::from_be_bytes(*iterations), salt.to_vec(), output.to_vec()))
        }
        false => Err(ForeignHashError::Malformed),
    }
}

fn decode_adapted(text: &str) -> Result<Vec<u8>, ForeignHashError> {
    decode_base64(&text.replace('.', "+"))
}
