//! `bailiwick token`: what programs show instead of a name and a password.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick_accounts::administration::token::{self, Listed};
use bailiwick_accounts::administration::{Answer, Request, Secret};
use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::token::Scopes;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_domain::administration::{self, Kind};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::domain::Reached;
use crate::exit::Failure;
use crate::shell::{At, SELECTORS, Table, find, say};

/// Tokens, which programs show to the AD REST API instead of a name and a password.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Token {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick token create helpdesk --scope rest:search,rest:password --note 'the ticket system'
      A token that acts as the account helpdesk, for these things only. It is shown once.
  bailiwick token list
  bailiwick token revoke 1f5b8c02d3e4a697

Scopes: rest (all of the following), rest:search, rest:create, rest:edit, rest:move, rest:rename, rest:delete,
rest:password.";

#[derive(Subcommand)]
enum Verb {
    /// Make a token for an account, and show it once.
    Create(Create),
    /// Show all tokens and when each was last used.
    List(List),
    /// End a token at once.
    Revoke(Revoke),
}

#[derive(Args)]
struct Create {
    /// The account that it acts as, with no more rights than that has.
    user: String,
    /// What it may be used for; several with commas or by repeating the flag.
    #[arg(long, required = true, value_delimiter = ',', value_name = "SCOPE")]
    scope: Vec<String>,
    /// After how many days it ends.
    #[arg(long, value_name = "DAYS", default_value_t = 365, conflicts_with = "forever",
        value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// It never ends.
    #[arg(long)]
    forever: bool,
    /// What it is for, for people who look at the list.
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct Revoke {
    /// What the list calls it.
    id: String,
    #[command(flatten)]
    at: At,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl Token {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Create(create) => create.run(),
            Verb::List(list) => list.run(),
            Verb::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Create {
    fn run(self) -> Result<ExitCode, Failure> {
        let scopes = self.scope.join(",");
        scopes.parse::<Scopes>().map_err(|error| Failure::Query { text: error.name })?;
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, Kind::User, &self.user)?;
        let sid = target.sid.ok_or(administration::Error::Unsaid { attribute: "objectSid" })?;
        let request = token::Request::Create {
            subject: Subject::Domain(sid),
            account: target.dn.to_string(),
            note: self.note.clone(),
            scopes,
            expires: (!self.forever).then(|| now() + i64::from(self.days) * SECONDS_PER_DAY),
        };
        let token::Answer::Created { text, token } = ask(&reached, request)? else { return Err(unexpected()) };
        self.show(&text, &token)?;
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, text: &Secret, token: &Listed) -> Result<(), Failure> {
        if self.at.json {
            let mut shown = as_json(token);
            shown["token"] = text.expose().into();
            return say(format_args!("{shown:#}\n"));
        }
        let end = token.expires.map_or_else(|| "never".to_owned(), date);
        say(format_args!(
            "{}\n\nIt is {} in the list, acts as {}, is for {} and ends {end}. It is not shown again.\n",
            text.expose(),
            token.id,
            token.account,
            token.scopes,
        ))
    }
}

impl List {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let token::Answer::Listed(tokens) = ask(&reached, token::Request::List)? else { return Err(unexpected()) };
        if self.at.json {
            let shown: Vec<Value> = tokens.iter().map(as_json).collect();
            say(format_args!("{:#}\n", Value::from(shown)))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut table = Table::new(&["id", "account", "scopes", "ends", "last used", "note"]);
        for token in tokens {
            table.row(vec![
                token.id,
                token.account,
                token.scopes,
                token.expires.map_or_else(|| "never".to_owned(), date),
                token.last_used.map_or_else(|| "-".to_owned(), date),
                token.note,
            ]);
        }
        say(table)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Revoke {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        ask(&reached, token::Request::Revoke { id: self.id.clone() })?;
        match self.at.json {
            true => say(format_args!("{:#}\n", json!({ "id": self.id })))?,
            false => say(format_args!("Revoked {}\n", self.id))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn ask(reached: &Reached, request: token::Request) -> Result<token::Answer, Failure> {
    match reached.administer(Request::Token(request))? {
        Answer::Token(answer) => Ok(answer),
        _ => Err(unexpected()),
    }
}

fn unexpected() -> Failure {
    Failure::Usage { text: "the server answers what was not asked: it is of another version" }
}

fn as_json(token: &Listed) -> Value {
    json!({
        "id": token.id,
        "account": token.account,
        "sid": token.subject.to_string(),
        "scopes": token.scopes,
        "note": token.note,
        "created": date(token.created),
        "expires": token.expires.map(date),
        "lastUsed": token.last_used.map(date),
    })
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn date(unix_seconds: i64) -> String {
    let time = GeneralizedTime::from_file_time(FileTime::from_unix_seconds(unix_seconds));
    time.map_or_else(|| unix_seconds.to_string(), |time| time.to_string())
}
