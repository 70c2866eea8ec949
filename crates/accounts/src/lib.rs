//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! So far that is the [`audit`] and the [`session`]s of web faces. Local users and groups, tokens, tasks and mail belong
//! here too, in spaces of their own. Pure: no clock, no thread and no socket; whoever has those hands in times and stores.

pub mod audit;
mod host;
mod host_key;
pub mod second_factor;
pub mod session;

pub use host_key::{HostKeyError, HostKeys};

pub use host::{OpenError, SPACES, check, open};
