//! The binary under test: the one beside the test's own program, built when nobody has done so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Set by `cargo xtask test`, which has built everything; saves a look at every source file for each test.
const BUILT_VARIABLE: &str = "BAILIWICK_TESTS_BUILT";

/// The folder of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in a folder of the repository")
}

/// The folder that cargo puts the binary and much else into.
pub fn build_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let test = std::env::current_exe().expect("the test's own program has a path");
        // A test lies in target/PROFILE/deps, the binary in target/PROFILE.
        test.ancestors().nth(2).expect("a test lies two folders deep").to_owned()
    })
}

/// The path of the binary.
pub fn bailiwick() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if std::env::var_os(BUILT_VARIABLE).is_none() {
            build();
        }
        let binary = build_folder().join("bailiwick");
        assert!(binary.is_file(), "{} is not there; run `cargo build -p bailiwick`", binary.display());
        binary
    })
}

/// A command of the binary, with nothing of the caller's own configuration.
pub fn command(subcommand: &str) -> Command {
    let mut command = Command::new(bailiwick());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BAILIWICK_") {
            command.env_remove(name);
        }
    }
    command.arg(subcommand);
    command
}

fn build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = build_folder().parent().expect("a profile's folder lies in the target folder");
    let mut command = Command::new(cargo);
    command.current_dir(repository()).args(["build", "--quiet", "--package", "bailiwick"]);
    command.arg("--target-dir").arg(target);
    if build_folder().ends_with("release") {
        command.arg("--release");
    }
    let output = command.output().expect("cargo can be run");
    assert!(output.status.success(), "bailiwick cannot be built:\n{}", String::from_utf8_lossy(&output.stderr));
}
