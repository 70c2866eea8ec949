//! A running server: started on free ports, waited for by its ready line, killed when dropped.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use rustix::process::{Pid, Signal, kill_process};

use crate::binary::command;
use crate::domain::{Domain, PASSWORD, cheap_flags};

/// The listeners, as flags and as schemes of what is printed.
const LISTENERS: [&str; 4] = ["ldap", "ldaps", "http", "https"];

/// How a server is to be started.
pub struct ServerCommand {
    command: Command,
    data: PathBuf,
}

/// A server that a test owns, on a domain of its own.
pub struct Server {
    running: Running,
    domain: Domain,
}

/// A server process that is ready.
pub struct Running {
    child: Child,
    data: PathBuf,
    addresses: Vec<(&'static str, SocketAddr)>,
    screen: String,
    rest: Option<JoinHandle<String>>,
}

/// A server that did not come up.
#[derive(Debug)]
pub struct Exited {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl ServerCommand {
    /// `bailiwick serve` on a data folder: every port free, sign-ins cheap, the tests' password for the administrator,
    /// and nothing of the caller's own configuration.
    pub fn new(data: &Path) -> ServerCommand {
        let mut command = command("serve");
        command.env("BAILIWICK_ADMIN_PASSWORD", PASSWORD).env("BAILIWICK_HOST_ADMIN_PASSWORD", PASSWORD);
        command.arg("--data").arg(data);
        for listener in LISTENERS {
            // By environment, so that a test's flag wins.
            command.env(format!("BAILIWICK_{}", listener.to_uppercase()), "127.0.0.1:0");
        }
        command.args(cheap_flags());
        ServerCommand { command, data: data.to_owned() }
    }

    /// Adds flags.
    #[must_use]
    pub fn flags(mut self, flags: &[&str]) -> ServerCommand {
        self.command.args(flags);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> ServerCommand {
        self.command.env(name, value);
        self
    }

    /// Takes an environment variable away.
    #[must_use]
    pub fn without(mut self, name: &str) -> ServerCommand {
        self.command.env_remove(name);
        self
    }

    /// Runs the server under another program, such as a tracer.
    #[must_use]
    pub fn under(self, program: &str, arguments: &[&str]) -> ServerCommand {
        let mut command = Command::new(program);
        command.args(arguments).arg(self.command.get_program()).args(self.command.get_args());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        ServerCommand { command, data: self.data }
    }

    /// Starts it and waits until it is ready. Its log goes to `log` beside the data folder.
    ///
    /// # Panics
    /// It does not come up.
    #[track_caller]
    pub fn start(mut self) -> Running {
        let log_path = log_path(&self.data);
        let log = File::options().create(true).append(true).open(&log_path).expect("a log can be written");
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = self.command.spawn().expect("the server can be started");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut screen = String::new();
        let mut addresses = Vec::new();
        loop {
            let mut line = String::new();
            let octets = stdout.read_line(&mut line).expect("the screen is text");
            if octets == 0 {
                let status = child.wait().expect("a child can be waited for");
                let log = std::fs::read_to_string(&log_path).unwrap_or_default();
                panic!("the server did not come up ({status}):\n{screen}{log}");
            }
            note_addresses(&line, &mut addresses);
            screen.push_str(&line);
            if line.starts_with(READY) {
                break;
            }
        }
        // The pipe must be read on, or the server would one day wait for its reader.
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = stdout.read_to_string(&mut rest);
            rest
        });
        Running { child, data: self.data, addresses, screen, rest: Some(rest) }
    }

    /// Starts it and waits for nothing. What it says goes nowhere.
    ///
    /// # Panics
    /// It cannot be started at all.
    pub fn spawn(mut self) -> Child {
        let command = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the server can be started")
    }

    /// Starts it and waits until it ends by itself.
    ///
    /// # Panics
    /// It comes up after all, or cannot be started.
    #[track_caller]
    pub fn fail(mut self) -> Exited {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the server can be started");
        let mut stdout = String::new();
        for line in BufReader::new(child.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok) {
            if line.starts_with(READY) {
                let _ = child.kill();
                panic!("the server came up:\n{stdout}");
            }
            stdout = stdout + &line + "\n";
        }
        let output = child.wait_with_output().expect("a child can be waited for");
        Exited { status: output.status, stdout, stderr: String::from_utf8_lossy(&output.stderr).into_owned() }
    }
}

/// The start of the last line of the start screen.
const READY: &str = "Ready";

/// Notes the first address behind each `SCHEME://`.
fn note_addresses(line: &str, addresses: &mut Vec<(&'static str, SocketAddr)>) {
    for scheme in LISTENERS {
        let Some((_, after)) = line.split_once(&format!("{scheme}://")) else { continue };
        let end = after.find(|c: char| !c.is_ascii_hexdigit() && !".:[]".contains(c)).unwrap_or(after.len());
        if let Ok(address) = after[..end].parse()
            && addresses.iter().all(|(known, _)| *known != scheme)
        {
            addresses.push((scheme, address));
        }
    }
}

impl Running {
    /// Where a listener (`ldap`, `ldaps`, `http`, `https`) is.
    ///
    /// # Panics
    /// It is off, or the start screen did not say.
    #[track_caller]
    pub fn address(&self, listener: &str) -> SocketAddr {
        let found = self.addresses.iter().find(|(known, _)| *known == listener);
        found.unwrap_or_else(|| panic!("the start screen names no {listener}")).1
    }

    /// The URL of a listener.
    #[track_caller]
    pub fn url(&self, listener: &str) -> String {
        format!("{listener}://{}", self.address(listener))
    }

    /// The certificate authority that signed the server's certificate.
    pub fn authority_file(&self) -> PathBuf {
        self.data.join("tls/ca.pem")
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What was printed up to the line that says that it is ready.
    pub fn screen_until_ready(&self) -> &str {
        &self.screen
    }

    /// What has been logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log_path(&self.data)).unwrap_or_default()
    }

    /// The process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to stop and waits for it.
    pub fn stop(self) -> ExitStatus {
        self.stop_with_screen().0
    }

    /// Asks the server to stop, waits for it, and gives all that it printed.
    pub fn stop_with_screen(mut self) -> (ExitStatus, String) {
        self.signal(Signal::TERM);
        let status = self.child.wait().expect("a child can be waited for");
        let rest = self.rest.take().and_then(|rest| rest.join().ok()).unwrap_or_default();
        (status, std::mem::take(&mut self.screen) + &rest)
    }

    /// Kills the server as a power cut would, and waits until it is gone.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("a child can be waited for");
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a child has an id");
        kill_process(id, signal).expect("a child that was not waited for can be signalled");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both do nothing after the server was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// A server on a copy of the provisioned domain.
    #[track_caller]
    pub fn start() -> Server {
        Server::with(&[])
    }

    /// The same with flags.
    #[track_caller]
    pub fn with(flags: &[&str]) -> Server {
        Server::on(Domain::new(), flags)
    }

    /// A server on a domain that a test has already.
    #[track_caller]
    pub fn on(domain: Domain, flags: &[&str]) -> Server {
        let running = ServerCommand::new(&domain.data()).flags(flags).start();
        Server { running, domain }
    }

    /// Stops the server and keeps the domain.
    ///
    /// # Panics
    /// It does not end with success.
    #[track_caller]
    pub fn stop(self) -> Domain {
        let status = self.running.stop();
        assert!(status.success(), "the server ended with {status}");
        self.domain
    }

    /// Stops the server and gives how it ended and all that it printed.
    pub fn stop_running(self) -> (ExitStatus, String) {
        self.running.stop_with_screen()
    }

    /// Kills the server as a power cut would and keeps the domain.
    pub fn kill(self) -> Domain {
        self.running.kill();
        self.domain
    }

    /// The domain it serves.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }
}

impl Deref for Server {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

fn log_path(data: &Path) -> PathBuf {
    data.with_extension("log")
}
