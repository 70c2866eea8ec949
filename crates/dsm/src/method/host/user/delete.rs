//! `SYNO.Core.User` `delete`: users of the host go. Specification section 3.10.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string or list | required |
//!
//! Nobody removes himself. Of one user the answer says who it was; of several it has one error for each who stayed.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::user::User;
use serde_json::{Value, json};

use super::wish;
use crate::call::Call;
use crate::catalog::{Family, Method, Privilege};
use crate::error_code::{Fault, NO_PERMISSION};
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "delete", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = wish::names(call.parameters)?;
    if let [name] = names.as_slice() {
        let user = deleted(call, name)?;
        return Ok(Reply::data(json!({ "name": user.name, "uid": user.uid })));
    }
    let mut errors: Vec<Value> = Vec::new();
    for name in &names {
        if let Err(fault) = deleted(call, name) {
            errors.push(json!({ "code": fault.on_the_wire(Family::CoreUser).0, "name": name }));
        }
    }
    Ok(Reply::data(json!({ "errors": errors })))
}

fn deleted(call: &Call<'_>, name: &str) -> Result<User, Fault> {
    wish::check_local(call, name)?;
    let accounts = call.accounts();
    let found = accounts.users.find(name).map_err(|error| fault::failed(&error))?;
    let own = call.signed_in()?.session.subject;
    let is_own = found.is_some_and(|user| !user.is_built_in() && own == Subject::Host(user.uid));
    let context = call.context();
    if is_own && accounts.users.administrators(context.now).map_err(|error| fault::failed(&error))?.len() > 1 {
        return Err(Fault::Code(NO_PERMISSION));
    }
    let deleted = accounts.users.delete(&context, name);
    let user = call.noted("host-user.delete", name, deleted).map_err(fault::of_user)?;
    let subject = Subject::Host(user.uid);
    accounts.sessions.end_all_of(subject, None).map_err(|error| fault::failed(&error))?;
    accounts.second_factors.remove(&subject).map_err(|error| fault::failed(&error))?;
    Ok(user)
}
