//! `SYNO.Core.Group.Member` `remove`: users leave a group; nobody leaves `users`.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `group` | string | required |
//! | `name`, or `users` | list | required; names that nobody has are passed over |

use super::changed;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::either_list;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "remove", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = either_list(call.parameters, "name", "users")?.ok_or(Wrong::required("name"))?;
    changed(call, &[], &names)
}
