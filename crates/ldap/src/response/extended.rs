//! The end of an extended operation, and unsolicited notifications. RFC 4511 sections 4.4 and 4.12.

use std::fmt;

use super::{LdapResult, ResponseKind};
use crate::ber::{Reader, Tag, Writer};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

const RESPONSE_NAME: Tag = Tag::context(10);
const RESPONSE_VALUE: Tag = Tag::context(11);

/// How an extended operation ended.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtendedResponse<'a> {
    /// The result.
    pub result: LdapResult<'a>,
    /// The OID of the response, if its operation defines one.
    pub name: Option<&'a str>,
    /// What the operation gives; absent and empty differ.
    pub value: Option<&'a [u8]>,
}

impl<'a> ExtendedResponse<'a> {
    /// Appends the response as a message to `out`.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>]) {
        message::write(out, id, controls, |writer| self.write_operation(writer));
    }

    fn write_operation(&self, writer: &mut Writer<'_>) {
        let operation = writer.start(ResponseKind::Extended.tag());
        self.result.write(writer);
        if let Some(name) = self.name {
            writer.string(RESPONSE_NAME, name);
        }
        if let Some(value) = self.value {
            writer.octets(RESPONSE_VALUE, value);
        }
        writer.end(operation);
    }

    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let result = LdapResult::read(&mut reader)?;
        let name = reader.optional_string(RESPONSE_NAME)?;
        let value = reader.optional(RESPONSE_VALUE)?;
        reader.ignore_extensions()?;
        Ok(Self { result, name, value })
    }
}

impl fmt::Debug for ExtendedResponse<'_> {
    /// Shows no value: it may hold a generated password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExtendedResponse")
            .field("result", &self.result)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
