//! An object goes.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, find};

/// The flags of `delete`.
#[derive(Args)]
pub struct Delete {
    /// Which object.
    object: String,
    /// With everything below it.
    #[arg(long)]
    recursive: bool,
    #[command(flatten)]
    at: At,
}

impl Delete {
    /// Deletes the object.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.object)?;
        administration::delete(directory, &context, &target, self.recursive)?;
        self.at.done("Deleted", &target.dn)
    }
}
