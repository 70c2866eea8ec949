//! The AD REST API: JSON over HTTP in front of a directory.

pub mod edit;
pub mod filter;
pub mod json;
pub mod search;
pub mod value;
