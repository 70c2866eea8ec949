//! `bailiwick audit`: who signed in and who changed what.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::str::FromStr;

use bailiwick_accounts as accounts;
use bailiwick_accounts::audit::{self, Kind, Moment, MomentError, Outcome, Query, Record};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_server::data_folder::host_of;
use bailiwick_server::{StartError, clock};
use bailiwick_store::{Beside, Options};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::exit::Failure;
use crate::flags::SettingFlags;

/// Search the audit: sign-ins and changes, the newest first.
///
/// It reads the data folder, whether or not a server uses it, and changes nothing there. Every condition that is given
/// must hold. What came in the last quarter of a second may not be there yet.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowAudit {
    /// Not before this time: 2026-11-22, 2026-11-22T05:36:20Z (always UTC), or an age such as 30m, 12h or 7d.
    #[arg(long, value_name = "TIME")]
    since: Option<TimeOrAge>,
    /// Before this time.
    #[arg(long, value_name = "TIME")]
    until: Option<TimeOrAge>,
    /// Part of the name or SID of who did it, of the name given for a sign-in, or of the address.
    #[arg(long, value_name = "TEXT")]
    who: Option<String>,
    /// Part of the name or GUID of the object.
    #[arg(long, value_name = "TEXT")]
    object: Option<String>,
    /// What was done.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name)))]
    kind: Option<String>,
    /// What came of it: success, failure, or a word such as sign-in:wrong-password or insufficient-rights.
    #[arg(long, value_name = "RESULT")]
    result: Option<String>,
    /// The most events to show; 0 shows all.
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    limit: u64,
    /// One JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick audit
      The last hundred events.
  bailiwick audit --kind sign-in --result failure --since 1h
      Who could not sign in during the last hour.
  bailiwick audit --object 'CN=Domain Admins' --since 30d
      Who changed the group, and how.
  bailiwick audit --who ada --limit 0 --json | jq .attributes
      Everything that she did, for a program.";

/// How many records are looked at in one snapshot. The server gives no page back while a snapshot lives, so none is
/// held while somebody reads what was printed.
const EXAMINED_PER_SNAPSHOT: usize = 1024;

/// A time, or how long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TimeOrAge {
    Time(FileTime),
    Age(Interval),
}

impl FromStr for TimeOrAge {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<TimeOrAge, MomentError> {
        let unit = match text.bytes().last() {
            Some(b's') => 1,
            Some(b'm') => 60,
            Some(b'h') => 3600,
            Some(b'd') => 86_400,
            _ => return text.parse().map(|Moment(at)| TimeOrAge::Time(at)),
        };
        let number: u32 = text[..text.len() - 1].parse().map_err(|_| MomentError)?;
        Ok(TimeOrAge::Age(Interval::from_seconds(u64::from(number) * unit)))
    }
}

impl TimeOrAge {
    fn at(self, now: FileTime) -> FileTime {
        match self {
            TimeOrAge::Time(at) => at,
            TimeOrAge::Age(age) => now.before(age),
        }
    }
}

impl ShowAudit {
    /// Prints the events that match.
    ///
    /// # Errors
    /// There is no audit in the folder, or it cannot be read.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let data = self.settings.config()?.data;
        let folder = host_of(&data);
        if !folder.is_dir() {
            return Err(Failure::NoAudit { folder: data });
        }
        let open = |error: accounts::OpenError| Failure::from(StartError::Host(error));
        let store = Beside::open(folder, accounts::SPACES, Options::default()).map_err(|error| open(error.into()))?;
        let failed = |error: bailiwick_store::Error| Failure::Store { reason: error.to_string() };
        accounts::check(store.read().map_err(failed)?.as_ref()).map_err(open)?;

        let query = self.query(clock::now());
        let mut out = std::io::stdout().lock();
        let (mut shown, mut unreadable, mut position) = (0, 0, None);
        loop {
            let page = {
                let snapshot = store.read().map_err(failed)?;
                audit::search(snapshot.as_ref(), &query, position, EXAMINED_PER_SNAPSHOT).map_err(failed)?
            };
            unreadable += page.unreadable;
            for record in &page.records {
                if self.limit != 0 && shown == self.limit {
                    return conclude(unreadable);
                }
                let line = if self.json { as_json(record) } else { as_row(record) };
                match out.write_all(line.as_bytes()) {
                    Ok(()) => shown += 1,
                    // A pager that was closed has seen enough.
                    Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                    Err(source) => return Err(Failure::System { doing: "printing".into(), source }),
                }
            }
            position = page.next;
            if position.is_none() {
                return conclude(unreadable);
            }
        }
    }

    fn query(&self, now: FileTime) -> Query {
        Query {
            since: self.since.map(|since| since.at(now)),
            until: self.until.map(|until| until.at(now)),
            who: self.who.clone(),
            object: self.object.clone(),
            kind: self.kind.as_deref().and_then(|name| Kind::ALL.into_iter().find(|kind| kind.name() == name)),
            outcome: self.result.as_deref().map(|result| match result {
                "success" => Outcome::Success,
                "failure" => Outcome::Failure,
                word => Outcome::Word(word.to_owned()),
            }),
        }
    }
}

fn conclude(unreadable: u64) -> Result<ExitCode, Failure> {
    if unreadable > 0 {
        eprintln!("{unreadable} events are not shown: this program cannot read them");
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(record: &Record) -> String {
    let mut line = String::from_utf8(record.to_octets()).expect("JSON is UTF-8");
    line.push('\n');
    line
}

/// Time, who, from where, face, what, what came of it, and on what. Names were chosen by strangers, so what a terminal
/// would obey is escaped.
fn as_row(record: &Record) -> String {
    let at = record.at.to_string();
    let at = at.split('.').next().unwrap_or(&at);
    let from = record.from.map_or_else(|| "-".to_owned(), |address| address.to_string());
    let (kind, result) = (record.kind.name(), record.result.as_str());
    let who = printable(record.actor());
    let mut row = format!("{at}  {who:24}  {from:15}  {:7}  {kind:10}  {result:24}", record.face);
    if let Some(object) = &record.object {
        let _ = write!(row, "  {}", printable(&object.name));
        match (&object.new_rdn, &object.new_superior) {
            (Some(rdn), None) => drop(write!(row, " to {}", printable(rdn))),
            (Some(rdn), Some(parent)) => drop(write!(row, " to {},{}", printable(rdn), printable(parent))),
            (None, _) if object.tree => row.push_str(" and everything below"),
            (None, _) => {}
        }
    }
    if record.kind == Kind::Modify {
        let names: Vec<_> = record.attributes.iter().map(|one| printable(&one.name)).collect();
        let _ = write!(row, ": {}", names.join(", "));
    }
    if let Some(use_case) = &record.use_case {
        let _ = write!(row, ": {}", printable(use_case));
    }
    if let Some(fault) = &record.fault {
        let _ = write!(row, " (at fault: {})", printable(fault));
    }
    let mut row = row.trim_end().to_owned();
    row.push('\n');
    row
}

fn printable(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match character.is_control() || is_reordering(character) {
            true => out.extend(character.escape_unicode()),
            false => out.push(character),
        }
        out
    })
}

/// Whether a character changes the direction of those around it, and so what a person takes the line to say.
fn is_reordering(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        Record::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_row_says_who_did_what_to_what() {
        let row = as_row(&record(
            r#"{"version":1,"at":"2026-11-22T05:36:20.123456Z","request":7,"face":"ldap","from":"127.0.0.1",
            "protection":"local","who":{"name":"EXAMPLE\\ada"},"kind":"modify","object":{"name":"CN=Bob"},
            "attributes":[{"operation":"replace","name":"mail","count":1}],"result":"success"}"#,
        ));
        assert_eq!(
            row.split_whitespace().collect::<Vec<_>>(),
            ["2026-11-22T05:36:20", "EXAMPLE\\ada", "127.0.0.1", "ldap", "modify", "success", "CN=Bob:", "mail"]
        );
    }

    #[test]
    fn a_name_cannot_write_on_the_terminal() {
        let row = as_row(&record(
            r#"{"version":1,"at":"2026-11-22T05:36:20Z","request":7,"face":"ldap","protection":"local",
            "who":{"name":"anonymous"},"kind":"sign-in","sign_in":{"name":"a\u001b[2J\n\u202eb"},
            "result":"sign-in:unknown-name"}"#,
        ));
        assert!(row.contains(r"a\u{1b}[2J\u{a}\u{202e}b"), "{row}");
        assert_eq!(row.matches('\n').count(), 1);
    }

    #[test]
    fn a_time_may_be_an_age() {
        let now = FileTime::from_unix_seconds(1_000_000);
        let at = |text: &str| text.parse::<TimeOrAge>().map(|time| time.at(now).unix_seconds());
        assert_eq!(at("30m"), Ok(1_000_000 - 1800));
        assert_eq!(at("1d"), Ok(1_000_000 - 86_400));
        assert_eq!(at("1970-01-02"), Ok(86_400));
        for text in ["", "d", "-1d", "1w", "5"] {
            assert!(at(text).is_err(), "{text}");
        }
    }
}
