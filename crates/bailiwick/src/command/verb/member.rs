//! Members of groups.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind};
use clap::Args;

use crate::exit::Failure;
use crate::shell::{At, find};

/// The flags of `add-member` and `remove-member`.
#[derive(Args)]
pub struct Member {
    /// Which group.
    group: String,
    /// Who: accounts and groups.
    #[arg(required = true)]
    members: Vec<String>,
    #[command(flatten)]
    at: At,
}

impl Member {
    /// Adds the members, or removes them. All of them are found before the first is touched.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self, add: bool) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let group = find(directory, &context, Kind::Group, &self.group)?;
        let find_member = |member: &String| find(directory, &context, Kind::Principal, member);
        let members = self.members.iter().map(find_member).collect::<Result<Vec<_>, _>>()?;
        for member in &members {
            match add {
                true => administration::add_member(directory, &context, &group, member)?,
                false => administration::remove_member(directory, &context, &group, member)?,
            }
        }
        self.at.done(if add { "Added to" } else { "Removed from" }, &group.dn)
    }
}
