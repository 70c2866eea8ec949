//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! [`Accounts`] is all of it: the [`audit`], the [`second_factor`]s of accounts, the [`session`]s of web faces and the
//! [`trusted_device`]s. Local users and groups, tokens, tasks and mail belong here too, in spaces of their own.
//! [`administration`] is what the owner of the data folder asks of it. Pure: no clock, no thread and no socket; whoever
//! has those hands in times and stores.

mod accounts;
pub mod administration;
pub mod audit;
mod host;
mod host_key;
pub mod second_factor;
pub mod session;
pub mod trusted_device;

pub use accounts::Accounts;
pub use host::{OpenError, SPACES, check, open};
pub use host_key::{HostKeyError, HostKeys};
