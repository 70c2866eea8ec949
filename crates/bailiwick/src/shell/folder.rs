//! Where the domain is: a data folder, whether a server uses it or not.

use std::path::PathBuf;
use std::process::ExitCode;

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{self, Kind, Selector, Target};
use bailiwick_domain::{Context, Directory};
use clap::Args;

use super::say;
use crate::domain::Reached;
use crate::exit::Failure;
use crate::flags::SettingFlags;

/// How objects are named, for the end of each help.
pub const SELECTORS: &str = "\
Objects are named by account name (ada, EXAMPLE\\ada), user principal name (ada@example.com), DN
(CN=Ada,CN=Users,DC=example,DC=com), GUID or SID; units by name or DN.

The command goes through the server that uses the data folder, or opens the folder while no server does. It acts as
the owner of the folder, who may do everything.";

/// The flags of every command of administration.
#[derive(Args, Clone)]
pub struct At {
    /// The data folder; otherwise BAILIWICK_DATA, or ./bailiwick-data.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// JSON instead of text for people.
    #[arg(long)]
    pub json: bool,
}

impl At {
    /// Opens the way to the domain.
    ///
    /// # Errors
    /// Neither a server nor the folder lets us in.
    pub fn open(&self) -> Result<Reached, Failure> {
        let settings = match &self.data {
            Some(path) => SettingFlags::default().with("data", path.display().to_string()),
            None => SettingFlags::default(),
        };
        Reached::open(&settings)
    }

    /// Says what was done: a line for people, an object for programs.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn done(&self, words: &str, dn: &Dn) -> Result<ExitCode, Failure> {
        match self.json {
            true => say(format_args!("{:#}\n", serde_json::json!({ "dn": dn.to_string() })))?,
            false => say(format_args!("{words} {dn}\n"))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Finds the object that somebody typed.
///
/// # Errors
/// There is none, or more than one.
pub fn find(directory: &dyn Directory, context: &Context<'_>, kind: Kind, text: &str) -> Result<Target, Failure> {
    Ok(administration::find(directory, context, kind, &Selector::parse(text))?)
}
