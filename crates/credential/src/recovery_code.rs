//! Recovery codes: what lets somebody in whose device is lost, each of them once.
//!
//! A code has 80 unpredictable bits, so its digest needs neither salt nor a slow hash: nobody tries them all.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base32;

/// Octets of a code.
pub const RECOVERY_CODE_OCTETS: usize = 10;
/// Octets of a digest.
pub const RECOVERY_DIGEST_OCTETS: usize = 32;
/// Characters of a code.
const CHARACTERS: usize = RECOVERY_CODE_OCTETS * 8 / 5;
/// Characters between two dashes.
const GROUP_CHARACTERS: usize = 4;

/// A code as it is shown, once: `ABCD-EFGH-IJKL-MNOP`.
pub struct RecoveryCode(Zeroizing<String>);

/// What is kept of a code.
#[derive(Clone, Copy)]
pub struct RecoveryDigest([u8; RECOVERY_DIGEST_OCTETS]);

impl RecoveryCode {
    /// A code of these unpredictable octets.
    pub fn new(octets: [u8; RECOVERY_CODE_OCTETS]) -> RecoveryCode {
        let octets = Zeroizing::new(octets);
        let plain = base32::encode(octets.as_slice());
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / GROUP_CHARACTERS));
        for (index, character) in plain.chars().enumerate() {
            if index > 0 && index % GROUP_CHARACTERS == 0 {
                text.push('-');
            }
            text.push(character);
        }
        RecoveryCode(text)
    }

    /// The text, for its owner and nobody else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn digest(&self) -> RecoveryDigest {
        RecoveryDigest::of(&self.0).expect("a code that was made here has the form of one")
    }
}

impl RecoveryDigest {
    /// The digest of what somebody typed; none when it has not the form of a code. Case, spaces and dashes do not count.
    pub fn of(typed: &str) -> Option<RecoveryDigest> {
        let mut characters = Zeroizing::new([0_u8; CHARACTERS]);
        let mut count = 0;
        for octet in typed.bytes().filter(|octet| !matches!(octet, b' ' | b'-')) {
            if !octet.is_ascii_alphanumeric() {
                return None;
            }
            *characters.get_mut(count)? = octet.to_ascii_uppercase();
            count += 1;
        }
        (count == CHARACTERS).then(|| RecoveryDigest(Sha256::digest(characters.as_slice()).into()))
    }

    /// The kept form.
    pub fn to_octets(self) -> [u8; RECOVERY_DIGEST_OCTETS] {
        self.0
    }

    /// Reads the kept form.
    pub fn from_octets(octets: [u8; RECOVERY_DIGEST_OCTETS]) -> RecoveryDigest {
        RecoveryDigest(octets)
    }
}

impl PartialEq for RecoveryDigest {
    fn eq(&self, other: &RecoveryDigest) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for RecoveryDigest {}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl fmt::Debug for RecoveryDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryDigest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let code = RecoveryCode::new(*b"0123456789");
        assert_eq!(code.expose(), "GAYT-EMZU-GU3D-OOBZ");
        for typed in ["GAYT-EMZU-GU3D-OOBZ", "gaytemzugu3doobz", " gayt emzu gu3d oobz "] {
            assert_eq!(RecoveryDigest::of(typed), Some(code.digest()), "{typed}");
        }
        assert_ne!(RecoveryDigest::of("GAYT-EMZU-GU3D-OOBA"), Some(code.digest()));
    }

    #[test]
    fn what_is_no_code_has_no_digest() {
        for typed in ["", "123456", "GAYT-EMZU-GU3D-OOB", "GAYT-EMZU-GU3D-OOBZZ", "GAYT-EMZU-GU3D-OOB!"] {
            assert!(RecoveryDigest::of(typed).is_none(), "{typed}");
        }
    }
}
