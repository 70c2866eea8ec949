//! `bailiwick acl`: who may do what with an object.

use std::process::ExitCode;

use bailiwick_adtypes::acl::{Ace, AceEntry, AceFlags, AceKind};
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{self, Kind, Right, Target};
use bailiwick_domain::{Context, Directory};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::exit::Failure;
use crate::shell::{At, SELECTORS, Table, find, say};

/// Show and change who may do what.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{SELECTORS}"))]
pub struct Acl {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick acl show Sales
  bailiwick acl grant Sales --to Helpdesk --right reset-password --right unlock
      Members of Helpdesk may reset passwords in the unit Sales, and nowhere else.
  bailiwick acl grant ada --sddl '(D;;WP;;;AU)'
  bailiwick acl revoke Sales --from Helpdesk";

#[derive(Subcommand)]
enum Verb {
    /// Show the security descriptor of an object, inherited entries included.
    Show(ShowAcl),
    /// Grant rights on an object; on a unit or container, on what is below it too.
    Grant(Grant),
    /// Take back what was granted on the object itself.
    Revoke(Revoke),
}

#[derive(Args)]
struct ShowAcl {
    /// Which object: account, group, unit, or any DN.
    object: String,
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct Grant {
    /// Which object.
    object: String,
    /// To which account or group.
    #[arg(long, value_name = "ACCOUNT", requires = "rights", required_unless_present = "sddl")]
    to: Option<String>,
    /// Which rights.
    #[arg(long = "right", value_enum, value_name = "RIGHT", requires = "to")]
    rights: Vec<NamedRight>,
    /// Entries in SDDL instead, which may also deny.
    #[arg(long, value_name = "ACES", conflicts_with = "to")]
    sddl: Option<String>,
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct Revoke {
    /// Which object.
    object: String,
    /// From which account or group.
    #[arg(long, value_name = "ACCOUNT")]
    from: String,
    /// Only these rights; otherwise every entry of the account's.
    #[arg(long = "right", value_enum, value_name = "RIGHT")]
    rights: Vec<NamedRight>,
    #[command(flatten)]
    at: At,
}

#[derive(Clone, Copy, ValueEnum)]
enum NamedRight {
    /// Everything.
    FullControl,
    /// Reading attributes.
    Read,
    /// Writing attributes.
    Write,
    /// Setting users' passwords.
    ResetPassword,
    /// Unlocking users.
    Unlock,
    /// Having users change their password.
    RequirePasswordChange,
    /// Making and deleting users.
    CreateUsers,
    /// Making and deleting groups.
    CreateGroups,
    /// Making and deleting computers.
    CreateComputers,
    /// Changing who is in groups.
    ManageMembers,
}

impl From<NamedRight> for Right {
    fn from(right: NamedRight) -> Right {
        match right {
            NamedRight::FullControl => Right::FullControl,
            NamedRight::Read => Right::Read,
            NamedRight::Write => Right::Write,
            NamedRight::ResetPassword => Right::ResetPassword,
            NamedRight::Unlock => Right::Unlock,
            NamedRight::RequirePasswordChange => Right::RequirePasswordChange,
            NamedRight::CreateUsers => Right::CreateUsers,
            NamedRight::CreateGroups => Right::CreateGroups,
            NamedRight::CreateComputers => Right::CreateComputers,
            NamedRight::ManageMembers => Right::ManageMembers,
        }
    }
}

impl Acl {
    /// Runs the verb.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(self) -> Result<ExitCode, Failure> {
        match self.verb {
            Verb::Show(show) => show.run(),
            Verb::Grant(grant) => grant.run(),
            Verb::Revoke(revoke) => revoke.run(),
        }
    }
}

/// The object whose rights are meant: by account name, or a unit or container by its name.
fn find_object(directory: &dyn Directory, context: &Context<'_>, text: &str) -> Result<Target, Failure> {
    match find(directory, context, Kind::Any, text) {
        Err(Failure::Administration(administration::Error::NoSuchObject { .. })) => {
            find(directory, context, Kind::Place, text)
        }
        found => found,
    }
}

fn find_trustee(directory: &dyn Directory, context: &Context<'_>, text: &str) -> Result<Sid, Failure> {
    // Well-known SIDs such as Authenticated Users need no object.
    if let Ok(sid) = text.parse::<Sid>() {
        return Ok(sid);
    }
    let target = find(directory, context, Kind::Principal, text)?;
    target.sid.ok_or(Failure::Administration(administration::Error::Unsaid { attribute: "objectSid" }))
}

impl ShowAcl {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find_object(directory, &context, &self.object)?;
        let descriptor = administration::read_descriptor(directory, &context, &target)?;
        let domain = administration::domain(directory, &context)?.sid(directory, &context)?;
        let unwritable = || Failure::Query { text: target.dn.to_string() };
        let text = sddl::format(&descriptor, &domain, &domain).map_err(|_| unwritable())?;
        if self.at.json {
            say(format_args!("{:#}\n", json!({ "dn": target.dn.to_string(), "sddl": text })))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut table = Table::new(&["effect", "who", "rights", "origin"]);
        for ace in descriptor.dacl.iter().flat_map(|dacl| &dacl.aces) {
            let AceEntry::Access(entry) = &ace.entry else { continue };
            let effect = match entry.kind {
                AceKind::Allow => "allow",
                AceKind::Deny => "deny",
                AceKind::Audit | AceKind::Alarm => "audit",
            };
            let inherited = ace.flags.contains(AceFlags::INHERITED);
            let who = name_of(directory, &context, &entry.trustee)?;
            table.row(vec![
                effect.into(),
                who,
                rights_of(ace, &domain),
                if inherited { "inherited" } else { "own" }.into(),
            ]);
        }
        say(format_args!("{}\n\n{table}\n{text}\n", target.dn))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The account name of a SID; a SID without an object is its own name.
fn name_of(directory: &dyn Directory, context: &Context<'_>, sid: &Sid) -> Result<String, Failure> {
    let text = sid.to_string();
    match find(directory, context, Kind::Principal, &text) {
        Ok(target) => {
            let entry = administration::show(directory, context, &target, &["sAMAccountName"])?;
            Ok(entry.text("sAMAccountName").map_or(text, str::to_owned))
        }
        Err(Failure::Administration(administration::Error::NoSuchObject { .. })) => Ok(text),
        Err(failure) => Err(failure),
    }
}

/// The entry as SDDL, which is short and exact.
fn rights_of(ace: &Ace, domain: &Sid) -> String {
    let acl = bailiwick_adtypes::acl::Acl { aces: vec![ace.clone()] };
    let descriptor = bailiwick_adtypes::security_descriptor::SecurityDescriptor {
        dacl: Some(acl),
        ..bailiwick_adtypes::security_descriptor::SecurityDescriptor::default()
    };
    let text = sddl::format(&descriptor, domain, domain).unwrap_or_default();
    text.split_once('(').map_or_else(String::new, |(_, entry)| format!("({entry}"))
}

impl Grant {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find_object(directory, &context, &self.object)?;
        let entries: Vec<Ace> = match (&self.to, &self.sddl) {
            (Some(to), _) => {
                let trustee = find_trustee(directory, &context, to)?;
                self.rights.iter().map(|&right| Right::from(right).entry(trustee, target.kind)).collect()
            }
            (None, Some(text)) => {
                let domain = administration::domain(directory, &context)?.sid(directory, &context)?;
                let parsed = sddl::parse(&format!("D:{text}"), &domain, &domain);
                let dacl = parsed.map_err(|_| Failure::Query { text: text.clone() })?.dacl;
                dacl.unwrap_or_default().aces
            }
            (None, None) => Vec::new(),
        };
        let added = administration::grant(directory, &context, &target, &entries)?;
        self.at.done(if added == 0 { "Already granted on" } else { "Granted on" }, &target.dn)
    }
}

impl Revoke {
    fn run(self) -> Result<ExitCode, Failure> {
        let reached = self.at.open()?;
        let (directory, context) = (reached.directory(), reached.context());
        let target = find_object(directory, &context, &self.object)?;
        let trustee = find_trustee(directory, &context, &self.from)?;
        let named: Vec<Ace> = self.rights.iter().map(|&right| Right::from(right).entry(trustee, target.kind)).collect();
        let is_revoked = |ace: &Ace| match named.is_empty() {
            true => matches!(&ace.entry, AceEntry::Access(entry) if entry.trustee == trustee),
            false => named.contains(ace),
        };
        administration::revoke(directory, &context, &target, &is_revoked)?;
        self.at.done("Revoked on", &target.dn)
    }
}
