//! One HTTP connection: its handshake, its requests, its end; and the bounds of every request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use bailiwick_domain::{Protection, Requester};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::ServiceExt;

use super::{Server, dsm};
use crate::telemetry::Refusal;

/// How many octets the head of a request may have.
const HEAD_OCTETS_MAX: usize = 64 * 1024;

/// Serves one connection until it ends. Each request carries the [`Requester`] that it comes from, as an extension: nobody
/// yet, but with an address and with what protects the way from there.
pub(super) async fn serve(server: Arc<Server>, stream: TcpStream, address: SocketAddr) {
    let Ok(_permit) = Arc::clone(&server.permits).try_acquire_owned() else {
        server.metrics.connection_refused(Refusal::Total);
        return;
    };
    server.metrics.connection_opened(server.label);
    let _ = stream.set_nodelay(true);
    match &server.tls {
        None => requests(&server, TokioIo::new(stream), address, false).await,
        Some(acceptor) => match tokio::time::timeout(server.bounds.handshake_max, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => requests(&server, TokioIo::new(stream), address, true).await,
            Ok(Err(_)) | Err(_) => server.metrics.connection_refused(Refusal::Handshake),
        },
    }
    server.metrics.connection_closed(server.label);
}

async fn requests<S>(server: &Server, stream: TokioIo<S>, address: SocketAddr, encrypted: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = server.router.clone();
    let nobody = Requester::anonymous(Some(address.ip()), Protection::of(Some(address.ip()), encrypted));
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        request.extensions_mut().insert(nobody.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.bounds.request_max)
        .max_buf_size(HEAD_OCTETS_MAX)
        .serve_connection(stream, service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut stopped = server.stopped.clone();
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = asked(&mut stopped) => None,
    };
    match ended {
        Some(ended) => log_end(ended, address),
        None => {
            connection.as_mut().graceful_shutdown();
            log_end(connection.await, address);
        }
    }
}

/// Waits until stopping is asked for.
async fn asked(stopped: &mut watch::Receiver<bool>) {
    // A sender that is gone asks too: nobody is left to serve for.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn log_end(ended: hyper::Result<()>, address: SocketAddr) {
    if let Err(error) = ended {
        tracing::debug!(client = %address, %error, "an HTTP connection ended early");
    }
}

/// The largest body of a request, for a face that reads it by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyOctetsMax(pub usize);

/// Puts the limits of body and time around all routes.
pub(super) fn bounded(router: Router, body_octets_max: usize, request_max: Duration) -> Router {
    router.layer(DefaultBodyLimit::max(body_octets_max)).layer(from_fn(
        move |mut request: Request, next: Next| async move {
            let is_too_large = announced_length(&request).is_some_and(|length| length > body_octets_max as u64);
            if is_too_large && !dsm::is_at(request.uri().path()) {
                return refusal(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than http-body-octets-max allows.");
            }
            request.extensions_mut().insert(BodyOctetsMax(body_octets_max));
            match tokio::time::timeout(request_max, next.run(request)).await {
                Ok(response) => response,
                Err(_) => {
                    refusal(StatusCode::SERVICE_UNAVAILABLE, "It took longer than http-request-seconds-max allows.")
                }
            }
        },
    ))
}

fn announced_length(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// In a form that callers of every face can read.
fn refusal(status: StatusCode, text: &'static str) -> Response {
    let body = format!("{{\n  \"success\": false,\n  \"message\": \"{text}\"\n}}");
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}
