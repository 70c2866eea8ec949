//! `SYNO.Core.Group.ValidLocalAdmin` `list`: the administrators of the host who may sign in. Specification section 3.11.3.

use serde_json::{Value, json};

use super::fault;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let administrators = call.accounts().users.administrators(call.context().now);
    let administrators = administrators.map_err(|error| fault::failed(&error))?;
    let users: Vec<Value> = administrators.iter().map(|user| json!({ "name": user.name })).collect();
    Ok(Reply::data(json!({ "users": users })))
}
