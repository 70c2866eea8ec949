//! The LDAPMessage: an id, an operation, and controls. RFC 4511 section 4.1.1.
//!
//! A message is read in two steps: the envelope, whose faults end the connection, and the body, whose faults are
//! answered with protocolError under the message's id.

use std::fmt;

use crate::ber::{Mark, Reader, Tag, Writer};
use crate::control::{self, Control, Controls};
use crate::malformed::Malformed;
use crate::request::{Request, RequestKind};
use crate::response::Response;

/// The number by which a client tells its operations apart: 0 to 2147483647, where 0 marks messages that the server
/// sends unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(u32);

impl MessageId {
    /// The id of notifications that answer no request.
    pub const UNSOLICITED: Self = Self(0);
    /// The greatest id.
    pub const MAX: Self = Self(0x7FFF_FFFF);

    /// The id with this number; `None` above 2147483647.
    pub const fn new(number: u32) -> Option<Self> {
        if number <= Self::MAX.0 { Some(Self(number)) } else { None }
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Reads the contents of an INTEGER.
    pub(crate) fn read(contents: &[u8]) -> Result<Self, Malformed> {
        crate::ber::unsigned(contents).map(Self).map_err(|_| Malformed::MessageId)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A message from a client, borrowing from the buffer it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMessage<'a> {
    /// The id, never zero.
    pub id: MessageId,
    /// What is asked for.
    pub operation: Request<'a>,
    /// The controls, in the client's order.
    pub controls: Controls<'a>,
}

/// Why a message from a client could not be decoded, by what must follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Nothing can be answered: a notice of disconnection follows, and the connection ends. RFC 4511 section 4.1.1.
    Envelope(Malformed),
    /// The operation is answered with protocolError under its id; the connection goes on.
    Operation {
        /// The id of the message.
        id: MessageId,
        /// Which operation it is, and thereby which response answers it.
        kind: RequestKind,
        /// What is wrong.
        malformed: Malformed,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Envelope(malformed) => write!(formatter, "unreadable message: {malformed}"),
            Self::Operation { id, kind, malformed } => {
                write!(formatter, "unreadable {kind:?} request {id}: {malformed}")
            }
        }
    }
}

impl std::error::Error for DecodeError {}

impl<'a> RequestMessage<'a> {
    /// Decodes one whole message, as found by [`crate::frame::next`].
    ///
    /// # Errors
    /// `Envelope` when id or operation cannot be told, or octets follow the message; `Operation` for all else.
    #[inline]
    pub fn decode(message: &'a [u8]) -> Result<Self, DecodeError> {
        Envelope::read(message).map_err(DecodeError::Envelope)?.decode()
    }

    /// Appends the message to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        crate::request::write(out, self.id, &self.operation, self.controls.as_slice());
    }
}

/// A request whose id and operation are known and whose body is still unread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub id: MessageId,
    pub kind: RequestKind,
    contents: &'a [u8],
    rest: Reader<'a>,
}

impl<'a> Envelope<'a> {
    #[inline]
    pub(crate) fn read(message: &'a [u8]) -> Result<Self, Malformed> {
        let (id, tag, contents, rest) = open(message)?;
        if id == MessageId::UNSOLICITED {
            return Err(Malformed::MessageId);
        }
        let kind = RequestKind::from_tag(tag).ok_or(Malformed::UnknownOperation(tag))?;
        Ok(Self { id, kind, contents, rest })
    }

    #[inline]
    pub(crate) fn decode(self) -> Result<RequestMessage<'a>, DecodeError> {
        let Self { id, kind, contents, rest } = self;
        let malformed = |malformed| DecodeError::Operation { id, kind, malformed };
        Ok(RequestMessage {
            id,
            operation: Request::read(kind, contents).map_err(malformed)?,
            controls: control::read(rest).map_err(malformed)?,
        })
    }
}

/// A message from a server, borrowing from the buffer it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseMessage<'a> {
    /// The id of the request it answers; zero for an unsolicited notification.
    pub id: MessageId,
    /// The answer.
    pub operation: Response<'a>,
    /// The controls, in the server's order.
    pub controls: Controls<'a>,
}

impl<'a> ResponseMessage<'a> {
    /// Decodes one whole message, as found by [`crate::frame::next`].
    ///
    /// # Errors
    /// What is wrong with it. A client ends the connection after any.
    pub fn decode(message: &'a [u8]) -> Result<Self, Malformed> {
        let (id, tag, contents, rest) = open(message)?;
        Ok(Self { id, operation: Response::read(tag, contents)?, controls: control::read(rest)? })
    }
}

/// Takes a message apart: id, tag and contents of the operation, and what follows it.
#[inline]
fn open(message: &[u8]) -> Result<(MessageId, Tag, &[u8], Reader<'_>), Malformed> {
    let mut outer = Reader::new(message);
    let mut inner = outer.constructed(Tag::SEQUENCE)?;
    outer.end()?;
    let id = MessageId::read(inner.expect(Tag::INTEGER)?)?;
    let (tag, contents) = inner.element()?;
    Ok((id, tag, contents, inner))
}

/// Appends a message whose operation `write` appends.
#[inline]
pub(crate) fn write(out: &mut Vec<u8>, id: MessageId, controls: &[Control<'_>], write: impl FnOnce(&mut Writer<'_>)) {
    let mut writer = Writer::new(out);
    let message = start(&mut writer, id);
    write(&mut writer);
    control::write(&mut writer, controls);
    writer.end(message);
}

/// Opens a message and writes its id.
#[inline]
pub(crate) fn start(writer: &mut Writer<'_>, id: MessageId) -> Mark {
    let message = writer.start(Tag::SEQUENCE);
    writer.integer(Tag::INTEGER, i64::from(id.number()));
    message
}
