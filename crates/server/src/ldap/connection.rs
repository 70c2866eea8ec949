//! One connection: octets in, messages through the gate, operations, octets out, and how it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick_ldap::connection::{Connection as Gate, Event, Limits as GateLimits};
use bailiwick_ldap::extended::notice_of_disconnection;
use bailiwick_ldap::response::LdapResult;
use bailiwick_ldap::result_code::ResultCode;

use super::admission::Permit;
use super::mailbox::{Accepted, ConnectionKey, Mailbox, Outcome, RequestId};
use super::operation::{self, Step, Surroundings, search};
use super::service::Service;
use super::session::Session;
use super::socket::Peer;
use super::transport::{Received, Transport};
use crate::config::ServerLimits;
use crate::telemetry::{ListenerLabel, Refusal};

/// How often a connection may read before others have a turn.
const READS_PER_TURN_MAX: usize = 8;
/// How long to wait for the peer to end after we have said goodbye: closing at once could destroy our last words.
const LINGER_MAX: Duration = Duration::from_secs(2);
/// An output buffer that grew beyond this is given back when the connection is idle.
const OUTPUT_OCTETS_KEPT: usize = 16 * 1024;

/// A connection of an event loop.
pub struct Connection {
    transport: Transport,
    gate: Gate,
    session: Session,
    label: ListenerLabel,
    phase: Phase,
    opened: Instant,
    last_active: Instant,
    /// StartTLS was answered; TLS begins when the answer is out.
    tls_is_next: bool,
    /// The peer sends nothing more.
    heard_all: bool,
    _permit: Permit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Requests are read.
    Open,
    /// Nothing more is read; operations under way are finished and their answers sent, then a last notice.
    Draining(Option<Notice>),
    /// Everything is sent; the peer may still be sending.
    Lingering(Instant),
}

/// The server's last words. RFC 4511 section 4.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Notice {
    code: ResultCode,
    text: &'static str,
}

const NOTICE_STOPPING: Notice = Notice { code: ResultCode::Unavailable, text: "000020AC: the server is stopping" };
const NOTICE_IDLE: Notice =
    Notice { code: ResultCode::Unavailable, text: "0000200F: the connection was silent for too long" };

/// What an event loop does with a connection after its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Wait for its socket or its mailbox.
    Wait,
    /// It has more to do; give it another turn after the others.
    Again,
    /// Forget it.
    Close,
}

impl Connection {
    /// A connection that was just accepted.
    ///
    /// # Errors
    /// TLS cannot be begun.
    pub fn open(
        accepted: Accepted,
        key: ConnectionKey,
        service: &Service,
        now: Instant,
    ) -> Result<Connection, rustls::Error> {
        let encrypted = accepted.label == ListenerLabel::Ldaps;
        let limits = gate_limits(&service.limits);
        let mut transport = Transport::new(accepted.socket);
        let gate = if encrypted {
            transport.start_tls(&service.tls)?;
            Gate::over_tls(limits)
        } else {
            Gate::in_clear(limits)
        };
        Ok(Connection {
            transport,
            gate,
            session: Session::new(key, accepted.peer, encrypted),
            label: accepted.label,
            phase: Phase::Open,
            opened: now,
            last_active: now,
            tls_is_next: false,
            heard_all: false,
            _permit: accepted.permit,
        })
    }

    /// Which connection it is.
    pub fn key(&self) -> ConnectionKey {
        self.session.key
    }

    /// Who is at the other end.
    pub fn peer(&self) -> Peer {
        self.session.peer
    }

    /// Which port it came to.
    pub fn label(&self) -> ListenerLabel {
        self.label
    }

    /// Its socket and what is known of it.
    pub fn transport(&mut self) -> &mut Transport {
        &mut self.transport
    }

    /// Does what can be done now: requests that are here, answers that can be sent, input that can be read.
    pub fn turn(&mut self, service: &Arc<Service>, mailbox: &Arc<Mailbox>, now: Instant) -> Next {
        for _ in 0..READS_PER_TURN_MAX {
            if let Phase::Lingering(_) = self.phase {
                return if self.transport.discard() { Next::Close } else { Next::Wait };
            }
            if self.work(service, mailbox, now).is_err() {
                return Next::Close;
            }
            if let Some(next) = self.end_if_done(now) {
                return next;
            }
            let wants_input = !self.heard_all
                && self.phase == Phase::Open
                && self.has_room(service)
                && (self.gate.wants_input() || self.transport.is_handshaking());
            if !wants_input || !self.transport.readable {
                return Next::Wait;
            }
            match self.transport.receive(&mut self.gate) {
                Ok(Received::Octets) => self.last_active = now,
                Ok(Received::Nothing) => {}
                Ok(Received::End) => self.heard_all = true,
                Err(error) => {
                    if self.transport.is_handshaking() {
                        service.metrics.connection_refused(Refusal::Handshake);
                    }
                    tracing::debug!(connection = self.session.key.serial, %error, "a connection broke");
                    return Next::Close;
                }
            }
        }
        Next::Again
    }

    /// Brings back what was done elsewhere. A turn should follow.
    pub fn deliver(&mut self, service: &Arc<Service>, mailbox: &Arc<Mailbox>, id: RequestId, outcome: Outcome) {
        let around = Surroundings { service, mailbox, encrypted: self.transport.is_encrypted() };
        if let Some(ended) = operation::resume(&mut self.session, &around, id, outcome) {
            self.gate.finish(ended);
        }
        self.settle();
    }

    /// What time does to a connection. A turn should follow when it says so.
    pub fn tick(&mut self, limits: &ServerLimits, now: Instant) -> Result<bool, Refusal> {
        if let Phase::Lingering(since) = self.phase {
            return if now.duration_since(since) > LINGER_MAX { Err(Refusal::Idle) } else { Ok(false) };
        }
        if self.transport.is_handshaking() && now.duration_since(self.opened) > limits.handshake_max {
            return Err(Refusal::Handshake);
        }
        let silent = now.duration_since(self.last_active);
        let is_idle = self.gate.outstanding().is_empty() && self.session.output.is_empty();
        if is_idle {
            self.gate.release_memory();
            if self.session.output.capacity() > OUTPUT_OCTETS_KEPT {
                self.session.output = Vec::new();
            }
        }
        if silent <= limits.idle_max {
            return Ok(false);
        }
        match self.phase {
            // A client that does not take its answers is as silent as one that asks nothing.
            _ if !self.session.output.is_empty() || self.transport.is_handshaking() => Err(Refusal::Idle),
            Phase::Open if is_idle => {
                self.drain(Some(NOTICE_IDLE));
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Reads no more requests; ends when those under way are answered.
    pub fn stop(&mut self) {
        self.drain(Some(NOTICE_STOPPING));
    }

    /// Gives up everything it has under way elsewhere.
    pub fn abandon_all(&mut self) {
        self.session.abandon_all();
    }

    fn drain(&mut self, notice: Option<Notice>) {
        if self.phase == Phase::Open {
            self.phase = Phase::Draining(notice);
            self.gate.close();
        }
    }

    fn has_room(&self, service: &Service) -> bool {
        self.session.output.len() < service.limits.output_octets_max
    }

    /// Runs the requests that are here and sends their answers, until one of both stops.
    fn work(&mut self, service: &Arc<Service>, mailbox: &Arc<Mailbox>, now: Instant) -> std::io::Result<()> {
        loop {
            let had_room = self.has_room(service);
            let mut went_on = false;
            while self.has_room(service) && self.next_event(service, mailbox, now) {
                went_on = true;
            }
            if !self.session.output.is_empty() || self.transport.is_pending() {
                let waiting = self.session.output.len();
                self.transport.send(&mut self.session.output)?;
                if self.session.output.len() < waiting {
                    // A client that takes its answers is there, however slowly it does.
                    self.last_active = now;
                }
            }
            if self.tls_is_next && self.session.output.is_empty() {
                self.begin_tls(service)?;
            }
            let around = Surroundings { service, mailbox, encrypted: self.transport.is_encrypted() };
            search::unpark(&mut self.session, &around);
            self.settle();
            // Requests that wait in the gate come with no event of their own: whenever there is room again, they must
            // be looked at before this returns.
            if !self.has_room(service) || (had_room && !went_on) {
                return Ok(());
            }
        }
    }

    /// Handles one event of the gate; says whether there was one.
    fn next_event(&mut self, service: &Arc<Service>, mailbox: &Arc<Mailbox>, now: Instant) -> bool {
        let around = Surroundings { service, mailbox, encrypted: self.transport.is_encrypted() };
        let session = &mut self.session;
        match self.gate.next_event() {
            None => return false,
            Some(Event::Request(message)) => {
                let id = message.id;
                match operation::begin(session, &around, message, now) {
                    Step::Ended => self.gate.finish(id),
                    Step::Away => {}
                    Step::StartTls => self.tls_is_next = true,
                }
            }
            Some(Event::Abandon(id)) => {
                if operation::abandon(session, &around, id) == Step::Ended {
                    self.gate.finish(id);
                }
            }
            Some(Event::Refuse { id, response, refusal }) => {
                let text = format!("0000203D: {refusal}");
                operation::refuse(session, &around, id, response, refusal.result_code(), &text);
            }
            Some(Event::Unbind) => {
                session.abandon_all();
                self.phase = Phase::Draining(None);
            }
            Some(Event::Disconnect(violation)) => {
                service.metrics.connection_refused(Refusal::Protocol);
                tracing::info!(connection = session.key.serial, client = %session.peer, %violation, "not LDAP");
                session.abandon_all();
                let text = format!("0000203D: {violation}");
                notice_of_disconnection::write(&mut session.output, LdapResult::new(ResultCode::ProtocolError, &text));
                self.phase = Phase::Draining(None);
            }
        }
        self.settle();
        true
    }

    /// Tells the gate what has changed in the session.
    fn settle(&mut self) {
        for id in self.session.also_ended.drain(..) {
            self.gate.finish(id);
        }
        self.gate.set_authenticated(self.session.is_signed_in());
    }

    fn begin_tls(&mut self, service: &Service) -> std::io::Result<()> {
        self.tls_is_next = false;
        self.transport.start_tls(&service.tls).map_err(std::io::Error::other)?;
        self.gate.tls_started().map_err(std::io::Error::other)?;
        // Whoever was signed in did so in the clear; from here on the connection is protected.
        self.session.protect();
        // The time for the handshake counts from here.
        self.opened = Instant::now();
        Ok(())
    }

    /// Whether the connection ends now, and how.
    fn end_if_done(&mut self, now: Instant) -> Option<Next> {
        let is_sent = self.session.output.is_empty() && !self.transport.is_pending();
        let is_quiet = self.session.running.is_empty();
        match self.phase {
            Phase::Open if self.heard_all && is_quiet && is_sent => Some(Next::Close),
            Phase::Draining(Some(notice)) if is_quiet && is_sent => {
                let result = LdapResult::new(notice.code, notice.text);
                notice_of_disconnection::write(&mut self.session.output, result);
                self.phase = Phase::Draining(None);
                Some(Next::Again)
            }
            Phase::Draining(None) if is_quiet && is_sent => {
                self.transport.end_sending();
                self.phase = Phase::Lingering(now);
                Some(if self.heard_all { Next::Close } else { Next::Again })
            }
            _ => None,
        }
    }
}

fn gate_limits(limits: &ServerLimits) -> GateLimits {
    GateLimits {
        message_octets_unauthenticated_max: limits.message_octets_before_bind_max,
        message_octets_authenticated_max: limits.message_octets_max,
        outstanding_requests_max: limits.operations_per_connection_max,
    }
}
