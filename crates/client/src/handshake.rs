//! The Noise handshake of DSM 7 and the hash that binds later requests to it.
//!
//! `Noise_IK_25519_ChaChaPoly_BLAKE2b` with an empty prologue; the client is the initiator. The server gives its static
//! key in the cookie `_SSID`, and each side one message within the sign-in. Afterwards every request carries
//! `X-SYNO-HASH`, which proves that it comes from who signed in; it does not cover what is asked.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use snow::{Builder, HandshakeState, StatelessTransportState};
use zeroize::Zeroizing;

/// The cookie that carries the server's static key.
pub const KEY_COOKIE: &str = "_SSID";
/// The header that carries the hash of a request.
pub const HASH_HEADER: &str = "X-SYNO-HASH";

const PATTERN: &str = "Noise_IK_25519_ChaChaPoly_BLAKE2b";
const KEY_OCTETS: usize = 32;
const TAG_OCTETS: usize = 16;
/// Room for message 1 with a payload that tells the time.
const MESSAGE_OCTETS_MAX: usize = 256;
/// How many letters of the handshake hash begin a request's hash.
const PREFIX_LETTERS: usize = 8;

/// Without padding, which is accepted on input.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A server's static key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ServerKey([u8; KEY_OCTETS]);

/// A handshake between its two messages.
pub struct Handshake(HandshakeState);

/// A finished handshake, which binds requests.
pub struct Binding {
    prefix: String,
    state: StatelessTransportState,
    next: AtomicU64,
}

/// Why there is no handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandshakeFault {
    /// The server's static key is no key.
    BadKey,
    /// The server's message does not belong to this handshake, or was changed on its way.
    BadAnswer,
    /// The server took the sign-in and not the handshake, which was required.
    NotOffered,
    /// The cipher or the random source failed, or more requests were sent than numbers exist.
    Failed,
}

impl ServerKey {
    /// Reads the key from the value of the cookie [`KEY_COOKIE`].
    ///
    /// # Errors
    /// [`HandshakeFault::BadKey`].
    pub fn read(text: &str) -> Result<ServerKey, HandshakeFault> {
        let octets = read_base64(text, KEY_OCTETS).ok_or(HandshakeFault::BadKey)?;
        octets.try_into().map(ServerKey).map_err(|_| HandshakeFault::BadKey)
    }
}

impl Handshake {
    /// Begins a handshake. The text is what the sign-in carries as `ik_message`; the time is in it so that the server
    /// can tell an old one.
    ///
    /// # Errors
    /// [`HandshakeFault::Failed`]: the random source or the cipher did.
    pub fn begin(key: &ServerKey, unix_seconds: u64) -> Result<(Handshake, String), HandshakeFault> {
        let mut private = Zeroizing::new([0; KEY_OCTETS]);
        getrandom::fill(private.as_mut_slice()).map_err(|_| HandshakeFault::Failed)?;
        Handshake::from_builder(builder()?, &private, key, unix_seconds)
    }

    fn from_builder<'a>(
        builder: Builder<'a>,
        private: &'a [u8; KEY_OCTETS],
        key: &'a ServerKey,
        unix_seconds: u64,
    ) -> Result<(Handshake, String), HandshakeFault> {
        let builder = builder.local_private_key(private).and_then(|builder| builder.remote_public_key(&key.0));
        let mut state = builder.and_then(Builder::build_initiator).map_err(|_| HandshakeFault::Failed)?;
        let payload = format!(r#"{{"time": {unix_seconds}}}"#);
        let mut message = [0; MESSAGE_OCTETS_MAX];
        let octets = state.write_message(payload.as_bytes(), &mut message).map_err(|_| HandshakeFault::Failed)?;
        Ok((Handshake(state), BASE64.encode(&message[..octets])))
    }

    /// Ends the handshake with the server's `ik_message`.
    ///
    /// # Errors
    /// [`HandshakeFault::BadAnswer`]: it is no answer to this handshake.
    pub fn finish(self, answer: &str) -> Result<Binding, HandshakeFault> {
        let Handshake(mut state) = self;
        let message = read_base64(answer, MESSAGE_OCTETS_MAX).ok_or(HandshakeFault::BadAnswer)?;
        let mut payload = [0; MESSAGE_OCTETS_MAX];
        state.read_message(&message, &mut payload).map_err(|_| HandshakeFault::BadAnswer)?;
        let mut prefix = BASE64.encode(state.get_handshake_hash());
        prefix.truncate(PREFIX_LETTERS);
        let state = state.into_stateless_transport_mode().map_err(|_| HandshakeFault::Failed)?;
        Ok(Binding { prefix, state, next: AtomicU64::new(0) })
    }
}

impl Binding {
    /// The hash of the next request. A number that is taken and never sent leaves a gap, which servers allow.
    ///
    /// # Errors
    /// [`HandshakeFault::Failed`]: there is no further number.
    pub fn next_hash(&self) -> Result<String, HandshakeFault> {
        self.hash(self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn hash(&self, number: u64) -> Result<String, HandshakeFault> {
        let mut tag = [0; TAG_OCTETS];
        self.state.write_message(number, &[], &mut tag).map_err(|_| HandshakeFault::Failed)?;
        Ok(format!("{}{}.{}", self.prefix, BASE64.encode(tag), BASE64.encode(number.to_string())))
    }
}

fn builder<'a>() -> Result<Builder<'a>, HandshakeFault> {
    Ok(Builder::new(PATTERN.parse().map_err(|_| HandshakeFault::Failed)?))
}

/// Decodes a text of bounded length.
fn read_base64(text: &str, octets_max: usize) -> Option<Vec<u8>> {
    let letters_max = octets_max.div_ceil(3) * 4;
    if text.len() > letters_max { None } else { BASE64.decode(text).ok() }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerKey({})", BASE64.encode(self.0))
    }
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handshake(…)")
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Binding(…)")
    }
}

impl fmt::Display for HandshakeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HandshakeFault::BadKey => "the server's handshake key cannot be read",
            HandshakeFault::BadAnswer => "the server's handshake message is not an answer to ours",
            HandshakeFault::NotOffered => "the server does not take part in the handshake",
            HandshakeFault::Failed => "the handshake's cipher failed",
        })
    }
}

impl std::error::Error for HandshakeFault {}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: &str = "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8";
    const ANSWER: &str = "Z13VdO13iTELPS52gfN5C0ZsdzsVIf7PNld5WDcepS-_Ms24ELi5424x3drCrGfU";

    /// The octets from `first` on, counted up.
    fn counted(first: u8) -> [u8; 32] {
        std::array::from_fn(|place| first + u8::try_from(place).unwrap())
    }

    /// The vector was computed with two independent implementations.
    fn begun() -> (Handshake, String) {
        let (private, ephemeral) = (counted(0x20), counted(0x40));
        let builder = builder().unwrap().fixed_ephemeral_key_for_testing_only(&ephemeral);
        Handshake::from_builder(builder, &private, &ServerKey::read(COOKIE).unwrap(), 1_700_000_000).unwrap()
    }

    #[test]
    fn a_handshake_begins_with_the_message_of_the_vector() {
        let expected = "eaYx7t4b-cmPEgMs3q3Q56B5OY_HhriMyEbsia-FpRqCcNIWf6_9jnKhD68-ViLUD8PJjQj8GbcupK-_fXLf2vkEgjsnUAbp\
                        DHiFTGpg6s7qRF_dHlUWJzocAFaKc-sxcicVc2HIBk4K02VrKCF7WHjVaCE";
        assert_eq!(begun().1, expected);
    }

    #[test]
    fn requests_are_bound_as_in_the_vector() {
        let binding = begun().0.finish(ANSWER).unwrap();
        assert_eq!(binding.next_hash().unwrap(), "XXU4AaLxFaen-9IlaydIplKB45-g1g.MA");
        assert_eq!(binding.next_hash().unwrap(), "XXU4AaLxGzkCMrYkPe_gTTprMqr_Xg.MQ");
        assert_eq!(binding.hash(12).unwrap(), "XXU4AaLxrbz1x6DDdccp4Khvd8bqiw.MTI");
    }

    #[test]
    fn padding_is_accepted() {
        assert_eq!(ServerKey::read(&format!("{COOKIE}=")), ServerKey::read(COOKIE));
    }

    #[test]
    fn a_message_of_another_handshake_is_refused() {
        let (handshake, _) = Handshake::begin(&ServerKey::read(COOKIE).unwrap(), 1).unwrap();
        assert_eq!(handshake.finish(ANSWER).err(), Some(HandshakeFault::BadAnswer));
    }

    #[test]
    fn nonsense_is_no_answer() {
        let changed = ANSWER.replace("Z13V", "Z13W");
        for answer in ["", "A", "ä", "Z13VdO13", &changed, &ANSWER.repeat(2), &"A".repeat(100_000)] {
            assert_eq!(begun().0.finish(answer).err(), Some(HandshakeFault::BadAnswer), "{answer}");
        }
    }

    #[test]
    fn nonsense_is_no_key() {
        for key in ["", "A", "j0DF", "ä", &COOKIE[1..], &COOKIE.repeat(2)] {
            assert_eq!(ServerKey::read(key), Err(HandshakeFault::BadKey), "{key}");
        }
    }

    #[test]
    fn handshakes_differ() {
        let key = ServerKey::read(COOKIE).unwrap();
        assert_ne!(Handshake::begin(&key, 1).unwrap().1, Handshake::begin(&key, 1).unwrap().1);
    }
}
