//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! [`Accounts`] is all of it: the [`audit`] and the [`second_factor`]s of accounts. Local users and groups, sessions,
//! tokens, tasks and mail belong here too, in spaces of their own. [`administration`] is what the owner of the data
//! folder asks of it. Pure: no clock, no thread and no socket; whoever has those hands in times and stores.

mod accounts;
pub mod administration;
pub mod audit;
mod host;
pub mod second_factor;

pub use accounts::Accounts;
pub use host::{OpenError, SPACES, check, open};
