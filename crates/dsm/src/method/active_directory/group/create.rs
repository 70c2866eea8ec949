//! `SYNO.ActiveDirectory.Group` `create`: a new group. Specification section 3.6.7.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required; the common name and the account name |
//! | `located_dn` | DN | required |
//! | `description`, `email` | string | |
//! | `type` | string | `security`, which is the default, or `distribution` |
//! | `scope` | string | `global`, which is the default, `local` or `universal` |

use bailiwick_domain::administration::{GroupScope, NewGroup, Place, Selector, create_group};
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
    let name = parameters.required_text("name")?;
    let place = Selector::from(parameters.dn("located_dn")?);
    let security = match parameters.text("type")?.as_deref() {
        None | Some("" | "security") => true,
        Some("distribution") => false,
        Some(_) => return Err(Wrong::condition("type").into()),
    };
    let scope = match parameters.text("scope")?.as_deref() {
        None | Some("" | "global") => GroupScope::Global,
        Some("local") => GroupScope::DomainLocal,
        Some("universal") => GroupScope::Universal,
        Some(_) => return Err(Wrong::condition("scope").into()),
    };
    let new = NewGroup {
        name: &name,
        account_name: &name,
        place: Place::At(&place),
        scope,
        security,
        attributes: attributes([("description", parameters.text("description")?), ("mail", parameters.text("email")?)]),
    };
    let context = call.context();
    let created = create_group(call.directory(), &context, new).map_err(Fault::of(Doing::Add))?;
    let account_name = account_name(call.directory(), &context, &name).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({ "dn": created.dn.to_string(), "name": account_name })))
}
