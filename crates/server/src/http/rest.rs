//! The AD REST API, mounted.

use std::sync::Arc;

use axum::Router;
use bailiwick_domain::Face;
use bailiwick_rest::settings::Settings;
use bailiwick_rest::{DecryptionKey, Parts, Service};

use super::Faces;

/// What the API needs beside what all faces are built on.
#[derive(Clone)]
pub struct Rest {
    /// What the administrator chose.
    pub settings: Settings,
    /// The key that callers encrypt passwords for.
    pub key: Option<Arc<DecryptionKey>>,
    /// The port of LDAP that its replies name.
    pub ldap_port: u16,
}

/// Its routes; none when it is not served, or the directory does not say which domain it holds.
pub(super) fn router(faces: &Faces) -> Option<Router> {
    let rest = faces.rest.clone()?;
    let parts = Parts {
        directory: faces.directory(Face::Rest),
        process: Arc::clone(&faces.process),
        accounts: faces.accounts.clone(),
        key: rest.key,
        ldap_port: rest.ldap_port,
        settings: rest.settings,
    };
    match Service::new(parts) {
        Ok(service) => Some(bailiwick_rest::router(service)),
        Err(error) => {
            tracing::error!(%error, "the AD REST API is not served");
            None
        }
    }
}
