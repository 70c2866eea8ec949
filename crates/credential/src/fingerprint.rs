//! Fingerprints of passwords for the memory of one process: what a verified or refused password is recognised by.
//!
//! They are keyed by a random key that is never written anywhere, so they are worth nothing outside of the process.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::Password;

/// A key that lives as long as the process.
pub struct FingerprintKey(Zeroizing<[u8; 32]>);

/// What a password of one account is recognised by. Equality takes the same time wherever two differ.
#[derive(Clone, Copy)]
pub struct Fingerprint([u8; 32]);

impl FingerprintKey {
    /// A key of these unpredictable octets.
    pub fn new(octets: [u8; 32]) -> FingerprintKey {
        FingerprintKey(Zeroizing::new(octets))
    }

    /// The fingerprint of `password` for `account`: the same password of another account has another.
    pub fn of(&self, account: u64, password: &Password) -> Fingerprint {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes keys of any length");
        mac.update(&account.to_be_bytes());
        mac.update(password.expose());
        Fingerprint(mac.finalize().into_bytes().into())
    }
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Fingerprint) -> bool {
        let same: Choice = self.0.ct_eq(&other.0);
        same.into()
    }
}

impl Eq for Fingerprint {}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(…)")
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_account_and_key_all_count() {
        let password = Password::new(b"geheim");
        let key = FingerprintKey::new([1; 32]);
        let one = key.of(7, &password);
        assert_eq!(one, key.of(7, &password));
        assert_ne!(one, key.of(8, &password));
        assert_ne!(one, key.of(7, &Password::new(b"Geheim")));
        assert_ne!(one, FingerprintKey::new([2; 32]).of(7, &password));
    }
}
