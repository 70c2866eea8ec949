//! `cargo xtask test`: everything that must be true before a change goes in, as CI runs it.
//!
//! The last step is one run of all tests, so that the last lines on the screen are the runner's own summary.

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::requirement::{self, RequirementError};
use crate::step::{self, StepError};

/// Says to the client tests that the binary beside them is up to date; the harness in `tests/` reads it.
const BUILT_VARIABLE: &str = "BAILIWICK_TESTS_BUILT";

/// Runs everything and stops at the first step that fails.
pub fn run() -> ExitCode {
    match steps() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask test: {error}");
            ExitCode::FAILURE
        }
    }
}

fn steps() -> Result<(), RequirementError> {
    let root = crate::root();
    let begin = Instant::now();
    requirement::install(&root)?;
    step::report("requirements", begin.elapsed());
    let cargo = |arguments: &str| {
        let mut command = Command::new("cargo");
        command.current_dir(&root).args(arguments.split(' '));
        command
    };
    step::run("format", &mut cargo("fmt --all --check"))?;
    let this_program = std::env::current_exe().map_err(|error| RequirementError::File("cargo xtask".into(), error))?;
    step::run("tables", Command::new(this_program).args(["generate", "--check"]))?;
    step::run("lints", &mut cargo("clippy --workspace --all-targets -- --deny warnings"))?;
    // Everything at once, so that libraries are compiled once for the binary and for the tests.
    step::run("build", &mut cargo("build --workspace --all-targets"))?;
    step::run("examples in the documentation", &mut cargo("test --quiet --workspace --doc"))?;
    println!("== everything so far: {:.1} s", begin.elapsed().as_secs_f64());
    Ok(run_tests(cargo)?)
}

fn run_tests(cargo: impl Fn(&str) -> Command) -> Result<(), StepError> {
    let mut command = if requirement::has_nextest() {
        cargo("nextest run --workspace --profile ci")
    } else {
        println!("== cargo-nextest is not installed (cargo install cargo-nextest --locked); cargo test stands in");
        cargo("test --workspace --all-targets --no-fail-fast")
    };
    step::run_last("tests", command.env(BUILT_VARIABLE, "1"))
}
