//! Mail: letters that the server writes, and the outbox in which they wait until a mail server took them.
//!
//! Nothing is sent from here. Whoever has a socket asks the [`Outbox`] what is due and tells it how that went. Without a
//! mail server letters stay in the outbox, where an administrator reads them.

mod letter;
mod outbox;

use bailiwick_store::Space;

pub use letter::{ADDRESS_OCTETS_MAX, Letter, LetterError, SUBJECT_OCTETS_MAX, TEXT_OCTETS_MAX};
pub use outbox::{
    ATTEMPTS_MAX, Counts, Due, KEPT_DAYS_MAX, LETTERS_MAX, Outbox, OutboxError, REASON_OCTETS_MAX, Slip, State,
};

/// Letters by number, 8 octets, big-endian: keys order as letters were written.
pub(crate) const LETTER: Space = Space("mail-letter");
/// The number that was given last, under one key.
pub(crate) const NUMBER: Space = Space("mail-number");
