//! Work that takes long: it is asked for, goes on by itself a slice at a time, survives a kill, and says how far it is.
//!
//! [`Tasks`] keeps what was asked for and how far it came; [`Tasks::step`] does the next slice of it. The thread that
//! calls it, and the time at which it does, are the server's.

mod id;
mod queue;
mod step;
mod wish;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_store::Space;
use serde::{Deserialize, Serialize};

pub use id::{IdForm, TaskId};
pub use queue::{Error, TASK_OBJECTS_MAX, Tasks};
pub use step::Stepped;
pub use wish::Wish;

use crate::expiry::kept_time;
use crate::sync;

/// Tasks by id.
pub(crate) const TASK: Space = Space("task");
/// The ids of those that have not ended, by 8 octets of a serial number, big-endian: the order in which they run.
pub(crate) const UNFINISHED: Space = Space("task-unfinished");

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What it is called.
    pub id: TaskId,
    /// Its place in the order of tasks.
    pub(crate) serial: u64,
    /// What is to be done.
    pub work: Work,
    /// How it stands.
    pub state: State,
    /// Somebody wishes it to stop.
    pub stop_wished: bool,
    /// How much of [`Task::total`] is done.
    pub progress: u64,
    /// How much there is to do.
    pub total: u64,
    /// How much was begun: after a kill, what lies between this and the progress may be done already.
    pub(crate) begun: u64,
    /// When it was asked for.
    #[serde(with = "kept_time")]
    pub created: FileTime,
    /// When it ended, whichever way; zero before.
    #[serde(with = "kept_time")]
    pub ended: FileTime,
    /// For each object that is dealt with, in the order of the work, what came of it.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// For a sync, how far it is.
    #[serde(default)]
    pub sync: sync::Progress,
    /// For a sync that is done, how many accounts there are then.
    #[serde(default)]
    pub totals: sync::Totals,
    /// Why it failed, as a word; empty when it did not.
    #[serde(default)]
    pub failure: String,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Others come first.
    Waiting,
    /// Under way.
    Running,
    /// Done. Single objects can have failed.
    Finished,
    /// It came to no end.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

impl State {
    /// Whether nothing more happens.
    pub fn is_end(self) -> bool {
        matches!(self, State::Finished | State::Failed | State::Stopped)
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Puts local users into local groups, and takes them out of others.
    ChangeGroups {
        /// The users' numbers.
        users: Vec<u32>,
        /// The name of the first of them, when it was asked for.
        name: String,
        /// Groups to join, by name.
        join: Vec<String>,
        /// Groups to leave, by name.
        leave: Vec<String>,
    },
    /// Brings the view of the domain's accounts up to date.
    SyncDomain,
    /// Deletes objects of the directory, each with all that is below it.
    DeleteObjects {
        /// Their names, as the caller wrote them.
        names: Vec<String>,
        /// Who asked for it, whose rights count.
        wish: Wish,
    },
}

/// What came of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The word for it, as in the audit: `success`, `no-such-object`, `insufficient-rights` …
    pub word: String,
}

impl Task {
    /// Whether it did what it was to do.
    pub fn is_success(&self) -> bool {
        self.state == State::Finished
    }

    /// What it is called, and what came of it so far, for each object of a [`Work::DeleteObjects`].
    pub fn objects(&self) -> impl Iterator<Item = (&str, &Outcome)> {
        let names: &[String] = match &self.work {
            Work::DeleteObjects { names, .. } => names,
            Work::ChangeGroups { .. } | Work::SyncDomain => &[],
        };
        names.iter().map(String::as_str).zip(&self.outcomes)
    }
}

impl Work {
    /// How much there is to do; a sync counts per cent.
    fn total(&self) -> u64 {
        match self {
            Work::ChangeGroups { users, .. } => users.len() as u64,
            Work::SyncDomain => 100,
            Work::DeleteObjects { names, .. } => names.len() as u64,
        }
    }
}
