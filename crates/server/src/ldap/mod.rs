//! The LDAP driver: sockets, event loops and the conversion between wire and port. RFC 4511, [MS-ADTS] 3.1.1.3.
//!
//! One event loop per core owns its connections. A request is decoded where it was read; a short search is answered
//! there too, straight into the connection's output. Long searches go on in slices in a pool, changes wait for the
//! disk in another, passwords are verified in a third; each brings its result back to the loop by its mailbox.
//! No rule of the directory lives here.

mod admission;
mod connection;
mod controls;
mod event_loop;
mod from_wire;
mod mailbox;
mod operation;
mod result;
mod root_dse;
mod service;
mod session;
mod socket;
mod to_wire;
mod transport;

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use bailiwick_domain::Error;
use mio::Poll;

use crate::shutdown::Shutdown;
use crate::telemetry::ListenerLabel;
use event_loop::{EventLoop, WAKER};
use mailbox::Mailbox;
use result::Answer;
use socket::Listener;

pub use operation::bind::AS_SYSTEM;
pub use service::{Host, Service};

/// An error of the port as LDAP says it: result code and diagnostic text.
pub fn describe(error: &Error) -> (u32, String) {
    let answer = Answer::from(error);
    (answer.code.number(), answer.text.into_owned())
}

/// The sockets to serve, bound already.
pub struct Sockets {
    /// In the clear, with StartTLS.
    pub ldap: Option<TcpListener>,
    /// Over TLS.
    pub ldaps: Option<TcpListener>,
    /// From this machine, in the data folder.
    pub ldapi: Option<UnixListener>,
}

/// Starts the event loops, which end after shutdown is asked for.
///
/// # Errors
/// The operating system has no event queue or thread for us.
pub fn start(
    sockets: Sockets,
    service: &Arc<Service>,
    threads: usize,
    shutdown: &Shutdown,
) -> std::io::Result<Vec<JoinHandle<()>>> {
    let mut polls = Vec::with_capacity(threads);
    let mut mailboxes = Vec::with_capacity(threads);
    for _ in 0..threads.max(1) {
        let poll = Poll::new()?;
        mailboxes.push(Arc::new(Mailbox::new(mio::Waker::new(poll.registry(), WAKER)?)));
        polls.push(poll);
    }
    for mailbox in &mailboxes {
        let mailbox = Arc::clone(mailbox);
        shutdown.on_ask(move || mailbox.wake());
    }
    // The first loop accepts for all of them: accepting is rare and cheap, and sharing a listener wakes every loop.
    let network = |socket: TcpListener| Listener::Network(mio::net::TcpListener::from_std(socket));
    let local = |socket: UnixListener| Listener::Local(mio::net::UnixListener::from_std(socket));
    let listeners = [
        (sockets.ldap.map(network), ListenerLabel::Ldap),
        (sockets.ldaps.map(network), ListenerLabel::Ldaps),
        (sockets.ldapi.map(local), ListenerLabel::Ldapi),
    ];
    let mut listeners: Vec<_> =
        listeners.into_iter().filter_map(|(socket, label)| socket.map(|socket| (socket, label))).collect();
    let mut handles = Vec::with_capacity(polls.len());
    for (index, poll) in polls.into_iter().enumerate() {
        let event_loop = EventLoop::new(
            poll,
            index,
            std::mem::take(&mut listeners),
            mailboxes.clone(),
            Arc::clone(service),
            shutdown.clone(),
        )?;
        handles.push(std::thread::Builder::new().name(format!("ldap-{index}")).spawn(move || event_loop.run())?);
    }
    Ok(handles)
}
