//! `cargo xtask conformance`: the same operations for Bailiwick and for a Samba domain controller, compared, and the page
//! about it written.
//!
//! `cargo xtask test` compares too, and fails where the page is not what would be written.

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::requirement::{self, PYTHON_ENVIRONMENT, RequirementError};
use crate::step;

/// The page that a run writes, from the root of the repository.
const PAGE: &str = "docs/conformance.md";

/// Compares and writes the page; fails on a difference that has no known reason.
pub fn run() -> ExitCode {
    match steps() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo xtask conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn steps() -> Result<(), RequirementError> {
    let root = crate::root();
    let begin = Instant::now();
    requirement::install(&root)?;
    step::report("requirements", begin.elapsed());
    let mut build = Command::new("cargo");
    step::run("build", build.current_dir(&root).args(["build", "--package", "bailiwick"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
    let mut compare = Command::new(root.join(PYTHON_ENVIRONMENT).join("bin/python"));
    compare
        .current_dir(&root)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("LDAPNOINIT", "1")
        .arg("tests/clients/conformance.py")
        .arg(target.join("debug/bailiwick"))
        .args(["--write", PAGE]);
    Ok(step::run_last("comparison", &mut compare)?)
}
