//! `bailiwick computer`: accounts of machines.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, Kind, NewComputer, Place, Selector};
use clap::{Args, Subcommand};

use super::verb::{Delete, List, Move, Rename, Set, Show, Switch, Switched};
use crate::exit::Failure;
use crate::shell::{Assignment, At, PasswordSource, SELECTORS, attributes};

/// Make, find and change computers' accounts.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Computer {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick computer create nas01 description='Files of the second floor'
  bailiwick computer list
  bailiwick computer disable nas01";

#[derive(Subcommand)]
enum Verb {
    /// Make a computer's account.
    Create(Create),
    /// Show a computer's attributes.
    Show(Show),
    /// List computers.
    List(List),
    /// Set attributes of a computer.
    Set(Set),
    /// Move a computer into another unit or container.
    Move(Move),
    /// Give a computer another name in its place.
    Rename(Rename),
    /// Delete a computer's account.
    Delete(Delete),
    /// Let a computer sign in again.
    Enable(Switch),
    /// Let a computer sign in no more.
    Disable(Switch),
}

#[derive(Args)]
struct Create {
    /// The machine's name.
    name: String,
    /// The unit or container to make it in; otherwise where the domain keeps its computers.
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<String>,
    #[command(flatten)]
    password: PasswordSource,
    /// Further attributes.
    #[arg(value_name = "NAME=VALUE")]
    attributes: Vec<Assignment>,
    #[command(flatten)]
    at: At,
}

impl Computer {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Create(create) => create.run(),
            Verb::Show(show) => show.run(Kind::Computer),
            Verb::List(list) => list.run(Kind::Computer),
            Verb::Set(set) => set.run(Kind::Computer),
            Verb::Move(r#move) => r#move.run(Kind::Computer),
            Verb::Rename(rename) => rename.run(Kind::Computer),
            Verb::Delete(delete) => delete.run(Kind::Computer),
            Verb::Enable(switch) => switch.run(Kind::Computer, Switched::Enabled),
            Verb::Disable(switch) => switch.run(Kind::Computer, Switched::Disabled),
        }
    }
}

impl Create {
    fn run(self) -> Result<ExitCode, Failure> {
        let password = self.password.password()?;
        let reached = self.at.open()?;
        let place = self.place.as_deref().map(Selector::parse);
        let new = NewComputer {
            name: &self.name,
            place: place.as_ref().map_or(Place::Computers, Place::At),
            password: password.as_ref(),
            attributes: attributes(&self.attributes),
        };
        let created = administration::create_computer(reached.directory(), &reached.context(), new)?;
        self.at.done("Made", &created.dn)
    }
}
