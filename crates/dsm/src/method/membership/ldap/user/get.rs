//! `SYNO.Core.Directory.LDAP.User` `get`: one user.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user` | string | his name, with or without the domain in front; the caller unless it says anything |
//!
//! A caller who is an account of the host alone is nobody here.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use super::{domain_sid, plain, row};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::membership::ldap::NO_SUCH_OBJECT;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let signed_in = call.signed_in()?;
    let name = match call.parameters.text("user")?.filter(|name| !name.is_empty()) {
        Some(name) => name,
        None if matches!(signed_in.session.subject, Subject::Host(_)) => return Ok(Reply::data(json!({}))),
        None => signed_in.name.to_string(),
    };
    let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    let full = format!("{}\\{}", domain.netbios_name, plain(&name));
    let user = call.accounts().view.find_user(&full).map_err(|error| failed(&error))?;
    let user = user.ok_or(Fault::Code(NO_SUCH_OBJECT))?;
    row(call, &domain_sid(call)?, &user).map(Reply::data)
}
