//! The Synology DSM web API on the HTTP driver. The face itself is `bailiwick-dsm`, which blocks: it runs on tokio's
//! threads for that.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bailiwick_accounts::Accounts;
use bailiwick_domain::{Face, Requester};
use bailiwick_dsm::page::reset_password;
use bailiwick_dsm::{Dsm, Parts};
use hyper::body::Body as _;

use tokio::sync::Semaphore;

use super::Faces;
use super::connection::BodyOctetsMax;

/// How many requests may be worked on at once; further ones wait, as long as a request may take.
const REQUESTS_MAX: usize = 48;
/// What its paths begin with.
const PATH: &str = "/webapi/";

/// The routes of the face.
pub(super) fn router(faces: &Faces, accounts: &Arc<Accounts>) -> Router {
    let dsm = Dsm::new(Parts {
        directory: faces.directory(Face::Dsm),
        process: Arc::clone(&faces.process),
        accounts: Arc::clone(accounts),
        witness: faces.witness(),
        background: Box::new(|work| drop(tokio::task::spawn_blocking(work))),
        public_url: faces.public_url.clone(),
    });
    Router::new()
        .route(&format!("{PATH}{{*rest}}"), any(answer))
        .route(PATH, any(answer))
        .route(reset_password::PATH, any(reset_password_page))
        .with_state(Shared { dsm: Arc::new(dsm), running: Arc::new(Semaphore::new(REQUESTS_MAX)) })
}

/// What its requests share.
#[derive(Clone)]
struct Shared {
    dsm: Arc<Dsm>,
    running: Arc<Semaphore>,
}

/// Whether a path leads to the face.
pub(super) fn is_at(path: &str) -> bool {
    path.starts_with(PATH)
}

/// A request of the face, as it is answered on a thread that may block.
type Answer = fn(&Dsm, &axum::http::Request<Vec<u8>>, &Requester) -> axum::http::Response<Vec<u8>>;

async fn answer(State(shared): State<Shared>, Extension(from): Extension<Requester>, request: Request) -> Response {
    blocking(shared, from, request, Dsm::answer).await
}

async fn reset_password_page(
    State(shared): State<Shared>,
    Extension(from): Extension<Requester>,
    request: Request,
) -> Response {
    blocking(shared, from, request, Dsm::reset_password_page).await
}

async fn blocking(shared: Shared, from: Requester, request: Request, answer: Answer) -> Response {
    let octets_max = request.extensions().get().map_or(0, |BodyOctetsMax(octets)| *octets);
    let (parts, body) = request.into_parts();
    let body = match read(body, octets_max).await {
        Read::Whole(octets) => octets,
        Read::TooLarge => return bailiwick_dsm::too_large().map(Body::from),
        Read::Broken => return StatusCode::BAD_REQUEST.into_response(),
    };
    let request = axum::http::Request::from_parts(parts, body);
    // Taken within the time that a request may take, and held by the work itself: what is begun and given up by its client
    // counts until it has ended, and nothing waits where no time is up.
    let Ok(permit) = shared.running.acquire_owned().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let dsm = shared.dsm;
    let work = move || {
        let response = answer(&dsm, &request, &from);
        drop(permit);
        response
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(response) => response.map(Body::from),
        // It panicked, which the panic hook has reported.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What came of reading a body.
enum Read {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

/// Reads a body. One that is too large is read to its end all the same, as long as a request may take, and not kept: a
/// client that is still sending would not see the answer, which is one of the API's own.
async fn read(body: Body, octets_max: usize) -> Read {
    let mut body = pin!(body);
    let mut octets = Vec::new();
    let mut is_too_large = false;
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(frame) = frame else { return Read::Broken };
        let Some(data) = frame.data_ref() else { continue };
        is_too_large |= octets.len() + data.len() > octets_max;
        match is_too_large {
            true => octets = Vec::new(),
            false => octets.extend_from_slice(data),
        }
    }
    if is_too_large { Read::TooLarge } else { Read::Whole(octets) }
}
