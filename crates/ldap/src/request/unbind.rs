//! Ending a connection. RFC 4511 section 4.3.

use crate::ber::{Tag, Writer};
use crate::malformed::Malformed;

/// Reads the NULL that an unbind request is.
pub(super) const fn read(contents: &[u8]) -> Result<(), Malformed> {
    if contents.is_empty() { Ok(()) } else { Err(Malformed::NullLength) }
}

/// Writes the NULL that an unbind request is.
pub(super) fn write(writer: &mut Writer<'_>, tag: Tag) {
    writer.null(tag);
}
