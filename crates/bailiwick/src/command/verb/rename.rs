//! Another name in the same place.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, find};

/// The flags of `rename`.
#[derive(Args)]
pub struct Rename {
    /// Which object.
    object: String,
    /// Its new name in its place; the account name stays (`set sAMAccountName=…` changes that).
    name: String,
    #[command(flatten)]
    at: At,
}

impl Rename {
    /// Renames the object.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.object)?;
        let dn = administration::rename(directory, &context, &target, &self.name)?;
        self.at.done("Renamed to", &dn)
    }
}
