//! The AD REST API: JSON over HTTP in front of a directory.
//!
//! `operation` has one file for each path: it reads a request, calls one use-case of `bailiwick_domain::administration`
//! and says what came of it. `json`, `filter`, `edit`, `value` and `search` are the languages that requests are written
//! in. Nothing here knows a rule of the directory.

mod directory_fault;
pub mod documentation;
mod domain;
pub mod edit;
pub mod filter;
pub mod json;
mod name;
mod operation;
mod password;
mod problem;
mod query;
mod reply;
mod router;
pub mod search;
mod service;
pub mod settings;
mod sign_in;
pub mod value;

pub use password::{DecryptionKey, KeyError};
pub use router::router;
pub use service::{Parts, Service};
