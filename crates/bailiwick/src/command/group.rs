//! `bailiwick group`: groups and who is in them.

use std::process::ExitCode;

use bailiwick_domain::administration::{self, GroupScope, Kind, NewGroup, Place, Selector};
use clap::{Args, Subcommand, ValueEnum};

use super::verb::{Delete, List, Member, Move, Rename, Set, Show};
use crate::exit::Failure;
use crate::shell::{Assignment, At, SELECTORS, attributes};

/// Make, find and change groups.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Group {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick group create Helpdesk --in Sales description='Resets passwords'
  bailiwick group add-member Helpdesk ada grace
  bailiwick group show Helpdesk --attributes member
  bailiwick group list --json";

#[derive(Subcommand)]
enum Verb {
    /// Make a group.
    Create(Create),
    /// Show a group's attributes.
    Show(Show),
    /// List groups.
    List(List),
    /// Set attributes of a group.
    Set(Set),
    /// Move a group into another unit or container.
    Move(Move),
    /// Give a group another name in its place.
    Rename(Rename),
    /// Delete a group.
    Delete(Delete),
    /// Make accounts and groups members.
    AddMember(Member),
    /// End memberships.
    RemoveMember(Member),
}

#[derive(Args)]
struct Create {
    /// The account name, by which the object is called too.
    name: String,
    /// The unit or container to make it in; otherwise where the domain keeps its users.
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<String>,
    /// How far it reaches.
    #[arg(long, value_enum, default_value = "global")]
    scope: Scope,
    /// Only for mail: no rights can be given to it.
    #[arg(long)]
    distribution: bool,
    /// Further attributes.
    #[arg(value_name = "NAME=VALUE")]
    attributes: Vec<Assignment>,
    #[command(flatten)]
    at: At,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scope {
    /// Members of its own domain, rights everywhere.
    Global,
    /// Members from everywhere, rights in its own domain.
    DomainLocal,
    /// Members and rights everywhere.
    Universal,
}

impl Group {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Create(create) => create.run(),
            Verb::Show(show) => show.run(Kind::Group),
            Verb::List(list) => list.run(Kind::Group),
            Verb::Set(set) => set.run(Kind::Group),
            Verb::Move(r#move) => r#move.run(Kind::Group),
            Verb::Rename(rename) => rename.run(Kind::Group),
            Verb::Delete(delete) => delete.run(Kind::Group),
            Verb::AddMember(member) => member.run(true),
            Verb::RemoveMember(member) => member.run(false),
        }
    }
}

impl Create {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let place = self.place.as_deref().map(Selector::parse);
        let new = NewGroup {
            name: &self.name,
            account_name: &self.name,
            place: place.as_ref().map_or(Place::Users, Place::At),
            scope: match self.scope {
                Scope::Global => GroupScope::Global,
                Scope::DomainLocal => GroupScope::DomainLocal,
                Scope::Universal => GroupScope::Universal,
            },
            security: !self.distribution,
            attributes: attributes(&self.attributes),
        };
        let created = administration::create_group(reached.directory(), &reached.context(), new)?;
        self.at.done("Made", &created.dn)
    }
}
