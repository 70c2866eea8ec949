//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! [`Accounts`] is all of it: the [`audit`], the [`second_factor`]s of accounts, [`mail`], and what a
//! [`password_reset`] takes. Local users and groups, sessions, tokens and tasks belong here too, in spaces of their own. [`administration`] is what the owner of the data
//! folder asks of it. Pure: no clock, no thread and no socket; whoever has those hands in times and stores.

mod accounts;
pub mod administration;
pub mod audit;
mod host;
pub mod mail;
pub mod password_reset;
pub mod second_factor;

pub use accounts::Accounts;
pub use host::{OpenError, SPACES, check, open};
