//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! So far that is the [`audit`]. Local users and groups, sessions, tokens, tasks and mail belong here too, in spaces of
//! their own. Pure: no clock, no thread and no socket; whoever has those hands in times and stores.

pub mod audit;
mod host;
pub mod mail;

pub use host::{OpenError, SPACES, check, open};
