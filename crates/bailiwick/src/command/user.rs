//! `bailiwick user`: accounts of people and services.

use std::process::ExitCode;

use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::administration::{self, AccountControl, Kind, NewUser, Place, Selector};
use clap::{Args, Subcommand};

use super::otp::Otp;
use super::verb::{Delete, List, Move, Rename, Set, Show, Switch, Switched};
use crate::exit::Failure;
use crate::shell::{Assignment, At, PasswordSource, SELECTORS, attributes, find};

/// Make, find and change users.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct User {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick user create ada --name 'Ada Lovelace' --password-file secret mail=ada@example.com
  bailiwick user list --in Sales
  bailiwick user show ada@example.com --json
  bailiwick user set ada title=Countess telephoneNumber=
  bailiwick user move ada OU=Engines,DC=example,DC=com
  bailiwick user disable ada
  bailiwick user otp enable ada";

#[derive(Subcommand)]
enum Verb {
    /// Make a user: with a password enabled, without one disabled.
    Create(Create),
    /// Show a user's attributes.
    Show(Show),
    /// List users.
    List(List),
    /// Set attributes of a user.
    Set(Set),
    /// Move a user into another unit or container.
    Move(Move),
    /// Give a user another name in its place.
    Rename(Rename),
    /// Delete a user.
    Delete(Delete),
    /// Let a user sign in again.
    Enable(Switch),
    /// Let a user sign in no more.
    Disable(Switch),
    /// Unlock a user after too many wrong passwords.
    Unlock(Switch),
    /// Ask a user for one-time codes, or no more.
    Otp(Otp),
}

#[derive(Args)]
struct Create {
    /// The account name, at most 20 characters.
    account: String,
    /// The full name, which is shown and by which the object is called; otherwise the account name.
    #[arg(long)]
    name: Option<String>,
    /// The user principal name; otherwise ACCOUNT@DOMAIN.
    #[arg(long, value_name = "NAME@DOMAIN")]
    principal_name: Option<String>,
    /// The unit or container to make it in; otherwise where the domain keeps its users.
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<String>,
    #[command(flatten)]
    password: PasswordSource,
    /// Make it disabled though it has a password.
    #[arg(long)]
    disabled: bool,
    /// The password must be changed at the first sign-in.
    #[arg(long, conflicts_with_all = ["password_never_expires", "cannot_change_password"])]
    must_change_password: bool,
    /// The password never expires.
    #[arg(long)]
    password_never_expires: bool,
    /// The user may not change the password.
    #[arg(long)]
    cannot_change_password: bool,
    /// Groups to make it a member of, once it is made.
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Further attributes.
    #[arg(value_name = "NAME=VALUE")]
    attributes: Vec<Assignment>,
    #[command(flatten)]
    at: At,
}

impl User {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Create(create) => create.run(),
            Verb::Show(show) => show.run(Kind::User),
            Verb::List(list) => list.run(Kind::User),
            Verb::Set(set) => set.run(Kind::User),
            Verb::Move(r#move) => r#move.run(Kind::User),
            Verb::Rename(rename) => rename.run(Kind::User),
            Verb::Delete(delete) => delete.run(Kind::User),
            Verb::Enable(switch) => switch.run(Kind::User, Switched::Enabled),
            Verb::Disable(switch) => switch.run(Kind::User, Switched::Disabled),
            Verb::Unlock(switch) => switch.run(Kind::User, Switched::Unlocked),
            Verb::Otp(otp) => otp.run(),
        }
    }
}

impl Create {
    fn run(self) -> Result<ExitCode, Failure> {
        let password = self.password.password()?;
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        // Groups are found first: a name that is wrong must not leave a user behind.
        let find_group = |group: &String| find(directory, &context, Kind::Group, group);
        let groups = self.groups.iter().map(find_group).collect::<Result<Vec<_>, _>>()?;
        let principal_name = match self.principal_name {
            Some(name) => name,
            None => format!("{}@{}", self.account, administration::domain(directory, &context)?.dns_name()),
        };
        let mut control = AccountControl::default();
        if self.disabled || password.is_none() {
            control = control.with(AccountControl::DISABLED);
        }
        if self.password_never_expires {
            control = control.with(AccountControl::PASSWORD_NEVER_EXPIRES);
        }
        let mut attributes = attributes(&self.attributes);
        let is_display_name = |attribute: &Attribute| attribute.name.eq_ignore_ascii_case("displayName");
        if let Some(name) = self.name.as_ref().filter(|_| !attributes.iter().any(is_display_name)) {
            attributes.push(Attribute { name: "displayName".to_owned(), values: vec![name.clone().into_bytes()] });
        }
        let place = self.place.as_deref().map(Selector::parse);
        let new = NewUser {
            name: self.name.as_deref().unwrap_or(&self.account),
            account_name: &self.account,
            principal_name: Some(&principal_name),
            place: place.as_ref().map_or(Place::Users, Place::At),
            password: password.as_ref(),
            control,
            must_change_password: self.must_change_password,
            cannot_change_password: self.cannot_change_password,
            attributes,
        };
        let created = administration::create_user(directory, &context, new)?;
        if !groups.is_empty() {
            let user = administration::find(directory, &context, Kind::User, &Selector::from(created.dn.clone()))?;
            for group in &groups {
                administration::add_member(directory, &context, group, &user)?;
            }
        }
        self.at.done("Made", &created.dn)
    }
}
