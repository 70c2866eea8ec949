//! `SYNO.Entry.Request.Polling` `status`: how far a background task has come.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |
//!
//! All tasks are the administrators', so there is none for anybody else.

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault, NO_SUCH_TASK};
use crate::reply::Reply;
use crate::task::report;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "status", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let id = call.parameters.required_text("task_id")?;
    if !call.signed_in()?.is_administrator() {
        return Err(Fault::Code(NO_SUCH_TASK));
    }
    let task = call.accounts().tasks.get(&id).map_err(|_| Fault::Code(BUSY))?;
    Ok(Reply::data(report(&task.ok_or(Fault::Code(NO_SUCH_TASK))?)))
}
