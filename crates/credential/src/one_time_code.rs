//! One-time codes: six digits that a device and we make of a shared seed and the time. RFC 6238 over RFC 4226.
//!
//! SHA-1, 30 seconds and six digits are what every authenticator application understands; some understand nothing else.
//! HMAC does not need the hash to be free of collisions, which SHA-1 is not (RFC 6238 section 1.2).

use std::fmt;

use hmac::{Hmac, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base32;

/// Octets of a seed: as long as the hash's output, as RFC 4226 section 4 recommends.
pub const SEED_OCTETS: usize = 20;
/// How long a code is shown.
const STEP_SECONDS: u64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// How many steps a device's clock may be before or behind ours. RFC 6238 section 5.2 recommends one.
const DRIFT_STEPS: u64 = 1;

/// What a device and we share.
#[derive(Clone)]
pub struct Seed(Zeroizing<[u8; SEED_OCTETS]>);

/// A period of 30 seconds since 1970, in which one code is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u64);

impl Step {
    /// The step of a time; times before 1970 count as the first.
    pub fn at(unix_seconds: i64) -> Step {
        Step(u64::try_from(unix_seconds).unwrap_or(0) / STEP_SECONDS)
    }
}

impl Seed {
    /// A seed of these unpredictable octets.
    pub fn new(octets: [u8; SEED_OCTETS]) -> Seed {
        Seed(Zeroizing::new(octets))
    }

    /// The octets, for sealing and nothing else.
    pub fn expose(&self) -> &[u8; SEED_OCTETS] {
        &self.0
    }

    /// The text that people type into a device which cannot read a picture.
    pub fn to_base32(&self) -> Zeroizing<String> {
        base32::encode(self.0.as_slice())
    }

    /// The address that a device reads from a QR code, naming the seed, who issued it and for which account:
    /// `otpauth://totp/ISSUER:ACCOUNT?secret=…`.
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (escaped(issuer), escaped(account));
        let secret = self.to_base32();
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            secret.as_str()
        ))
    }

    /// The step that a typed code is of: the one of `now` or one of its neighbours, and later than `last`, the step of
    /// the code that was taken before, so that each code works once. None when it is no such code. Spaces in it do not
    /// count. It takes the same time whichever digits are right.
    pub fn matching_step(&self, typed: &str, now: Step, last: Option<Step>) -> Option<Step> {
        let typed = digits(typed)?;
        let mut found = None;
        for step in now.0.saturating_sub(DRIFT_STEPS)..=now.0.saturating_add(DRIFT_STEPS) {
            let is_it: bool = self.code(Step(step)).ct_eq(&typed).into();
            if is_it && last.is_none_or(|last| step > last.0) {
                found = Some(Step(step));
            }
        }
        found
    }

    /// The digits that a device shows in a step. RFC 4226 section 5.3.
    pub fn code(&self, step: Step) -> [u8; DIGITS] {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.0.as_slice()).expect("HMAC takes keys of any length");
        mac.update(&step.0.to_be_bytes());
        let output: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(output[19] & 15);
        let mut number = u32::from_be_bytes([output[at], output[at + 1], output[at + 2], output[at + 3]]) & 0x7FFF_FFFF;
        let mut code = [b'0'; DIGITS];
        for digit in code.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
        }
        code
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// The digits of what somebody typed, if it has as many as a code.
fn digits(typed: &str) -> Option<[u8; DIGITS]> {
    let mut code = [0; DIGITS];
    let mut count = 0;
    for octet in typed.bytes().filter(|octet| *octet != b' ') {
        if !octet.is_ascii_digit() {
            return None;
        }
        *code.get_mut(count)? = octet;
        count += 1;
    }
    (count == DIGITS).then_some(code)
}

/// Text in a URI. RFC 3986 section 2.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                escaped.push(char::from(octet));
            }
            _ => escaped.push_str(&format!("%{octet:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::new(*b"12345678901234567890")
    }

    fn code(counter: u64) -> String {
        String::from_utf8(seed().code(Step(counter)).to_vec()).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_4226_hold() {
        // Appendix D.
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in expected.iter().enumerate() {
            assert_eq!(code(counter as u64), *expected);
        }
    }

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        // Appendix B has eight digits, of which six are the last six.
        for (time, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(Step::at(time).0), expected[2..], "{time}");
        }
    }

    fn step_of(typed: &str, now: u64, last: Option<u64>) -> Option<u64> {
        seed().matching_step(typed, Step(now), last.map(Step)).map(|step| step.0)
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_neighbours() {
        assert_eq!(step_of("969429", 3, None), Some(3));
        assert_eq!(step_of("969429", 4, None), Some(3));
        assert_eq!(step_of("969429", 2, None), Some(3));
        assert_eq!(step_of("969429", 5, None), None);
        assert_eq!(step_of("969429", 1, None), None);
        assert_eq!(step_of("755224", 0, None), Some(0));
    }

    #[test]
    fn a_code_is_good_once_and_no_earlier_one_afterwards() {
        assert_eq!(step_of("969429", 3, Some(2)), Some(3));
        assert_eq!(step_of("969429", 3, Some(3)), None);
        assert_eq!(step_of("359152", 3, Some(3)), None);
        assert_eq!(step_of("338314", 3, Some(3)), Some(4));
    }

    #[test]
    fn what_is_typed_may_have_spaces_and_nothing_else() {
        assert_eq!(step_of("969 429", 3, None), Some(3));
        for typed in ["", "96942", "9694290", "96942a", "-69429", "９６９４２９", "\u{0}69429"] {
            assert_eq!(step_of(typed, 3, None), None, "{typed:?}");
        }
    }

    #[test]
    fn a_time_that_no_clock_shows_is_no_trouble() {
        assert_eq!(Step::at(i64::MIN), Step(0));
        assert_eq!(step_of("000000", u64::MAX, None), None);
    }

    #[test]
    fn the_uri_names_issuer_account_and_seed() {
        assert_eq!(
            seed().uri("Müller & Co", "EXAMPLE\\ada").as_str(),
            "otpauth://totp/M%C3%BCller%20%26%20Co:EXAMPLE%5Cada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=M%C3%BCller%20%26%20Co&algorithm=SHA1&digits=6&period=30"
        );
        assert!(!format!("{:?}", seed()).contains("GEZ"));
    }
}
