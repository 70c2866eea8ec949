//! An operation that its OID names; `crate::extended` has the known ones. RFC 4511 section 4.12.

use std::fmt;

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::Malformed;

const REQUEST_NAME: Tag = Tag::context(0);
const REQUEST_VALUE: Tag = Tag::context(1);

/// An extended operation, still without meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExtendedRequest<'a> {
    /// The OID of the operation, as the client wrote it.
    pub name: &'a str,
    /// What the operation is about; absent and empty differ.
    pub value: Option<&'a [u8]>,
}

impl<'a> ExtendedRequest<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let name = reader.string(REQUEST_NAME)?;
        let value = reader.optional(REQUEST_VALUE)?;
        reader.ignore_extensions()?;
        Ok(Self { name, value })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(REQUEST_NAME, self.name);
        if let Some(value) = self.value {
            writer.octets(REQUEST_VALUE, value);
        }
    }
}

impl fmt::Debug for ExtendedRequest<'_> {
    /// Shows no value: it may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExtendedRequest").field("name", &self.name).finish_non_exhaustive()
    }
}
