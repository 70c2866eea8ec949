//! `SYNO.Core.Group` `delete`: groups of the host go; their members stay.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string or list | required |
//!
//! One group that stays fails the call; of several the answer has one error for each that stayed.

use serde_json::{Value, json};

use super::check_local;
use crate::call::Call;
use crate::catalog::{Family, Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "delete", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = call.parameters.list("name")?.filter(|names| !names.is_empty()).ok_or(Wrong::required("name"))?;
    if let [name] = names.as_slice() {
        delete(call, name)?;
        return Ok(Reply::data(json!({})));
    }
    let mut errors: Vec<Value> = Vec::new();
    for name in &names {
        if let Err(fault) = delete(call, name) {
            errors.push(json!({ "code": fault.on_the_wire(Family::CoreGroup).0, "name": name }));
        }
    }
    match errors.is_empty() {
        true => Ok(Reply::data(json!({}))),
        false => Ok(Reply::data(json!({ "errors": errors }))),
    }
}

fn delete(call: &Call<'_>, name: &str) -> Result<(), Fault> {
    check_local(call, name)?;
    let deleted = call.accounts().groups.delete(name);
    call.noted("host-group.delete", name, deleted).map(drop).map_err(fault::of_group)
}
