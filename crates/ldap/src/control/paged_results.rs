//! Search results in pages. RFC 2696, [MS-ADTS] 3.1.1.3.4.1.1.

use crate::ber::Tag;
use crate::malformed::Malformed;
use crate::value;

/// One page of a search: asked for in a request, and where it ends in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagedResults<'a> {
    /// In a request, how many entries the page may have; in a response, about how many there are, 0 if unknown.
    pub size: u32,
    /// Where to go on: empty in the first request and in the last response.
    pub cookie: &'a [u8],
}

impl<'a> PagedResults<'a> {
    /// The OID of the control, in both directions.
    pub const OID: &'static str = "1.2.840.113556.1.4.319";

    /// Reads the control's value.
    ///
    /// # Errors
    /// `ValueMissing`, `IntegerRange` for a negative size, and what else is wrong with the encoding.
    pub fn decode(value: Option<&'a [u8]>) -> Result<Self, Malformed> {
        let mut sequence = value::sequence(value)?;
        let size = sequence.unsigned(Tag::INTEGER)?;
        let cookie = sequence.expect(Tag::OCTET_STRING)?;
        sequence.ignore_extensions()?;
        Ok(Self { size, cookie })
    }

    /// The control's value.
    pub fn encode(&self) -> Vec<u8> {
        value::sequence_of(|writer| {
            writer.integer(Tag::INTEGER, i64::from(self.size));
            writer.octets(Tag::OCTET_STRING, self.cookie);
        })
    }
}
