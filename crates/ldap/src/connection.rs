//! The server's half of one connection: which message may be processed when. RFC 4511 sections 3.1, 4.2.1, 4.11, 4.14.
//!
//! Octets go in, events come out; the driver owns the socket, runs the operations and writes the responses. What the
//! connection keeps is small: the input buffer, the ids of operations that run, and whether a bind or StartTLS runs.

use std::fmt;

use crate::extended::start_tls;
use crate::frame::{self, FrameError};
use crate::input::InputBuffer;
use crate::malformed::Malformed;
use crate::message::{DecodeError, Envelope, MessageId, RequestMessage};
use crate::request::{Request, RequestKind};
use crate::response::ResponseKind;
use crate::result_code::ResultCode;

/// How long a message may be before anybody has signed in.
pub const MESSAGE_OCTETS_UNAUTHENTICATED_MAX: usize = 256 * 1024;
/// How long a message may be afterwards.
pub const MESSAGE_OCTETS_AUTHENTICATED_MAX: usize = 16 * 1024 * 1024;
/// How many operations of one connection may run at once.
pub const OUTSTANDING_REQUESTS_MAX: usize = 128;
/// How many octets are read ahead while the next message has to wait.
pub const READ_AHEAD_OCTETS_MAX: usize = 64 * 1024;

/// The limits of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest message before anybody has signed in.
    pub message_octets_unauthenticated_max: usize,
    /// The longest message afterwards.
    pub message_octets_authenticated_max: usize,
    /// The most operations at once; when they run, further requests wait in the input.
    pub outstanding_requests_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_octets_unauthenticated_max: MESSAGE_OCTETS_UNAUTHENTICATED_MAX,
            message_octets_authenticated_max: MESSAGE_OCTETS_AUTHENTICATED_MAX,
            outstanding_requests_max: OUTSTANDING_REQUESTS_MAX,
        }
    }
}

/// What the driver has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Run the operation, write its response, then call [`Connection::finish`]. It is never an unbind or abandon.
    Request(RequestMessage<'a>),
    /// Stop this running operation, write no response to it, then call [`Connection::finish`] with its id.
    Abandon(MessageId),
    /// Answer with this code; the operation is not begun and not finished.
    Refuse {
        /// The id to answer under.
        id: MessageId,
        /// The response to answer with.
        response: ResponseKind,
        /// Why.
        refusal: Refusal,
    },
    /// The client leaves: stop everything and close. No event follows.
    Unbind,
    /// Write a notice of disconnection with protocolError and close. No event follows.
    Disconnect(Violation),
}

/// Why a request is answered without being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its body cannot be read.
    Malformed(Malformed),
    /// An operation with its id still runs.
    IdInUse,
    /// StartTLS on a connection that has TLS.
    TlsActive,
    /// StartTLS while operations run.
    OperationsOutstanding,
}

impl Refusal {
    /// The code to answer with.
    pub const fn result_code(self) -> ResultCode {
        match self {
            Self::Malformed(_) | Self::IdInUse => ResultCode::ProtocolError,
            // RFC 4511 section 4.14.2.
            Self::TlsActive | Self::OperationsOutstanding => ResultCode::OperationsError,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(malformed) => malformed.fmt(formatter),
            Self::IdInUse => formatter.write_str("an operation with this id still runs"),
            Self::TlsActive => formatter.write_str("TLS is already active"),
            Self::OperationsOutstanding => formatter.write_str("operations are still running"),
        }
    }
}

/// Why a connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// What arrives is no message, or one that is too long.
    Frame(FrameError),
    /// Id or operation of a message cannot be read.
    Envelope(Malformed),
    /// Octets came in the clear after a StartTLS request; using them would let an attacker speak for the client.
    PlaintextAfterStartTls,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(formatter),
            Self::Envelope(malformed) => malformed.fmt(formatter),
            Self::PlaintextAfterStartTls => formatter.write_str("octets in the clear follow a StartTLS request"),
        }
    }
}

impl std::error::Error for Violation {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Operations may begin.
    Open,
    /// This bind runs, and nothing else may.
    Bind(MessageId),
    /// This StartTLS runs, and nothing else may.
    StartTls(MessageId),
    /// Nothing more is read.
    Closed,
}

/// The state of one connection.
///
/// The driver's loop: read into [`spare`](Self::spare), say [`filled`](Self::filled), take events with
/// [`next_event`](Self::next_event) until there is none, and read again while [`wants_input`](Self::wants_input).
/// A request that waits comes out by itself after the [`finish`](Self::finish) that it waits for.
#[derive(Debug)]
pub struct Connection {
    input: InputBuffer,
    limits: Limits,
    phase: Phase,
    tls: bool,
    authenticated: bool,
    outstanding: Vec<MessageId>,
}

impl Connection {
    /// A connection in the clear, on which StartTLS is possible.
    pub fn in_clear(limits: Limits) -> Self {
        Self {
            input: InputBuffer::default(),
            limits,
            phase: Phase::Open,
            tls: false,
            authenticated: false,
            outstanding: Vec::new(),
        }
    }

    /// A connection that is under TLS from its beginning.
    pub fn over_tls(limits: Limits) -> Self {
        Self { tls: true, ..Self::in_clear(limits) }
    }

    /// Space to read into, never empty.
    pub fn spare(&mut self) -> &mut [u8] {
        self.input.spare()
    }

    /// Says how many octets of [`spare`](Self::spare) were filled.
    pub fn filled(&mut self, count: usize) {
        self.input.filled(count);
    }

    /// Copies octets in, for a driver that has them in a buffer of its own.
    pub fn feed(&mut self, octets: &[u8]) {
        self.input.feed(octets);
    }

    /// Whether the driver should read from the socket. While messages wait, reading ahead is bounded, so that a client
    /// which sends faster than it is served fills its own buffers and not ours.
    pub fn wants_input(&self) -> bool {
        let unread = self.input.unread();
        match self.phase {
            Phase::Closed | Phase::StartTls(_) => false,
            Phase::Open | Phase::Bind(_) if unread.len() < READ_AHEAD_OCTETS_MAX => true,
            Phase::Open | Phase::Bind(_) => {
                matches!(frame::next(unread, self.message_octets_max()), Ok(None))
            }
        }
    }

    /// What to do next; `None` when more input is needed or the next message has to wait.
    pub fn next_event(&mut self) -> Option<Event<'_>> {
        loop {
            if self.phase != Phase::Open {
                return None;
            }
            let unread = self.input.unread();
            let length = match frame::next(unread, self.message_octets_max()) {
                Ok(length) => length?,
                Err(error) => return Some(self.disconnect(Violation::Frame(error))),
            };
            let envelope = match Envelope::read(&unread[..length]) {
                Ok(envelope) => envelope,
                Err(malformed) => return Some(self.disconnect(Violation::Envelope(malformed))),
            };
            let Some(response) = envelope.kind.response() else {
                if envelope.kind == RequestKind::Unbind {
                    self.close();
                    return Some(Event::Unbind);
                }
                // An abandon of nothing that runs, or one that cannot be read, has no effect and no answer.
                let target = abandoned(envelope).filter(|id| self.is_outstanding(*id));
                self.input.take(length);
                match target {
                    Some(target) => return Some(Event::Abandon(target)),
                    None => continue,
                }
            };
            if self.must_wait(envelope.kind) {
                return None;
            }
            return Some(self.request(length, response));
        }
    }

    /// A bind waits until all else has finished (RFC 4511 section 4.2.1), and everything waits for a free place.
    fn must_wait(&self, kind: RequestKind) -> bool {
        match kind {
            RequestKind::Bind => !self.outstanding.is_empty(),
            _ => self.outstanding.len() >= self.limits.outstanding_requests_max.max(1),
        }
    }

    /// Consumes a request that `response` answers, and begins it unless there is a reason to refuse it.
    fn request(&mut self, length: usize, response: ResponseKind) -> Event<'_> {
        // What follows the request is looked at before the request borrows the buffer.
        let more_follows = self.input.unread().len() > length;
        let message = match RequestMessage::decode(self.input.take(length)) {
            Ok(message) => message,
            Err(DecodeError::Envelope(malformed)) => {
                self.phase = Phase::Closed;
                return Event::Disconnect(Violation::Envelope(malformed));
            }
            Err(DecodeError::Operation { id, malformed, .. }) => {
                return Event::Refuse { id, response, refusal: Refusal::Malformed(malformed) };
            }
        };
        let id = message.id;
        let refuse = |refusal| Event::Refuse { id, response, refusal };
        if self.outstanding.contains(&id) {
            return refuse(Refusal::IdInUse);
        }
        match &message.operation {
            Request::Bind(_) => self.phase = Phase::Bind(id),
            Request::Extended(extended) if extended.name == start_tls::OID => {
                if let Err(malformed) = start_tls::decode(extended.value) {
                    return refuse(Refusal::Malformed(malformed));
                }
                if self.tls {
                    return refuse(Refusal::TlsActive);
                }
                if !self.outstanding.is_empty() {
                    return refuse(Refusal::OperationsOutstanding);
                }
                if more_follows {
                    self.phase = Phase::Closed;
                    return Event::Disconnect(Violation::PlaintextAfterStartTls);
                }
                self.phase = Phase::StartTls(id);
            }
            _ => {}
        }
        self.outstanding.push(id);
        Event::Request(message)
    }

    /// Says that an operation has ended: its last response is written, or it was abandoned. For StartTLS this means
    /// that it was refused; after success call [`tls_started`](Self::tls_started).
    pub fn finish(&mut self, id: MessageId) {
        if let Some(index) = self.outstanding.iter().position(|other| *other == id) {
            self.outstanding.swap_remove(index);
        }
        if self.phase == Phase::Bind(id) || self.phase == Phase::StartTls(id) {
            self.phase = Phase::Open;
        }
    }

    /// Says that the response to StartTLS was sent in the clear and that TLS begins. Call it before the first octet
    /// from inside TLS is fed.
    ///
    /// # Errors
    /// `PlaintextAfterStartTls` when the client sent more in the clear; the connection is closed.
    pub fn tls_started(&mut self) -> Result<(), Violation> {
        if !self.input.unread().is_empty() {
            self.close();
            return Err(Violation::PlaintextAfterStartTls);
        }
        if let Phase::StartTls(id) = self.phase {
            self.finish(id);
        }
        self.tls = true;
        Ok(())
    }

    /// Says whether somebody is signed in; the limit of the message size depends on it. Call it after each bind,
    /// before the next event is taken.
    pub fn set_authenticated(&mut self, authenticated: bool) {
        self.authenticated = authenticated;
    }

    /// Whether an operation with this id runs.
    pub fn is_outstanding(&self, id: MessageId) -> bool {
        self.outstanding.contains(&id)
    }

    /// The operations that run, in no order.
    pub fn outstanding(&self) -> &[MessageId] {
        &self.outstanding
    }

    /// Whether the connection is under TLS.
    pub const fn is_tls(&self) -> bool {
        self.tls
    }

    /// Whether nothing more is read: after unbind, after a violation, after [`close`](Self::close).
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Stops reading and forgets what was read; operations that run may still be finished.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
        self.input.clear();
    }

    /// Frees the input buffer of an idle connection; it comes back with the next input.
    pub fn release_memory(&mut self) {
        self.input.release();
    }

    fn message_octets_max(&self) -> usize {
        if self.authenticated {
            self.limits.message_octets_authenticated_max
        } else {
            self.limits.message_octets_unauthenticated_max
        }
    }

    fn disconnect(&mut self, violation: Violation) -> Event<'static> {
        self.close();
        Event::Disconnect(violation)
    }
}

fn abandoned(envelope: Envelope<'_>) -> Option<MessageId> {
    match envelope.decode().ok()?.operation {
        Request::Abandon(abandon) => Some(abandon.target),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
