//! Another place under the same name.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind, Place, Selector};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, find};

/// The flags of `move`.
#[derive(Args)]
pub struct Move {
    /// Which object.
    object: String,
    /// The unit or container to move it into.
    to: String,
    #[command(flatten)]
    at: At,
}

impl Move {
    /// Moves the object with everything below it.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.object)?;
        let place = Selector::parse(&self.to);
        let dn = administration::move_to(directory, &context, &target, Place::At(&place))?;
        self.at.done("Moved to", &dn)
    }
}
