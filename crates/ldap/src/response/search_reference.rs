//! Where a search could go on. RFC 4511 section 4.5.3.

use super::result;
use crate::ber::{Reader, Tag, Writer};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

const OPERATION: Tag = Tag::application_constructed(19);

/// Addresses of servers that hold a part of what the search is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchReference<'a> {
    /// The LDAP URLs, each an equal alternative; at least one.
    pub addresses: Vec<&'a str>,
}

impl<'a> SearchReference<'a> {
    /// Appends the response as a message to `out`.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>]) {
        message::write(out, id, controls, |writer| self.write_operation(writer));
    }

    fn write_operation(&self, writer: &mut Writer<'_>) {
        let operation = writer.start(OPERATION);
        for address in &self.addresses {
            writer.string(Tag::OCTET_STRING, address);
        }
        writer.end(operation);
    }

    pub(super) fn read(reader: Reader<'a>) -> Result<Self, Malformed> {
        let addresses = result::read_addresses(reader)?;
        if addresses.is_empty() {
            return Err(Malformed::Truncated);
        }
        Ok(Self { addresses })
    }
}
