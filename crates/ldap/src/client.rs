//! The client's half of one connection: requests become octets, octets become responses. RFC 4511.
//!
//! Which request a response belongs to is the caller's to know, by the id that [`Client::send`] gave.

use std::fmt;

use crate::control::Control;
use crate::frame::{self, FrameError};
use crate::input::InputBuffer;
use crate::malformed::Malformed;
use crate::message::{MessageId, ResponseMessage};
use crate::request::{self, Request};

/// How long a response may be: an entry is one message, and its values may be many.
pub const RESPONSE_OCTETS_MAX: usize = 256 * 1024 * 1024;

/// Why a connection to a server cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// What arrives is no message, or one that is too long.
    Frame(FrameError),
    /// A message cannot be read.
    Malformed(Malformed),
    /// Octets came in the clear after the response to StartTLS.
    PlaintextAfterStartTls,
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(formatter),
            Self::Malformed(malformed) => malformed.fmt(formatter),
            Self::PlaintextAfterStartTls => formatter.write_str("octets in the clear follow the response to StartTLS"),
        }
    }
}

impl std::error::Error for ClientError {}

/// The state of one connection to a server.
#[derive(Debug, Default)]
pub struct Client {
    input: InputBuffer,
    last_id: u32,
    failure: Option<ClientError>,
}

impl Client {
    /// A new connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a request to `out` and gives the id under which it is answered. Ids count up from 1 and begin again
    /// after the greatest, long after the first ones are answered.
    pub fn send(&mut self, out: &mut Vec<u8>, request: &Request<'_>, controls: &[Control<'_>]) -> MessageId {
        let id = MessageId::new(self.last_id + 1).or(MessageId::new(1)).unwrap_or(MessageId::MAX);
        self.last_id = id.number();
        request::write(out, id, request, controls);
        id
    }

    /// Space to read into, never empty.
    pub fn spare(&mut self) -> &mut [u8] {
        self.input.spare()
    }

    /// Says how many octets of [`spare`](Self::spare) were filled.
    pub fn filled(&mut self, count: usize) {
        self.input.filled(count);
    }

    /// Copies octets in, for a caller that has them in a buffer of its own.
    pub fn feed(&mut self, octets: &[u8]) {
        self.input.feed(octets);
    }

    /// The next response; `None` when more input is needed.
    ///
    /// # Errors
    /// What makes the input unusable; the same error follows ever after.
    pub fn next_response(&mut self) -> Result<Option<ResponseMessage<'_>>, ClientError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let length = match frame::next(self.input.unread(), RESPONSE_OCTETS_MAX) {
            Ok(Some(length)) => length,
            Ok(None) => return Ok(None),
            Err(error) => return Err(*self.failure.insert(ClientError::Frame(error))),
        };
        match ResponseMessage::decode(self.input.take(length)) {
            Ok(response) => Ok(Some(response)),
            Err(malformed) => Err(*self.failure.insert(ClientError::Malformed(malformed))),
        }
    }

    /// Says that StartTLS succeeded and TLS begins. Call it before the first octet from inside TLS is fed.
    ///
    /// # Errors
    /// `PlaintextAfterStartTls` when the server sent more in the clear; the same error follows ever after.
    pub fn tls_started(&mut self) -> Result<(), ClientError> {
        if self.input.unread().is_empty() {
            Ok(())
        } else {
            Err(*self.failure.insert(ClientError::PlaintextAfterStartTls))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extended::start_tls;
    use crate::request::DeleteRequest;
    use crate::response::{LdapResult, Response, ResponseKind, write_result};

    fn written_id(client: &mut Client) -> u32 {
        let request = Request::Delete(DeleteRequest { entry: "" });
        client.send(&mut Vec::new(), &request, &[]).number()
    }

    #[test]
    fn ids_count_up_from_one_and_begin_again() {
        let mut client = Client::new();
        assert_eq!(written_id(&mut client), 1);
        assert_eq!(written_id(&mut client), 2);
        client.last_id = MessageId::MAX.number() - 1;
        assert_eq!(written_id(&mut client), MessageId::MAX.number());
        assert_eq!(written_id(&mut client), 1);
    }

    #[test]
    fn responses_come_out_one_by_one_however_they_arrive() {
        let mut octets = Vec::new();
        for number in 1..=3 {
            let id = MessageId::new(number).unwrap();
            write_result(&mut octets, id, ResponseKind::Delete, &LdapResult::SUCCESS, &[]);
        }
        let mut client = Client::new();
        let mut ids = Vec::new();
        for octet in octets {
            client.feed(&[octet]);
            while let Some(response) = client.next_response().unwrap() {
                assert_eq!(response.operation, Response::Delete(LdapResult::SUCCESS));
                ids.push(response.id.number());
            }
        }
        assert_eq!(ids, [1, 2, 3]);
    }

    #[test]
    fn a_failure_stays() {
        let mut client = Client::new();
        client.feed(b"\x30\x00\x30\x00");
        let failure = Err(ClientError::Malformed(Malformed::Truncated));
        assert_eq!(client.next_response(), failure);
        client.feed(b"\x30\x00");
        assert_eq!(client.next_response(), failure);
    }

    #[test]
    fn octets_in_the_clear_after_start_tls_are_a_failure() {
        let mut client = Client::new();
        client.send(&mut Vec::new(), &Request::Extended(start_tls::request()), &[]);
        client.feed(b"\x30");
        let failure = Err(ClientError::PlaintextAfterStartTls);
        assert_eq!(client.tls_started(), failure);
        assert!(client.next_response().is_err());
    }
}
