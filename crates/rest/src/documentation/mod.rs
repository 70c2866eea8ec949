//! The API's description of itself: an OpenAPI document made from the code, and a page to read and try it.

mod openapi;
mod page;
pub mod schema;

use axum::Router;

pub use openapi::document;

/// `/openapi.json` and `/docs`. They say what this program can do and nothing of whom it serves, so nobody signs in.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().merge(openapi::router()).merge(page::router())
}
