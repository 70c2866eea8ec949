//! `SYNO.Core.Group.Member` `change`: users join a group and others leave it.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `group` | string | required |
//! | `add_member`, `remove_member` | list | names; those that nobody has are passed over, and nobody leaves `users` |

use super::changed;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "change", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = |name| call.parameters.list(name).map(Option::unwrap_or_default);
    changed(call, &names("add_member")?, &names("remove_member")?)
}
