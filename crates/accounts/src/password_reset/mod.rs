//! A new password for somebody who forgot the old one, by a letter to the address that the account has.

mod ticket;

pub(crate) use ticket::TICKET;
pub use ticket::{Claim, TICKET_MINUTES_MAX, TICKET_PAUSE_MINUTES, Ticket, Tickets};
