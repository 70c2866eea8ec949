//! The end of a bind, or of one step of it. RFC 4511 section 4.2.2.

use std::fmt;

use super::{LdapResult, ResponseKind};
use crate::ber::{Reader, Tag, Writer};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

const SERVER_CREDENTIALS: Tag = Tag::context(7);

/// How a bind ended; `saslBindInProgress` asks for the next step.
#[derive(Clone, PartialEq, Eq)]
pub struct BindResponse<'a> {
    /// The result.
    pub result: LdapResult<'a>,
    /// What the SASL mechanism says to the client; absent and empty differ.
    pub server_credentials: Option<&'a [u8]>,
}

impl<'a> BindResponse<'a> {
    /// Appends the response as a message to `out`.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>]) {
        message::write(out, id, controls, |writer| self.write_operation(writer));
    }

    fn write_operation(&self, writer: &mut Writer<'_>) {
        let operation = writer.start(ResponseKind::Bind.tag());
        self.result.write(writer);
        if let Some(credentials) = self.server_credentials {
            writer.octets(SERVER_CREDENTIALS, credentials);
        }
        writer.end(operation);
    }

    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let result = LdapResult::read(&mut reader)?;
        let server_credentials = reader.optional(SERVER_CREDENTIALS)?;
        reader.ignore_extensions()?;
        Ok(Self { result, server_credentials })
    }
}

impl fmt::Debug for BindResponse<'_> {
    /// Shows no credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BindResponse").field("result", &self.result).finish_non_exhaustive()
    }
}
