//! One object with its attributes.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, as_json, find, object, say};

/// The flags of `show`.
#[derive(Args)]
pub struct Show {
    /// Which object.
    object: String,
    /// Only these attributes; `+` names the operational ones.
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',')]
    attributes: Vec<String>,
    #[command(flatten)]
    at: At,
}

impl Show {
    /// Shows the object.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, kind: Kind) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find(directory, &context, kind, &self.object)?;
        let attributes: Vec<&str> = self.attributes.iter().map(String::as_str).collect();
        let entry = administration::show(directory, &context, &target, &attributes)?;
        match self.at.json {
            true => say(format_args!("{:#}\n", as_json(&entry)))?,
            false => say(object(&entry))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
