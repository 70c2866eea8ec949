//! `bailiwick mail`: letters on their way out.

use std::process::ExitCode;

use bailiwick_accounts::administration::mail::{Answer, Request};
use bailiwick_accounts::administration::{Answer as HostAnswer, Request as HostRequest, Secret};
use bailiwick_accounts::mail::{Slip, State};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::domain::Reached;
use crate::exit::Failure;
use crate::shell::{At, Table, say};

/// Look after the outbox: letters that the server writes, such as those that reset a password.
///
/// A mail server is set with smtp-server and the settings beside it (`bailiwick config`). Without one, letters stay in
/// the outbox.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Mail {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick mail test ada@example.com
      Write a letter to see whether it arrives.
  bailiwick mail list
      What waits, what was sent and what was given up, and why.
  bailiwick mail retry 17
      Try a letter at once.";

#[derive(Subcommand)]
enum Verb {
    /// List letters.
    List(List),
    /// Show a letter that waits, with its text.
    Show(One),
    /// Send a letter at once, and begin counting attempts anew.
    Retry(One),
    /// Take a letter out, sent or not.
    Remove(One),
    /// Write a letter to see whether it arrives.
    Test(Test),
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct One {
    /// The letter's number.
    number: u64,
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct Test {
    /// The address to write to.
    address: String,
    #[command(flatten)]
    at: At,
}

impl Mail {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::List(list) => list.run(),
            Verb::Show(one) => one.show(),
            Verb::Retry(one) => one.change(|number| Request::Retry { number }, "Due now"),
            Verb::Remove(one) => one.change(|number| Request::Remove { number }, "Removed"),
            Verb::Test(test) => test.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let mut slips: Vec<Slip> = Vec::new();
        loop {
            let after = slips.last().map_or(0, |slip| slip.number);
            let Answer::Slips(more) = ask(&reached, Request::List { after })? else {
                return Err(Failure::unexpected_answer());
            };
            if more.is_empty() {
                break;
            }
            slips.extend(more);
        }
        match self.at.json {
            true => say(format_args!("{:#}\n", json!(slips)))?,
            false if slips.is_empty() => say("The outbox is empty.\n")?,
            false => say(table(&slips))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl One {
    fn show(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let Answer::Letter { slip, text } = ask(&reached, Request::Show { number: self.number })? else {
            return Err(Failure::unexpected_answer());
        };
        match self.at.json {
            true => say(format_args!("{:#}\n", json!({ "slip": slip, "text": text.expose() })))?,
            false => say(format_args!("To: {}\nSubject: {}\n\n{}\n", slip.to, slip.subject, text.expose()))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn change(self, request: fn(u64) -> Request, done: &str) -> Result<ExitCode, Failure> {
        ask(&self.at.open()?, request(self.number))?;
        say_done(&self.at, done, self.number)
    }
}

impl Test {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let request = Request::Write {
            to: self.address,
            subject: "A test letter of Bailiwick".to_owned(),
            text: Secret::new("This letter was written to see whether letters arrive. It did.\n"),
        };
        let Answer::Written { number } = ask(&reached, request)? else {
            return Err(Failure::unexpected_answer());
        };
        say_done(&self.at, "In the outbox", number)
    }
}

fn ask(reached: &Reached, request: Request) -> Result<Answer, Failure> {
    match reached.administer(HostRequest::Mail(request))? {
        HostAnswer::Mail(answer) => Ok(answer),
        _ => Err(Failure::unexpected_answer()),
    }
}

fn say_done(at: &At, done: &str, number: u64) -> Result<ExitCode, Failure> {
    match at.json {
        true => say(format_args!("{:#}\n", json!({ "number": number })))?,
        false => say(format_args!("{done}: letter {number}\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn table(slips: &[Slip]) -> Table {
    let mut table = Table::new(&["number", "written", "to", "subject", "state"]);
    for slip in slips {
        table.row(vec![
            slip.number.to_string(),
            slip.written.to_string(),
            slip.to.clone(),
            slip.subject.clone(),
            words(&slip.state),
        ]);
    }
    table
}

fn words(state: &State) -> String {
    match state {
        State::Waiting { attempts: 0, .. } => "waits".to_owned(),
        State::Waiting { attempts, next, reason } => {
            format!("tried {attempts} times, next at {next}: {}", reason.as_deref().unwrap_or_default())
        }
        State::Sent { at } => format!("sent at {at}"),
        State::GivenUp { at, reason } => format!("given up at {at}: {reason}"),
    }
}
