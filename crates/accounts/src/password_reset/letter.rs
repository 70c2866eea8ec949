//! What the letters say.

use zeroize::Zeroizing;

use super::{TICKET_MINUTES_MAX, Ticket};
use crate::mail::{Letter, LetterError};

/// The letter that brings a ticket, as a link.
pub(super) fn with_ticket(address: &str, name: &str, link_start: &str, ticket: &Ticket) -> Result<Letter, LetterError> {
    let text = format!(
        "Somebody, probably you, asked for a new password for the account {name}.\n\n\
         To choose one, open this page within {TICKET_MINUTES_MAX} minutes, from where it was asked for:\n\n\
         {link_start}{}\n\n\
         The page works once. If you did not ask for it, you need not do anything: the password stays as it is.\n",
        ticket.expose()
    );
    Letter::new(address, &format!("A new password for {name}"), Zeroizing::new(text))
}

/// The letter that tells of a new password.
pub(super) fn of_change(address: &str, name: &str) -> Result<Letter, LetterError> {
    let text = format!(
        "The password of the account {name} was changed by a link that was sent to this address.\n\n\
         If that was not you, tell your administrator at once.\n"
    );
    Letter::new(address, &format!("The password of {name} was changed"), Zeroizing::new(text))
}
