//! Data folders for tests: one domain is made once, and copied.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

pub const PASSWORD: &str = "Correct-Horse-42";
pub const BASE: &str = "DC=example,DC=com";

/// A folder with a data folder and files beside it.
pub struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// One with a new domain.
    pub fn with_domain() -> Workplace {
        static DOMAIN: OnceLock<TempDir> = OnceLock::new();
        let domain = DOMAIN.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let output = run(&["init", "--domain", "example.com", "--data", text(&folder.path().join("data"))]);
            assert!(output.status.success(), "{}", stderr(&output));
            folder
        });
        let workplace = Workplace::empty();
        copy(&domain.path().join("data"), &workplace.data());
        workplace
    }

    /// One where nothing is yet.
    pub fn empty() -> Workplace {
        Workplace { folder: tempfile::tempdir().unwrap() }
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Runs a command on the data folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let data = self.data();
        let mut all = arguments.to_vec();
        all.extend(["--data", text(&data)]);
        run(&all)
    }

    /// Imports LDIF text; gives the exit code and what was said.
    pub fn import(&self, ldif: &str, flags: &[&str]) -> (i32, String) {
        let file = self.write("input.ldif", ldif);
        let mut all = vec!["import", text(&file)];
        all.extend(flags);
        let output = self.run(&all);
        (output.status.code().unwrap(), stderr(&output))
    }

    /// The export of an object and what is below it.
    pub fn export(&self, base: &str) -> String {
        let output = self.run(&["export", "--quiet", "--base", base]);
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The binary with cheap hashes, the tests' password, and nothing of the caller's environment.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BAILIWICK_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .env("BAILIWICK_ADMIN_PASSWORD", PASSWORD)
        .env("BAILIWICK_BIND_PASSWORD", PASSWORD)
        .env("BAILIWICK_ARGON2_MEMORY_KIB", "8")
        .env("BAILIWICK_ARGON2_PASSES", "1")
        .stdin(Stdio::null());
    command
}

pub fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
