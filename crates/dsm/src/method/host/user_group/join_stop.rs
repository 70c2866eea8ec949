//! `SYNO.Core.User.Group` `join_stop`: a change of groups goes no further. What is done stays done.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use super::task;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "join_stop", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let task = task(call)?;
    call.accounts().tasks.stop(task.id.as_str()).map_err(|error| fault::failed(&error))?;
    Ok(Reply::done())
}
