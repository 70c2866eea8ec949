//! Removing an entry. RFC 4511 section 4.8.

use crate::ber::{self, Tag, Writer};
use crate::malformed::Malformed;

/// A wish to remove an entry; with the tree delete control, all below it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteRequest<'a> {
    /// The name of the entry.
    pub entry: &'a str,
}

impl<'a> DeleteRequest<'a> {
    pub(super) fn read(contents: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { entry: ber::text(contents)? })
    }

    pub(super) fn write(self, writer: &mut Writer<'_>, tag: Tag) {
        writer.string(tag, self.entry);
    }
}
