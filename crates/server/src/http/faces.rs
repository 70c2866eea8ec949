//! Where faces are mounted: each gives a router, and this is the one place that joins them.

use std::sync::Arc;

use axum::Router;
use bailiwick_accounts::Accounts;
use bailiwick_domain::{Directory, Face, Process, Witness, Witnessed};

use super::rest::Rest;
use super::{dsm, operations, rest};
use crate::shutdown::Shutdown;
use crate::telemetry::Metrics;

/// What faces are built on.
#[derive(Clone)]
pub struct Faces {
    directory: Arc<dyn Directory>,
    witness: Option<Arc<dyn Witness>>,
    /// What the host keeps; without it there are no faces that sessions belong to.
    pub accounts: Option<Arc<Accounts>>,
    /// Where people reach the server: scheme, host and port.
    pub public_url: String,
    /// The process they run in.
    pub process: Arc<dyn Process>,
    /// The figures they count in.
    pub metrics: Arc<Metrics>,
    /// Whether the server is stopping.
    pub shutdown: Shutdown,
    /// The AD REST API, if it is served.
    pub rest: Option<Rest>,
}

impl Faces {
    /// Faces of `directory`; `witness` hears of their sign-ins and changes, if there is an audit.
    pub fn new(
        directory: Arc<dyn Directory>,
        witness: Option<Arc<dyn Witness>>,
        accounts: Option<Arc<Accounts>>,
        public_url: String,
        process: Arc<dyn Process>,
        metrics: Arc<Metrics>,
        shutdown: Shutdown,
    ) -> Faces {
        Faces { directory, witness, accounts, public_url, process, metrics, shutdown, rest: None }
    }

    /// Who hears of what faces do beside the directory.
    pub fn witness(&self) -> Option<Arc<dyn Witness>> {
        self.witness.clone()
    }

    /// The same with the AD REST API.
    #[must_use]
    pub fn with_rest(self, rest: Option<Rest>) -> Faces {
        Faces { rest, ..self }
    }

    /// The directory as one face is handed it.
    pub fn directory(&self, face: Face) -> Arc<dyn Directory> {
        witnessed(&self.directory, self.witness.as_ref(), face)
    }
}

/// A directory as one face is handed it: whatever the face does there is witnessed.
pub fn witnessed(directory: &Arc<dyn Directory>, witness: Option<&Arc<dyn Witness>>, face: Face) -> Arc<dyn Directory> {
    let directory = Arc::clone(directory);
    match witness {
        Some(witness) => Arc::new(Witnessed::new(directory, Arc::clone(witness), face)),
        None => directory,
    }
}

/// All faces in one router. The AD REST API brings the fallback for paths that nobody serves.
pub fn faces(faces: Faces) -> Router {
    let of_host = faces.accounts.as_ref().map(|accounts| dsm::router(&faces, accounts));
    let rest = rest::router(&faces);
    let router = Router::new().merge(of_host.unwrap_or_default()).merge(operations::router(faces));
    match rest {
        Some(rest) => router.merge(rest),
        None => router,
    }
}
