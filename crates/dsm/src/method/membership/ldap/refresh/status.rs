//! `SYNO.Core.Directory.LDAP.Refresh` `get_status`, or `get`: whether users and groups have been taken over.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | which run; whichever is under way, unless it says anything |

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::membership::domain::{get_db_status, update_status};
use crate::reply::Reply;

/// The row for the catalog.
pub const GET_STATUS: Method = Method { name: "get_status", since: 1, privilege: Privilege::Administrator, run };
/// The row of its other name.
pub const GET: Method = Method { name: "get", ..GET_STATUS };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let of = match call.parameters.text("task_id")?.filter(|id| !id.is_empty()) {
        Some(_) => update_status::METHOD,
        None => get_db_status::METHOD,
    };
    (of.run)(call)
}
