//! The Synology DSM web API as a face of the domain: requests in, answers out, no socket, clock or thread of its own.
//!
//! [`catalog`] is the one table of what there is. [`Dsm::answer`] reads the parameters of a request, finds the method, the
//! session and the rights, in the order that clients rely on, and runs the method, which is one file below `method`. A
//! [`page`] is for people: the links in letters lead there.

pub mod call;
pub mod catalog;
pub mod envelope;
pub mod error_code;
mod exchange;
mod halfway;
mod handshake;
mod method;
mod own_password;
pub mod page;
pub mod parameters;
pub mod reply;
mod service;
mod task;

pub use handshake::{Exchanged, Responder, proven_nonce};
pub use service::{Dsm, Parts, too_large};
