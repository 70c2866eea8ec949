//! The account that a name is of, as far as a letter to it goes.

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{self, Kind, Selector, Target, account_state, find, show};
use bailiwick_domain::{Context, Directory, Identity};

use super::{Claim, Error};
use crate::Accounts;
use crate::second_factor::Subject;

/// An account that may get letters.
pub(super) struct Account {
    /// Which, and with which password.
    pub claim: Claim,
    /// Its name, for people to read.
    pub name: String,
    /// Its first address.
    pub address: Option<String>,
    /// Whether it administers the domain or the host: such an account is asked for at the shell.
    pub is_administrator: bool,
}

/// The account of a name that may sign in: one of the host, else one of the domain. A name with its domain is of the
/// domain alone.
pub(super) fn named(
    accounts: &Accounts,
    directory: &dyn Directory,
    system: &Context<'_>,
    name: &str,
) -> Result<Option<Account>, Error> {
    let is_plain = !name.contains(['\\', '@', '=']);
    if is_plain && let Some(user) = accounts.users.find(name)? {
        return host(accounts, system, user.uid);
    }
    let target = match find(directory, system, Kind::User, &Selector::parse(name)) {
        Ok(target) => target,
        Err(administration::Error::NoSuchObject { .. } | administration::Error::Ambiguous { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match target.sid {
        Some(sid) => domain(directory, system, sid, &target),
        None => Ok(None),
    }
}

/// The account of a claim, as it is now; none while no password is replaced by letters.
pub(super) fn claimed(
    accounts: &Accounts,
    directory: &dyn Directory,
    system: &Context<'_>,
    claim: &Claim,
) -> Result<Option<(Account, Option<Target>)>, Error> {
    if !accounts.policies.password()?.reset_by_email {
        return Ok(None);
    }
    let (account, target) = match claim.subject {
        Subject::Host(uid) => (host(accounts, system, uid)?, None),
        Subject::Domain(sid) => {
            let selector = Selector::parse(&sid.to_string());
            match find(directory, system, Kind::User, &selector) {
                Ok(target) => (domain(directory, system, sid, &target)?, Some(target)),
                Err(administration::Error::NoSuchObject { .. }) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    };
    // With any other password than the one that it was asked for with, a ticket is void.
    // An account that became an administrator's meanwhile is one that gets no letters.
    let account = account.filter(|account| account.claim.stamp == claim.stamp && !account.is_administrator);
    Ok(account.map(|account| (account, target)))
}

fn host(accounts: &Accounts, context: &Context<'_>, uid: u32) -> Result<Option<Account>, Error> {
    let Some(user) =
        accounts.users.get(uid)?.filter(|user| !user.expiry.is_over(context.now) && !user.cannot_change_password)
    else {
        return Ok(None);
    };
    Ok(Some(Account {
        claim: Claim { subject: Subject::Host(uid), stamp: user.password_changed.0 },
        address: user.email.split([',', ';']).map(str::trim).find(|one| !one.is_empty()).map(str::to_owned),
        is_administrator: accounts.users.is_administrator(uid)?,
        name: user.name,
    }))
}

fn domain(
    directory: &dyn Directory,
    system: &Context<'_>,
    sid: Sid,
    target: &Target,
) -> Result<Option<Account>, Error> {
    let entry = show(directory, system, target, &["sAMAccountName", "mail"])?;
    let name = entry.text("sAMAccountName").unwrap_or_default().to_owned();
    let Some(state) = account_state(directory, system, sid, &name)? else { return Ok(None) };
    let Identity::Account { groups, .. } = &state.identity else { return Ok(None) };
    Ok(Some(Account {
        claim: Claim { subject: Subject::Domain(sid), stamp: state.password_version },
        address: entry.text("mail").map(str::to_owned),
        is_administrator: groups.contains(&Sid::BUILTIN_ADMINISTRATORS),
        name,
    }))
}
