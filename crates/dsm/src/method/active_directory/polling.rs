//! `SYNO.ActiveDirectory.Polling` `get`: how far a deletion has come. Specification section 3.6.4.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use bailiwick_accounts::task::{Outcome, Work};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Cause, Doing, Fault, NO_SUCH_TASK, record_refused};
use crate::reply::Reply;
use crate::task::find;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = find(call, &id)?.filter(|task| matches!(task.work, Work::DeleteObjects { .. }));
    let task = task.ok_or(Fault::Code(NO_SUCH_TASK))?;
    let row = |(name, outcome): (&str, &Outcome)| json!({ "dn": name, "status": status(outcome) });
    let rows: Vec<Value> = task.objects().map(row).collect();
    Ok(Reply::data(json!({ "data": rows, "finished": task.state.is_end(), "total": task.total })))
}

/// What came of one object: nothing when it is gone.
fn status(outcome: &Outcome) -> Value {
    match Cause::of_word(&outcome.word) {
        None => json!({}),
        Some(cause) => record_refused(Doing::Delete, Some(cause)),
    }
}
