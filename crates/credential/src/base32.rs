//! Base32 without padding, for secrets that people copy by hand. RFC 4648 section 6.

use zeroize::Zeroizing;

/// Capitals and the digits that no letter is mistaken for.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Bits of one character.
const BITS: u32 = 5;

/// The text of these octets; bits that are missing at its end count as zeros.
pub(crate) fn encode(octets: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity((octets.len() * 8).div_ceil(BITS as usize)));
    let (mut waiting, mut bits) = (0_u32, 0);
    for octet in octets {
        waiting = waiting << 8 | u32::from(*octet);
        bits += 8;
        while bits >= BITS {
            bits -= BITS;
            text.push(character(waiting >> bits));
        }
        waiting &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(character(waiting << (BITS - bits)));
    }
    text
}

fn character(bits: u32) -> char {
    char::from(ALPHABET[(bits & 31) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        // RFC 4648 section 10, without the padding.
        for (octets, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode(octets.as_bytes()).as_str(), text, "{octets}");
        }
    }
}
