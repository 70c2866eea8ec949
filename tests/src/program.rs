//! Foreign clients: the programs of ldap-utils, and the Python scripts of `tests/clients`.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::binary::repository;
use crate::domain::{ADMINISTRATOR, BASE, PASSWORD};
use crate::entry::{Entry, entries};
use crate::server::Running;

/// The Python environment of most scripts.
const ENVIRONMENT: &str = ".venv";

/// What a program said.
#[derive(Debug)]
pub struct Output {
    /// Its exit status; ldap-utils exit with the LDAP result code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Output {
    /// The entries of `ldapsearch -LLL`.
    #[track_caller]
    pub fn entries(&self) -> Vec<Entry> {
        assert!(self.code == 0, "{self}");
        entries(&self.stdout)
    }

    /// Whether anything printed contains the text.
    pub fn says(&self, text: &str) -> bool {
        self.stdout.contains(text) || self.stderr.contains(text)
    }

    /// Checks the result code, and that something printed contains each of the texts.
    #[track_caller]
    pub fn expect(&self, code: i32, texts: &[&str]) {
        assert!(self.code == code, "{code} was expected: {self}");
        for text in texts {
            assert!(self.says(text), "no {text:?} in {self}");
        }
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n{}{}", self.code, self.stdout, self.stderr)
    }
}

impl Running {
    /// Runs a program of ldap-utils as the administrator; `input` is what it reads.
    #[track_caller]
    pub fn tool(&self, program: &str, arguments: &[&str], input: &str) -> Output {
        let url = self.url("ldap");
        let mut all = vec!["-x", "-H", &url, "-D", ADMINISTRATOR, "-w", PASSWORD];
        all.extend(arguments);
        self.bare_tool(program, &all, input)
    }

    /// Runs a program of ldap-utils that knows the certificate authority and nothing else.
    #[track_caller]
    pub fn bare_tool(&self, program: &str, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(program);
        command.env("LDAPTLS_CACERT", self.authority_file()).args(arguments);
        run(without_own_configuration(&mut command), input)
    }

    /// `ldapsearch` below the domain as the administrator, with unfolded LDIF and nothing around it.
    #[track_caller]
    pub fn search(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["-LLL", "-o", "ldif-wrap=no"];
        if !arguments.contains(&"-b") {
            all.extend(["-b", BASE]);
        }
        all.extend(arguments);
        self.tool("ldapsearch", &all, "")
    }

    /// `ldapadd` of LDIF text that must succeed.
    #[track_caller]
    pub fn add(&self, ldif: &str) {
        self.tool("ldapadd", &[], ldif).expect(0, &[]);
    }

    /// `ldapmodify` of LDIF text.
    #[track_caller]
    pub fn modify(&self, ldif: &str) -> Output {
        self.tool("ldapmodify", &[], ldif)
    }
}

/// Runs a Python script of `tests/clients` against the server. A script prints a line for each of its checks and
/// fails at the first that does not hold.
///
/// # Panics
/// The script fails.
#[track_caller]
pub fn python(server: &Running, script: &str) {
    python_with(server, script, &[]);
}

/// Runs a Python script of `tests/clients` with arguments of its own, otherwise as [`python`].
///
/// # Panics
/// The script fails.
#[track_caller]
pub fn python_with(server: &Running, script: &str, arguments: &[&str]) {
    python_of(ENVIRONMENT, server, script, arguments);
}

/// The same in another environment than that of most scripts, by the name of its folder.
///
/// # Panics
/// The script fails.
#[track_caller]
pub fn python_of(environment: &str, server: &Running, script: &str, arguments: &[&str]) {
    let mut command = python_command_of(environment, script);
    command
        .args(arguments)
        .env("LDAP_URL", server.url("ldap"))
        .env("LDAPS_URL", server.url("ldaps"))
        .env("HTTP_ADDRESS", server.address("http").to_string())
        .env("HTTPS_ADDRESS", server.address("https").to_string())
        .env("CA_FILE", server.authority_file())
        .env("BASE", BASE)
        .env("ADMINISTRATOR", ADMINISTRATOR)
        .env("PASSWORD", PASSWORD);
    let output = run(&mut command, "");
    assert!(output.code == 0, "{output}");
    assert!(output.stdout.lines().any(|line| line.starts_with("ok ")), "no check was made: {output}");
}

/// A Python script of `tests/clients`, to be given arguments and run.
///
/// # Panics
/// The Python environment is not there.
#[track_caller]
pub fn python_command(script: &str) -> Command {
    python_command_of(ENVIRONMENT, script)
}

#[track_caller]
fn python_command_of(environment: &str, script: &str) -> Command {
    let interpreter = repository().join(environment).join("bin/python");
    assert!(interpreter.exists(), "{} is missing; `cargo xtask test` makes it", interpreter.display());
    let mut command = Command::new(interpreter);
    command.arg(repository().join("tests/clients").join(script)).env("PYTHONDONTWRITEBYTECODE", "1");
    without_own_configuration(&mut command);
    command
}

/// What the developer's own OpenLDAP configuration says is not for tests.
fn without_own_configuration(command: &mut Command) -> &mut Command {
    command.env("LDAPCONF", "/dev/null").env("HOME", "/nonexistent")
}

/// Runs a command to its end.
///
/// # Panics
/// It cannot be started.
#[track_caller]
pub fn run(command: &mut Command, input: &str) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask test` installs it"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_owned();
    // A program may answer before it has read everything, so its input needs a thread of its own.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("a child can be waited for");
    let _ = writer.join();
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
