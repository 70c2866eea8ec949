//! argon2 as PHC strings: `$argon2id$v=19$m=65536,t=3,p=4$salt$output`. RFC 9106.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

use super::{ForeignHashError, decode_base64};
use crate::Password;
use crate::argon2id::{MEMORY_KIB_MAX, PASSES_MAX};

/// The most lanes.
const LANES_MAX: u32 = 64;
/// What an output may have in octets.
const OUTPUT_OCTETS: std::ops::RangeInclusive<usize> = 16..=128;

/// A hash of argon2 with parameters of its own.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Argon2Phc {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2Phc {
    /// Reads the whole text.
    pub fn parse(text: &str) -> Result<Argon2Phc, ForeignHashError> {
        let malformed = ForeignHashError::Malformed;
        let mut fields = text.split('$').skip(1).peekable();
        let algorithm = match fields.next() {
            Some("argon2id") => Algorithm::Argon2id,
            Some("argon2i") => Algorithm::Argon2i,
            Some("argon2d") => Algorithm::Argon2d,
            _ => return Err(malformed),
        };
        // A text without a version is of the first one.
        let version = match fields.next_if(|field| field.starts_with("v=")) {
            Some("v=19") => Version::V0x13,
            Some("v=16") | None => Version::V0x10,
            Some(_) => return Err(malformed),
        };
        let (mut memory, mut passes, mut lanes) = (None, None, None);
        for parameter in fields.next().ok_or(malformed)?.split(',') {
            let (name, number) = parameter.split_once('=').ok_or(malformed)?;
            let number: u32 = number.parse().map_err(|_| malformed)?;
            match name {
                "m" => memory = Some(number),
                "t" => passes = Some(number),
                "p" => lanes = Some(number),
                _ => return Err(malformed),
            }
        }
        let (Some(memory), Some(passes), Some(lanes)) = (memory, passes, lanes) else { return Err(malformed) };
        if memory > MEMORY_KIB_MAX || passes > PASSES_MAX || lanes > LANES_MAX {
            return Err(ForeignHashError::Cost);
        }
        let (Some(salt), Some(output), None) = (fields.next(), fields.next(), fields.next()) else {
            return Err(malformed);
        };
        let (salt, output) = (decode_base64(salt)?, decode_base64(output)?);
        if !OUTPUT_OCTETS.contains(&output.len()) {
            return Err(malformed);
        }
        let params = Params::new(memory, passes, lanes, Some(output.len())).map_err(|_| malformed)?;
        Ok(Argon2Phc { algorithm, version, params, salt, output })
    }

    /// Whether the password is the one.
    pub fn verify(&self, password: &Password) -> bool {
        let mut blocks = vec![Block::default(); self.params.block_count()];
        let mut output = vec![0; self.output.len()];
        Argon2::new(self.algorithm, self.version, self.params.clone())
            .hash_password_into_with_memory(password.expose(), &self.salt, &mut output, &mut blocks)
            .is_ok_and(|()| output.ct_eq(&self.output).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strings_of_the_reference_implementation_verify() {
        for text in [
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ] {
            let hash = Argon2Phc::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert!(hash.verify(&Password::new(b"password")), "{text}");
            assert!(!hash.verify(&Password::new(b"differentpassword")), "{text}");
        }
    }
}
