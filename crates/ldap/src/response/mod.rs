//! What a server answers: each response written to the wire and, for clients, read from it. RFC 4511 section 4.

pub mod bind;
pub mod extended;
pub mod intermediate;
pub mod result;
pub mod search_entry;
pub mod search_reference;

use crate::ber::{Reader, Tag};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};

pub use bind::BindResponse;
pub use extended::ExtendedResponse;
pub use intermediate::IntermediateResponse;
pub use result::LdapResult;
pub use search_entry::{EntryWriter, SearchEntry};
pub use search_reference::SearchReference;

/// One answer of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response<'a> {
    /// Ends a bind, or one step of it.
    Bind(BindResponse<'a>),
    /// An entry that a search found.
    SearchEntry(SearchEntry<'a>),
    /// Where a search could go on.
    SearchReference(SearchReference<'a>),
    /// Ends a search.
    SearchDone(LdapResult<'a>),
    /// Ends a modify.
    Modify(LdapResult<'a>),
    /// Ends an add.
    Add(LdapResult<'a>),
    /// Ends a delete.
    Delete(LdapResult<'a>),
    /// Ends a modify DN.
    ModifyDn(LdapResult<'a>),
    /// Ends a compare.
    Compare(LdapResult<'a>),
    /// Ends an extended operation, or is an unsolicited notification.
    Extended(ExtendedResponse<'a>),
    /// News of an operation that goes on.
    Intermediate(IntermediateResponse<'a>),
}

/// The responses that end an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseKind {
    /// Ends a bind, or one step of it.
    Bind,
    /// Ends a search.
    SearchDone,
    /// Ends a modify.
    Modify,
    /// Ends an add.
    Add,
    /// Ends a delete.
    Delete,
    /// Ends a modify DN.
    ModifyDn,
    /// Ends a compare.
    Compare,
    /// Ends an extended operation.
    Extended,
}

impl ResponseKind {
    /// The tag that the response has in its message.
    pub const fn tag(self) -> Tag {
        match self {
            Self::Bind => Tag::application_constructed(1),
            Self::SearchDone => Tag::application_constructed(5),
            Self::Modify => Tag::application_constructed(7),
            Self::Add => Tag::application_constructed(9),
            Self::Delete => Tag::application_constructed(11),
            Self::ModifyDn => Tag::application_constructed(13),
            Self::Compare => Tag::application_constructed(15),
            Self::Extended => Tag::application_constructed(24),
        }
    }
}

/// Appends the response that ends an operation and carries nothing but its result.
///
/// Every kind may be written so; [`BindResponse`] and [`ExtendedResponse`] are for those that carry more.
pub fn write_result(
    out: &mut Vec<u8>,
    id: MessageId,
    kind: ResponseKind,
    result: &LdapResult<'_>,
    controls: &[Control<'_>],
) {
    message::write(out, id, controls, |writer| {
        let operation = writer.start(kind.tag());
        result.write(writer);
        writer.end(operation);
    });
}

impl<'a> Response<'a> {
    /// Reads the contents of the operation's element.
    pub(crate) fn read(tag: Tag, contents: &'a [u8]) -> Result<Self, Malformed> {
        let reader = Reader::new(contents);
        Ok(match tag.0 {
            0x61 => Self::Bind(BindResponse::read(reader)?),
            0x64 => Self::SearchEntry(SearchEntry::read(reader)?),
            0x65 => Self::SearchDone(LdapResult::read_whole(reader)?),
            0x67 => Self::Modify(LdapResult::read_whole(reader)?),
            0x69 => Self::Add(LdapResult::read_whole(reader)?),
            0x6B => Self::Delete(LdapResult::read_whole(reader)?),
            0x6D => Self::ModifyDn(LdapResult::read_whole(reader)?),
            0x6F => Self::Compare(LdapResult::read_whole(reader)?),
            0x73 => Self::SearchReference(SearchReference::read(reader)?),
            0x78 => Self::Extended(ExtendedResponse::read(reader)?),
            0x79 => Self::Intermediate(IntermediateResponse::read(reader)?),
            _ => return Err(Malformed::UnknownOperation(tag)),
        })
    }

    /// The result that ends the operation; `None` for what comes before the end.
    pub const fn result(&self) -> Option<&LdapResult<'a>> {
        match self {
            Self::Bind(response) => Some(&response.result),
            Self::Extended(response) => Some(&response.result),
            Self::SearchDone(result)
            | Self::Modify(result)
            | Self::Add(result)
            | Self::Delete(result)
            | Self::ModifyDn(result)
            | Self::Compare(result) => Some(result),
            Self::SearchEntry(_) | Self::SearchReference(_) | Self::Intermediate(_) => None,
        }
    }
}
