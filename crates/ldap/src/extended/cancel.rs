//! Giving up an operation, with an answer. RFC 3909.

use crate::ber::Tag;
use crate::malformed::Malformed;
use crate::message::MessageId;
use crate::value;

/// The OID of the operation; its response has no name.
pub const OID: &str = "1.3.6.1.1.8";

/// A wish that an operation stops. It ends with `canceled`, and the cancel with success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// The operation to stop.
    pub target: MessageId,
}

impl Cancel {
    /// Reads the request's value.
    ///
    /// # Errors
    /// `ValueMissing`, `MessageId`, and what else is wrong with the encoding.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        let mut sequence = value::sequence(value)?;
        let target = MessageId::read(sequence.expect(Tag::INTEGER)?)?;
        sequence.ignore_extensions()?;
        Ok(Self { target })
    }

    /// The request's value.
    pub fn encode(self) -> Vec<u8> {
        value::sequence_of(|writer| writer.integer(Tag::INTEGER, i64::from(self.target.number())))
    }
}
