//! `SYNO.ActiveDirectory.Polling` `get`: how far a deletion has come. Specification section 3.6.4.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, NO_SUCH_TASK};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = call.dsm().tasks.find(&id).ok_or(Fault::Code(NO_SUCH_TASK))?;
    // Asked before the outcomes are, so that what is finished is complete.
    let is_finished = task.is_finished();
    Ok(Reply::data(json!({ "data": task.outcomes(), "finished": is_finished, "total": task.total })))
}
