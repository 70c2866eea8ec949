//! One slice of a task: bounded work, then one transaction that says how far it came.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_domain::{Change, Context, Directory, Error as DomainError, Requester};
use bailiwick_store::Error as StoreError;

use super::queue::{keep, read};
use super::{Outcome, State, Task, Tasks, Work};
use crate::audit;
use crate::group::{self, Groups};
use crate::sync::{self, Step, Sync};

/// The most users whose groups are changed in one slice.
const SLICE_USERS_MAX: usize = 16;
/// The most objects that are deleted in one slice.
const SLICE_OBJECTS_MAX: usize = 32;
/// What a failed task of group changes says: nobody could administer the host any more.
const LAST_ADMINISTRATOR: &str = "last-administrator";

/// What a slice came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Stepped {
    /// Nothing waits.
    Idle,
    /// A slice was done; this is how the task stands.
    Task(Box<Task>),
}

impl Tasks {
    /// Does the next slice of the task whose turn it is. `context` is the system's; work that somebody wished is done
    /// under his rights. One thread calls this, and no other does at the same time.
    ///
    /// # Errors
    /// The store's: the slice is done anew when somebody has mended that. What the directory refuses or fails is a matter
    /// of the task.
    pub fn step(&self, directory: &dyn Directory, context: &Context<'_>, sync: &Sync) -> Result<Stepped, StoreError> {
        let Some(mut task) = self.next()? else { return Ok(Stepped::Idle) };
        if task.stop_wished {
            task.state = State::Stopped;
            return self.kept(task, context);
        }
        task.state = State::Running;
        match task.work.clone() {
            Work::ChangeGroups { users, join, leave, .. } => {
                self.change_groups(context, &mut task, &users, &join, &leave)?;
            }
            Work::SyncDomain => match sync.step(directory, context) {
                Ok(Step::More(progress)) => {
                    task.sync = progress;
                    task.progress = u64::from(progress.percent);
                }
                Ok(Step::Done(progress)) => {
                    task.sync = progress;
                    task.totals = sync.totals()?;
                    task.progress = task.total;
                    task.state = State::Finished;
                }
                Err(sync::Error::Store(error)) => return Err(error),
                Err(sync::Error::Directory(error)) => {
                    task.state = State::Failed;
                    task.failure = match error {
                        bailiwick_domain::administration::Error::Directory(error) => audit::word(&Err(error)),
                        _ => "unavailable".to_owned(),
                    };
                }
            },
            Work::DeleteObjects { names, wish } => {
                let end = ends_at(&task, SLICE_OBJECTS_MAX);
                // Somebody was killed here, so that what is not there any more may have been deleted by this task.
                let is_repeated = task.begun > task.progress;
                if !is_repeated {
                    task.begun = end;
                    self.keep_running(&mut task)?;
                }
                let requester = wish.requester();
                for name in &names[index(task.progress)..index(end)] {
                    let result = delete(directory, context, &requester, name);
                    let result = match result {
                        Err(DomainError::NoSuchObject { .. }) if is_repeated => Ok(()),
                        result => result,
                    };
                    task.outcomes.push(Outcome { word: audit::word(&result) });
                }
                task.progress = end;
                task.begun = end;
                if task.progress >= task.total {
                    task.state = State::Finished;
                }
            }
        }
        self.kept(task, context)
    }

    fn change_groups(
        &self,
        context: &Context<'_>,
        task: &mut Task,
        users: &[u32],
        join: &[String],
        leave: &[String],
    ) -> Result<(), StoreError> {
        let groups = Groups::new(self.store.clone());
        let end = ends_at(task, SLICE_USERS_MAX);
        for uid in &users[index(task.progress)..index(end)] {
            match groups.change_groups_of(context, *uid, join, leave) {
                // Whoever was removed meanwhile is in no group any more.
                Ok(_) => {}
                Err(group::Error::Store(error)) => return Err(error),
                Err(_) => {
                    task.state = State::Failed;
                    task.failure = LAST_ADMINISTRATOR.to_owned();
                    return Ok(());
                }
            }
        }
        task.progress = end;
        if end >= task.total {
            task.state = State::Finished;
        }
        Ok(())
    }

    /// Keeps how a task stands, but for the wish to stop it, which somebody may have uttered meanwhile.
    fn keep_running(&self, task: &mut Task) -> Result<(), StoreError> {
        let kept = self.store.transact(|transaction| {
            let stop_wished = read(transaction, task.id.as_str())?.is_some_and(|kept| kept.stop_wished);
            let task = Task { stop_wished, ..task.clone() };
            keep(transaction, &task)?;
            Ok::<_, StoreError>(task)
        })??;
        *task = kept;
        Ok(())
    }

    fn kept(&self, mut task: Task, context: &Context<'_>) -> Result<Stepped, StoreError> {
        if task.state.is_end() {
            task.ended = context.now;
        }
        self.keep_running(&mut task)?;
        Ok(Stepped::Task(Box::new(task)))
    }
}

fn delete(
    directory: &dyn Directory,
    context: &Context<'_>,
    requester: &Requester,
    name: &str,
) -> Result<(), DomainError> {
    let name = ObjectName::parse(name).map_err(|_| DomainError::InvalidName)?;
    let context = Context { requester, ..context.clone() };
    let deleted = directory.apply(&context, &[Change::Delete { name, tree: true }]);
    deleted.map(drop).map_err(|refused| refused.error)
}

/// How far the slice after the progress reaches.
fn ends_at(task: &Task, slice_max: usize) -> u64 {
    task.progress.saturating_add(slice_max as u64).min(task.total)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
