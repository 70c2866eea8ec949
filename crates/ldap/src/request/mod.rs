//! What a client may ask for: one operation per file, each read from the wire and written to it. RFC 4511 section 4.

pub mod abandon;
pub mod add;
mod attribute;
pub mod bind;
pub mod compare;
pub mod delete;
pub mod extended;
mod filter;
pub mod modify;
pub mod modify_dn;
pub mod search;
pub mod unbind;

use crate::ber::{Reader, Tag, Writer};
use crate::control::Control;
use crate::malformed::Malformed;
use crate::message::{self, MessageId};
use crate::response::ResponseKind;

pub use abandon::AbandonRequest;
pub use add::AddRequest;
pub use attribute::{ATTRIBUTES_PER_ADD_MAX, MODIFICATIONS_PER_MODIFY_MAX, VALUES_PER_REQUEST_MAX};
pub use bind::{Authentication, BindRequest};
pub use compare::CompareRequest;
pub use delete::DeleteRequest;
pub use extended::ExtendedRequest;
pub use modify::ModifyRequest;
pub use modify_dn::ModifyDnRequest;
pub use search::{DereferenceAliases, Scope, SearchRequest};

/// One operation of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Sign in.
    Bind(BindRequest<'a>),
    /// End the connection.
    Unbind,
    /// Read entries.
    Search(SearchRequest<'a>),
    /// Change an entry.
    Modify(ModifyRequest<'a>),
    /// Make an entry.
    Add(AddRequest<'a>),
    /// Remove an entry.
    Delete(DeleteRequest<'a>),
    /// Rename or move an entry.
    ModifyDn(ModifyDnRequest<'a>),
    /// Ask whether an entry has a value.
    Compare(CompareRequest<'a>),
    /// Give up an operation.
    Abandon(AbandonRequest),
    /// An operation that its OID names.
    Extended(ExtendedRequest<'a>),
}

/// Which operation a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// Sign in.
    Bind,
    /// End the connection.
    Unbind,
    /// Read entries.
    Search,
    /// Change an entry.
    Modify,
    /// Make an entry.
    Add,
    /// Remove an entry.
    Delete,
    /// Rename or move an entry.
    ModifyDn,
    /// Ask whether an entry has a value.
    Compare,
    /// Give up an operation.
    Abandon,
    /// An operation that its OID names.
    Extended,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Bind,
        Self::Unbind,
        Self::Search,
        Self::Modify,
        Self::Add,
        Self::Delete,
        Self::ModifyDn,
        Self::Compare,
        Self::Abandon,
        Self::Extended,
    ];

    /// The tag that the request has in its message.
    pub const fn tag(self) -> Tag {
        match self {
            Self::Bind => Tag::application_constructed(0),
            Self::Unbind => Tag::application(2),
            Self::Search => Tag::application_constructed(3),
            Self::Modify => Tag::application_constructed(6),
            Self::Add => Tag::application_constructed(8),
            Self::Delete => Tag::application(10),
            Self::ModifyDn => Tag::application_constructed(12),
            Self::Compare => Tag::application_constructed(14),
            Self::Abandon => Tag::application(16),
            Self::Extended => Tag::application_constructed(23),
        }
    }

    /// The kind with this tag; `None` when no request has it.
    #[inline]
    pub const fn from_tag(tag: Tag) -> Option<Self> {
        Some(match tag.0 {
            0x60 => Self::Bind,
            0x42 => Self::Unbind,
            0x63 => Self::Search,
            0x66 => Self::Modify,
            0x68 => Self::Add,
            0x4A => Self::Delete,
            0x6C => Self::ModifyDn,
            0x6E => Self::Compare,
            0x50 => Self::Abandon,
            0x77 => Self::Extended,
            _ => return None,
        })
    }

    /// The response that ends the operation; `None` for unbind and abandon, which nothing answers.
    pub const fn response(self) -> Option<ResponseKind> {
        Some(match self {
            Self::Bind => ResponseKind::Bind,
            Self::Search => ResponseKind::SearchDone,
            Self::Modify => ResponseKind::Modify,
            Self::Add => ResponseKind::Add,
            Self::Delete => ResponseKind::Delete,
            Self::ModifyDn => ResponseKind::ModifyDn,
            Self::Compare => ResponseKind::Compare,
            Self::Extended => ResponseKind::Extended,
            Self::Unbind | Self::Abandon => return None,
        })
    }
}

impl<'a> Request<'a> {
    /// Which operation this is.
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Bind(_) => RequestKind::Bind,
            Self::Unbind => RequestKind::Unbind,
            Self::Search(_) => RequestKind::Search,
            Self::Modify(_) => RequestKind::Modify,
            Self::Add(_) => RequestKind::Add,
            Self::Delete(_) => RequestKind::Delete,
            Self::ModifyDn(_) => RequestKind::ModifyDn,
            Self::Compare(_) => RequestKind::Compare,
            Self::Abandon(_) => RequestKind::Abandon,
            Self::Extended(_) => RequestKind::Extended,
        }
    }

    /// Reads the contents of the operation's element.
    #[inline]
    pub(crate) fn read(kind: RequestKind, contents: &'a [u8]) -> Result<Self, Malformed> {
        let reader = Reader::new(contents);
        Ok(match kind {
            RequestKind::Bind => Self::Bind(BindRequest::read(reader)?),
            RequestKind::Unbind => {
                unbind::read(contents)?;
                Self::Unbind
            }
            RequestKind::Search => Self::Search(SearchRequest::read(reader)?),
            RequestKind::Modify => Self::Modify(ModifyRequest::read(reader)?),
            RequestKind::Add => Self::Add(AddRequest::read(reader)?),
            RequestKind::Delete => Self::Delete(DeleteRequest::read(contents)?),
            RequestKind::ModifyDn => Self::ModifyDn(ModifyDnRequest::read(reader)?),
            RequestKind::Compare => Self::Compare(CompareRequest::read(reader)?),
            RequestKind::Abandon => Self::Abandon(AbandonRequest::read(contents)?),
            RequestKind::Extended => Self::Extended(ExtendedRequest::read(reader)?),
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        let tag = self.kind().tag();
        match self {
            Self::Unbind => unbind::write(writer, tag),
            Self::Delete(request) => request.write(writer, tag),
            Self::Abandon(request) => request.write(writer, tag),
            _ => {
                let operation = writer.start(tag);
                match self {
                    Self::Bind(request) => request.write(writer),
                    Self::Search(request) => request.write(writer),
                    Self::Modify(request) => request.write(writer),
                    Self::Add(request) => request.write(writer),
                    Self::ModifyDn(request) => request.write(writer),
                    Self::Compare(request) => request.write(writer),
                    Self::Extended(request) => request.write(writer),
                    Self::Unbind | Self::Delete(_) | Self::Abandon(_) => {}
                }
                writer.end(operation);
            }
        }
    }
}

/// Appends a request message to `out`.
pub fn write(out: &mut Vec<u8>, id: MessageId, request: &Request<'_>, controls: &[Control<'_>]) {
    message::write(out, id, controls, |writer| request.write(writer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_tag() {
        for kind in RequestKind::ALL {
            assert_eq!(RequestKind::from_tag(kind.tag()), Some(kind));
        }
    }

    #[test]
    fn no_tag_of_a_response_is_a_request() {
        for kind in RequestKind::ALL {
            if let Some(response) = kind.response() {
                assert_eq!(RequestKind::from_tag(response.tag()), None);
            }
        }
    }
}
