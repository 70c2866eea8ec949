//! GUIDs in their wire order and their text form. [MS-DTYP] 2.3.4.

use std::fmt;
use std::str::FromStr;

use crate::hex;

/// A GUID, held as the 16 octets that go over the wire (first three fields little-endian).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid([u8; 16]);

/// Why a text is no GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuidError {
    /// The text is neither 36 characters nor 38 with braces.
    Length {
        /// Octets of the text.
        octets: usize,
    },
    /// A character is neither a digit nor a dash in its place; `at` counts octets behind an opening brace.
    Character {
        /// Where it is.
        at: usize,
    },
}

/// Which wire octet each pair of digits of the dashed text fills, and where in the text the pair begins.
const TEXT_PLACES: [(usize, usize); 16] = [
    (3, 0),
    (2, 2),
    (1, 4),
    (0, 6),
    (5, 9),
    (4, 11),
    (7, 14),
    (6, 16),
    (8, 19),
    (9, 21),
    (10, 24),
    (11, 26),
    (12, 28),
    (13, 30),
    (14, 32),
    (15, 34),
];

impl Guid {
    /// The GUID of zeroes.
    pub const NIL: Guid = Guid([0; 16]);

    /// The GUID with these 16 octets in wire order.
    pub const fn from_bytes(bytes: [u8; 16]) -> Guid {
        Guid(bytes)
    }

    /// The 16 octets in wire order.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The GUID whose fields, read as one big-endian number, are `value`: `Guid::from_u128(0x00299570_246d_11d0_a768_00aa006e0529)`
    /// is the one whose text shows these digits. For constants.
    pub const fn from_u128(value: u128) -> Guid {
        let b = value.to_be_bytes();
        Guid([b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]])
    }

    /// The GUID that 32 hexadecimal digits of its wire octets name, as in `<GUID=…>` and `B:32:…`.
    pub fn from_wire_hex(digits: &str) -> Option<Guid> {
        let octets = hex::decode(digits.as_bytes())?;
        Some(Guid(octets.try_into().ok()?))
    }
}

impl TryFrom<&[u8]> for Guid {
    type Error = GuidError;

    /// The GUID with these octets in wire order; there must be 16.
    fn try_from(octets: &[u8]) -> Result<Guid, GuidError> {
        let bytes = octets.try_into().map_err(|_| GuidError::Length { octets: octets.len() })?;
        Ok(Guid(bytes))
    }
}

impl FromStr for Guid {
    type Err = GuidError;

    /// Reads the dashed text, in either case, with or without braces.
    fn from_str(text: &str) -> Result<Guid, GuidError> {
        let bare = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text).as_bytes();
        if bare.len() != 36 {
            return Err(GuidError::Length { octets: text.len() });
        }
        for at in [8, 13, 18, 23] {
            if bare[at] != b'-' {
                return Err(GuidError::Character { at });
            }
        }
        let mut bytes = [0; 16];
        for (octet, at) in TEXT_PLACES {
            bytes[octet] = hex::pair(bare[at], bare[at + 1]).ok_or(GuidError::Character { at })?;
        }
        Ok(Guid(bytes))
    }
}

impl fmt::Display for Guid {
    /// Writes the dashed text in lower case, without braces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 36];
        for (octet, at) in TEXT_PLACES {
            text[at] = b"0123456789abcdef"[usize::from(self.0[octet] >> 4)];
            text[at + 1] = b"0123456789abcdef"[usize::from(self.0[octet] & 15)];
        }
        f.write_str(std::str::from_utf8(&text).expect("hexadecimal digits and dashes are ASCII"))
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guid({self})")
    }
}

impl fmt::Display for GuidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GuidError::Length { octets } => write!(f, "a GUID cannot have {octets} octets"),
            GuidError::Character { at } => write!(f, "unexpected character at octet {at} of a GUID"),
        }
    }
}

impl std::error::Error for GuidError {}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: [u8; 16] = [0x70, 0x95, 0x29, 0, 0x6d, 0x24, 0xd0, 0x11, 0xa7, 0x68, 0, 0xaa, 0, 0x6e, 5, 0x29];
    const TEXT: &str = "00299570-246d-11d0-a768-00aa006e0529";

    #[test]
    fn the_first_three_fields_are_little_endian() {
        assert_eq!(TEXT.parse(), Ok(Guid(WIRE)));
        assert_eq!(Guid(WIRE).to_string(), TEXT);
        assert_eq!(Guid::from_u128(0x00299570_246d_11d0_a768_00aa006e0529), Guid(WIRE));
    }

    #[test]
    fn braces_and_upper_case_are_read() {
        assert_eq!(format!("{{{}}}", TEXT.to_uppercase()).parse(), Ok(Guid(WIRE)));
    }

    #[test]
    fn other_texts_are_refused() {
        let refuse = |text: &str, error| assert_eq!(text.parse::<Guid>(), Err(error), "{text}");
        refuse("", GuidError::Length { octets: 0 });
        refuse("{00299570-246d-11d0-a768-00aa006e0529", GuidError::Length { octets: 37 });
        refuse("00299570-246d-11d0-a768-00aa006e052", GuidError::Length { octets: 35 });
        refuse("00299570+246d-11d0-a768-00aa006e0529", GuidError::Character { at: 8 });
        refuse("0029957g-246d-11d0-a768-00aa006e0529", GuidError::Character { at: 6 });
        refuse("ü029957-246d-11d0-a768-00aa006e0529", GuidError::Character { at: 0 });
    }

    #[test]
    fn wire_hex_keeps_the_order_of_the_octets() {
        assert_eq!(Guid::from_wire_hex("709529006D24D011A76800AA006E0529"), Some(Guid(WIRE)));
        assert_eq!(Guid::from_wire_hex("7095"), None);
    }
}
