//! The AD REST API.
