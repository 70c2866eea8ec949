//! `SYNO.Core.User*`, `SYNO.Core.Group*` and `SYNO.Core.NormalUser`: the host's own users, groups and policies, and the
//! domain's accounts as the host last saw them. Specification sections 3.8, 3.10, 3.11 and 4.4 to 4.6.

pub mod admin_check;
pub(crate) mod fault;
pub mod group;
pub mod group_member;
mod listing;
pub mod normal_user;
pub mod password_confirm;
pub mod password_expiry;
pub mod password_meter;
pub mod password_policy;
pub mod user;
pub mod user_group;
pub mod username_policy;
pub mod valid_local_admin;

use bailiwick_accounts::second_factor::{Status, Subject};
use bailiwick_accounts::user::User;

use crate::call::Call;
use crate::error_code::Fault;
use crate::parameters::{Parameters, Wrong};

/// What stands between the domain and the name of one of its accounts.
const DOMAIN_SEPARATOR: char = '\\';

/// Whether a name is one of the domain's accounts, which the host shows and does not change.
fn is_of_domain(name: &str) -> bool {
    name.contains(DOMAIN_SEPARATOR)
}

/// Whether an account has a second factor in force.
fn has_second_factor(call: &Call<'_>, subject: Subject) -> Result<bool, Fault> {
    let status = call.accounts().second_factors.status(&subject).map_err(|error| fault::failed(&error))?;
    Ok(matches!(status, Status::Active { .. }))
}

/// Ends a user's sessions after his password changed, but for the one in which it was done, if it was his own.
fn end_other_sessions(call: &Call<'_>, user: &User) -> Result<(), Fault> {
    let (sessions, subject) = (&call.accounts().sessions, Subject::Host(user.uid));
    let own = call.signed_in().ok().map(|signed_in| &signed_in.session).filter(|own| own.subject == subject);
    if let Some(own) = own {
        sessions.restamp(own, user.password_changed.0).map_err(|error| fault::failed(&error))?;
    }
    sessions.end_all_of(subject, own).map(drop).map_err(|error| fault::failed(&error))
}

/// A list of names under either of two parameters.
fn either_list(parameters: &Parameters, name: &'static str, other: &'static str) -> Result<Option<Vec<String>>, Wrong> {
    match parameters.list(name)? {
        Some(names) => Ok(Some(names)),
        None => parameters.list(other),
    }
}
