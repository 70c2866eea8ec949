//! `SYNO.Core.Directory.Domain` `update_status`: whether a sync has come to its end.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use bailiwick_accounts::task::State;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, NO_SUCH_TASK};
use crate::reply::Reply;
use crate::task::find_sync;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "update_status", since: 1, privilege: Privilege::Administrator, run };

/// It came to no end, or somebody stopped it.
const UPDATE_FAILED: u32 = 1402;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let status = match find_sync(call, &id)?.ok_or(Fault::Code(NO_SUCH_TASK))?.state {
        State::Waiting | State::Running => "updating",
        State::Finished => "finish",
        State::Failed | State::Stopped => return Err(Fault::Code(UPDATE_FAILED)),
    };
    Ok(Reply::data(json!({ "status": status })))
}
