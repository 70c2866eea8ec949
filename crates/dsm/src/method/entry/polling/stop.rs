//! `SYNO.Entry.Request.Polling` `stop`: a background task goes no further. What is done stays done.
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
pub const METHOD: Method = Method { name: "stop", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = task::find(call, &id)?.ok_or(Fault::Code(NO_SUCH_TASK))?;
    task::stop(call, &task)?;
    Ok(Reply::done())
}
