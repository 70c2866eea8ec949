//! `SYNO.ActiveDirectory.User` `create`: a new user. Specification section 3.6.5.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `logon_name` | string | required; the common name, the account name and the display name |
//! | `located_dn` | DN | required |
//! | `password` | string | required |
//! | `email`, `description` | string | |
//! | `account_is_disabled`, `cannot_change_password` | bool | |
//! | `change_password_next_logon` | bool | does not go with a password that never expires, which wins |
//! | `password_never_expire` | bool | |

use bailiwick_domain::administration::{AccountControl, NewUser, Place, Selector, create_user, domain};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::active_directory::account_name;
use crate::method::directory_server::attributes;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "create", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let name = parameters.required_text("logon_name")?;
    let place = Selector::from(parameters.dn("located_dn")?);
    let secret = parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    let flag = |name| parameters.flag(name).map(Option::unwrap_or_default);
    let never_expires = flag("password_never_expire")?;
    let must_change_password = flag("change_password_next_logon")? && !never_expires;
    let cannot_change_password = flag("cannot_change_password")?;
    let mut control = AccountControl::default();
    for (wanted, bit) in [
        (flag("account_is_disabled")?, AccountControl::DISABLED),
        (never_expires, AccountControl::PASSWORD_NEVER_EXPIRES),
    ] {
        control = if wanted { control.with(bit) } else { control };
    }
    let attributes = attributes([
        ("displayName", Some(name.clone())),
        ("mail", parameters.text("email")?),
        ("description", parameters.text("description")?),
    ]);
    let (account, password) = (name.clone(), secret.password.clone());
    let created = call.with_secret(&secret, move |directory, context| {
        let principal_name = format!("{account}@{}", domain(directory, context)?.dns_name().to_lowercase());
        let new = NewUser {
            name: &account,
            account_name: &account,
            principal_name: Some(&principal_name),
            place: Place::At(&place),
            password: Some(&password),
            control,
            must_change_password,
            cannot_change_password,
            attributes,
        };
        create_user(directory, context, new)
    })?;
    let created = created.map_err(Fault::of(Doing::Add))?;
    let account_name = account_name(call.directory(), &call.context(), &name).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({ "dn": created.dn.to_string(), "name": account_name })))
}
