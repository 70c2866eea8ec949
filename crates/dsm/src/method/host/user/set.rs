//! `SYNO.Core.User` `set`: a user of the host is changed. Specification section 3.10.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string or list | required |
//! | `new_name`, `password` | string | of one user alone; nothing when empty |
//! | `description`, `email`, `expired`, `cannot_chg_passwd`, `passwd_never_expire` | | as in `create` |
//! | `notify_by_email`, `send_password` | bool | as in `create` |
//!
//! What is absent stays. A new password ends the user's sessions, and so does the end of the account.

use std::sync::Arc;

use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::user::letter::Occasion;
use bailiwick_accounts::user::{User, UserChange};
use serde_json::json;

use super::wish;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::end_other_sessions;
use crate::method::host::fault::{self, NO_SUCH_USER};
use crate::parameters::Secret;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let names = wish::names(parameters)?;
    let is_one = names.len() == 1;
    let secret = parameters.secret("password")?.filter(|secret| is_one && !secret.password.is_empty());
    if let Some(secret) = &secret {
        call.check_secret(secret)?;
    }
    let change = UserChange {
        new_name: parameters.text("new_name")?.filter(|name| is_one && !name.is_empty()),
        description: parameters.text("description")?,
        email: parameters.text("email")?,
        expiry: wish::expiry(parameters)?,
        cannot_change_password: parameters.flag("cannot_chg_passwd")?,
        password_never_expires: parameters.flag("passwd_never_expire")?,
    };
    for name in ["notify_by_email", "send_password"] {
        parameters.flag(name)?;
    }
    // All of them are there before one of them is changed.
    for name in &names {
        wish::check_local(call, name)?;
        if call.accounts().users.find(name).map_err(|error| fault::failed(&error))?.is_none() {
            return Err(Fault::Code(NO_SUCH_USER));
        }
    }
    let mut last = None;
    for name in &names {
        let user = changed(call, name, &change, secret.as_ref())?;
        wish::notify(call, &user, Occasion::Changed, secret.as_ref())?;
        last = Some(user);
    }
    let user = last.ok_or(Fault::Code(NO_SUCH_USER))?;
    Ok(Reply::data(json!({
        "name": user.name,
        "password_last_change": user.password_changed_day(),
        "uid": user.uid,
    })))
}

fn changed(call: &Call<'_>, name: &str, change: &UserChange, secret: Option<&Secret>) -> Result<User, Fault> {
    let accounts = Arc::clone(&call.dsm().accounts);
    let result = match secret {
        Some(secret) => {
            let (name, change, password) = (name.to_owned(), change.clone(), secret.password.clone());
            call.with_secret(secret, move |_, context| accounts.users.change(context, &name, &change, Some(&password)))?
        }
        None => accounts.users.change(&call.context(), name, change, None),
    };
    let user = call.noted("host-user.change", name, result).map_err(fault::of_user)?;
    if secret.is_some() {
        end_other_sessions(call, &user)?;
    } else if user.expiry.is_over(call.context().now) {
        let ended = call.accounts().sessions.end_all_of(Subject::Host(user.uid), None);
        ended.map_err(|error| fault::failed(&error))?;
    }
    Ok(user)
}
