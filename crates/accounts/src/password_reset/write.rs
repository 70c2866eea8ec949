//! Writing the letter that brings a ticket.

use std::net::IpAddr;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::{Context, Directory};

use super::{Error, PasswordResets, account, letter};
use crate::Accounts;

/// Somebody wants a new password.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// For the account of this name.
    pub name: &'a str,
    /// From this address.
    pub from: IpAddr,
    /// What the link in the letter begins with; the ticket follows.
    pub link_start: &'a str,
}

impl PasswordResets {
    /// Whether the address may ask for a letter now, whatever the name; if so, it is counted.
    pub fn may_ask(&self, from: IpAddr, now: FileTime) -> bool {
        self.requests.take(from, now)
    }

    /// Writes the letter, if the name is of an account that gets one: it may sign in, is no administrator's, has an
    /// address, and has not just had one. `system` is the system's. How long this takes says something of the name, so
    /// nobody who asked may wait for it.
    ///
    /// # Errors
    /// See [`Error`]; that there is no such account is none.
    pub fn write(
        &self,
        accounts: &Accounts,
        directory: &dyn Directory,
        system: &Context<'_>,
        wish: Wish<'_>,
    ) -> Result<(), Error> {
        let Some(account) = account::named(accounts, directory, system, wish.name)? else { return Ok(()) };
        let Some(address) = account.address.filter(|_| !account.is_administrator) else { return Ok(()) };
        let Some(ticket) = self.tickets.issue(account.claim, wish.from, system.now, system.random)? else {
            return Ok(());
        };
        let letter = letter::with_ticket(&address, &account.name, wish.link_start, &ticket)?;
        accounts.outbox.put(&letter, system.now, system.random)?;
        Ok(())
    }
}
