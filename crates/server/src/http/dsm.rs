//! The Synology DSM web API on the HTTP driver. The face itself is `bailiwick-dsm`, which blocks: it runs on tokio's
//! threads for that.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bailiwick_accounts::Accounts;
use bailiwick_domain::{Face, Requester};
use bailiwick_dsm::page::reset_password;
use bailiwick_dsm::{Dsm, Parts};

use super::Faces;

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
        .route(reset_password::PATH, any(reset_password_page))
        .with_state(Arc::new(dsm))
}

/// Whether a path leads to the face.
pub(super) fn is_at(path: &str) -> bool {
    path.starts_with(PATH)
}

/// The answer to a body that is not read: like all of this face it is a good one to HTTP.
pub(super) fn too_large() -> Response {
    bailiwick_dsm::too_large().map(Body::from)
}

/// A request of the face, as it is answered on a thread that may block.
type Answer = fn(&Dsm, &axum::http::Request<Vec<u8>>, &Requester) -> axum::http::Response<Vec<u8>>;

async fn answer(State(dsm): State<Arc<Dsm>>, Extension(from): Extension<Requester>, request: Request) -> Response {
    blocking(dsm, from, request, Dsm::answer).await
}

async fn reset_password_page(
    State(dsm): State<Arc<Dsm>>,
    Extension(from): Extension<Requester>,
    request: Request,
) -> Response {
    blocking(dsm, from, request, Dsm::reset_password_page).await
}

async fn blocking(dsm: Arc<Dsm>, from: Requester, request: Request, answer: Answer) -> Response {
    let (parts, body) = request.into_parts();
    let body = match Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE && is_at(parts.uri.path()) => {
            return too_large();
        }
        Err(rejection) => return rejection.into_response(),
    };
    let request = axum::http::Request::from_parts(parts, body.to_vec());
    match tokio::task::spawn_blocking(move || answer(&dsm, &request, &from)).await {
        Ok(response) => response.map(Body::from),
        // It panicked, which the panic hook has reported.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
