//! The envelope in which clients send secrets over plain HTTP: a key by RSA, the fields by AES. Specification section 2.7.
//!
//! All that can be wrong with one looks alike from outside, and takes the same work: a wrong RSA padding goes on with a
//! passphrase that nobody knows. The private key never leaves the crypto library but sealed into the host's store.

mod open;

use std::collections::HashMap;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use bailiwick_adtypes::file_time::FileTime;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::parameters::{Fields, parse_json};

/// The field that an envelope comes in.
pub const FIELD: &str = "__cIpHeRtExT";
/// The field inside of it with the time of the server.
pub const TOKEN: &str = "__cIpHeRtOkEn";
/// The name of the key in the host's store.
pub const KEY_NAME: &str = "dsm-envelope";

/// How old an envelope may be, in seconds.
const AGE_SECONDS_MAX: i64 = 300;
/// How far in the future its time may lie, in seconds.
const AHEAD_SECONDS_MAX: i64 = 60;
/// Envelopes that are remembered, so that none is taken twice. More than these in the window are refused.
const REMEMBERED_MAX: usize = 65_536;
/// Octets of the modulus.
const MODULUS_OCTETS: usize = 512;
/// How the public key ends: the exponent 65537 as a DER integer.
const EXPONENT: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// The key pair that envelopes are for.
pub struct EnvelopeKey {
    private: Pkcs1PrivateDecryptingKey,
    public: Vec<u8>,
    /// Digests of envelopes that were opened, and until when they have to be known.
    seen: Mutex<HashMap<[u8; 32], i64>>,
}

/// An envelope is not taken, for whatever reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected;

impl EnvelopeKey {
    /// Makes a new private key, in the form that [`EnvelopeKey::from_stored`] takes: 4096 bits, since the passphrase of the
    /// most common client has 501 octets.
    pub fn make() -> Option<Zeroizing<Vec<u8>>> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa4096).ok()?;
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&key).ok()?;
        Some(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key that was stored.
    pub fn from_stored(octets: &[u8]) -> Option<EnvelopeKey> {
        let private = PrivateDecryptingKey::from_pkcs8(octets).ok()?;
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(&private.public_key()).ok()?;
        let public = der.as_ref().to_vec();
        let private = Pkcs1PrivateDecryptingKey::new(private).ok()?;
        let is_known_shape = public.ends_with(&EXPONENT) && private.key_size_bytes() == MODULUS_OCTETS;
        is_known_shape.then(|| EnvelopeKey { private, public, seen: Mutex::default() })
    }

    /// The public key, as SubjectPublicKeyInfo.
    pub fn public_der(&self) -> &[u8] {
        &self.public
    }

    /// The modulus. The exponent is 65537.
    pub fn modulus(&self) -> &[u8] {
        let end = self.public.len() - EXPONENT.len();
        &self.public[end - MODULUS_OCTETS..end]
    }

    /// Opens an envelope. `random` fills the passphrase that a wrong one is replaced by.
    ///
    /// # Errors
    /// `Rejected` when it does not open, is too old, or was opened before.
    pub fn open(&self, envelope: &str, now: FileTime, random: &dyn Fn(&mut [u8])) -> Result<Fields, Rejected> {
        let parts = parse_json(envelope).ok_or(Rejected)?;
        let part = |name: &str| parts.get(name).and_then(|value| value.as_str()).ok_or(Rejected);
        let (rsa, aes) = (open::base64(part("rsa")?)?, open::base64(part("aes")?)?);
        let passphrase = self.passphrase(&rsa, random);
        let plain = open::decrypt(&passphrase, &aes)?;
        let mut fields = Fields::from_form(&plain).map_err(|_| Rejected)?;
        let made_at: i64 = fields.last(TOKEN).and_then(|text| text.trim_matches('"').parse().ok()).ok_or(Rejected)?;
        fields.remove(TOKEN);
        let now = now.unix_seconds();
        if !(now.saturating_sub(AGE_SECONDS_MAX)..=now.saturating_add(AHEAD_SECONDS_MAX)).contains(&made_at) {
            return Err(Rejected);
        }
        self.take_once(&rsa, now)?;
        Ok(fields)
    }

    /// The passphrase, or when there is none, one that nobody knows: the time and the answer are the same.
    fn passphrase(&self, rsa: &[u8], random: &dyn Fn(&mut [u8])) -> Zeroizing<Vec<u8>> {
        let mut other = Zeroizing::new(vec![0; open::PASSPHRASE_OCTETS_MAX]);
        random(&mut other);
        let mut out = Zeroizing::new(vec![0; self.private.min_output_size()]);
        match self.private.decrypt(rsa, &mut out) {
            Ok(passphrase) if !passphrase.is_empty() => Zeroizing::new(passphrase.to_vec()),
            _ => other,
        }
    }

    fn take_once(&self, rsa: &[u8], now: i64) -> Result<(), Rejected> {
        let digest = Sha256::digest(rsa).into();
        let mut seen = self.seen.lock();
        if seen.len() >= REMEMBERED_MAX {
            seen.retain(|_, until| *until >= now);
        }
        if seen.len() >= REMEMBERED_MAX || seen.get(&digest).is_some_and(|until| *until >= now) {
            return Err(Rejected);
        }
        // As long as its time can still be taken for good.
        seen.insert(digest, now + AGE_SECONDS_MAX + AHEAD_SECONDS_MAX);
        Ok(())
    }
}

/// The public key as clients ask for it: the modulus in hexadecimal digits, or base64 of the whole.
pub fn public_key_text(key: &EnvelopeKey, format: Option<&str>) -> String {
    match format {
        Some("module") => key.modulus().iter().map(|octet| format!("{octet:02x}")).collect(),
        _ => STANDARD.encode(key.public_der()),
    }
}

pub use open::decrypt;

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};

    use super::*;

    const NOW: FileTime = FileTime::from_unix_seconds(1_700_000_000);
    const VECTOR_PASSPHRASE: &[u8] = b"0123456789abcdef";
    const VECTOR: &str = "U2FsdGVkX18BAgMEBQYHCJnMR4Wu14n8GZ8FEU37ec7vayGi3HUNz900V5P1pq4xsqjVPTeUa/nGkmlaYrE8Md+d\
                          aAGF5aSyqR6rmKd89Wj/5jfXNcRCMO5USuFPunDwr0DEBuHkkZzMLpOeWbkRsg==";

    static STORED: LazyLock<Zeroizing<Vec<u8>>> = LazyLock::new(|| EnvelopeKey::make().unwrap());

    fn key() -> EnvelopeKey {
        EnvelopeKey::from_stored(&STORED).unwrap()
    }

    fn envelope(key: &EnvelopeKey, passphrase: &[u8], aes: &str) -> String {
        let public = PublicEncryptingKey::from_der(key.public_der()).unwrap();
        let mut rsa = vec![0; MODULUS_OCTETS];
        Pkcs1PublicEncryptingKey::new(public).unwrap().encrypt(passphrase, &mut rsa).unwrap();
        format!("{{\"rsa\":\"{}\",\"aes\":\"{aes}\"}}", STANDARD.encode(rsa))
    }

    #[test]
    fn the_fields_of_a_good_envelope_come_out_once() {
        let key = key();
        let sent = envelope(&key, VECTOR_PASSPHRASE, VECTOR);
        let fields = key.open(&sent, NOW, &|_| {}).unwrap();
        assert_eq!((fields.last("account"), fields.last("passwd")), (Some("jdoe"), Some("p+w d%")));
        assert_eq!(fields.last(TOKEN), None);
        assert!(key.open(&sent, NOW, &|_| {}).is_err());
    }

    #[test]
    fn a_form_that_lost_its_pluses_is_read_all_the_same() {
        let key = key();
        let sent = envelope(&key, VECTOR_PASSPHRASE, VECTOR).replace('+', " ");
        assert!(key.open(&sent, NOW, &|_| {}).is_ok());
    }

    #[test]
    fn old_early_and_changed_ones_are_rejected() {
        let key = key();
        let sent = || envelope(&key, VECTOR_PASSPHRASE, VECTOR);
        let at = |seconds: i64| FileTime::from_unix_seconds(NOW.unix_seconds() + seconds);
        assert!(key.open(&sent(), at(AGE_SECONDS_MAX), &|_| {}).is_ok());
        assert!(key.open(&sent(), at(AGE_SECONDS_MAX + 1), &|_| {}).is_err());
        assert!(key.open(&sent(), at(-AHEAD_SECONDS_MAX - 1), &|_| {}).is_err());
        let other = |passphrase: &[u8], aes: &str| key.open(&envelope(&key, passphrase, aes), NOW, &|_| {}).is_err();
        assert!(other(b"another", VECTOR));
        assert!(other(VECTOR_PASSPHRASE, &VECTOR.replace("JnMR4", "JnMR5")));
        assert!(other(VECTOR_PASSPHRASE, &VECTOR[..VECTOR.len() - 24]));
        assert!(other(VECTOR_PASSPHRASE, ""));
        for text in ["", "{}", "[]", "{\"rsa\":\"\",\"aes\":\"\"}", "not json"] {
            assert!(key.open(text, NOW, &|_| {}).is_err(), "{text}");
        }
    }

    #[test]
    fn a_broken_key_part_is_no_different_from_a_broken_text() {
        let key = key();
        let broken = format!("{{\"rsa\":\"{}\",\"aes\":\"{VECTOR}\"}}", STANDARD.encode([7; MODULUS_OCTETS]));
        assert_eq!(key.open(&broken, NOW, &|_| {}).map(drop), Err(Rejected));
    }

    #[test]
    fn the_public_key_has_two_forms() {
        let key = key();
        let modulus = public_key_text(&key, Some("module"));
        assert!(modulus.len() == 2 * MODULUS_OCTETS && !modulus.starts_with('0'));
        assert_eq!(STANDARD.decode(public_key_text(&key, None)).unwrap(), key.public_der());
    }
}
