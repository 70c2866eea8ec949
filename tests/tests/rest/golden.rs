//! Golden pairs: requests of every kind and, to the letter, what is answered. One file of `golden/` is one story, told to a
//! server of its own. `BAILIWICK_BLESS=1` writes down what is answered now, to be read before it is kept.

use std::fmt::Write as _;
use std::fs;

use bailiwick_tests::{Domain, Running, Server, repository};

use super::client::{Answer, Request};

/// One request and its answer.
#[derive(Default)]
struct Pair {
    title: String,
    line: String,
    headers: Vec<(String, String)>,
    body: String,
    expected: String,
}

fn read(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut in_answer = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            pairs.push(Pair { title: title.to_owned(), ..Pair::default() });
            in_answer = false;
            continue;
        }
        let Some(pair) = pairs.last_mut() else { continue };
        let is_header = |line: &str| {
            line.split_once(": ").is_some_and(|(name, _)| name.chars().all(|c| c == '-' || c.is_ascii_alphabetic()))
        };
        match line {
            "--" => in_answer = true,
            line if in_answer => pair.expected += &format!("{line}\n"),
            line if pair.line.is_empty() => pair.line = line.to_owned(),
            line if pair.body.is_empty() && is_header(line) => {
                let (name, value) = line.split_once(": ").expect("it was looked at");
                pair.headers.push((name.to_owned(), value.to_owned()));
            }
            line => pair.body += &format!("{line}\n"),
        }
    }
    pairs
}

fn send(server: &Running, pair: &Pair) -> Answer {
    let (method, path) = pair.line.split_once(' ').expect("a method and a path");
    let mut request = Request::new(method, path);
    for (name, value) in &pair.headers {
        request = match name.as_str() {
            "Without" => request.without(value),
            name => request.without(name).header(name, value),
        };
    }
    match pair.body.trim().is_empty() {
        true => request.send(server),
        false => request.body(pair.body.trim_end()).send(server),
    }
}

/// What is compared: the status, the lines of the head that mean something, and the body, without what differs from run
/// to run.
fn told(server: &Running, answer: &Answer) -> String {
    let mut told = format!("{}\n", answer.status);
    for name in ["www-authenticate", "allow"] {
        for value in answer.header(name) {
            let _ = writeln!(told, "{name}: {value}");
        }
    }
    let port = format!(":{}/", server.address("ldaps").port());
    told + &without_cursor(&answer.text.replace(&port, ":636/")) + "\n"
}

/// A cursor is sealed anew each time.
fn without_cursor(text: &str) -> String {
    match text.split_once("\"cursor\": \"") {
        Some((before, rest)) => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}\"cursor\": \"…\"{after}")
        }
        None => text.to_owned(),
    }
}

#[track_caller]
fn check(server: &Server, name: &str) {
    let path = repository().join("tests/tests/rest/golden").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let bless = std::env::var_os("BAILIWICK_BLESS").is_some();
    let mut written = String::new();
    for pair in read(&text) {
        let found = told(server, &send(server, &pair));
        if bless {
            let headers: String = pair.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            let _ = write!(written, "## {}\n{}\n{headers}{}--\n{found}\n", pair.title, pair.line, pair.body);
            continue;
        }
        assert_eq!(found.trim_end(), pair.expected.trim_end(), "{name}: {}", pair.title);
    }
    if bless {
        fs::write(&path, written).expect("the golden file is writable");
    }
}

/// A server of the domain that the documentation of the API speaks of, with the unit and the manager of its example.
fn contoso() -> Server {
    let flags = ["--domain", "contoso.com", "--hostname", "dc01"];
    let server = Server::on(Domain::empty(), &flags);
    super::client::done(&server, "POST", "/create/ou", r#"{"cn":"Real Users","path":"DC=contoso,DC=com"}"#);
    let manager = r#"{"cn":"Everyone","path":"OU=Real Users,DC=contoso,DC=com"}"#;
    super::client::done(&server, "POST", "/create/group", manager);
    server
}

#[test]
fn the_documented_example_creates_the_user_that_it_describes() {
    let server = contoso();
    check(&server, "documented.txt");
    let url = server.url("ldap");
    let found = server.bare_tool(
        "ldapsearch",
        &[
            "-x",
            "-LLL",
            "-o",
            "ldif-wrap=no",
            "-H",
            &url,
            "-D",
            "Administrator@contoso.com",
            "-w",
            bailiwick_tests::PASSWORD,
            "-b",
            "DC=contoso,DC=com",
            "(sAMAccountName=asdfasdf)",
        ],
        "",
    );
    let entries = found.entries();
    let entry = &entries[0];
    assert_eq!(entry.dn, "CN=asdfasdf,OU=Real Users,DC=contoso,DC=com");
    assert_eq!(entry.value("displayName"), "whatev");
    assert_eq!(entry.value("mail"), "whatev@noone.com");
    assert_eq!(entry.value("mailNickname"), "asdfasdf2");
    assert_eq!(entry.value("manager"), "CN=Everyone,OU=Real Users,DC=contoso,DC=com");
    assert_eq!(entry.values("proxyAddresses"), ["SMTP:whatev@noone.com", "smtp:asdfasdf@gogogogo.net"]);
    assert_eq!(entry.value("userAccountControl"), "66050");
    assert_eq!(entry.value("userPrincipalName"), "whatev@noone.com");
}

#[test]
fn every_operation_and_its_errors_are_answered_to_the_letter() {
    let server = Server::start();
    super::client::allow_quick_changes(&server);
    for story in ["create.txt", "edit.txt", "objects.txt", "passwords.txt", "search.txt", "transport.txt"] {
        check(&server, story);
    }
}
