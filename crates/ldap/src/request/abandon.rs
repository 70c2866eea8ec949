//! Giving up an operation without an answer. RFC 4511 section 4.11.

use crate::ber::{Tag, Writer};
use crate::malformed::Malformed;
use crate::message::MessageId;

/// A wish that an operation stops and is not answered. The abandon request is not answered either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbandonRequest {
    /// The operation to stop.
    pub target: MessageId,
}

impl AbandonRequest {
    pub(super) fn read(contents: &[u8]) -> Result<Self, Malformed> {
        Ok(Self { target: MessageId::read(contents)? })
    }

    pub(super) fn write(self, writer: &mut Writer<'_>, tag: Tag) {
        writer.integer(tag, i64::from(self.target.number()));
    }
}
