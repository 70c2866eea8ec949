//! What goes on after its call was answered, and how far it has come: deletions, which this face runs, and the tasks of
//! the host. Specification sections 3.4, 3.6.3, 3.6.4.

use std::collections::VecDeque;
use std::sync::Arc;

use bailiwick_accounts::task::{State, Task as HostTask, Work};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use parking_lot::Mutex;
use serde_json::{Value, json};

/// How long a task that has finished can be asked for.
const REMEMBERED: Interval = Interval::from_seconds(10 * 60);
/// The most tasks that are known at once; no further one is begun while none of them has finished.
const TASKS_MAX: usize = 1000;
/// A task came to no end.
const TASK_FAILED: u32 = 3204;

/// The tasks of one process.
#[derive(Default)]
pub(crate) struct Tasks(Mutex<VecDeque<Arc<Task>>>);

/// One task.
pub(crate) struct Task {
    /// Its id, which whoever is an administrator may ask for.
    pub id: String,
    /// How many steps it has.
    pub total: usize,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    done: Vec<Value>,
    finished: Option<FileTime>,
}

impl Tasks {
    /// Begins a task; none when there are too many.
    pub fn begin(&self, prefix: &str, total: usize, now: FileTime, random: &dyn Fn(&mut [u8])) -> Option<Arc<Task>> {
        let mut octets = [0; 4];
        random(&mut octets);
        let seconds = now.unix_seconds();
        let id = format!("@administrators/{prefix}{seconds:08X}{:08X}", u32::from_be_bytes(octets));
        let task = Arc::new(Task { id, total, progress: Mutex::default() });
        let mut tasks = self.0.lock();
        tasks.retain(|task| task.progress.lock().finished.is_none_or(|at| at.after(REMEMBERED) > now));
        if tasks.len() >= TASKS_MAX {
            let finished = tasks.iter().position(|task| task.is_finished())?;
            tasks.remove(finished);
        }
        tasks.push_back(Arc::clone(&task));
        Some(task)
    }

    /// The task of an id.
    pub fn find(&self, id: &str) -> Option<Arc<Task>> {
        self.0.lock().iter().find(|task| task.id == id).cloned()
    }
}

impl Task {
    /// Notes what came of a step.
    pub fn step(&self, outcome: Value) {
        self.progress.lock().done.push(outcome);
    }

    /// Notes that there are no more steps.
    pub fn finish(&self, now: FileTime) {
        self.progress.lock().finished = Some(now);
    }

    /// Whether there are no more steps.
    pub fn is_finished(&self) -> bool {
        self.progress.lock().finished.is_some()
    }

    /// What came of the steps so far.
    pub fn outcomes(&self) -> Vec<Value> {
        self.progress.lock().done.clone()
    }
}

/// Whose the tasks are, as pollers ask for them: everybody's who administers.
pub(crate) const GROUP: &str = "admin";

/// How far one of the host's tasks has come, in the wrapper that pollers read.
pub(crate) fn report(task: &HostTask) -> Value {
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

    #[test]
    fn a_task_is_known_until_ten_minutes_after_its_end() {
        let tasks = Tasks::default();
        let now = FileTime::from_unix_seconds(0x6145_EA17);
        let task = tasks.begin("Prefix", 1, now, &|octets| octets.fill(0xC4)).unwrap();
        assert_eq!(task.id, "@administrators/Prefix6145EA17C4C4C4C4");
        task.step(json!(1));
        assert!(!task.is_finished());
        task.finish(now);
        let later = |seconds| now.after(Interval::from_seconds(seconds));
        tasks.begin("Other", 1, later(599), &|_| {}).unwrap();
        assert_eq!(tasks.find(&task.id).unwrap().outcomes(), [json!(1)]);
        tasks.begin("Other", 1, later(600), &|_| {}).unwrap();
        assert!(tasks.find(&task.id).is_none());
    }
}
