//! `SYNO.Core.Directory.Domain` `update_stop`: a sync goes no further. The next one goes on where it was.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, NO_SUCH_TASK};
use crate::reply::Reply;
use crate::task;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "update_stop", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = task::find_sync(call, &id)?.ok_or(Fault::Code(NO_SUCH_TASK))?;
    task::stop(call, &task)?;
    Ok(Reply::done())
}
