//! Starting and stopping, and every way in which a start is refused: one clear line, a code of its own, no damage.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use crate::folder::{Workplace, command, run, stderr, text};

/// A server that is ready; killed when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    screen: String,
}

const ALL_FREE: [&str; 8] =
    ["--ldap", "127.0.0.1:0", "--ldaps", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"];

impl Server {
    pub fn start(workplace: &Workplace, flags: &[&str]) -> Server {
        let data = workplace.data();
        let mut all = vec!["serve", "--data", text(&data)];
        all.extend(ALL_FREE);
        all.extend(flags);
        let mut child = command(&all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut screen = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        while !screen.lines().last().is_some_and(|line| line.starts_with("Ready")) {
            assert_ne!(stdout.read_line(&mut screen).unwrap(), 0, "{screen}");
        }
        let (_, after) = screen.split_once("ldap://").unwrap();
        let address: String = after.chars().take_while(|c| !c.is_whitespace()).collect();
        Server { child, url: format!("ldap://{address}"), screen }
    }

    /// Asks it to stop, and gives its exit code.
    pub fn stop(mut self) -> i32 {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a start that must fail; gives its code and its one line.
fn refused(workplace: &Workplace, flags: &[&str]) -> (i32, String) {
    let mut all = vec!["serve"];
    if !flags.contains(&"--ldap") {
        all.extend(ALL_FREE);
    }
    all.extend(flags);
    let output = workplace.run(&all);
    let line = stderr(&output);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert_eq!(output.stdout, b"");
    (output.status.code().unwrap(), line)
}

#[test]
fn the_first_start_makes_a_domain_and_the_second_finds_it() {
    let workplace = Workplace::empty();
    let first = Server::start(&workplace, &["--domain", "example.com", "--hostname", "dc1"]);
    assert!(first.screen.contains("is new"), "{}", first.screen);
    assert!(first.screen.contains("dc1.example.com"));
    assert_eq!(first.stop(), 0);
    let second = Server::start(&workplace, &[]);
    assert!(second.screen.contains("is back") && !second.screen.contains("password of"), "{}", second.screen);
    assert_eq!(second.stop(), 0);
}

#[test]
fn a_made_password_is_shown_once_and_signs_in() {
    let workplace = Workplace::empty();
    let data = workplace.data();
    let output = command(&["init", "--domain", "example.com", "--data", text(&data)])
        .env_remove("BAILIWICK_ADMIN_PASSWORD")
        .output()
        .unwrap();
    let screen = String::from_utf8(output.stdout).unwrap();
    let password = screen.lines().find(|line| line.starts_with("  ")).unwrap().trim().to_owned();
    let file = workplace.write("password", &password);
    let server = Server::start(&workplace, &[]);
    assert!(!server.screen.contains(&password));
    let output = run(&[
        "export",
        "--quiet",
        "--url",
        &server.url,
        "--bind",
        "Administrator",
        "--password-file",
        text(&file),
        "--filter",
        "(sAMAccountName=Administrator)",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn a_start_without_a_domain_says_what_is_missing() {
    let workplace = Workplace::empty();
    let (code, line) = refused(&workplace, &[]);
    assert_eq!(code, 3);
    assert!(line.contains("--domain"), "{line}");
}

#[test]
fn a_taken_port_leaves_no_trace() {
    let workplace = Workplace::empty();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, line) = refused(&workplace, &["--domain", "example.com", "--ldap", &address]);
    assert_eq!(code, 4);
    assert!(line.contains(&address) && line.contains("--ldap"), "{line}");
    assert!(!workplace.data().exists());
}

#[test]
fn another_domain_is_refused() {
    let (code, line) = refused(&Workplace::with_domain(), &["--domain", "other.org"]);
    assert_eq!(code, 7);
    assert!(line.contains("example.com") && line.contains("other.org"), "{line}");
}

#[test]
fn a_foreign_folder_is_refused() {
    let workplace = Workplace::empty();
    std::fs::create_dir(workplace.data()).unwrap();
    std::fs::write(workplace.data().join("thesis.txt"), "").unwrap();
    let (code, line) = refused(&workplace, &["--domain", "example.com"]);
    assert_eq!(code, 5);
    assert!(line.contains("thesis.txt"), "{line}");
    assert_eq!(std::fs::read_dir(workplace.data()).unwrap().count(), 1);
}

#[test]
fn a_folder_in_use_is_refused_to_another_server() {
    let workplace = Workplace::with_domain();
    let server = Server::start(&workplace, &[]);
    assert_eq!(refused(&workplace, &[]).0, 6);
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_wrong_configuration_names_the_place() {
    let workplace = Workplace::empty();
    let file = workplace.write("bailiwick.toml", "domain = \"example.com\"\nldpa = \"off\"\n");
    let (code, line) = refused(&workplace, &["--config", text(&file)]);
    assert_eq!(code, 3);
    assert!(line.contains("bailiwick.toml:2") && line.contains("did you mean"), "{line}");
    assert!(!workplace.data().exists());
}

#[test]
fn a_killed_server_comes_back() {
    let workplace = Workplace::with_domain();
    let mut server = Server::start(&workplace, &[]);
    server.child.kill().unwrap();
    let mut rest = String::new();
    let _ = server.child.stdout.take().map(|mut stdout| stdout.read_to_string(&mut rest));
    drop(server);
    assert_eq!(Server::start(&workplace, &[]).stop(), 0);
}
