//! News of an operation that goes on. RFC 4511 section 4.13.

use std::fmt;

use crate::ber::{Reader, Tag, Writer};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

const OPERATION: Tag = Tag::application_constructed(25);
const RESPONSE_NAME: Tag = Tag::context(0);
const RESPONSE_VALUE: Tag = Tag::context(1);

/// Something an extended operation or a control has to say before the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IntermediateResponse<'a> {
    /// The OID of what is said; absent where operation and control leave no doubt.
    pub name: Option<&'a str>,
    /// What is said; absent and empty differ.
    pub value: Option<&'a [u8]>,
}

impl<'a> IntermediateResponse<'a> {
    /// Appends the response as a message to `out`.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>]) {
        message::write(out, id, controls, |writer| self.write_operation(writer));
    }

    fn write_operation(&self, writer: &mut Writer<'_>) {
        let operation = writer.start(OPERATION);
        if let Some(name) = self.name {
            writer.string(RESPONSE_NAME, name);
        }
        if let Some(value) = self.value {
            writer.octets(RESPONSE_VALUE, value);
        }
        writer.end(operation);
    }

    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let name = reader.optional_string(RESPONSE_NAME)?;
        let value = reader.optional(RESPONSE_VALUE)?;
        reader.ignore_extensions()?;
        Ok(Self { name, value })
    }
}

impl fmt::Debug for IntermediateResponse<'_> {
    /// Shows no value, as for the other extended messages.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("IntermediateResponse").field("name", &self.name).finish_non_exhaustive()
    }
}
