//! `bailiwick user otp`: one-time codes beside a user's password.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;

use bailiwick_accounts::administration::second_factor::{self, Status};
use bailiwick_accounts::administration::{Answer, Request, Secret};
use bailiwick_accounts::second_factor::Subject;
use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_domain::administration::{self, Kind};
use clap::{Args, Subcommand};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::domain::Reached;
use crate::exit::Failure;
use crate::shell::{At, SELECTORS, find, say};

/// Black on white whatever the terminal's colours are: readers of QR codes need the dark parts dark.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
/// The terminal's own colours.
const PLAIN: &str = "\x1b[0m";

/// One-time codes of an authenticator application, which doors that have a place for them ask for beside the password.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Otp {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick user otp enable ada
      Shows a QR code for her device and recovery codes, once.
  bailiwick user otp confirm ada 492039
      Her device shows this code: from now on she is asked for codes.
  bailiwick user otp disable ada";

#[derive(Subcommand)]
enum Verb {
    /// Make a seed and recovery codes for a user's device. They count once a code is confirmed.
    Enable(Whose),
    /// Put the codes into force with a first one from the user's device.
    Confirm(Confirm),
    /// Show whether a user has one-time codes.
    Status(Whose),
    /// Ask a user for no codes any more.
    Disable(Whose),
}

#[derive(Args)]
struct Whose {
    /// Which user.
    user: String,
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct Confirm {
    #[command(flatten)]
    whose: Whose,
    /// What the device shows now. It is good for a minute or so, and once.
    code: String,
}

impl Otp {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Enable(whose) => whose.enable(),
            Verb::Confirm(Confirm { whose, code }) => {
                let (reached, user) = whose.find()?;
                let code = Secret::new(&Zeroizing::new(code));
                ask(&reached, second_factor::Request::Confirm { subject: user.subject, code })?;
                whose.at.done("One-time codes are asked for from now on of", &user.dn)
            }
            Verb::Status(whose) => whose.status(),
            Verb::Disable(whose) => {
                let (reached, user) = whose.find()?;
                ask(&reached, second_factor::Request::Remove { subject: user.subject })?;
                whose.at.done("One-time codes are no longer asked for of", &user.dn)
            }
        }
    }
}

/// A user that was found.
struct User {
    dn: Dn,
    subject: Subject,
    /// The user principal name, or the account name, as a device shows it.
    label: String,
    /// The domain's DNS name.
    domain: String,
}

impl Whose {
    fn find(&self) -> Result<(Reached, User), Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, Kind::User, &self.user)?;
        let names = ["userPrincipalName", "sAMAccountName"];
        let entry = administration::show(directory, &context, &target, &names)?;
        let label = names.iter().find_map(|name| entry.text(name)).unwrap_or(&self.user).to_owned();
        let domain = administration::domain(directory, &context)?.dns_name();
        let sid = target.sid.ok_or(administration::Error::Unsaid { attribute: "objectSid" })?;
        Ok((reached, User { dn: target.dn, subject: Subject::Domain(sid), label, domain }))
    }

    fn enable(&self) -> Result<ExitCode, Failure> {
        let (reached, user) = self.find()?;
        let User { dn, subject, label, domain } = user;
        let request = second_factor::Request::Enrol { subject, issuer: domain, account: label };
        let second_factor::Answer::Enrolled { seed, uri, recovery_codes } = ask(&reached, request)? else {
            return Err(Failure::unexpected_answer());
        };
        if self.at.json {
            let codes: Vec<&str> = recovery_codes.iter().map(Secret::expose).collect();
            let shown = json!({
                "dn": dn.to_string(), "seed": seed.expose(), "uri": uri.expose(), "recoveryCodes": codes
            });
            say(format_args!("{shown:#}\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = Zeroizing::new(String::new());
        // Writing into a string does not fail.
        let _ = writeln!(text, "One-time codes for {dn}\n");
        if std::io::stdout().is_terminal()
            && let Some(picture) = picture(uri.expose())
        {
            let _ = writeln!(text, "{}", picture.as_str());
        }
        let _ = writeln!(text, "  Address   {}\n  Seed      {}\n", uri.expose(), seed.expose());
        let _ = writeln!(text, "Recovery codes, each good once when the device is lost:\n");
        for code in &recovery_codes {
            let _ = writeln!(text, "  {}", code.expose());
        }
        let _ = writeln!(
            text,
            "\nNone of this is shown again. Codes are asked for once the first one is confirmed:\n  \
             bailiwick user otp confirm {} CODE",
            self.user
        );
        say(text.as_str())?;
        Ok(ExitCode::SUCCESS)
    }

    fn status(&self) -> Result<ExitCode, Failure> {
        let (reached, user) = self.find()?;
        let second_factor::Answer::Status(status) =
            ask(&reached, second_factor::Request::Status { subject: user.subject })?
        else {
            return Err(Failure::unexpected_answer());
        };
        match self.at.json {
            true => say(format_args!("{:#}\n", as_json(&user.dn, status)))?,
            false => say(format_args!("{}\n", words(&user.dn, status)))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn ask(reached: &Reached, request: second_factor::Request) -> Result<second_factor::Answer, Failure> {
    match reached.administer(Request::SecondFactor(request))? {
        Answer::SecondFactor(answer) => Ok(answer),
        _ => Err(Failure::unexpected_answer()),
    }
}

fn as_json(dn: &Dn, status: Status) -> Value {
    match status {
        Status::None => json!({ "dn": dn.to_string(), "state": "none" }),
        Status::Pending { since } => json!({ "dn": dn.to_string(), "state": "pending", "since": date(since) }),
        Status::Active { since, recovery_codes } => json!({
            "dn": dn.to_string(), "state": "active", "since": date(since), "recoveryCodes": recovery_codes
        }),
    }
}

fn words(dn: &Dn, status: Status) -> String {
    match status {
        Status::None => format!("{dn} has no one-time codes"),
        Status::Pending { since } => {
            format!("{dn} was shown a seed at {} and has not confirmed it; no codes are asked for", date(since))
        }
        Status::Active { since, recovery_codes } => {
            format!("{dn} is asked for codes, enrolled at {}; {recovery_codes} recovery codes are left", date(since))
        }
    }
}

fn date(unix_seconds: i64) -> String {
    let time = GeneralizedTime::from_file_time(FileTime::from_unix_seconds(unix_seconds));
    time.map_or_else(|| unix_seconds.to_string(), |time| time.to_string())
}

/// The text as a QR code for a terminal; none when it is too long for one.
fn picture(text: &str) -> Option<Zeroizing<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let drawn =
        Zeroizing::new(code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build());
    let mut picture = Zeroizing::new(String::with_capacity(drawn.len() * 2));
    for line in drawn.lines() {
        let _ = writeln!(picture, "{BLACK_ON_WHITE}{line}{PLAIN}");
    }
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_dark_on_light_with_a_light_margin() {
        let picture = picture("otpauth://totp/example.com:ada?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let lines: Vec<&str> = picture.lines().collect();
        let shown = |line: &str| line.strip_prefix(BLACK_ON_WHITE)?.strip_suffix(PLAIN).map(str::to_owned);
        let shown: Vec<String> = lines.iter().map(|line| shown(line).expect("each line sets its colours")).collect();
        assert!(shown.iter().all(|line| line.chars().count() == shown[0].chars().count()));
        assert!(shown[0].chars().all(|cell| cell == ' '), "the margin is light");
        assert!(shown.iter().any(|line| line.contains('\u{2588}')));
        // Two rows of modules a line.
        assert_eq!(shown.len(), shown[0].chars().count().div_ceil(2));
    }

    #[test]
    fn a_status_is_said_in_words_and_in_json() {
        let dn = Dn::parse("CN=Ada,DC=example").unwrap();
        let active = Status::Active { since: 0, recovery_codes: 7 };
        assert!(words(&dn, active).contains("7 recovery codes"));
        assert_eq!(
            as_json(&dn, active),
            json!({ "dn": "CN=Ada,DC=example", "state": "active", "since": "19700101000000.0Z", "recoveryCodes": 7 })
        );
        assert!(words(&dn, Status::Pending { since: 0 }).contains("has not confirmed"));
    }
}
