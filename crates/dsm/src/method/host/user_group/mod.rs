//! `SYNO.Core.User.Group`: which groups a user is in, and the tasks that change that. Specification section 3.10.2.

pub mod get;
pub mod join;
pub mod join_list;
pub mod join_status;
pub mod join_stop;

use bailiwick_accounts::task::{Task, Work};

use super::fault;
use crate::call::Call;
use crate::error_code::{Fault, NO_SUCH_TASK};

/// What the ids of these tasks begin with.
const TASK_PREFIX: &str = "@administrators/groupbatch";

/// The task that `task_id` names.
fn task(call: &Call<'_>) -> Result<Task, Fault> {
    let id = call.parameters.required_text("task_id")?;
    let task = call.accounts().tasks.get(&id).map_err(|error| fault::failed(&error))?;
    task.filter(|task| matches!(task.work, Work::ChangeGroups { .. })).ok_or(Fault::Code(NO_SUCH_TASK))
}
