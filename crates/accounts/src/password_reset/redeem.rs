//! Turning a ticket into a new password.

use std::net::IpAddr;

use bailiwick_credential::Password;
use bailiwick_domain::administration::{self, NewPassword, Target, host_administrator, set_password};
use bailiwick_domain::{Context, Directory, PasswordFault, Requester};

use super::account::{self, Account};
use super::{Error, PasswordResets, letter};
use crate::Accounts;
use crate::policy;
use crate::user::{self, Setter};

/// A ticket and the password that is chosen with it.
#[derive(Clone, Copy, Debug)]
pub struct Redemption<'a> {
    /// The ticket as it was shown.
    pub ticket: &'a str,
    /// From this address.
    pub from: IpAddr,
    /// The new password.
    pub password: &'a Password,
}

/// A ticket was turned into a password.
#[derive(Debug)]
pub struct Redeemed {
    /// The account's name.
    pub name: String,
    /// Whether the letter that tells the account was written.
    pub told: Result<(), Error>,
}

/// A ticket was not turned into a password. Nothing is changed then.
#[derive(Debug)]
pub enum RedeemError {
    /// The ticket is not good: unknown, used, too old, shown from elsewhere, or the password was changed meanwhile.
    NotGood,
    /// The domain's policy does not take the password; the ticket stays good.
    Domain(PasswordFault),
    /// The host's policy does not take it; the ticket stays good.
    Host(policy::PasswordFault),
    /// Something failed on this side.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for RedeemError {
    fn from(error: E) -> RedeemError {
        match error.into() {
            Error::Directory(administration::Error::Directory(bailiwick_domain::Error::Password(fault))) => {
                RedeemError::Domain(fault)
            }
            Error::User(user::Error::Password(fault)) => RedeemError::Host(fault),
            error => RedeemError::Failed(error),
        }
    }
}

impl PasswordResets {
    /// The name of the account that a ticket is for; none when it is not good. `system` is the system's.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn whose(
        &self,
        accounts: &Accounts,
        directory: &dyn Directory,
        system: &Context<'_>,
        ticket: &str,
        from: IpAddr,
    ) -> Result<Option<String>, Error> {
        let Some(claim) = self.tickets.find(ticket, from, system.now)? else { return Ok(None) };
        let found = account::claimed(accounts, directory, system, &claim)?;
        Ok(found.map(|(account, _)| account.name))
    }

    /// Sets the password that is chosen with a ticket, uses the ticket up, and tells the account by a letter. With the
    /// password, every session that was begun with the last one ends. Hashes, so it belongs into the hashing pool.
    ///
    /// # Errors
    /// See [`RedeemError`].
    pub fn redeem(
        &self,
        accounts: &Accounts,
        directory: &dyn Directory,
        system: &Context<'_>,
        redemption: Redemption<'_>,
    ) -> Result<Redeemed, RedeemError> {
        let Redemption { ticket, from, password } = redemption;
        let claim = self.tickets.find(ticket, from, system.now)?.ok_or(RedeemError::NotGood)?;
        let found = account::claimed(accounts, directory, system, &claim)?;
        let (account, target) = found.ok_or(RedeemError::NotGood)?;
        // Of those who show the ticket at the same time, one goes on.
        self.tickets.use_up(ticket, from, system.now)?.ok_or(RedeemError::NotGood)?;
        if let Err(error) = set(accounts, directory, system, &account, target.as_ref(), password) {
            self.tickets.restore(ticket)?;
            return Err(error.into());
        }
        let Account { name, address, .. } = account;
        let told = address.map_or(Ok(()), |address| {
            let letter = letter::of_change(&address, &name)?;
            accounts.outbox.put(&letter, system.now, system.random)?;
            Ok(())
        });
        Ok(Redeemed { name, told })
    }
}

/// What the audit says of it.
impl From<&RedeemError> for bailiwick_domain::Error {
    fn from(error: &RedeemError) -> bailiwick_domain::Error {
        use bailiwick_domain::Error;
        match error {
            RedeemError::NotGood => Error::NoSuchObject { matched: String::new() },
            RedeemError::Domain(fault) => Error::Password(*fault),
            RedeemError::Host(fault) => Error::from(&user::Error::Password(*fault)),
            RedeemError::Failed(_) => {
                Error::Unavailable { reason: "a forgotten password cannot be replaced".to_owned() }
            }
        }
    }
}

fn set(
    accounts: &Accounts,
    directory: &dyn Directory,
    system: &Context<'_>,
    account: &Account,
    target: Option<&Target>,
    password: &Password,
) -> Result<(), Error> {
    let Some(target) = target else {
        accounts.users.set_password(system, &account.name, password, Setter::Reset)?;
        accounts.lockout.clear(&account.name)?;
        return Ok(());
    };
    // The system is above the policy; the host's administrator is not.
    let administrator = Requester { address: system.requester.address, ..host_administrator(directory, system)? };
    let context = Context { requester: &administrator, ..system.clone() };
    let new = NewPassword { password, must_change: false, unlock: true };
    Ok(set_password(directory, &context, target, &new)?)
}
