//! New values of attributes.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{Assignment, At, find, modifications};

/// The flags of `set`.
#[derive(Args)]
pub struct Set {
    /// Which object.
    object: String,
    /// What to set: NAME=VALUE replaces the values, NAME+=VALUE adds one, NAME-=VALUE removes one, NAME= removes all.
    #[arg(required = true, value_name = "NAME=VALUE")]
    assignments: Vec<Assignment>,
    #[command(flatten)]
    at: At,
}

impl Set {
    /// Sets attributes of the object, all of them or none.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.object)?;
        administration::change_attributes(directory, &context, &target, modifications(&self.assignments))?;
        self.at.done("Changed", &target.dn)
    }
}
