//! What the host itself keeps, in a data file of its own beside the directory's.
//!
//! That is the [`audit`], the local users and groups ([`user`], [`group`], [`policy`]), background work ([`task`]) and the
//! view of the domain's accounts ([`sync`]), each in spaces of its own. Pure: no clock, no thread and no socket; whoever
//! has those hands in times and stores.

pub mod audit;
mod book;
pub mod confirmation;
pub mod expiry;
pub mod group;
mod host;
pub mod listing;
mod membership;
pub mod name;
pub mod policy;
mod roster;
pub mod sync;
pub mod task;
pub mod user;

pub use host::{OpenError, SPACES, check, open};
pub use roster::{ADMIN_UID, ADMINISTRATORS_GID, GUEST_UID, HTTP_GID, USERS_GID};
