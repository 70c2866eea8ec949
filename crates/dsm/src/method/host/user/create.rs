//! `SYNO.Core.User` `create`: a new user of the host. Specification section 3.10.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name`, `password` | string | required |
//! | `description`, `email` | string | |
//! | `expired` | string | `normal`, which is the default and also `never`, `now`, or the last day |
//! | `cannot_chg_passwd`, `passwd_never_expire` | bool | `false` and `true` |
//! | `notify_by_email`, `send_password` | bool | write to the user, and put the password into the letter |
//! | `groups`, `group` | list | groups to join; those that are not there are passed over |

use std::sync::Arc;

use bailiwick_accounts::user::NewUser;
use bailiwick_accounts::user::letter::Occasion;
use serde_json::json;

use super::wish;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::{either_list, fault};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "create", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let name = parameters.required_text("name")?;
    let secret = parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    call.check_secret(&secret)?;
    let new = NewUser {
        name: name.clone(),
        description: parameters.text("description")?.unwrap_or_default(),
        email: parameters.text("email")?.unwrap_or_default(),
        expiry: wish::expiry(parameters)?.unwrap_or_default(),
        cannot_change_password: parameters.flag("cannot_chg_passwd")?.unwrap_or_default(),
        password_never_expires: parameters.flag("passwd_never_expire")?.unwrap_or(true),
        groups: either_list(parameters, "groups", "group")?.unwrap_or_default(),
    };
    // Read before anything is done, so that a bad value leaves nothing behind.
    for name in ["notify_by_email", "send_password"] {
        parameters.flag(name)?;
    }
    let (accounts, password) = (Arc::clone(&call.dsm().accounts), secret.password.clone());
    let created = call.with_secret(&secret, move |_, context| accounts.users.create(context, &new, &password))?;
    let user = call.noted("host-user.create", &name, created).map_err(fault::of_user)?;
    wish::notify(call, &user, Occasion::Made, Some(&secret))?;
    Ok(Reply::data(json!({ "name": user.name, "uid": user.uid })))
}
