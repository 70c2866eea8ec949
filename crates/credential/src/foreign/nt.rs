//! The NT hash: MD4 of the password in UTF-16LE, without a salt. [MS-SAMR] 2.2.3.3.

use md4::{Digest, Md4};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::ForeignHashError;
use crate::Password;

/// An NT hash.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct NtHash(pub [u8; 16]);

impl NtHash {
    /// Reads 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<NtHash, ForeignHashError> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(ForeignHashError::Malformed);
        }
        let mut octets = [0; 16];
        for (octet, pair) in octets.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| ForeignHashError::Malformed)?;
            *octet = u8::from_str_radix(pair, 16).map_err(|_| ForeignHashError::Malformed)?;
        }
        Ok(NtHash(octets))
    }

    /// Whether the password is the one; passwords that are no text have no NT hash.
    pub fn verify(&self, password: &Password) -> bool {
        let Ok(text) = std::str::from_utf8(password.expose()) else { return false };
        let units: Zeroizing<Vec<u8>> = Zeroizing::new(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        Md4::digest(units.as_slice()).ct_eq(&self.0).into()
    }
}
