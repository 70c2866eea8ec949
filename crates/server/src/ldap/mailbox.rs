//! How results come back to an event loop from the pools, and connections from the loop that accepts.

use std::sync::Arc;

use bailiwick_domain::{Error, Password, Requester};
use mio::Waker;
use parking_lot::Mutex;
use zeroize::Zeroizing;

use super::admission::Permit;
use super::operation::search::{SearchTask, Turn};
use super::socket::{Peer, Socket};
use crate::telemetry::ListenerLabel;

/// Which connection something is for. The serial tells apart connections that had the same slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionKey {
    /// Its place in the loop.
    pub slot: usize,
    /// Its number in the life of the process.
    pub serial: u64,
}

/// Which operation something is for. Message ids are no good for it: a client may use one again as soon as it has
/// abandoned the operation, while a worker still has that in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub u64);

/// What arrives in a mailbox.
pub enum Delivery {
    /// A connection to serve.
    Connection(Accepted),
    /// The outcome of work that was done elsewhere.
    Outcome(ConnectionKey, RequestId, Outcome),
}

/// A connection as it was accepted.
pub struct Accepted {
    /// The socket.
    pub socket: Socket,
    /// Who is at the other end.
    pub peer: Peer,
    /// Which port it came to.
    pub label: ListenerLabel,
    /// Its place among the connections.
    pub permit: Permit,
}

/// What became of work that was done elsewhere.
pub enum Outcome {
    /// A search did a slice: entries to send, and whether there is more to do.
    Slice(Box<SearchTask>, Turn),
    /// A change was applied or refused.
    Changed(Result<(), Error>),
    /// A password was set, or not; with the password if it was made here.
    PasswordSet(Result<Option<Password>, Error>),
    /// What came of administration of the host, in its form for the socket.
    Administered(Zeroizing<Vec<u8>>),
    /// A password was verified.
    Bound(Result<Requester, Error>),
    /// The work was lost: its thread tripped over a mistake of ours.
    Lost,
}

/// The way into one event loop.
pub struct Mailbox {
    deliveries: Mutex<Vec<Delivery>>,
    waker: Waker,
}

impl Mailbox {
    /// An empty one.
    pub fn new(waker: Waker) -> Mailbox {
        Mailbox { deliveries: Mutex::default(), waker }
    }

    /// Puts something in and wakes the loop if it may sleep.
    pub fn put(&self, delivery: Delivery) {
        let was_empty = {
            let mut deliveries = self.deliveries.lock();
            deliveries.push(delivery);
            deliveries.len() == 1
        };
        if was_empty {
            self.wake();
        }
    }

    /// Takes everything out, into an empty buffer that is handed back with each call.
    pub fn take(&self, into: &mut Vec<Delivery>) {
        std::mem::swap(&mut *self.deliveries.lock(), into);
    }

    /// Wakes the loop.
    pub fn wake(&self) {
        // It fails only when the loop is gone, and then nobody is left to wake.
        let _ = self.waker.wake();
    }
}

/// The duty to say how one operation ended. Dropped without an answer, it answers `Lost`, so that an operation never
/// hangs because a thread tripped.
pub struct Reply {
    mailbox: Arc<Mailbox>,
    key: ConnectionKey,
    id: RequestId,
    answered: bool,
}

impl Reply {
    /// The duty to answer an operation of the connection.
    pub fn new(mailbox: Arc<Mailbox>, key: ConnectionKey, id: RequestId) -> Reply {
        Reply { mailbox, key, id, answered: false }
    }

    /// Whose turn the work is.
    pub fn owner(&self) -> u64 {
        self.key.serial
    }

    /// Answers.
    pub fn send(mut self, outcome: Outcome) {
        self.answered = true;
        self.mailbox.put(Delivery::Outcome(self.key, self.id, outcome));
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if !self.answered {
            self.mailbox.put(Delivery::Outcome(self.key, self.id, Outcome::Lost));
        }
    }
}
