//! Asking whether an entry has a value. RFC 4511 section 4.10.

use std::fmt;

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::Malformed;

/// A question whether an attribute of an entry has a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CompareRequest<'a> {
    /// The name of the entry.
    pub entry: &'a str,
    /// The attribute description.
    pub attribute: &'a str,
    /// The value to look for.
    pub value: &'a [u8],
}

impl<'a> CompareRequest<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let entry = reader.string(Tag::OCTET_STRING)?;
        let mut assertion = reader.constructed(Tag::SEQUENCE)?;
        let attribute = assertion.string(Tag::OCTET_STRING)?;
        let value = assertion.expect(Tag::OCTET_STRING)?;
        assertion.ignore_extensions()?;
        reader.ignore_extensions()?;
        Ok(Self { entry, attribute, value })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(Tag::OCTET_STRING, self.entry);
        let assertion = writer.start(Tag::SEQUENCE);
        writer.string(Tag::OCTET_STRING, self.attribute);
        writer.octets(Tag::OCTET_STRING, self.value);
        writer.end(assertion);
    }
}

impl fmt::Debug for CompareRequest<'_> {
    /// Shows no value: a password may be compared.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CompareRequest")
            .field("entry", &self.entry)
            .field("attribute", &self.attribute)
            .finish_non_exhaustive()
    }
}
