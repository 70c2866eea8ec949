//! Configuration, listeners, drivers, telemetry and shutdown: the one crate that touches sockets, threads and clocks.
//!
//! [`Server::start`] goes from a [`config::Config`] to a [`Running`] server. Inside, `ldap` is the LDAP driver and
//! `http` the HTTP(S) driver on which faces are mounted; both are handed a `domain::Directory` and hold no rule.

pub mod audit;
pub mod certificate;
pub mod clock;
pub mod config;
pub mod data_folder;
mod extrausers;
pub mod http;
pub mod ldap;
pub mod listener;
pub mod mail;
mod password_key;
mod pools;
pub mod provisioning;
mod server;
mod shutdown;
mod start_error;
pub mod tasks;
pub mod telemetry;
mod upkeep;

pub use server::{Kept, Running, Server, Summary};
pub use shutdown::Shutdown;
pub use start_error::StartError;
