//! A real mail server in a process of its own, for letters that the server sends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use crate::program::python_command;

/// A mail server on a free port, killed when dropped.
pub struct MailServer {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
}

impl MailServer {
    /// Starts one with the certificate of a server whose data folder is `data`. `security` is `starttls`, `tls` or
    /// `none`; with a user it wants that user's password.
    ///
    /// # Panics
    /// It cannot be started.
    #[track_caller]
    pub fn start(data: &Path, security: &str, user: Option<(&str, &str)>) -> MailServer {
        let mut command = python_command("mail_server.py");
        command.arg(security).arg(data.join("tls/server.pem")).arg(data.join("tls/server.key"));
        command.args(user.map(|(name, password)| [name, password]).into_iter().flatten());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a mail server can be started");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut server = MailServer { child, lines, port: 0 };
        server.port = server.line().parse().expect("the first line is the port");
        server
    }

    /// Its port on `localhost`.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next letter, waited for.
    ///
    /// # Panics
    /// The mail server ends before one comes.
    #[track_caller]
    pub fn letter(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.line()).expect("a letter is JSON")
    }

    #[track_caller]
    fn line(&mut self) -> String {
        let mut line = String::new();
        let octets = self.lines.read_line(&mut line).expect("the mail server's output is text");
        assert!(octets > 0, "the mail server ended");
        line.trim_end().to_owned()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // Both do nothing after it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
