//! `bailiwick password`: passwords of accounts.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind, NewPassword};
use clap::{Args, Subcommand};

use crate::exit::Failure;
use crate::shell::{At, PasswordSource, SELECTORS, find};

/// Set passwords.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct PasswordCommand {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick password reset ada --password-file secret
  pwgen -1 20 | tee secret | bailiwick password reset ada --must-change";

#[derive(Subcommand)]
enum Verb {
    /// Set the password of an account, whatever it was. Without --password-file it is read from standard input.
    Reset(Reset),
}

#[derive(Args)]
struct Reset {
    /// Which account.
    account: String,
    #[command(flatten)]
    source: PasswordSource,
    /// It must be changed at the next sign-in.
    #[arg(long)]
    must_change: bool,
    /// Unlock the account too.
    #[arg(long)]
    unlock: bool,
    #[command(flatten)]
    at: At,
}

impl PasswordCommand {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        let Verb::Reset(reset) = self.verb;
        let password = reset.source.required_password()?;
        let reached = reset.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let account = find(directory, &context, Kind::Principal, &reset.account)?;
        let new = NewPassword { password: &password, must_change: reset.must_change, unlock: reset.unlock };
        administration::set_password(directory, &context, &account, &new)?;
        reset.at.done("Set the password of", &account.dn)
    }
}
