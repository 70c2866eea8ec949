//! `SYNO.DirectoryServer.Group` `Create`: a new global security group. Specification section 3.5.2.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required; the common name and the account name |
//! | `description` | string | |
//! | `ou` | DN | where; the domain's own place for groups unless said |

use bailiwick_domain::administration::{GroupScope, NewGroup, Place, Selector, create_group};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::directory_server::{attributes, fault_of_creation};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "Create", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let name = parameters.required_text("name")?;
    let unit = parameters.optional_dn("ou")?.map(Selector::from);
    let new = NewGroup {
        name: &name,
        account_name: &name,
        place: unit.as_ref().map_or(Place::Users, Place::At),
        scope: GroupScope::Global,
        security: true,
        attributes: attributes([("description", parameters.text("description")?)]),
    };
    let created = create_group(call.directory(), &call.context(), new).map_err(fault_of_creation)?;
    Ok(Reply::data(json!({ "dn": created.dn.to_string() })))
}
