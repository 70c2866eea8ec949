//! The length octets of an element. X.690 section 8.1.3; RFC 4511 section 5.1 allows the definite form only.

use crate::malformed::Malformed;

/// How many octets may follow the first one. Leading zeros are allowed, since RFC 4511 asks for no minimal form.
const LENGTH_OCTETS_MAX: usize = 8;

/// A length and how many octets state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LengthOctets {
    /// The length of the contents.
    pub value: u64,
    /// How many octets the length itself takes.
    pub octets: usize,
}

impl LengthOctets {
    /// Reads the length at the start of `input`; `None` when more octets are needed.
    #[inline]
    pub(crate) fn read(input: &[u8]) -> Result<Option<Self>, Malformed> {
        match input.first() {
            None => Ok(None),
            Some(&first) if first < 0x80 => Ok(Some(Self { value: u64::from(first), octets: 1 })),
            Some(&first) => Self::read_long(first, &input[1..]),
        }
    }

    fn read_long(first: u8, rest: &[u8]) -> Result<Option<Self>, Malformed> {
        let count = usize::from(first & 0x7F);
        if count == 0 {
            return Err(Malformed::IndefiniteLength);
        }
        if count > LENGTH_OCTETS_MAX {
            return Err(Malformed::LengthForm);
        }
        let Some(octets) = rest.get(..count) else {
            return Ok(None);
        };
        let value = octets.iter().fold(0, |value, &octet| value << 8 | u64::from(octet));
        Ok(Some(Self { value, octets: 1 + count }))
    }
}
