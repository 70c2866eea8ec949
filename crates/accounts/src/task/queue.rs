//! The tasks that are kept: asked for, found, listed, stopped, and forgotten some time after they ended.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, ReadTransaction, Store, WriteTransaction};

use super::{IdForm, State, TASK, Task, TaskId, UNFINISHED, Work};
use crate::book::{counter, kept, write_counter};
use crate::sync;

/// The most objects of one task.
pub const TASK_OBJECTS_MAX: usize = 10_000;
/// The most tasks that wait or run.
const UNFINISHED_MAX: usize = 256;
/// How long a task can be asked for after it ended, in seconds.
const KEPT_SECONDS: u64 = 3600;
/// The most tasks that have ended and are kept.
const ENDED_MAX: usize = 1024;
/// The counter of tasks.
const SERIAL: &str = "task";

/// The tasks, in a store that was opened with [`crate::SPACES`].
#[derive(Clone)]
pub struct Tasks {
    pub(super) store: Arc<dyn Store>,
    bell: Arc<OnceLock<Bell>>,
}

/// Tells whoever runs tasks that there is one.
type Bell = Box<dyn Fn() + Send + Sync>;

/// A task was not taken.
#[derive(Debug)]
pub enum Error {
    /// Too many wait already.
    TooMany,
    /// It has more objects than [`TASK_OBJECTS_MAX`].
    TooLarge,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl Tasks {
    /// The tasks in a store.
    pub fn new(store: Arc<dyn Store>) -> Tasks {
        Tasks { store, bell: Arc::default() }
    }

    /// Whom to tell of tasks from now on: whoever runs them, which is one.
    pub fn tell(&self, bell: impl Fn() + Send + Sync + 'static) {
        // A second one would run them at the same time, so the first stays.
        let _ = self.bell.set(Box::new(bell));
    }

    /// Asks for work, and tells whoever runs it. A sync that waits or runs already is the one that is meant, and
    /// is answered instead of another; a task with nothing to do has ended at once.
    ///
    /// # Errors
    /// `TooMany`, `TooLarge`.
    pub fn start(&self, context: &Context<'_>, form: IdForm, work: Work) -> Result<Task, Error> {
        let total = work.total();
        if total > TASK_OBJECTS_MAX as u64 {
            return Err(Error::TooLarge);
        }
        let id = TaskId::make(form, context);
        let started = self.store.transact(|transaction| {
            let unfinished = unfinished(transaction)?;
            if work == Work::SyncDomain
                && let Some(running) = unfinished.iter().find(|task| task.work == Work::SyncDomain)
            {
                return Ok(running.clone());
            }
            if unfinished.len() >= UNFINISHED_MAX {
                return Err(Error::TooMany);
            }
            forget_ended(transaction, context.now)?;
            let serial = counter(transaction, SERIAL)? + 1;
            write_counter(transaction, SERIAL, serial)?;
            let mut task = Task {
                id: unique(transaction, &id, serial)?,
                serial,
                work: work.clone(),
                state: State::Waiting,
                stop_wished: false,
                progress: 0,
                total,
                begun: 0,
                created: context.now,
                ended: FileTime::ZERO,
                outcomes: Vec::new(),
                sync: sync::Progress::default(),
                totals: sync::Totals::default(),
                failure: String::new(),
            };
            if total == 0 {
                task.state = State::Finished;
                task.ended = context.now;
            }
            keep(transaction, &task)?;
            Ok(task)
        })?;
        self.ring();
        started
    }

    /// Tells whoever runs tasks to look anew: there is a task, or another schedule.
    pub fn ring(&self) {
        if let Some(ring) = self.bell.get() {
            ring();
        }
    }

    /// The task with this id.
    ///
    /// # Errors
    /// The store's.
    pub fn get(&self, id: &str) -> Result<Option<Task>, StoreError> {
        read(self.store.read()?.as_ref(), id)
    }

    /// The tasks that wait or run and whose ids begin like this, in the order in which they run.
    ///
    /// # Errors
    /// The store's.
    pub fn unfinished(&self, id_prefix: &str) -> Result<Vec<Task>, StoreError> {
        let mut tasks = unfinished(self.store.read()?.as_ref())?;
        tasks.retain(|task| task.id.as_str().starts_with(id_prefix));
        Ok(tasks)
    }

    /// The ids of all tasks that are kept, ended ones too, that begin like this.
    ///
    /// # Errors
    /// The store's.
    pub fn ids(&self, id_prefix: &str) -> Result<Vec<String>, StoreError> {
        let transaction = self.store.read()?;
        let mut ids = Vec::new();
        transaction.scan(TASK, id_prefix.as_bytes(), None, &mut |key, _| {
            if !key.starts_with(id_prefix.as_bytes()) {
                return ControlFlow::Break(());
            }
            ids.extend(std::str::from_utf8(key).ok().map(str::to_owned));
            ControlFlow::Continue(())
        })?;
        Ok(ids)
    }

    /// Wishes a task to stop; what is done stays done. Whether there is such a task. One that has ended stays as it is.
    ///
    /// # Errors
    /// The store's.
    pub fn stop(&self, id: &str) -> Result<bool, StoreError> {
        self.store.transact(|transaction| {
            let Some(mut task) = read(transaction, id)? else { return Ok(false) };
            if !task.state.is_end() && !task.stop_wished {
                task.stop_wished = true;
                keep(transaction, &task)?;
            }
            Ok(true)
        })?
    }

    /// The task whose turn it is; none when all have ended.
    ///
    /// # Errors
    /// The store's.
    pub fn next(&self) -> Result<Option<Task>, StoreError> {
        let transaction = self.store.read()?;
        match transaction.first_at_or_after(UNFINISHED, &[])? {
            Some((_, id)) => read(transaction.as_ref(), std::str::from_utf8(id).unwrap_or_default()),
            None => Ok(None),
        }
    }
}

/// Keeps a task, and its place in the order for as long as it has not ended.
pub(super) fn keep(transaction: &mut dyn WriteTransaction, task: &Task) -> Result<(), StoreError> {
    let place = task.serial.to_be_bytes();
    match task.state.is_end() {
        true => transaction.delete(UNFINISHED, &place).map(drop)?,
        false => transaction.put(UNFINISHED, &place, task.id.as_str().as_bytes())?,
    }
    transaction.put(TASK, task.id.as_str().as_bytes(), &kept(task))
}

pub(super) fn read(transaction: &dyn ReadTransaction, id: &str) -> Result<Option<Task>, StoreError> {
    let octets = transaction.get(TASK, id.as_bytes())?;
    octets.map(|octets| serde_json::from_slice(octets).map_err(|_| damaged())).transpose()
}

fn unfinished(transaction: &dyn ReadTransaction) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::new();
    let mut cursor = transaction.cursor(UNFINISHED)?;
    while let Some((_, id)) = cursor.next()? {
        tasks.push(read(transaction, std::str::from_utf8(id).unwrap_or_default())?.ok_or_else(damaged)?);
    }
    Ok(tasks)
}

/// Forgets tasks that ended long ago, and the earliest of too many.
fn forget_ended(transaction: &mut dyn WriteTransaction, now: FileTime) -> Result<(), StoreError> {
    let mut ended = Vec::new();
    let mut failure = None;
    transaction.scan(TASK, &[], None, &mut |key, octets| match serde_json::from_slice::<Task>(octets) {
        Ok(task) if task.state.is_end() => {
            ended.push((task.ended, key.to_vec()));
            ControlFlow::Continue(())
        }
        Ok(_) => ControlFlow::Continue(()),
        Err(_) => {
            failure = Some(damaged());
            ControlFlow::Break(())
        }
    })?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    ended.sort_unstable();
    let excess = ended.len().saturating_sub(ENDED_MAX);
    let old = now.before(Interval::from_seconds(KEPT_SECONDS));
    for (index, (at, key)) in ended.iter().enumerate() {
        if index < excess || *at < old {
            transaction.delete(TASK, key)?;
        }
    }
    Ok(())
}

/// The id, or one with the serial number behind it when two tasks of one second drew the same random number.
fn unique(transaction: &dyn ReadTransaction, id: &TaskId, serial: u64) -> Result<TaskId, StoreError> {
    if transaction.get(TASK, id.as_str().as_bytes())?.is_none() {
        return Ok(id.clone());
    }
    TaskId::parse(&format!("{id}_{serial}")).ok_or_else(damaged)
}

fn damaged() -> StoreError {
    StoreError::Corrupt { doing: "reading a task" }
}
