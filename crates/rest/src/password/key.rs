//! The key that callers encrypt passwords for. Section 8.3, D-53.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
};
use zeroize::Zeroizing;

use crate::settings::Padding;

/// A private key, ready for one kind of padding.
pub struct DecryptionKey {
    key: Key,
}

enum Key {
    Oaep(OaepPrivateDecryptingKey, Padding),
    Pkcs1(Pkcs1PrivateDecryptingKey),
}

/// A key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is no RSA key of 2048 to 8192 bits in PKCS#8.
    NotRsa,
    /// The library made none.
    NotMade,
}

impl DecryptionKey {
    /// Makes a private key of 3072 bits and gives its PKCS#8 octets and those of the public key (SubjectPublicKeyInfo).
    ///
    /// # Errors
    /// `NotMade`.
    pub fn make() -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), KeyError> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa3072).map_err(|_| KeyError::NotMade)?;
        let private: Pkcs8V1Der<'_> = key.as_der().map_err(|_| KeyError::NotMade)?;
        Ok((Zeroizing::new(private.as_ref().to_vec()), public_of(&key)?))
    }

    /// The public key (SubjectPublicKeyInfo) of a private one in PKCS#8.
    ///
    /// # Errors
    /// `NotRsa`.
    pub fn public(pkcs8: &[u8]) -> Result<Vec<u8>, KeyError> {
        public_of(&PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| KeyError::NotRsa)?)
    }

    /// Reads a private key in PKCS#8.
    ///
    /// # Errors
    /// `NotRsa`.
    pub fn read(pkcs8: &[u8], padding: Padding) -> Result<DecryptionKey, KeyError> {
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| KeyError::NotRsa)?;
        let key = match padding {
            Padding::Pkcs1 => Key::Pkcs1(Pkcs1PrivateDecryptingKey::new(key).map_err(|_| KeyError::NotRsa)?),
            padding => Key::Oaep(OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::NotRsa)?, padding),
        };
        Ok(DecryptionKey { key })
    }

    /// What was encrypted; none for whatever is wrong.
    pub fn decrypt(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let octets = match &self.key {
            Key::Oaep(key, _) => key.min_output_size(),
            Key::Pkcs1(key) => key.min_output_size(),
        };
        let mut opened = Zeroizing::new(vec![0; octets]);
        let length = match &self.key {
            Key::Oaep(key, padding) => {
                let algorithm = match padding {
                    Padding::Sha1 => &OAEP_SHA1_MGF1SHA1,
                    Padding::Sha384 => &OAEP_SHA384_MGF1SHA384,
                    Padding::Sha512 => &OAEP_SHA512_MGF1SHA512,
                    Padding::Sha256 | Padding::Pkcs1 => &OAEP_SHA256_MGF1SHA256,
                };
                key.decrypt(algorithm, sealed, &mut opened, None).ok()?.len()
            }
            Key::Pkcs1(key) => key.decrypt(sealed, &mut opened).ok()?.len(),
        };
        opened.truncate(length);
        Some(opened)
    }
}

fn public_of(key: &PrivateDecryptingKey) -> Result<Vec<u8>, KeyError> {
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().map_err(|_| KeyError::NotRsa)?;
    Ok(public.as_ref().to_vec())
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey(…)")
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyError::NotRsa => "it is no RSA key of 2048 to 8192 bits in PKCS#8",
            KeyError::NotMade => "no RSA key could be made",
        })
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rsa::{OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey};

    use super::*;

    #[test]
    fn d_53_what_was_encrypted_for_the_key_is_read_and_nothing_else() {
        let (private, public) = DecryptionKey::make().unwrap();
        assert_eq!(DecryptionKey::public(&private).unwrap(), public);
        let public = PublicEncryptingKey::from_der(&public).unwrap();
        let oaep = OaepPublicEncryptingKey::new(public.clone()).unwrap();
        let mut sealed = vec![0; oaep.ciphertext_size()];
        for (padding, algorithm) in [
            (Padding::Sha1, &OAEP_SHA1_MGF1SHA1),
            (Padding::Sha256, &OAEP_SHA256_MGF1SHA256),
            (Padding::Sha384, &OAEP_SHA384_MGF1SHA384),
            (Padding::Sha512, &OAEP_SHA512_MGF1SHA512),
        ] {
            let key = DecryptionKey::read(&private, padding).unwrap();
            oaep.encrypt(algorithm, b"P@ssw0rd!", &mut sealed, None).unwrap();
            assert_eq!(key.decrypt(&sealed).unwrap().as_slice(), b"P@ssw0rd!");
            sealed[7] ^= 1;
            assert_eq!(key.decrypt(&sealed), None);
            assert_eq!(key.decrypt(b"short"), None);
        }
        let pkcs1 = Pkcs1PublicEncryptingKey::new(public).unwrap();
        pkcs1.encrypt(b"P@ssw0rd!", &mut sealed).unwrap();
        let key = DecryptionKey::read(&private, Padding::Pkcs1).unwrap();
        assert_eq!(key.decrypt(&sealed).unwrap().as_slice(), b"P@ssw0rd!");
        assert_eq!(DecryptionKey::read(&private, Padding::Sha256).unwrap().decrypt(&sealed), None);
        assert_eq!(DecryptionKey::read(b"nonsense", Padding::Sha256).err(), Some(KeyError::NotRsa));
    }
}
