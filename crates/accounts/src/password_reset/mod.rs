//! A new password for somebody who forgot the old one, by a letter to the address that the account has.
//!
//! Whoever asks learns nothing of who has an account: a face answers before it has [`PasswordResets::write`] do its work.
//! Accounts that administer the domain or the host get no letters; their passwords are set at the shell.

mod account;
mod letter;
mod redeem;
mod requests;
mod ticket;
mod write;

use std::sync::Arc;

use bailiwick_domain::administration;
use bailiwick_store::{Error as StoreError, Store};

use crate::mail::{LetterError, OutboxError};
use crate::user;
pub use redeem::{RedeemError, Redeemed, Redemption};
use requests::Requests;
pub(crate) use ticket::TICKET;
pub use ticket::{Claim, TICKET_MINUTES_MAX, TICKET_PAUSE_MINUTES, Ticket, Tickets};
pub use write::Wish;

/// The ways back to a forgotten password.
pub struct PasswordResets {
    /// The tickets that are good now.
    pub tickets: Tickets,
    requests: Requests,
}

impl PasswordResets {
    /// Those in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>) -> PasswordResets {
        PasswordResets { tickets: Tickets::new(store), requests: Requests::new() }
    }
}

/// Something failed on this side. Nothing is changed then.
#[derive(Debug)]
pub enum Error {
    /// The directory refuses, or failed.
    Directory(administration::Error),
    /// A user of the host cannot be changed.
    User(user::Error),
    /// A letter cannot go to the account's address.
    Letter(LetterError),
    /// The outbox does not take the letter.
    Outbox(OutboxError),
    /// The store failed.
    Store(StoreError),
}

macro_rules! from {
    ($($variant:ident($error:ty);)*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::$variant(error)
            }
        }
    )*};
}

from! {
    Directory(administration::Error);
    User(user::Error);
    Letter(LetterError);
    Outbox(OutboxError);
    Store(StoreError);
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Error {}
