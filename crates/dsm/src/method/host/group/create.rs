//! `SYNO.Core.Group` `create`: a new group of the host.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required |
//! | `description` | string | |

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "create", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("name")?;
    let description = call.parameters.text("description")?.unwrap_or_default();
    let created = call.accounts().groups.create(&name, &description);
    let group = call.noted("host-group.create", &name, created).map_err(fault::of_group)?;
    Ok(Reply::data(json!({ "gid": group.gid, "name": group.name })))
}
