//! `SYNO.Core.Group` `set`: a group of the host is renamed or described anew; what is absent stays.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required |
//! | `new_name`, `description` | string | |

use serde_json::json;

use super::check_local;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("name")?;
    let new_name = call.parameters.text("new_name")?.filter(|name| !name.is_empty());
    let description = call.parameters.text("description")?;
    check_local(call, &name)?;
    let changed = call.accounts().groups.change(&name, new_name.as_deref(), description.as_deref());
    let group = call.noted("host-group.change", &name, changed).map_err(fault::of_group)?;
    Ok(Reply::data(json!({ "gid": group.gid, "name": group.name })))
}
