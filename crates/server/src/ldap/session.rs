//! What a connection remembers between messages: who it is, what it has under way, and what waits to be sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bailiwick_domain::{Identity, Position, Protection, Requester};
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::request::RequestKind;
use bailiwick_ldap::result_code::ResultCode;

use super::mailbox::{ConnectionKey, RequestId};
use super::operation::search::SearchTask;
use super::socket::Peer;
use crate::telemetry::{Metrics, operation_name};

/// The protocol's state of one connection.
pub struct Session {
    /// Which connection it is.
    pub key: ConnectionKey,
    /// Who is at the other end.
    pub peer: Peer,
    /// Who is signed in.
    pub requester: Arc<Requester>,
    /// Whether it is the owner of the data folder, for whom the system vouches.
    pub is_owner: bool,
    /// Messages that wait to be sent.
    pub output: Vec<u8>,
    /// Operations that did not end where they began.
    pub running: Vec<Running>,
    /// Paged searches that can go on, the oldest first.
    pub pages: VecDeque<PagedSearch>,
    /// Operations that ended beside the one that was at hand; the gate has yet to hear of them.
    pub also_ended: Vec<MessageId>,
    next_request: u32,
    next_cookie: u64,
}

/// An operation that goes on elsewhere.
pub struct Running {
    /// What is known of it from the beginning.
    pub began: Began,
    /// What it does.
    pub work: Work,
}

/// What an operation is known by, for the log and the figures.
#[derive(Debug)]
pub struct Began {
    /// Its message.
    pub id: MessageId,
    /// Its kind.
    pub kind: RequestKind,
    /// Its number in the life of the process.
    pub request_id: RequestId,
    /// When it was read.
    pub at: Instant,
    /// What it is about: a DN or a bind name; empty when nobody would log it.
    pub name: String,
}

/// What an operation that goes on elsewhere does.
pub enum Work {
    /// A search in the pool, or parked here until the client has taken what is there.
    Search {
        /// Tells the worker that nobody waits any more.
        abandoned: Arc<AtomicBool>,
        /// The search while it is parked.
        parked: Option<Box<SearchTask>>,
        /// The cancel operation that waits for its end.
        cancelled_by: Option<Began>,
    },
    /// A change; once handed over it is not stopped.
    Change,
    /// A password that is being verified.
    Bind,
}

/// A search of which a client has had some pages.
pub struct PagedSearch {
    /// What the client shows to go on.
    pub cookie: u64,
    /// What the search is, see `from_wire::fingerprint`.
    pub fingerprint: u64,
    /// Where it goes on.
    pub position: Position,
    /// How many entries the client has had.
    pub sent: u32,
}

impl Session {
    /// A connection on which nobody has signed in.
    pub fn new(key: ConnectionKey, peer: Peer, encrypted: bool) -> Session {
        let protection = Protection::of(peer.ip(), encrypted);
        Session {
            key,
            peer,
            requester: Arc::new(Requester::anonymous(peer.ip(), protection)),
            is_owner: false,
            output: Vec::new(),
            running: Vec::new(),
            pages: VecDeque::new(),
            also_ended: Vec::new(),
            next_request: 0,
            next_cookie: 1,
        }
    }

    /// Forgets who was signed in.
    pub fn sign_out(&mut self, encrypted: bool) {
        let protection = Protection::of(self.peer.ip(), encrypted);
        self.requester = Arc::new(Requester::anonymous(self.peer.ip(), protection));
        self.is_owner = false;
        self.pages.clear();
    }

    /// Notes that the connection is encrypted from now on.
    pub fn protect(&mut self) {
        Arc::make_mut(&mut self.requester).protection = Protection::Encrypted;
    }

    /// Whether new passwords may come this way: nobody else can read TLS, nor the socket file of the data folder.
    pub fn takes_passwords(&self) -> bool {
        self.requester.protection == Protection::Encrypted || self.is_local()
    }

    /// Whether it came by the socket of the data folder.
    pub fn is_local(&self) -> bool {
        matches!(self.peer, Peer::Local { .. })
    }

    /// Whether somebody is signed in.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self.requester.identity, Identity::Anonymous)
    }

    /// Notes the beginning of an operation.
    pub fn begin(&mut self, id: MessageId, kind: RequestKind, at: Instant, name: String) -> Began {
        // Connections are numbered, and so are the requests of each: no counter is shared.
        let request_id = RequestId(self.key.serial << 24 | u64::from(self.next_request & 0xFF_FFFF));
        self.next_request = self.next_request.wrapping_add(1);
        Began { id, kind, request_id, at, name }
    }

    /// Counts and logs the end of an operation.
    pub fn ended(&self, metrics: &Metrics, began: &Began, code: ResultCode) {
        let took = began.at.elapsed();
        metrics.operation(began.kind, code.number(), took);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    request = began.request_id.0,
                    connection = self.key.serial,
                    client = %self.peer,
                    operation = operation_name(began.kind),
                    // Escaped, so that a name with a line break does not forge a line.
                    name = %began.name.escape_debug(),
                    result = code.number(),
                    micros,
                    "ldap"
                )
            };
        }
        match began.kind {
            RequestKind::Bind
            | RequestKind::Add
            | RequestKind::Modify
            | RequestKind::ModifyDn
            | RequestKind::Delete => line!(tracing::Level::INFO),
            _ => line!(tracing::Level::DEBUG),
        }
    }

    /// The running operation, taken out.
    pub fn take_running(&mut self, id: RequestId) -> Option<Running> {
        let index = self.running.iter().position(|running| running.began.request_id == id)?;
        Some(self.running.swap_remove(index))
    }

    /// Remembers a paged search and gives its cookie; the oldest one makes room.
    pub fn keep_page(&mut self, fingerprint: u64, position: Position, sent: u32, pages_max: usize) -> [u8; 8] {
        while self.pages.len() >= pages_max {
            self.pages.pop_front();
        }
        let cookie = self.next_cookie;
        self.next_cookie += 1;
        self.pages.push_back(PagedSearch { cookie, fingerprint, position, sent });
        cookie.to_be_bytes()
    }

    /// Takes out the paged search that a client shows the cookie of.
    pub fn take_page(&mut self, cookie: &[u8]) -> Option<PagedSearch> {
        let cookie = u64::from_be_bytes(cookie.try_into().ok()?);
        let index = self.pages.iter().position(|page| page.cookie == cookie)?;
        self.pages.remove(index)
    }

    /// Tells every worker that nobody waits any more.
    pub fn abandon_all(&mut self) {
        for running in self.running.drain(..) {
            if let Work::Search { abandoned, .. } = running.work {
                abandoned.store(true, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new(ConnectionKey { slot: 0, serial: 1 }, Peer::Network("127.0.0.1:1".parse().unwrap()), false)
    }

    #[test]
    fn a_cookie_serves_once() {
        let mut session = session();
        let cookie = session.keep_page(7, Position(vec![1]), 10, 4);
        assert_eq!(session.take_page(&cookie).map(|page| page.fingerprint), Some(7));
        assert!(session.take_page(&cookie).is_none());
        assert!(session.take_page(b"short").is_none());
    }

    #[test]
    fn the_oldest_paged_search_makes_room() {
        let mut session = session();
        let first = session.keep_page(1, Position(vec![]), 0, 2);
        let second = session.keep_page(2, Position(vec![]), 0, 2);
        let _third = session.keep_page(3, Position(vec![]), 0, 2);
        assert!(session.take_page(&first).is_none());
        assert!(session.take_page(&second).is_some());
    }
}
