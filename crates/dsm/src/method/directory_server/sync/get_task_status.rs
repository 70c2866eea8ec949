//! `SYNO.DirectoryServer.Sync` `GetTaskStatus`: how far a sync has come.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use bailiwick_accounts::task::State;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::find_sync;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "GetTaskStatus", since: 1, privilege: Privilege::Administrator, run };

/// No such task, in the numbers of this family.
const NO_SUCH_TASK: u32 = 404;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = find_sync(call, &id)?.ok_or(Fault::Code(NO_SUCH_TASK))?;
    let (status, users, groups) = match task.state {
        State::Waiting | State::Running => ("running", task.sync.users, task.sync.groups),
        State::Finished => ("completed", task.totals.users, task.totals.groups),
        State::Failed | State::Stopped => ("failed", task.sync.users, task.sync.groups),
    };
    Ok(Reply::data(json!({
        "groups_synced": groups,
        "progress": task.progress,
        "status": status,
        "users_synced": users,
    })))
}
