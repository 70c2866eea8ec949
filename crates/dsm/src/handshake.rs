//! The key exchange of a sign-in at version 7, and the header that proves its key afterwards:
//! `Noise_IK_25519_ChaChaPoly_BLAKE2b`. Specification section 2.8.

use std::collections::HashMap;

use bailiwick_accounts::session::Binding;
use bailiwick_adtypes::file_time::FileTime;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Tag};
use parking_lot::Mutex;
use serde_json::Value;
use snow::params::{CipherChoice, DHChoice, HashChoice, NoiseParams};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use zeroize::Zeroizing;

/// The protocol.
const PROTOCOL: &str = "Noise_IK_25519_ChaChaPoly_BLAKE2b";
/// The name of the static key in the host's store.
pub const KEY_NAME: &str = "dsm-handshake";
/// Octets of a key.
const KEY_OCTETS: usize = 32;
/// Octets of a tag.
const TAG_OCTETS: usize = 16;
/// The shortest first message: a public key, an encrypted one, an empty payload.
const MESSAGE_OCTETS_MIN: usize = KEY_OCTETS + KEY_OCTETS + TAG_OCTETS + TAG_OCTETS;
/// The longest first message that is read.
const MESSAGE_OCTETS_MAX: usize = 1024;
/// The second message: a public key and the tag of an empty payload.
const ANSWER_OCTETS: usize = KEY_OCTETS + TAG_OCTETS;
/// How far the client's clock may be off, in seconds.
const CLOCK_SECONDS_MAX: u64 = 300;
/// How long a first message is remembered, in seconds.
const REMEMBERED_SECONDS: i64 = 600;
/// The most first messages that are remembered; while there are more, none is taken.
const REMEMBERED_MAX: usize = 65_536;
/// Characters of the header that name the exchange.
const PREFIX_CHARACTERS: usize = 8;

/// Base64url as it is written here: without padding, which is taken all the same.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The server's side of every exchange.
pub struct Responder {
    private: Zeroizing<[u8; KEY_OCTETS]>,
    public: [u8; KEY_OCTETS],
    /// The clients' one-time keys, and when they were seen.
    seen: Mutex<HashMap<[u8; KEY_OCTETS], i64>>,
}

/// An exchange that was carried out.
pub struct Exchanged {
    /// The second message, as text for the client.
    pub answer: String,
    /// What the session is bound to.
    pub binding: Binding,
}

impl Responder {
    /// The server's side with this private key of 32 octets.
    pub fn new(private: &[u8]) -> Option<Responder> {
        let private = Zeroizing::new(<[u8; KEY_OCTETS]>::try_from(private).ok()?);
        let mut dh = DefaultResolver.resolve_dh(&DHChoice::Curve25519)?;
        dh.set(private.as_slice());
        let public = dh.pubkey().try_into().ok()?;
        Some(Responder { private, public, seen: Mutex::default() })
    }

    /// The public key, as text.
    pub fn public_key(&self) -> String {
        BASE64.encode(self.public)
    }

    /// Answers a first message. `None` for one that cannot be answered: the sign-in then goes on without an exchange.
    /// `random` fills the one-time key.
    pub fn respond(&self, message: &str, now: FileTime, random: &dyn Fn(&mut [u8])) -> Option<Exchanged> {
        if message.len() > MESSAGE_OCTETS_MAX * 2 {
            return None;
        }
        let message = BASE64.decode(message).ok()?;
        if !(MESSAGE_OCTETS_MIN..=MESSAGE_OCTETS_MAX).contains(&message.len()) {
            return None;
        }
        let mut one_time = Zeroizing::new([0; KEY_OCTETS]);
        random(one_time.as_mut());
        let parameters: NoiseParams = PROTOCOL.parse().ok()?;
        let builder = snow::Builder::with_resolver(parameters, Box::new(HandedRandom(one_time)));
        let mut state = builder.local_private_key(self.private.as_slice()).ok()?.build_responder().ok()?;
        let mut payload = vec![0; message.len()];
        let length = state.read_message(&message, &mut payload).ok()?;
        let now = now.unix_seconds();
        if !is_timely(payload.get(..length)?, now) || !self.is_new(message.first_chunk()?, now) {
            return None;
        }
        let mut answer = [0; ANSWER_OCTETS];
        let length = state.write_message(&[], &mut answer).ok()?;
        let handshake_hash = state.get_handshake_hash().try_into().ok()?;
        let (to_here, _) = state.dangerously_get_raw_split();
        let binding = Binding { handshake_hash, key: Zeroizing::new(to_here) };
        Some(Exchanged { answer: BASE64.encode(answer.get(..length)?), binding })
    }

    fn is_new(&self, one_time: &[u8; KEY_OCTETS], now: i64) -> bool {
        let mut seen = self.seen.lock();
        if seen.len() >= REMEMBERED_MAX {
            seen.retain(|_, at| now - *at <= REMEMBERED_SECONDS);
        }
        if seen.len() >= REMEMBERED_MAX || seen.get(one_time).is_some_and(|at| now - *at <= REMEMBERED_SECONDS) {
            return false;
        }
        seen.insert(*one_time, now);
        true
    }
}

/// The nonce that an `X-SYNO-HASH` header proves the key with; none when it does not prove it.
pub fn proven_nonce(binding: &Binding, header: &str) -> Option<u64> {
    let (proof, nonce) = header.split_once('.')?;
    let (prefix, tag) = proof.split_at_checked(PREFIX_CHARACTERS)?;
    if BASE64.encode(binding.handshake_hash).get(..PREFIX_CHARACTERS)? != prefix {
        return None;
    }
    let digits = BASE64.decode(nonce).ok()?;
    let digits = std::str::from_utf8(&digits).ok()?;
    let nonce: u64 = digits.parse().ok()?;
    // Only the one text that the number has: no sign, no leading zeros.
    if nonce.to_string() != digits {
        return None;
    }
    let tag: [u8; TAG_OCTETS] = BASE64.decode(tag).ok()?.try_into().ok()?;
    let mut counter = [0; 12];
    counter[4..].copy_from_slice(&nonce.to_le_bytes());
    let cipher = ChaCha20Poly1305::new(binding.key.as_slice().into());
    cipher.decrypt_in_place_detached(&counter.into(), &[], &mut [], Tag::from_slice(&tag)).ok().map(|()| nonce)
}

/// A payload says nothing, or a time that is about now.
fn is_timely(payload: &[u8], now: i64) -> bool {
    let time = serde_json::from_slice::<Value>(payload).ok().and_then(|payload| {
        let time = payload.get("time")?;
        time.as_i64().or(time.as_f64().map(|seconds| seconds as i64))
    });
    time.is_none_or(|time| time.abs_diff(now) <= CLOCK_SECONDS_MAX)
}

/// The usual algorithms with one key's worth of randomness that was handed in.
struct HandedRandom(Zeroizing<[u8; KEY_OCTETS]>);

/// Fills the first key that is made, and no other.
struct Once(Option<Zeroizing<[u8; KEY_OCTETS]>>);

impl Random for Once {
    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), snow::Error> {
        match self.0.take() {
            Some(key) if key.len() == octets.len() => octets.copy_from_slice(key.as_slice()),
            _ => return Err(snow::Error::Rng),
        }
        Ok(())
    }
}

impl CryptoResolver for HandedRandom {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        Some(Box::new(Once(Some(self.0.clone()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "eaYx7t4b-cmPEgMs3q3Q56B5OY_HhriMyEbsia-FpRqCcNIWf6_9jnKhD68-ViLUD8PJjQj8GbcupK-_fXLf2vkEgjsnUAbp\
                           DHiFTGpg6s7qRF_dHlUWJzocAFaKc-sxcicVc2HIBk4K02VrKCF7WHjVaCE";
    const ANSWER: &str = "Z13VdO13iTELPS52gfN5C0ZsdzsVIf7PNld5WDcepS-_Ms24ELi5424x3drCrGfU";
    const NOW: FileTime = FileTime::from_unix_seconds(1_700_000_000);

    fn responder() -> Responder {
        Responder::new(&std::array::from_fn::<u8, KEY_OCTETS, _>(|at| at as u8)).unwrap()
    }

    fn one_time(octets: &mut [u8]) {
        for (at, octet) in octets.iter_mut().enumerate() {
            *octet = 0x60 + at as u8;
        }
    }

    #[test]
    fn the_exchange_of_the_specification_comes_out() {
        let responder = responder();
        assert_eq!(responder.public_key(), "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8");
        let exchanged = responder.respond(MESSAGE, NOW, &one_time).unwrap();
        assert_eq!(exchanged.answer, ANSWER);
        let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        assert_eq!(
            hex(&exchanged.binding.handshake_hash),
            "5d753801a2f12e481995397b871604fac133d969eb6b8112d24bc69c86fa670d\
             db1063e7ba384c2799b8f9ad0a3b6cd26ed9f300fa986d4e90a2f09335001133"
        );
        assert_eq!(
            hex(exchanged.binding.key.as_slice()),
            "c00182ed9e9c4acc266b2872c7f8ace0a99dccaf4ff5f2082d333311e1383954"
        );
    }

    #[test]
    fn a_header_proves_its_nonce() {
        let binding = responder().respond(MESSAGE, NOW, &one_time).unwrap().binding;
        for (header, nonce) in [
            ("XXU4AaLxFaen-9IlaydIplKB45-g1g.MA", Some(0)),
            ("XXU4AaLxGzkCMrYkPe_gTTprMqr_Xg.MQ", Some(1)),
            ("XXU4AaLxrbz1x6DDdccp4Khvd8bqiw.MTI", Some(12)),
            ("XXU4AaLxrbz1x6DDdccp4Khvd8bqiw.MQ", None),
            ("YXU4AaLxFaen-9IlaydIplKB45-g1g.MA", None),
            ("XXU4AaLxFaen-9IlaydIplKB45-g1A.MA", None),
            ("XXU4AaLxFaen-9IlaydIplKB45-g1g.MDA", None),
            ("XXU4AaLxFaen-9IlaydIplKB45-g1g", None),
            ("é.é", None),
            ("", None),
        ] {
            assert_eq!(proven_nonce(&binding, header), nonce, "{header}");
        }
    }

    #[test]
    fn old_repeated_and_broken_messages_are_not_answered() {
        let responder = responder();
        assert!(responder.respond(MESSAGE, FileTime::from_unix_seconds(1_700_000_301), &one_time).is_none());
        assert!(responder.respond(&MESSAGE.replace("eaYx", "eaYy"), NOW, &one_time).is_none());
        for text in ["", "*", "AAAA", &"A".repeat(5000)] {
            assert!(responder.respond(text, NOW, &one_time).is_none(), "{text}");
        }
        assert!(responder.respond(MESSAGE, NOW, &one_time).is_some());
        assert!(responder.respond(MESSAGE, NOW, &one_time).is_none());
    }

    #[test]
    fn a_payload_may_say_nothing() {
        assert!(is_timely(b"", 5) && is_timely(b"{}", 5) && is_timely(b"{\"time\":5.5}", 5));
        assert!(!is_timely(b"{\"time\":400}", 5) && !is_timely(b"{\"time\":-9223372036854775808}", 5));
    }
}
