//! The HTTP(S) driver: sockets, TLS, limits and shutdown, with [`faces`] as the place where faces are mounted.
//!
//! It has a tokio runtime and a thread of its own; nothing else in the server knows tokio.

mod connection;
mod dsm;
mod faces;
mod operations;
mod rest;

use std::net::TcpListener as StdTcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::config::ServerLimits;
use crate::shutdown::Shutdown;
use crate::telemetry::{ListenerLabel, Metrics};

pub use faces::{Faces, faces, witnessed};
pub use rest::Rest;

/// How long to wait after an accept that failed for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How many requests may be in the directory at once; further ones wait for their turn.
const BLOCKING_THREADS_MAX: usize = 64;

/// The sockets to serve, bound already.
pub struct Sockets {
    /// In the clear.
    pub http: Option<StdTcpListener>,
    /// Over TLS.
    pub https: Option<(StdTcpListener, Arc<rustls::ServerConfig>)>,
}

/// The bounds of the driver.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    body_octets_max: usize,
    request_max: Duration,
    handshake_max: Duration,
    shutdown_max: Duration,
    connections_max: usize,
}

/// Starts the driver's thread, which ends after shutdown is asked for; none when both ports are off.
///
/// # Errors
/// The operating system has no thread or event queue for us.
pub fn start(
    sockets: Sockets,
    faces: Faces,
    limits: &ServerLimits,
    shutdown: &Shutdown,
) -> std::io::Result<Option<JoinHandle<()>>> {
    if sockets.http.is_none() && sockets.https.is_none() {
        return Ok(None);
    }
    let bounds = Bounds {
        body_octets_max: limits.http_body_octets_max,
        request_max: limits.http_request_max,
        handshake_max: limits.handshake_max,
        shutdown_max: limits.shutdown_max,
        connections_max: limits.http_connections_max,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .build()?;
    let (stop, stopped) = watch::channel(false);
    shutdown.on_ask(move || {
        let _ = stop.send(true);
    });
    let metrics = Arc::clone(&faces.metrics);
    let router = connection::bounded(faces::faces(faces), bounds.body_octets_max, bounds.request_max);
    let thread = std::thread::Builder::new()
        .name("http".into())
        .spawn(move || runtime.block_on(serve(sockets, router, metrics, bounds, stopped)))?;
    Ok(Some(thread))
}

async fn serve(
    sockets: Sockets,
    router: Router,
    metrics: Arc<Metrics>,
    bounds: Bounds,
    stopped: watch::Receiver<bool>,
) {
    let permits = Arc::new(Semaphore::new(bounds.connections_max));
    let mut listeners = JoinSet::new();
    let plain = sockets.http.map(|socket| (socket, None, ListenerLabel::Http));
    let encrypted = sockets.https.map(|(socket, tls)| (socket, Some(TlsAcceptor::from(tls)), ListenerLabel::Https));
    for (socket, tls, label) in plain.into_iter().chain(encrypted) {
        let server = Server {
            tls,
            label,
            router: router.clone(),
            metrics: Arc::clone(&metrics),
            bounds,
            permits: Arc::clone(&permits),
            stopped: stopped.clone(),
        };
        listeners.spawn(server.accept(socket));
    }
    while listeners.join_next().await.is_some() {}
}

/// One listening socket and what its connections need.
struct Server {
    tls: Option<TlsAcceptor>,
    label: ListenerLabel,
    router: Router,
    metrics: Arc<Metrics>,
    bounds: Bounds,
    permits: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl Server {
    async fn accept(self, socket: StdTcpListener) {
        let listener = match TcpListener::from_std(socket) {
            Ok(listener) => listener,
            Err(error) => {
                tracing::error!(%error, "the HTTP listener cannot be served");
                return;
            }
        };
        let server = Arc::new(self);
        let mut stopped = server.stopped.clone();
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stopped.wait_for(|stop| *stop) => break,
                Some(_) = connections.join_next() => continue,
            };
            match accepted {
                Ok((stream, address)) => {
                    connections.spawn(connection::serve(Arc::clone(&server), stream, address));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        // Connections were told to finish; those that take longer than the grace are dropped with the set.
        let _ = tokio::time::timeout(server.bounds.shutdown_max, async {
            while connections.join_next().await.is_some() {}
        })
        .await;
    }
}
