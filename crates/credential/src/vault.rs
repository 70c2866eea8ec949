//! Secrets at rest: an envelope of XChaCha20-Poly1305 under a key that lies in a file of its own, which backups of the
//! data do not contain. draft-irtf-cfrg-xchacha.
//!
//! ```text
//! version u8 | nonce 24 octets | ciphertext and tag
//! ```
//!
//! What a secret is for and whose it is goes in as associated data: an envelope that is copied to another account does
//! not open there.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Octets of the key.
pub const KEY_OCTETS: usize = 32;
/// Octets of a nonce: long enough to be random.
pub const NONCE_OCTETS: usize = 24;
/// The first octet of an envelope.
const VERSION: u8 = 1;

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

/// An envelope does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// It is not one of ours.
    Malformed,
    /// It was sealed under another key or for another purpose, or was changed.
    Refused,
}

impl Vault {
    /// A vault with this key, which comes from a key file.
    pub fn new(key: &[u8; KEY_OCTETS]) -> Vault {
        Vault { cipher: XChaCha20Poly1305::new(key.into()) }
    }

    /// Puts a secret into an envelope. The nonce must be unpredictable.
    pub fn seal(&self, nonce: [u8; NONCE_OCTETS], purpose: &[u8], secret: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: secret, aad: purpose };
        let sealed = self
            .cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("a secret is far shorter than the 256 GiB that the cipher takes");
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// Takes the secret out of an envelope.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, purpose: &[u8], envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (&version, rest) = envelope.split_first().ok_or(VaultError::Malformed)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_OCTETS).ok_or(VaultError::Malformed)?;
        if version != VERSION {
            return Err(VaultError::Malformed);
        }
        let payload = Payload { msg: sealed, aad: purpose };
        self.cipher.decrypt(XNonce::from_slice(nonce), payload).map(Zeroizing::new).map_err(|_| VaultError::Refused)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_out_for_its_purpose_only() {
        let vault = Vault::new(&[1; KEY_OCTETS]);
        let envelope = vault.seal([2; NONCE_OCTETS], b"keys of 7", b"secret");
        assert!(!envelope.windows(6).any(|window| window == b"secret"));
        assert_eq!(vault.open(b"keys of 7", &envelope).unwrap().as_slice(), b"secret");
        assert_eq!(vault.open(b"keys of 8", &envelope), Err(VaultError::Refused));
        assert_eq!(Vault::new(&[3; KEY_OCTETS]).open(b"keys of 7", &envelope), Err(VaultError::Refused));
    }

    #[test]
    fn a_changed_or_cut_envelope_does_not_open() {
        let vault = Vault::new(&[1; KEY_OCTETS]);
        let envelope = vault.seal([2; NONCE_OCTETS], b"", b"secret");
        for length in 0..envelope.len() {
            assert!(vault.open(b"", &envelope[..length]).is_err());
        }
        for at in 0..envelope.len() {
            let mut changed = envelope.clone();
            changed[at] ^= 1;
            assert!(vault.open(b"", &changed).is_err());
        }
    }
}
