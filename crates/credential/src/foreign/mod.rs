//! Hashes that other servers made: RFC 2307 schemes, crypt(3), PHC strings and NT hashes.
//!
//! They come in through an import, are verified as they are, and are replaced at the first good sign-in. What a hash
//! may cost to verify is bounded, because it comes from a file.

mod argon2_phc;
mod crypt;
mod digest;
mod nt;
mod pbkdf2;

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::Password;

use argon2_phc::Argon2Phc;
use crypt::Crypt;
use digest::SaltedDigest;
use nt::NtHash;
use pbkdf2::Pbkdf2;

/// The longest text that is read as a hash.
const TEXT_OCTETS_MAX: usize = 2048;

/// Base64 with padding or without: programs differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A password hash in the form of another server.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignHash {
    text: String,
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Digest(SaltedDigest),
    Crypt(Crypt),
    Pbkdf2(Pbkdf2),
    Argon2(Argon2Phc),
    Nt(NtHash),
}

/// A text is no hash that can be verified here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignHashError {
    /// It begins like none of the known kinds.
    UnknownKind,
    /// It begins like a known kind and goes on otherwise.
    Malformed,
    /// Verifying it would cost more than is allowed.
    Cost,
}

impl ForeignHash {
    /// Reads a hash: `{SSHA}…`, `{SSHA256}…`, `{SSHA384}…`, `{SSHA512}…` and the same without salt, `{CRYPT}$5$…` and
    /// `$6$…`, `{PBKDF2…}` of OpenLDAP and 389 Directory Server, bcrypt and argon2 with a scheme or without, and
    /// `{NT}` with 32 hexadecimal digits.
    ///
    /// # Errors
    /// See [`ForeignHashError`].
    pub fn parse(text: &str) -> Result<ForeignHash, ForeignHashError> {
        if text.len() > TEXT_OCTETS_MAX {
            return Err(ForeignHashError::Malformed);
        }
        let kind = match text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((scheme, rest)) => Kind::of_scheme(&scheme.to_ascii_uppercase(), rest)?,
            None => Kind::of_modular_crypt(text)?,
        };
        Ok(ForeignHash { text: text.to_owned(), kind })
    }

    /// The NT hash of a password as its 16 octets: MD4 of its UTF-16LE form. [MS-SAMR] 2.2.3.3.
    pub fn nt(octets: [u8; 16]) -> ForeignHash {
        let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        ForeignHash { text: format!("{{NT}}{digits}"), kind: Kind::Nt(NtHash(octets)) }
    }

    /// Whether a value looks like a hash and not like a password: for a face that takes both.
    pub fn is_one(value: &[u8]) -> bool {
        std::str::from_utf8(value)
            .is_ok_and(|text| !matches!(ForeignHash::parse(text), Err(ForeignHashError::UnknownKind)))
    }

    /// Whether the password is the one. Constant time in the output.
    pub fn verify(&self, password: &Password) -> bool {
        match &self.kind {
            Kind::Digest(hash) => hash.verify(password),
            Kind::Crypt(hash) => hash.verify(password),
            Kind::Pbkdf2(hash) => hash.verify(password),
            Kind::Argon2(hash) => hash.verify(password),
            Kind::Nt(hash) => hash.verify(password),
        }
    }

    /// The form that [`ForeignHash::parse`] reads.
    pub fn as_text(&self) -> &str {
        &self.text
    }
}

impl Kind {
    fn of_scheme(scheme: &str, rest: &str) -> Result<Kind, ForeignHashError> {
        match scheme {
            "NT" | "NTLM" => NtHash::parse(rest).map(Kind::Nt),
            "CRYPT" | "BCRYPT" | "ARGON2" | "ARGON2ID" => {
                Kind::of_modular_crypt(rest).map_err(|error| match error {
                    // The scheme was known; what follows it is not.
                    ForeignHashError::UnknownKind => ForeignHashError::Malformed,
                    other => other,
                })
            }
            _ if scheme.starts_with("PBKDF2") => Pbkdf2::parse(scheme, rest).map(Kind::Pbkdf2),
            _ => SaltedDigest::parse(scheme, rest).map(Kind::Digest),
        }
    }

    fn of_modular_crypt(text: &str) -> Result<Kind, ForeignHashError> {
        match text.strip_prefix('$').and_then(|rest| rest.split_once('$')) {
            Some(("5" | "6" | "2a" | "2b" | "2x" | "2y", _)) => Crypt::parse(text).map(Kind::Crypt),
            Some(("argon2id" | "argon2i" | "argon2d", _)) => Argon2Phc::parse(text).map(Kind::Argon2),
            _ => Err(ForeignHashError::UnknownKind),
        }
    }
}

impl fmt::Debug for ForeignHash {
    /// Shows the kind and nothing that helps to guess.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Digest(_) => "digest",
            Kind::Crypt(_) => "crypt",
            Kind::Pbkdf2(_) => "PBKDF2",
            Kind::Argon2(_) => "argon2",
            Kind::Nt(_) => "NT",
        };
        write!(f, "ForeignHash({kind})")
    }
}

fn decode_base64(text: &str) -> Result<Vec<u8>, ForeignHashError> {
    BASE64.decode(text).map_err(|_| ForeignHashError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The password of each is `Sommer-2026`.
    fn check(text: &str) {
        let hash = ForeignHash::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert!(hash.verify(&Password::new(b"Sommer-2026")), "{text}");
        assert!(!hash.verify(&Password::new(b"Sommer-2027")), "{text}");
        assert!(!hash.verify(&Password::new(b"")), "{text}");
        assert_eq!(hash.as_text(), text);
        assert!(ForeignHash::is_one(text.as_bytes()), "{text}");
        assert!(!format!("{hash:?}").contains('$'));
    }

    #[test]
    fn hashes_of_other_servers_verify() {
        for text in include_str!("vectors.txt").lines() {
            check(text);
        }
    }

    #[test]
    fn an_nt_hash_is_taken_as_octets_too() {
        // MD4 of "password" in UTF-16LE, as every table of such hashes has it.
        let octets = [0x88, 0x46, 0xf7, 0xea, 0xee, 0x8f, 0xb1, 0x17, 0xad, 0x06, 0xbd, 0xd8, 0x30, 0xb7, 0x58, 0x6c];
        let hash = ForeignHash::nt(octets);
        assert!(hash.verify(&Password::new(b"password")));
        let read = ForeignHash::parse("{nt}8846F7EAEE8FB117AD06BDD830B7586C").unwrap();
        assert!(read.kind == hash.kind);
        assert_eq!(ForeignHash::parse(hash.as_text()), Ok(hash));
    }

    #[test]
    fn what_is_no_hash_is_said_to_be_none() {
        use ForeignHashError::{Cost, Malformed, UnknownKind};
        for (text, expected) in [
            ("", UnknownKind),
            ("geheim", UnknownKind),
            ("{geheim}1", UnknownKind),
            ("$1$abc$def", UnknownKind),
            ("{SSHA}", Malformed),
            ("{SSHA}not base64!", Malformed),
            ("{SHA}c2hvcnQ=", Malformed),
            ("{CRYPT}ab0123456789.", Malformed),
            ("{NT}8846", Malformed),
            ("$2b$31$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu", Cost),
            ("$6$rounds=999999999$salt$x", Cost),
            ("$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", Cost),
            ("$argon2id$v=19$m=19456,t=2$c2FsdHNhbHQ$aGFzaA", Malformed),
            ("{PBKDF2-SHA256}4000000000$c2FsdA$aGFzaGhhc2hoYXNoaGFzaA", Cost),
            ("{PBKDF2-SHA256}1$c2FsdA", Malformed),
        ] {
            assert_eq!(ForeignHash::parse(text).map(drop), Err(expected), "{text}");
        }
    }

    #[test]
    fn no_cut_of_a_hash_panics() {
        for text in include_str!("vectors.txt").lines() {
            for length in 0..text.len() {
                let _ = ForeignHash::parse(&text[..length]);
            }
        }
    }
}
