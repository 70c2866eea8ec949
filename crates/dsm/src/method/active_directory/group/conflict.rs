//! `SYNO.ActiveDirectory.Group` `conflict`: whether a name is taken. Specification section 3.6.8.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required |

use bailiwick_domain::administration::is_name_taken;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "conflict", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("name")?;
    let is_taken = is_name_taken(call.directory(), &call.context(), &name).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({ "isConflict": is_taken })))
}
