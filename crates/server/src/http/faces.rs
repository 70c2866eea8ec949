//! Where faces are mounted: each gives a router, and this is the one place that joins them.

use std::sync::Arc;

use axum::Router;
use bailiwick_domain::Directory;

use super::operations;
use crate::shutdown::Shutdown;
use crate::telemetry::Metrics;

/// What faces are built on.
#[derive(Clone)]
pub struct Faces {
    /// The directory they serve.
    pub directory: Arc<dyn Directory>,
    /// The figures they count in.
    pub metrics: Arc<Metrics>,
    /// Whether the server is stopping.
    pub shutdown: Shutdown,
}

/// All faces in one router.
pub fn faces(faces: Faces) -> Router {
    Router::new().merge(operations::router(faces))
}
