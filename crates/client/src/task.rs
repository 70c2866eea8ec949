//! Work that the server goes on with after it answered.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::error::Error;

/// The id of a task of the server, such as `@administrators/DomainUpdate6146195136397F2`. It may be kept and used in
/// another session.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
pub struct TaskId(String);

impl TaskId {
    /// An id that was kept.
    pub fn new(id: impl Into<String>) -> TaskId {
        TaskId(id.into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What starts a task answers its id.
#[derive(Debug, Deserialize)]
pub(crate) struct Started {
    pub task_id: TaskId,
}

/// The first wait; most tasks are done by then.
const WAIT_MIN: Duration = Duration::from_millis(50);
/// Waits double up to this.
const WAIT_MAX: Duration = Duration::from_secs(2);

/// Asks for the state of a task until it is finished. Dropping the future stops the asking, not the task.
///
/// # Errors
/// `TaskUnfinished` after `time_max`, and those of asking.
pub(crate) async fn wait<T>(
    task: &TaskId,
    time_max: Duration,
    mut state: impl AsyncFnMut() -> Result<T, Error>,
    is_finished: impl Fn(&T) -> bool,
) -> Result<T, Error> {
    let begin = Instant::now();
    let mut pause = WAIT_MIN;
    loop {
        let found = state().await?;
        if is_finished(&found) {
            return Ok(found);
        }
        if begin.elapsed() + pause > time_max {
            return Err(Error::TaskUnfinished { task: task.clone(), after: begin.elapsed() });
        }
        tokio::time::sleep(pause).await;
        pause = (2 * pause).min(WAIT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for a task that is finished when it was asked for `rounds` times.
    async fn wait_for(rounds: u32, time_max: Duration) -> Result<u32, Error> {
        let mut asked = 0;
        let state = async || {
            asked += 1;
            Ok(asked)
        };
        wait(&TaskId::new("t"), time_max, state, |asked| *asked >= rounds).await
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        // The clock of a paused runtime jumps to the next timer.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn a_task_is_asked_for_until_it_is_finished() {
        assert_eq!(run(wait_for(1, Duration::ZERO)).unwrap(), 1);
        assert_eq!(run(wait_for(40, Duration::from_secs(100))).unwrap(), 40);
    }

    #[test]
    fn a_task_that_takes_too_long_is_left_alone() {
        let error = run(wait_for(u32::MAX, Duration::from_secs(100))).unwrap_err();
        assert!(matches!(error, Error::TaskUnfinished { after, .. } if after > Duration::from_secs(97)), "{error:?}");
    }
}
