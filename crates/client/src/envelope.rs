//! The encryption envelope, in which secrets travel over plain HTTP.
//!
//! The server gives an RSA key; the client seals form fields with AES-256-CBC under a passphrase of its own (as
//! `openssl enc -aes-256-cbc -md md5` does) and the passphrase with RSA (RSAES-PKCS1-v1_5). That hides them from who
//! listens. It does not stop somebody who can change what is sent, since nothing proves whose key it is: TLS does.

use std::fmt;

use aws_lc_rs::cipher::{AES_256, AES_256_KEY_LEN, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::{FixedLength, IV_LEN_128_BIT};
use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey, PublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::form::Form;

/// What `SYNO.API.Encryption` `getinfo` answers when asked with `format=module`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncryptionInfo {
    /// The name of the field that carries the envelope.
    pub cipherkey: String,
    /// The name of the sealed field that carries the server's time, as proof of freshness.
    pub ciphertoken: String,
    /// The RSA modulus in hexadecimal. The exponent is always 65537.
    pub public_key: String,
    /// The server's time in Unix seconds.
    pub server_time: i64,
}

/// A server's key, fit to seal one or more requests while its time is fresh (five minutes).
pub struct SealingKey {
    key: Pkcs1PublicEncryptingKey,
    field: String,
    token_field: String,
    server_time: i64,
}

/// Why nothing can be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvelopeFault {
    /// The server's key is no RSA modulus in hexadecimal.
    BadKey,
    /// The server's key is too short to be worth anything.
    WeakKey {
        /// Its length.
        bits: usize,
        /// What it should have at least.
        bits_min: usize,
    },
    /// The server's key is too long to be one.
    LongKey {
        /// What it may have at most.
        bits_max: usize,
    },
    /// The cipher or the random source failed.
    Failed,
}

/// A DSM has 4096.
const KEY_BITS_MIN: usize = 2048;
/// What can be used without much work for each request.
const KEY_BITS_MAX: usize = 8192;
const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];
/// What RSAES-PKCS1-v1_5 adds. RFC 8017 section 7.2.1.
const PADDING_OCTETS: usize = 11;
/// As long as clients of a DSM make it: all that fits a key of 4096 bits.
const PASSPHRASE_OCTETS_MAX: usize = 501;
const SALT_OCTETS: usize = 8;
/// Begins what OpenSSL encrypts under a passphrase; the salt follows.
const SALTED: &[u8; 8] = b"Salted__";
/// Letters of passphrases; 64, so that six random bits choose one.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl SealingKey {
    /// Takes a server's answer.
    ///
    /// # Errors
    /// The key in it cannot be used.
    pub fn read(info: &EncryptionInfo) -> Result<SealingKey, EnvelopeFault> {
        let modulus = read_modulus(&info.public_key)?;
        let components = PublicKeyComponents { n: modulus.as_slice(), e: PUBLIC_EXPONENT.as_slice() };
        let key: PublicEncryptingKey = components.try_into().map_err(|_| EnvelopeFault::BadKey)?;
        let key = Pkcs1PublicEncryptingKey::new(key).map_err(|_| EnvelopeFault::BadKey)?;
        let (field, token_field) = (info.cipherkey.clone(), info.ciphertoken.clone());
        Ok(SealingKey { key, field, token_field, server_time: info.server_time })
    }

    /// The name of the field that carries the envelope.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Seals the octets of a form (`application/x-www-form-urlencoded`), and gives the value of the field that carries
    /// the envelope.
    ///
    /// Each call has a passphrase and salt of its own, because a server may refuse to see one twice.
    ///
    /// # Errors
    /// [`EnvelopeFault::Failed`] only.
    pub fn seal(&self, form: &[u8]) -> Result<String, EnvelopeFault> {
        let mut inner = Form::beginning_with(form);
        inner.add(&self.token_field, self.server_time.to_string().as_bytes());
        let passphrase = self.passphrase()?;
        let mut salt = [0; SALT_OCTETS];
        getrandom::fill(&mut salt).map_err(|_| EnvelopeFault::Failed)?;
        let aes = encrypt_salted(&passphrase, salt, inner.octets())?;
        let mut sealed = vec![0; self.key.ciphertext_size()];
        let rsa = self.key.encrypt(&passphrase, &mut sealed).map_err(|_| EnvelopeFault::Failed)?;
        // Base64 needs no escape in JSON.
        Ok(format!(r#"{{"rsa":"{}","aes":"{}"}}"#, STANDARD.encode(rsa), STANDARD.encode(aes)))
    }

    /// As many random letters as the key can carry.
    fn passphrase(&self) -> Result<Zeroizing<Vec<u8>>, EnvelopeFault> {
        let octets = (self.key.key_size_bytes() - PADDING_OCTETS).min(PASSPHRASE_OCTETS_MAX);
        let mut passphrase = Zeroizing::new(vec![0; octets]);
        getrandom::fill(&mut passphrase).map_err(|_| EnvelopeFault::Failed)?;
        for octet in passphrase.iter_mut() {
            *octet = ALPHABET[usize::from(*octet) % ALPHABET.len()];
        }
        Ok(passphrase)
    }
}

/// AES-256-CBC with PKCS #7 padding under a passphrase and salt, in OpenSSL's container.
fn encrypt_salted(passphrase: &[u8], salt: [u8; SALT_OCTETS], plaintext: &[u8]) -> Result<Vec<u8>, EnvelopeFault> {
    let (key, iv) = derive(passphrase, salt);
    let key = UnboundCipherKey::new(&AES_256, key.as_slice()).map_err(|_| EnvelopeFault::Failed)?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).map_err(|_| EnvelopeFault::Failed)?;
    // The padding grows the vector, which would move the plaintext without wiping where it was.
    let mut text = Zeroizing::new(Vec::with_capacity(plaintext.len() + IV_LEN_128_BIT));
    text.extend_from_slice(plaintext);
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    key.less_safe_encrypt(&mut *text, context).map_err(|_| EnvelopeFault::Failed)?;
    Ok([SALTED, salt.as_slice(), text.as_slice()].concat())
}

/// `EVP_BytesToKey` with MD5 and one iteration, as the wire demands: the key is 32 octets and the vector 16.
fn derive(passphrase: &[u8], salt: [u8; SALT_OCTETS]) -> (Zeroizing<[u8; AES_256_KEY_LEN]>, [u8; IV_LEN_128_BIT]) {
    let digest =
        |previous: &[u8]| Md5::new().chain_update(previous).chain_update(passphrase).chain_update(salt).finalize();
    let first = digest(&[]);
    let second = digest(&first);
    let mut key = Zeroizing::new([0; AES_256_KEY_LEN]);
    key[..16].copy_from_slice(&first);
    key[16..].copy_from_slice(&second);
    (key, digest(&second).into())
}

/// The octets of a modulus in hexadecimal, without leading zeros.
fn read_modulus(text: &str) -> Result<Vec<u8>, EnvelopeFault> {
    let digits = text.trim().trim_start_matches('0').as_bytes();
    let bits = 4 * digits.len();
    if bits > KEY_BITS_MAX {
        return Err(EnvelopeFault::LongKey { bits_max: KEY_BITS_MAX });
    }
    let digit = |octet: &u8| char::from(*octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Option<Vec<u8>> = digits.iter().map(digit).collect();
    let digits = digits.filter(|digits| !digits.is_empty()).ok_or(EnvelopeFault::BadKey)?;
    if bits < KEY_BITS_MIN {
        return Err(EnvelopeFault::WeakKey { bits, bits_min: KEY_BITS_MIN });
    }
    // Pairs are counted from the end, so that an odd first digit stands alone.
    let mut octets: Vec<u8> =
        digits.rchunks(2).map(|pair| pair.iter().fold(0, |octet, digit| octet << 4 | digit)).collect();
    octets.reverse();
    Ok(octets)
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("bits", &self.key.key_size_bits()).finish_non_exhaustive()
    }
}

impl fmt::Display for EnvelopeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvelopeFault::BadKey => f.write_str("the server's encryption key cannot be read"),
            EnvelopeFault::WeakKey { bits, bits_min } => {
                write!(f, "the server's encryption key has {bits} bits, and at least {bits_min} are needed")
            }
            EnvelopeFault::LongKey { bits_max } => {
                write!(f, "the server's encryption key has more than {bits_max} bits")
            }
            EnvelopeFault::Failed => f.write_str("encryption failed"),
        }
    }
}

impl std::error::Error for EnvelopeFault {}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &[u8] = b"0123456789abcdef";
    const SALT: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

    fn hex(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// The vector was confirmed with `openssl enc -aes-256-cbc -md md5`.
    #[test]
    fn a_passphrase_gives_the_key_and_vector_that_openssl_derives() {
        let (key, iv) = derive(PASSPHRASE, SALT);
        assert_eq!(hex(key.as_slice()), "a0a7e9b874aad2a7b017cba7276f7321dc19fb5214a8d29fc0bca608ab405c28");
        assert_eq!(hex(&iv), "319b0508cee2659ff9972c24686bf94d");
    }

    #[test]
    fn a_form_is_encrypted_as_openssl_does() {
        let mut form = Form::default();
        let fields = [("account", "jdoe"), ("passwd", "p+w d%"), ("session", "webui"), ("format", "cookie")];
        for (name, value) in fields {
            form.add(name, value.as_bytes());
        }
        form.add("__cIpHeRtOkEn", b"1700000000");
        let sealed = encrypt_salted(PASSPHRASE, SALT, form.octets()).unwrap();
        let expected = "U2FsdGVkX18BAgMEBQYHCJnMR4Wu14n8GZ8FEU37ec7vayGi3HUNz900V5P1pq4xsqjVPTeUa/nGkmlaYrE8Md+d\
                        aAGF5aSyqR6rmKd89Wj/5jfXNcRCMO5USuFPunDwr0DEBuHkkZzMLpOeWbkRsg==";
        assert_eq!(STANDARD.encode(sealed), expected);
    }

    #[test]
    fn a_modulus_is_read() {
        let mut expected = vec![0xab; 256];
        assert_eq!(read_modulus(&"ab".repeat(256)), Ok(expected.clone()));
        assert_eq!(read_modulus(&format!("00{}\n", "AB".repeat(256))), Ok(expected.clone()));
        expected.insert(0, 0x0c);
        assert_eq!(read_modulus(&format!("c{}", "ab".repeat(256))), Ok(expected));
    }

    #[test]
    fn what_is_no_modulus_is_refused() {
        assert_eq!(read_modulus(""), Err(EnvelopeFault::BadKey));
        assert_eq!(read_modulus(&"0".repeat(600)), Err(EnvelopeFault::BadKey));
        assert_eq!(read_modulus(&"xy".repeat(256)), Err(EnvelopeFault::BadKey));
        assert_eq!(read_modulus(&"ab".repeat(128)), Err(EnvelopeFault::WeakKey { bits: 1024, bits_min: 2048 }));
        assert_eq!(read_modulus(&"ab".repeat(1025)), Err(EnvelopeFault::LongKey { bits_max: 8192 }));
    }

    #[test]
    fn passphrases_fill_the_key_and_differ() {
        let info = EncryptionInfo {
            cipherkey: "c".into(),
            ciphertoken: "t".into(),
            public_key: "c3".repeat(511) + "c5",
            server_time: 1,
        };
        let key = SealingKey::read(&info).unwrap();
        let (one, other) = (key.passphrase().unwrap(), key.passphrase().unwrap());
        assert_eq!(one.len(), 501);
        assert!(one.iter().all(|letter| ALPHABET.contains(letter)));
        assert_ne!(*one, *other);
    }
}
