//! What a session has to know of the account it belongs to, each time it is used.

use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_adtypes::sid::Sid;

use super::target::search;
use super::{AccountControl, Error};
use crate::{Context, Directory, Identity, Scope};

/// The attributes that it follows from.
const ATTRIBUTES: [&str; 5] =
    ["tokenGroups", "userAccountControl", "accountExpires", "msDS-KeyVersionNumber", "sAMAccountName"];

/// An account as it is now.
#[derive(Clone, Debug)]
pub struct AccountState {
    /// Who it is, with the groups it is in now.
    pub identity: Identity,
    /// A number that every new password changes.
    pub password_version: i64,
}

/// The account of a SID, as it is now; none when it is gone, disabled or at its end. `context` is the system's. `name` is
/// what it was called when it signed in: of that, the domain in front is kept.
///
/// # Errors
/// The directory fails.
pub fn account_state(
    directory: &dyn Directory,
    context: &Context<'_>,
    sid: Sid,
    name: &str,
) -> Result<Option<AccountState>, Error> {
    let found = search(directory, context, ObjectName::Sid(sid), Scope::Base, Filter::any_object(), &ATTRIBUTES, 1)?;
    let Some(entry) = found.first() else { return Ok(None) };
    let number = |attribute| entry.text(attribute).and_then(|text| text.parse::<i64>().ok());
    let control = entry.text("userAccountControl").and_then(AccountControl::parse).unwrap_or_default();
    // Neither 0 nor the greatest number is an end. [MS-ADTS] 2.2.18 speaks of both as never.
    let expires = number("accountExpires").filter(|&at| at > 0 && at < i64::MAX).map(FileTime);
    if control.contains(AccountControl::DISABLED) || expires.is_some_and(|at| at <= context.now) {
        return Ok(None);
    }
    let groups: Arc<[Sid]> =
        entry.values("tokenGroups").iter().filter_map(|octets| Sid::from_bytes(octets).ok()).collect();
    let name: Arc<str> = match (name.split_once('\\'), entry.text("sAMAccountName")) {
        (Some((domain, _)), Some(account)) => format!("{domain}\\{account}").into(),
        _ => name.into(),
    };
    let password_version = number("msDS-KeyVersionNumber").unwrap_or_default();
    Ok(Some(AccountState { identity: Identity::Account { sid, groups, name }, password_version }))
}
