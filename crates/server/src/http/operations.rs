//! What operators and their monitoring ask: is it well, and what are its figures.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Faces;

/// The media type of the text form that Prometheus reads.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn router(faces: Faces) -> Router {
    Router::new().route("/healthz", get(health)).route("/metrics", get(metrics)).with_state(faces)
}

async fn health(State(faces): State<Faces>) -> Response {
    if faces.shutdown.is_asked() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    (StatusCode::OK, "ok\n").into_response()
}

async fn metrics(State(faces): State<Faces>) -> Response {
    ([(header::CONTENT_TYPE, METRICS_TYPE)], faces.metrics.text()).into_response()
}
