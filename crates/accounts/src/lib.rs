//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! [`Accounts`] is all of it: the [`audit`], the local users and groups ([`user`], [`group`], [`policy`]), the
//! [`second_factor`]s of accounts, [`session`]s, [`token`]s and [`trusted_device`]s, background work ([`task`]) and the view of the
//! domain's accounts ([`sync`]). [`mail`] and [`password_reset`] are letters and what they bring. [`administration`] is what the owner of the data folder asks of it. Pure: no clock, no thread and
//! no socket; whoever has those hands in times and stores.

mod accounts;
pub mod administration;
pub mod audit;
mod book;
pub mod confirmation;
pub mod expiry;
pub mod group;
mod host;
mod host_key;
pub mod listing;
pub mod mail;
mod membership;
pub mod name;
pub mod password_reset;
pub mod policy;
mod roster;
pub mod second_factor;
pub mod session;
mod sign_in;
pub mod sync;
pub mod task;
pub mod token;
pub mod trusted_device;
pub mod user;

pub use accounts::Accounts;
pub use host::{OpenError, SPACES, check, open};
pub use host_key::{HostKeyError, HostKeys};
pub use roster::{ADMIN_UID, ADMINISTRATORS_GID, GUEST_UID, HTTP_GID, USERS_GID};
pub use sign_in::{Account, Gate};
