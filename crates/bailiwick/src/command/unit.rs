//! `bailiwick unit`: organizational units.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind, NewUnit, Place, Selector};
use clap::{Args, Subcommand};

use super::verb::{Delete, List, Move, Rename, Set, Show};
use crate::exit::Failure;
use crate::shell::{Assignment, At, SELECTORS, attributes};

/// Make, find and change organizational units.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Unit {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick unit create Sales description='Those who sell'
  bailiwick unit create Berlin --in Sales
  bailiwick unit list
  bailiwick unit delete Berlin --recursive";

#[derive(Subcommand)]
enum Verb {
    /// Make a unit.
    Create(Create),
    /// Show a unit's attributes.
    Show(Show),
    /// List units.
    List(List),
    /// Set attributes of a unit.
    Set(Set),
    /// Move a unit with everything in it.
    Move(Move),
    /// Give a unit another name.
    Rename(Rename),
    /// Delete a unit.
    Delete(Delete),
}

#[derive(Args)]
struct Create {
    /// Its name.
    name: String,
    /// The unit to make it in; otherwise the head of the domain.
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<String>,
    /// Further attributes.
    #[arg(value_name = "NAME=VALUE")]
    attributes: Vec<Assignment>,
    #[command(flatten)]
    at: At,
}

impl Unit {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Create(create) => create.run(),
            Verb::Show(show) => show.run(Kind::Unit),
            Verb::List(list) => list.run(Kind::Unit),
            Verb::Set(set) => set.run(Kind::Unit),
            Verb::Move(r#move) => r#move.run(Kind::Unit),
            Verb::Rename(rename) => rename.run(Kind::Unit),
            Verb::Delete(delete) => delete.run(Kind::Unit),
        }
    }
}

impl Create {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let place = self.place.as_deref().map(Selector::parse);
        let place = place.as_ref().map_or(Place::Domain, Place::At);
        let new = NewUnit { name: &self.name, place, protected: false, attributes: attributes(&self.attributes) };
        let created = administration::create_unit(reached.directory(), &reached.context(), new)?;
        self.at.done("Made", &created.dn)
    }
}
