//! `SYNO.Core.Group` `get`: groups by name.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string or list | required |

use serde_json::{Value, json};

use super::{domain_row, local_row};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault::{self, NO_SUCH_GROUP};
use crate::method::host::is_of_domain;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = call.parameters.list("name")?.filter(|names| !names.is_empty()).ok_or(Wrong::required("name"))?;
    let (mut groups, mut errors): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for name in &names {
        match row(call, name)? {
            Some(row) => groups.push(row),
            None => errors.push(json!({ "code": NO_SUCH_GROUP, "name": name })),
        }
    }
    match (groups.is_empty(), errors.is_empty()) {
        (true, _) => Err(Fault::Code(NO_SUCH_GROUP)),
        (false, true) => Ok(Reply::data(json!({ "groups": groups }))),
        (false, false) => Ok(Reply::data(json!({ "errors": errors, "groups": groups }))),
    }
}

fn row(call: &Call<'_>, name: &str) -> Result<Option<Value>, Fault> {
    let row = match is_of_domain(name) {
        true => call.accounts().view.find_group(name).map(|group| group.as_ref().map(domain_row)),
        false => call.accounts().groups.find(name).map(|group| group.as_ref().map(local_row)),
    };
    row.map_err(|error| fault::failed(&error))
}
