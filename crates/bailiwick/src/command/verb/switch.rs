//! Accounts enabled, disabled and unlocked.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, find};

/// The flags of `enable`, `disable` and `unlock`.
#[derive(Args)]
pub struct Switch {
    /// Which account.
    account: String,
    #[command(flatten)]
    at: At,
}

/// What becomes of the account.
#[derive(Clone, Copy)]
pub enum Switched {
    /// It can be signed in to.
    Enabled,
    /// It cannot.
    Disabled,
    /// Wrong passwords of the past are forgotten.
    Unlocked,
}

impl Switch {
    /// Changes the account's state.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind, to: Switched) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.account)?;
        let words = match to {
            Switched::Enabled => {
                administration::enable(directory, &context, &target)?;
                "Enabled"
            }
            Switched::Disabled => {
                administration::disable(directory, &context, &target)?;
                "Disabled"
            }
            Switched::Unlocked => {
                administration::unlock(directory, &context, &target)?;
                "Unlocked"
            }
        };
        self.at.done(words, &target.dn)
    }
}
