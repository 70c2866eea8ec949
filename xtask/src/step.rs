//! One step of a chore: a command with a name, its output shown as it comes, and the time it took.

use std::fmt;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

/// A step did not succeed.
#[derive(Debug)]
pub enum StepError {
    /// The program could not be started.
    Start {
        /// The step.
        name: &'static str,
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// The program ended with a failure.
    Failed {
        /// The step.
        name: &'static str,
        /// How it ended.
        status: ExitStatus,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepError::Start { name, program, source } => write!(f, "{name}: cannot run {program}: {source}"),
            StepError::Failed { name, status } => write!(f, "{name}: {status}"),
        }
    }
}

/// Runs the command and says how long it took.
///
/// # Errors
/// The program cannot be started, or fails.
pub fn run(name: &'static str, command: &mut Command) -> Result<(), StepError> {
    let begin = Instant::now();
    announce(name, command)?;
    report(name, begin.elapsed());
    Ok(())
}

/// Runs the command and says nothing afterwards, so that the last lines are the program's own.
///
/// # Errors
/// As [`run`].
pub fn run_last(name: &'static str, command: &mut Command) -> Result<(), StepError> {
    announce(name, command)
}

/// Says that a step that is no command of its own is done.
pub fn report(name: &str, time: Duration) {
    println!("== {name}: done in {:.1} s", time.as_secs_f64());
}

fn announce(name: &'static str, command: &mut Command) -> Result<(), StepError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    println!("== {name}: {} {}", program, arguments.join(" "));
    let status = command.status().map_err(|source| StepError::Start { name, program: program.clone(), source })?;
    if status.success() { Ok(()) } else { Err(StepError::Failed { name, status }) }
}
