//! Administration from the shell: every claim holds through a running server and on the folder of a stopped one.

mod computers;
mod delegation;
mod groups;
mod local_socket;
mod one_time_codes;
mod passwords;
mod rights;
mod units;
mod users;

use bailiwick_tests::{Domain, Output, Server, command, run};

/// A domain with or without a server, and the commands that a test runs on it.
enum Shell {
    Online(Box<Server>),
    Offline(Domain),
}

/// Tries a claim both ways.
fn both_ways(claim: impl Fn(&Shell)) {
    claim(&Shell::Offline(Domain::new()));
    claim(&Shell::Online(Box::new(Server::start())));
}

impl Shell {
    /// Runs a command on the domain; `input` is what it reads.
    fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let data = match self {
            Shell::Online(server) => server.data().to_owned(),
            Shell::Offline(domain) => domain.data(),
        };
        let mut command = command(arguments[0]);
        command.env("BAILIWICK_ARGON2_MEMORY_KIB", "8").env("BAILIWICK_ARGON2_PASSES", "1");
        command.args(&arguments[1..]).arg("--data").arg(data);
        run(&mut command, input)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    /// Runs a command that must succeed.
    #[track_caller]
    fn does(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        output.expect(0, &[]);
        output
    }

    /// Runs a command that must succeed, and reads the JSON that it prints.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let output = self.does(&all);
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
    }
}

#[test]
fn completions_are_made_for_three_shells() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(command("completion").arg(shell), "");
        output.expect(0, &["bailiwick", "add-member", "reset"]);
    }
}

#[test]
fn help_teaches_by_example() {
    for noun in ["user", "group", "unit", "computer", "password", "acl"] {
        let output = run(command(noun).arg("--help"), "");
        output.expect(0, &["Examples:", &format!("bailiwick {noun} "), "Objects are named by"]);
    }
}
