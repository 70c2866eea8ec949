//! What goes on after its call was answered: the tasks of the host, which survive a restart, and how far they have come.
//! Specification section 3.4.

use bailiwick_accounts::task::{Error, IdForm, State, Task, Work};
use serde_json::{Value, json};

use crate::call::Call;
use crate::error_code::{BUSY, Fault, UNKNOWN};

/// A task came to no end.
const TASK_FAILED: u32 = 3204;
/// Whose the tasks are, as pollers ask for them: everybody's who administers.
pub(crate) const GROUP: &str = "admin";

/// Asks for the sync of the domain's accounts; the one that waits or runs already is the one that is meant.
pub(crate) fn start_sync(call: &Call<'_>, form: IdForm) -> Result<Task, Fault> {
    let started = call.accounts().tasks.start(&call.context(), form, Work::SyncDomain);
    call.noted("domain.sync", "", started).map_err(|error| match error {
        Error::TooMany | Error::TooLarge => Fault::Code(BUSY),
        Error::Store(_) => failed(&error),
    })
}

/// The task of an id, if it is a sync.
pub(crate) fn find_sync(call: &Call<'_>, id: &str) -> Result<Option<Task>, Fault> {
    Ok(find(call, id)?.filter(|task| task.work == Work::SyncDomain))
}

/// The task of an id.
pub(crate) fn find(call: &Call<'_>, id: &str) -> Result<Option<Task>, Fault> {
    call.accounts().tasks.get(id).map_err(|error| failed(&error))
}

/// Wishes a task to stop; what is done stays done.
pub(crate) fn stop(call: &Call<'_>, task: &Task) -> Result<(), Fault> {
    let stopped = call.accounts().tasks.stop(task.id.as_str()).map_err(Error::Store);
    call.noted("task.stop", task.id.as_str(), stopped).map(drop).map_err(|error| failed(&error))
}

/// What the host keeps cannot be read or written.
pub(crate) fn failed(error: &dyn std::fmt::Debug) -> Fault {
    tracing::error!(?error, "the host's tasks cannot be reached");
    Fault::Code(UNKNOWN)
}

/// How far a task has come, in the wrapper that pollers read.
pub(crate) fn report(task: &Task) -> Value {
    let (api, method, version) = match &task.work {
        Work::ChangeGroups { .. } => ("SYNO.Core.User.Group", "join", 1),
        Work::SyncDomain => ("SYNO.Core.Directory.Domain", "update_start", 1),
        Work::DeleteObjects { .. } => ("SYNO.ActiveDirectory.Directory", "delete", 1),
    };
    let mut data = json!({ "pid": std::process::id(), "progress": task.progress, "total": task.total });
    match &task.work {
        Work::ChangeGroups { users, name, .. } => {
            data["name"] = json!(name);
            data["uid"] = json!(users.first());
        }
        Work::SyncDomain => {
            data["users"] = json!(task.sync.users);
            data["groups"] = json!(task.sync.groups);
        }
        Work::DeleteObjects { .. } => {}
    }
    let mut report = json!({
        "auto_remove": false,
        "data": data,
        "finish": task.state.is_end(),
        "info": { "api": api, "group": GROUP, "method": method, "prefix": prefix(task.id.as_str()), "version": version },
        "success": task.state != State::Failed,
    });
    if task.state == State::Failed {
        report["error"] = json!({ "code": TASK_FAILED });
    }
    report
}

/// What an id begins with, behind its owner and before its numbers.
fn prefix(id: &str) -> &str {
    let id = id.split_once('/').map_or(id, |(_, id)| id);
    id.trim_end_matches(|character: char| character.is_ascii_digit() || ('A'..='F').contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_what_the_numbers_of_an_id_leave() {
        for (id, expected) in [
            ("@administrators/groupbatch1737238746C6723E33", "groupbatch"),
            ("@administrators/DomainUpdate6146195136397F2", "DomainUpdate"),
            ("sync_12345", "sync_"),
        ] {
            assert_eq!(prefix(id), expected);
        }
    }
}
