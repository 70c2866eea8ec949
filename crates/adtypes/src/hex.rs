//! Hexadecimal digits and octets, for the text forms that carry them.

use std::fmt;

/// The value of one hexadecimal digit, of either case.
pub(crate) fn digit(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'a'..=b'f' => Some(octet - b'a' + 10),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

/// The octet that two digits name.
pub(crate) fn pair(high: u8, low: u8) -> Option<u8> {
    Some(digit(high)? << 4 | digit(low)?)
}

/// The octets that an even number of digits name; `None` for anything else.
pub(crate) fn decode(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| pair(*high, *low)).collect()
}

/// Writes octets as upper-case digits, as AD does in DN-binary values.
pub(crate) fn write_upper(out: &mut impl fmt::Write, octets: &[u8]) -> fmt::Result {
    octets.iter().try_for_each(|octet| write!(out, "{octet:02X}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_wants_whole_pairs_of_digits() {
        assert_eq!(decode(b"00fFa5"), Some(vec![0, 0xff, 0xa5]));
        assert_eq!(decode(b""), Some(vec![]));
        assert_eq!(decode(b"0"), None);
        assert_eq!(decode(b"0g"), None);
    }

    #[test]
    fn writing_keeps_leading_zeroes() {
        let mut text = String::new();
        write_upper(&mut text, &[0, 0xab]).unwrap();
        assert_eq!(text, "00AB");
    }
}
