//! One thread's loop: sockets that are ready, results that have come back, and the passing of time.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bailiwick_ldap::extended::notice_of_disconnection;
use bailiwick_ldap::response::LdapResult;
use bailiwick_ldap::result_code::ResultCode;
use mio::{Events, Interest, Poll, Token};

use super::connection::{Connection, Next};
use super::mailbox::{Accepted, ConnectionKey, Delivery, Mailbox};
use super::service::Service;
use super::socket::{Listener, Peer, Socket};
use crate::shutdown::Shutdown;
use crate::telemetry::{ListenerLabel, Refusal};

/// The token of the mailbox.
pub const WAKER: Token = Token(0);
/// The token of the first listener.
const LISTENER_FIRST: usize = 1;
/// The token of the first connection.
const CONNECTION_FIRST: usize = 16;
/// How many events are taken from the system at once.
const EVENTS_MAX: usize = 1024;
/// How often connections are looked at for what time does to them.
const TICK: Duration = Duration::from_secs(1);
/// How many connections are accepted before others have a turn.
const ACCEPTS_PER_TURN_MAX: usize = 64;

/// Numbers connections through the life of the process.
static NEXT_SERIAL: AtomicU64 = AtomicU64::new(1);

/// An event loop with its connections.
pub struct EventLoop {
    poll: Poll,
    index: usize,
    listeners: Vec<(Listener, ListenerLabel)>,
    /// Every loop's mailbox; ours is at our index.
    mailboxes: Vec<Arc<Mailbox>>,
    mailbox: Arc<Mailbox>,
    service: Arc<Service>,
    shutdown: Shutdown,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    /// Slots whose connections have something to do now.
    ready: VecDeque<usize>,
    next_loop: usize,
    /// An accept failed for want of something; try again with the next tick.
    accept_later: bool,
    /// When everything must be over, once stopping was asked for.
    stop_at: Option<Instant>,
}

impl EventLoop {
    /// A loop that accepts from these listeners, for itself and the others.
    ///
    /// # Errors
    /// The listeners cannot be watched.
    pub fn new(
        poll: Poll,
        index: usize,
        listeners: Vec<(Listener, ListenerLabel)>,
        mailboxes: Vec<Arc<Mailbox>>,
        service: Arc<Service>,
        shutdown: Shutdown,
    ) -> std::io::Result<EventLoop> {
        let mut watched = Vec::with_capacity(listeners.len());
        for (offset, (mut listener, label)) in listeners.into_iter().enumerate() {
            poll.registry().register(&mut listener, Token(LISTENER_FIRST + offset), Interest::READABLE)?;
            watched.push((listener, label));
        }
        Ok(EventLoop {
            poll,
            index,
            listeners: watched,
            mailbox: Arc::clone(&mailboxes[index]),
            mailboxes,
            service,
            shutdown,
            connections: Vec::new(),
            free: Vec::new(),
            ready: VecDeque::new(),
            next_loop: 0,
            accept_later: false,
            stop_at: None,
        })
    }

    /// Runs until stopping was asked for and every connection has ended.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut deliveries = Vec::new();
        let mut next_tick = Instant::now() + TICK;
        loop {
            if let Err(error) = self.poll.poll(&mut events, self.timeout(next_tick))
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the event loop cannot wait for events");
                return;
            }
            let now = Instant::now();
            for event in &events {
                match event.token() {
                    WAKER => {}
                    Token(token) if token < CONNECTION_FIRST => self.accept(token - LISTENER_FIRST),
                    Token(token) => self.note(token - CONNECTION_FIRST, event),
                }
            }
            self.open_mailbox(&mut deliveries, now);
            if self.shutdown.is_asked() && self.stop_at.is_none() {
                self.stop(now);
            }
            if now >= next_tick {
                next_tick = now + TICK;
                self.tick(now);
            }
            // Each connection that was ready when the round began has one turn; the others wait for the next round.
            for _ in 0..self.ready.len() {
                if let Some(slot) = self.ready.pop_front() {
                    self.turn(slot, now);
                }
            }
            if self.stop_at.is_some_and(|stop_at| self.is_empty() || now >= stop_at) {
                return;
            }
        }
    }

    fn timeout(&self, next_tick: Instant) -> Option<Duration> {
        if !self.ready.is_empty() {
            return Some(Duration::ZERO);
        }
        let must_tick = !self.is_empty() || self.accept_later || self.stop_at.is_some();
        must_tick.then(|| next_tick.saturating_duration_since(Instant::now()))
    }

    fn is_empty(&self) -> bool {
        self.free.len() == self.connections.len()
    }

    /// Notes what the system says of a socket.
    fn note(&mut self, slot: usize, event: &mio::event::Event) {
        let Some(Some(connection)) = self.connections.get_mut(slot) else { return };
        let transport = connection.transport();
        transport.readable |= event.is_readable() || event.is_read_closed() || event.is_error();
        transport.writable |= event.is_writable() || event.is_write_closed() || event.is_error();
        self.ready.push_back(slot);
    }

    fn open_mailbox(&mut self, deliveries: &mut Vec<Delivery>, now: Instant) {
        self.mailbox.take(deliveries);
        for delivery in deliveries.drain(..) {
            match delivery {
                Delivery::Connection(accepted) => self.adopt(accepted, now),
                Delivery::Outcome(key, id, outcome) => {
                    let Some(Some(connection)) = self.connections.get_mut(key.slot) else { continue };
                    if connection.key() == key {
                        connection.deliver(&self.service, &self.mailbox, id, outcome);
                        self.ready.push_back(key.slot);
                    }
                }
            }
        }
    }

    fn turn(&mut self, slot: usize, now: Instant) {
        let Some(Some(connection)) = self.connections.get_mut(slot) else { return };
        // A mistake of ours in one request must not end every connection of this thread; the panic hook reports it.
        let turn = AssertUnwindSafe(|| connection.turn(&self.service, &self.mailbox, now));
        match catch_unwind(turn) {
            Ok(Next::Wait) => {}
            Ok(Next::Again) => self.ready.push_back(slot),
            Ok(Next::Close) | Err(_) => self.close(slot),
        }
    }

    fn close(&mut self, slot: usize) {
        let Some(mut connection) = self.connections.get_mut(slot).and_then(Option::take) else { return };
        connection.abandon_all();
        // It fails only for a socket that is not watched, which is what we want.
        let _ = self.poll.registry().deregister(connection.transport().socket());
        self.service.metrics.connection_closed(connection.label());
        tracing::debug!(connection = connection.key().serial, client = %connection.peer(), "closed");
        self.free.push(slot);
    }

    fn tick(&mut self, now: Instant) {
        if std::mem::take(&mut self.accept_later) {
            for listener in 0..self.listeners.len() {
                self.accept(listener);
            }
        }
        for slot in 0..self.connections.len() {
            let Some(connection) = &mut self.connections[slot] else { continue };
            match connection.tick(&self.service.limits, now) {
                Ok(false) => {}
                Ok(true) => {
                    self.service.metrics.connection_refused(Refusal::Idle);
                    self.ready.push_back(slot);
                }
                Err(reason) => {
                    self.service.metrics.connection_refused(reason);
                    self.close(slot);
                }
            }
        }
    }

    fn stop(&mut self, now: Instant) {
        for (mut listener, _) in self.listeners.drain(..) {
            let _ = self.poll.registry().deregister(&mut listener);
        }
        self.stop_at = Some(now + self.service.limits.shutdown_max);
        for slot in 0..self.connections.len() {
            if let Some(connection) = &mut self.connections[slot] {
                connection.stop();
                self.ready.push_back(slot);
            }
        }
    }

    fn accept(&mut self, index: usize) {
        for _ in 0..ACCEPTS_PER_TURN_MAX {
            let Some((listener, label)) = self.listeners.get(index) else { return };
            let label = *label;
            match listener.accept() {
                Ok((socket, peer)) => self.admit(socket, peer, label),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    // Most likely there are no file descriptors left; connections that wait are not told of again.
                    tracing::warn!(%error, "a connection cannot be accepted");
                    self.accept_later = true;
                    return;
                }
            }
        }
        // More may wait, and an edge that was seen is not seen again.
        self.accept_later = true;
    }

    fn admit(&mut self, socket: Socket, peer: Peer, label: ListenerLabel) {
        match self.service.admission.admit(peer.ip()) {
            Ok(permit) => {
                let to = self.next_loop;
                self.next_loop = (to + 1) % self.mailboxes.len();
                self.service.metrics.connection_opened(label);
                let accepted = Accepted { socket, peer, label, permit };
                if to == self.index {
                    self.adopt(accepted, Instant::now());
                } else {
                    self.mailboxes[to].put(Delivery::Connection(accepted));
                }
            }
            Err(reason) => {
                self.service.metrics.connection_refused(reason);
                tracing::warn!(client = %peer, ?reason, "a connection is refused");
                if matches!(label, ListenerLabel::Ldap | ListenerLabel::Ldapi) {
                    say_busy(socket, reason);
                }
            }
        }
    }

    fn adopt(&mut self, accepted: Accepted, now: Instant) {
        let label = accepted.label;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.connections.push(None);
            self.connections.len() - 1
        });
        let key = ConnectionKey { slot, serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed) };
        let opened = Connection::open(accepted, key, &self.service, now).map_err(std::io::Error::other);
        let registered = opened.and_then(|mut connection| {
            let interest = Interest::READABLE | Interest::WRITABLE;
            let token = Token(CONNECTION_FIRST + slot);
            self.poll.registry().register(connection.transport().socket(), token, interest)?;
            Ok(connection)
        });
        match registered {
            Ok(mut connection) => {
                tracing::debug!(connection = key.serial, client = %connection.peer(), "opened");
                if self.stop_at.is_some() {
                    connection.stop();
                }
                self.connections[slot] = Some(connection);
                self.ready.push_back(slot);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be served");
                self.service.metrics.connection_closed(label);
                self.free.push(slot);
            }
        }
    }
}

impl Drop for EventLoop {
    fn drop(&mut self) {
        for slot in 0..self.connections.len() {
            self.close(slot);
        }
    }
}

/// Tells a client that is not let in why, as far as its socket takes it at once.
fn say_busy(socket: Socket, reason: Refusal) {
    let text = match reason {
        Refusal::Address => "0000200E: your address has as many connections as connections-per-address-max allows",
        _ => "0000200E: there are as many connections as connections-max allows",
    };
    let mut notice = Vec::new();
    notice_of_disconnection::write(&mut notice, LdapResult::new(ResultCode::Unavailable, text));
    let mut socket = socket;
    let _ = std::io::Write::write(&mut socket, &notice);
    let _ = socket.shutdown(std::net::Shutdown::Write);
}
