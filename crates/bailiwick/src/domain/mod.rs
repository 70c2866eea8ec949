//! The domain as import and export see it: changes go in, entries come out. Two ways lead there: the data folder of a
//! stopped server, and a running server over LDAP.

mod address;
mod connection;
mod folder;
mod reached;
mod remote;
mod remote_directory;

use std::fmt;

use bailiwick_domain::{Change, Entry, Scope};

use crate::exit::Failure;

pub use address::Address;
pub use connection::{ConnectionError, Protection};
pub use folder::Folder;
pub use reached::{Reached, running};
pub use remote::{Remote, Role, SignIn};

/// The attribute in which an export has what an account signs in with.
pub const CREDENTIAL: &str = "supplementalCredentials";

/// A domain that can be read and changed.
pub trait Domain {
    /// The name of the domain's head.
    fn base_dn(&self) -> &str;

    /// Tries every change on its own merits, in order as far as one builds on another, and asks `judge` about each
    /// that is refused. Returns when all that were applied are durable, and tells how many these are.
    ///
    /// # Errors
    /// The domain cannot be reached, or its store failed; some changes may have been applied.
    fn apply(&mut self, changes: Vec<Change>, judge: &mut Judge<'_>) -> Result<u64, Failure>;

    /// Hands out the entries that match, in no particular order; values of an attribute are complete however many.
    ///
    /// # Errors
    /// As for `apply`, and those of `visit`. A base that does not exist has no entries.
    fn search(&mut self, query: &Query<'_>, visit: &mut Visit<'_>) -> Result<(), Failure>;
}

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Where to start.
    pub base: &'a str,
    /// How far to reach.
    pub scope: Scope,
    /// Which entries, as filter text.
    pub filter: &'a str,
    /// Which attributes.
    pub attributes: &'a [&'a str],
    /// Whether accounts come with what they sign in with, as it is stored ([`CREDENTIAL`]). A running server shows it to
    /// nobody, and such a query fails.
    pub secrets: bool,
}

/// What [`Domain::search`] calls with each entry.
pub type Visit<'v> = dyn FnMut(Entry) -> Result<(), Failure> + 'v;

/// Decides what becomes of a refused change: its place in the list, the change, and why it was refused.
pub type Judge<'j> = dyn FnMut(usize, &mut Change, &Refused) -> Verdict + 'j;

/// What becomes of a refused change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was mended; try again.
    Retry,
    /// Leave it and go on.
    Skip,
    /// Go no further; what follows in the list is not begun. What is under way already ends, and may be refused too.
    Stop,
}

/// Why a change was refused, as LDAP says it. Both ways into the domain give the same codes and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The result code.
    pub code: u32,
    /// The diagnostic text; it begins with a Win32 code.
    pub text: String,
}

/// noSuchAttribute, attributeOrValueExists and noSuchObject: what a change meets that was applied before.
const APPLIED_BEFORE: [u32; 3] = [16, 20, 32];
/// The account database says so of members: one is there already, or is none.
const MEMBER_DONE: [&str; 2] = ["00000562: ", "00000561: "];
/// entryAlreadyExists.
const ENTRY_ALREADY_EXISTS: u32 = 68;
/// Win32 codes of the texts, see the server's table: a value names an object that is not there; of members the account
/// database says so.
const NO_SUCH_TARGET: [&str; 2] = ["000020B5: ", "00000525: "];
/// Only the directory writes the attribute; it is computed.
const NOT_WRITABLE: [&str; 2] = ["000020B1: ", "000020AA: "];
/// The name is in use by an object; another code says the same of an account name.
const NAME_IN_USE: &str = "00002071: ";

impl Refused {
    /// Whether an object with the name is there already.
    pub fn already_exists(&self) -> bool {
        self.code == ENTRY_ALREADY_EXISTS && self.text.starts_with(NAME_IN_USE)
    }

    /// Whether the change may have been applied before: an add meets its object, a modify its values, a delete nothing.
    pub fn may_be_done(&self, change: &Change) -> bool {
        match change {
            Change::Add { .. } => self.already_exists(),
            Change::Modify { .. } | Change::Delete { .. } | Change::Rename(_) => {
                APPLIED_BEFORE.contains(&self.code) || MEMBER_DONE.iter().any(|code| self.text.starts_with(code))
            }
        }
    }

    /// The attribute that names an object which is not there.
    pub fn missing_target(&self) -> Option<&str> {
        attribute(NO_SUCH_TARGET.iter().find_map(|code| self.text.strip_prefix(code))?)
    }

    /// The attribute that only the directory writes.
    pub fn not_writable(&self) -> Option<&str> {
        attribute(NOT_WRITABLE.iter().find_map(|code| self.text.strip_prefix(code))?)
    }

    /// The attribute that is at fault, whatever the fault.
    pub fn attribute_at_fault(&self) -> Option<&str> {
        attribute(self.text.split_once(": ")?.1)
    }
}

fn attribute(text: &str) -> Option<&str> {
    Some(text.split_once(": ")?.0)
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The Win32 code says nothing to people.
        let words = self.text.split_once(": ").map_or(self.text.as_str(), |(_, words)| words);
        match words {
            "" => write!(f, "result {}", self.code),
            words => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, text: &str) -> Refused {
        Refused { code, text: text.to_owned() }
    }

    #[test]
    fn texts_tell_what_is_wrong_and_with_which_attribute() {
        assert_eq!(refused(19, "000020B5: member: names nobody").missing_target(), Some("member"));
        assert_eq!(refused(32, "00000525: member: names nobody").missing_target(), Some("member"));
        assert_eq!(refused(19, "000020B1: objectGUID: no").not_writable(), Some("objectGUID"));
        assert_eq!(refused(53, "00000057: codePage: no").attribute_at_fault(), Some("codePage"));
        assert_eq!(refused(53, "00002035: no").attribute_at_fault(), None);
        assert!(refused(68, "00002071: there").already_exists());
        assert!(!refused(68, "00000524: sAMAccountName: taken").already_exists());
    }

    #[test]
    fn people_see_the_words_alone() {
        assert_eq!(refused(19, "000020B5: member: names nobody").to_string(), "member: names nobody");
        assert_eq!(refused(80, "").to_string(), "result 80");
    }
}
