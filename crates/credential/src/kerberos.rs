//! Kerberos keys from passwords: AES-256 and AES-128 with SHA-1. RFC 3962, with the salts of Active Directory.
//!
//! Keys are made when a password is set, because it is gone afterwards; they lie in the vault.

use std::fmt;

use aes::cipher::{BlockEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::Password;

/// Iterations of PBKDF2, as Active Directory uses and announces them.
pub const ITERATIONS: u32 = 4096;
/// The constant that keys are derived with: "kerberos" folded to a block. RFC 3961 section 5.1, RFC 3962 section 4.
const KERBEROS_FOLDED: [u8; 16] = *b"kerberos\x7b\x9b\x5b\x2b\x93\x13\x2b\x93";
/// The longest salt that is read back.
const SALT_OCTETS_MAX: usize = 4096;

/// What an account's tickets are encrypted with, and the salt that clients need to make the same keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    salt: String,
    aes256: Zeroizing<[u8; 32]>,
    aes128: Zeroizing<[u8; 16]>,
}

impl Keys {
    /// Derives both keys. Takes some milliseconds.
    pub fn derive(password: &Password, salt: String) -> Keys {
        Keys {
            aes256: aes256_key(password, salt.as_bytes(), ITERATIONS),
            aes128: aes128_key(password, salt.as_bytes(), ITERATIONS),
            salt,
        }
    }

    /// The salt they were made with. It stays when the account is renamed, until the next password.
    pub fn salt(&self) -> &str {
        &self.salt
    }

    /// The key of aes256-cts-hmac-sha1-96, encryption type 18.
    pub fn aes256(&self) -> &[u8; 32] {
        &self.aes256
    }

    /// The key of aes128-cts-hmac-sha1-96, encryption type 17.
    pub fn aes128(&self) -> &[u8; 16] {
        &self.aes128
    }

    /// The form that goes into the vault: both keys, then the salt.
    pub fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        let mut octets = Zeroizing::new(Vec::with_capacity(48 + self.salt.len()));
        octets.extend_from_slice(self.aes256.as_slice());
        octets.extend_from_slice(self.aes128.as_slice());
        octets.extend_from_slice(self.salt.as_bytes());
        octets
    }

    /// Reads what came out of the vault; none when it is not keys.
    pub fn from_secret(octets: &[u8]) -> Option<Keys> {
        let (aes256, rest) = octets.split_first_chunk::<32>()?;
        let (aes128, salt) = rest.split_first_chunk::<16>()?;
        let salt = std::str::from_utf8(salt).ok().filter(|salt| salt.len() <= SALT_OCTETS_MAX)?;
        Some(Keys { salt: salt.to_owned(), aes256: Zeroizing::new(*aes256), aes128: Zeroizing::new(*aes128) })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("salt", &self.salt).finish_non_exhaustive()
    }
}

/// The salt of a user: the realm and the account name. [MS-KILE] 3.1.1.2.
pub fn user_salt(realm: &str, account_name: &str) -> String {
    format!("{}{account_name}", realm.to_uppercase())
}

/// The salt of a computer: the realm, `host`, and its full name in small letters. [MS-KILE] 3.1.1.2.
pub fn computer_salt(realm: &str, account_name: &str) -> String {
    let host = account_name.strip_suffix('$').unwrap_or(account_name).to_lowercase();
    format!("{}host{host}.{}", realm.to_uppercase(), realm.to_lowercase())
}

/// RFC 3962 section 4 with a key of 256 bits.
fn aes256_key(password: &Password, salt: &[u8], iterations: u32) -> Zeroizing<[u8; 32]> {
    let mut seed = Zeroizing::new([0; 32]);
    pbkdf2_hmac::<Sha1>(password.expose(), salt, iterations, seed.as_mut_slice());
    // The derivation of RFC 3961 section 5.1: the constant is encrypted, and the result again. A single block with
    // an empty initial vector is the same in every mode.
    let cipher = Aes256::new((&*seed).into());
    let mut block = Block::from(KERBEROS_FOLDED);
    let mut key = Zeroizing::new([0; 32]);
    for half in key.chunks_mut(16) {
        cipher.encrypt_block(&mut block);
        half.copy_from_slice(&block);
    }
    key
}

/// The same with a key of 128 bits.
fn aes128_key(password: &Password, salt: &[u8], iterations: u32) -> Zeroizing<[u8; 16]> {
    let mut seed = Zeroizing::new([0; 16]);
    pbkdf2_hmac::<Sha1>(password.expose(), salt, iterations, seed.as_mut_slice());
    let mut block = Block::from(KERBEROS_FOLDED);
    Aes128::new((&*seed).into()).encrypt_block(&mut block);
    Zeroizing::new(block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// The vectors of RFC 3962 appendix B.
    #[test]
    fn keys_are_those_of_the_rfc() {
        let check = |iterations, password: &[u8], salt: &[u8], aes128: &str, aes256: &str| {
            let password = Password::new(password);
            assert_eq!(hex(aes128_key(&password, salt, iterations).as_slice()), aes128);
            assert_eq!(hex(aes256_key(&password, salt, iterations).as_slice()), aes256);
        };
        check(
            1,
            b"password",
            b"ATHENA.MIT.EDUraeburn",
            "42263c6e89f4fc28b8df68ee09799f15",
            "fe697b52bc0d3ce14432ba036a92e65bbb52280990a2fa27883998d72af30161",
        );
        check(
            2,
            b"password",
            b"ATHENA.MIT.EDUraeburn",
            "c651bf29e2300ac27fa469d693bdda13",
            "a2e16d16b36069c135d5e9d2e25f896102685618b95914b467c67622225824ff",
        );
        check(
            1200,
            b"password",
            b"ATHENA.MIT.EDUraeburn",
            "4c01cd46d632d01e6dbe230a01ed642a",
            "55a6ac740ad17b4846941051e1e8b0a7548d93b0ab30a8bc3ff16280382b8c2a",
        );
        check(
            5,
            b"password",
            &[0x12, 0x34, 0x56, 0x78, 0x78, 0x56, 0x34, 0x12],
            "e9b23d52273747dd5c35cb55be619d8e",
            "97a4e786be20d81a382d5ebc96d5909cabcdadc87ca48f574504159f16c36e31",
        );
        check(
            50,
            "\u{1d11e}".as_bytes(),
            b"EXAMPLE.COMpianist",
            "f149c1f2e154a73452d43e7fe62a56e5",
            "4b6d9839f84406df1f09cc166db4b83c571848b784a3d6bdc346589a3e393f9e",
        );
    }

    #[test]
    fn salts_are_those_of_active_directory() {
        assert_eq!(user_salt("example.com", "Ada"), "EXAMPLE.COMAda");
        assert_eq!(computer_salt("example.com", "WEB01$"), "EXAMPLE.COMhostweb01.example.com");
    }

    #[test]
    fn keys_go_into_the_vault_and_come_back() {
        let keys = Keys::derive(&Password::new(b"geheim"), user_salt("example.com", "ada"));
        assert_eq!(Keys::from_secret(&keys.to_secret()), Some(keys.clone()));
        assert_eq!(Keys::from_secret(&keys.to_secret()[..47]), None);
        assert!(!format!("{keys:?}").contains("aes"));
    }
}
