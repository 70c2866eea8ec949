//! What an audit hears of: one event for each sign-in and each change, whatever came of it.
//!
//! Everything a client chose the size of is cut to a named bound when the event is made, so that a queue of events is
//! bounded too. Values of attributes that hold secrets are counted and never copied.

use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_adtypes::sid::Sid;

use crate::{Change, Error, Requester};

/// The most octets that an event keeps of a name.
pub const EVENT_NAME_OCTETS_MAX: usize = 1024;
/// The most attributes that an event names.
pub const EVENT_ATTRIBUTES_MAX: usize = 64;
/// The most values that an event shows of one attribute.
pub const EVENT_VALUES_MAX: usize = 8;
/// The most octets that an event shows of one value.
pub const EVENT_VALUE_OCTETS_MAX: usize = 256;

/// Hears of events. It answers at once: what takes time happens elsewhere.
pub trait Witness: Send + Sync {
    /// Takes note of the event.
    fn witness(&self, event: Event);
}

/// A sign-in or a change, and what came of it.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it was asked for.
    pub at: FileTime,
    /// The request it belongs to, as in the log.
    pub request_id: u64,
    /// The face it came through.
    pub face: Face,
    /// Who asked, and from where.
    pub requester: Requester,
    /// What was asked for.
    pub action: Action,
    /// What came of it.
    pub result: Result<(), Error>,
}

/// The face that a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// LDAP.
    Ldap,
    /// The Synology DSM web API.
    Dsm,
    /// The AD REST API.
    Rest,
    /// The console in a browser.
    Console,
    /// The command line on the data folder of a stopped server.
    Shell,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A sign-in.
    SignIn {
        /// The name that was given.
        name: String,
        /// Who signed in by it; none when it failed.
        account: Option<Account>,
    },
    /// A new object.
    Add {
        /// The object.
        object: Object,
        /// Its attributes as the client stated them.
        written: Written,
    },
    /// New values on an object.
    Modify {
        /// The object.
        object: Object,
        /// The changes of attributes, in the client's order.
        written: Written,
    },
    /// A new name or place.
    Rename {
        /// The object, by its old name.
        object: Object,
        /// Its new RDN.
        new_rdn: String,
        /// Its new parent; none when it stays.
        new_superior: Option<String>,
    },
    /// The object goes.
    Delete {
        /// The object.
        object: Object,
        /// With everything below it.
        tree: bool,
    },
    /// Something that the host keeps beside the directory, or hands out of it as a whole.
    Administer {
        /// Which use-case, in a word that stays the same: `second-factor.enrol`.
        use_case: &'static str,
        /// What it is about, as text.
        subject: String,
    },
}

/// An account that signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its SID; none for the owner of the data folder, who is no account of the directory.
    pub sid: Option<Sid>,
    /// `NETBIOS\sAMAccountName`, or `system`.
    pub name: Arc<str>,
}

/// The object of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name as the client wrote it.
    pub name: String,
    /// Its identity; none when the change was refused.
    pub guid: Option<Guid>,
}

/// The attributes of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// At most [`EVENT_ATTRIBUTES_MAX`] of them.
    pub attributes: Vec<WrittenAttribute>,
    /// How many more there were.
    pub omitted: usize,
}

/// One attribute of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAttribute {
    /// What was done to it.
    pub operation: Operation,
    /// Its description as the client wrote it.
    pub name: String,
    /// Its values.
    pub values: WrittenValues,
}

/// The values of one attribute of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenValues {
    /// Secrets: only their number.
    Masked {
        /// How many there were.
        count: usize,
    },
    /// Open ones.
    Shown {
        /// The first values, each of at most [`EVENT_VALUE_OCTETS_MAX`] octets.
        values: Vec<Vec<u8>>,
        /// How many there were.
        count: usize,
    },
}

/// A change that a face refused without asking the directory.
#[derive(Clone, Copy, Debug)]
pub enum Turned<'c> {
    /// One that was read.
    Change(&'c Change),
    /// One that could not be read, or not be found the object of: as much of it as is known.
    Unread(&'c Action),
}

impl Object {
    /// An object by its name as the client wrote it, of which as much is kept as an event keeps.
    pub fn named(name: &str) -> Object {
        Object { name: cut_name(name), guid: None }
    }
}

impl Written {
    /// A password that was to be set, by whatever name.
    pub fn password() -> Written {
        let values = WrittenValues::Masked { count: 1 };
        let password = WrittenAttribute { operation: Operation::Replace, name: "unicodePwd".to_owned(), values };
        Written { attributes: vec![password], omitted: 0 }
    }

    /// The attributes of a new object. `conceals` says of a description whether its values are secrets.
    pub fn of_attributes(attributes: &[Attribute], conceals: &dyn Fn(&str) -> bool) -> Written {
        let written = |one: &Attribute| WrittenAttribute::new(Operation::Add, &one.name, &one.values, conceals);
        Written {
            attributes: attributes.iter().take(EVENT_ATTRIBUTES_MAX).map(written).collect(),
            omitted: attributes.len().saturating_sub(EVENT_ATTRIBUTES_MAX),
        }
    }

    /// The changes to an object. `conceals` says of a description whether its values are secrets.
    pub fn of_modifications(modifications: &[Modification], conceals: &dyn Fn(&str) -> bool) -> Written {
        let written = |one: &Modification| WrittenAttribute::new(one.operation, &one.attribute, &one.values, conceals);
        Written {
            attributes: modifications.iter().take(EVENT_ATTRIBUTES_MAX).map(written).collect(),
            omitted: modifications.len().saturating_sub(EVENT_ATTRIBUTES_MAX),
        }
    }

    fn octets(&self) -> usize {
        let of_values = |values: &WrittenValues| match values {
            WrittenValues::Masked { .. } => 0,
            WrittenValues::Shown { values, .. } => values.iter().map(|value| value.len() + size_of::<Vec<u8>>()).sum(),
        };
        let of_attribute = |one: &WrittenAttribute| size_of::<Self>() + one.name.len() + of_values(&one.values);
        self.attributes.iter().map(of_attribute).sum()
    }
}

impl WrittenAttribute {
    fn new(operation: Operation, name: &str, values: &[Vec<u8>], conceals: &dyn Fn(&str) -> bool) -> WrittenAttribute {
        let count = values.len();
        let cut = |value: &Vec<u8>| value[..value.len().min(EVENT_VALUE_OCTETS_MAX)].to_vec();
        let values = match conceals(name) {
            true => WrittenValues::Masked { count },
            false => WrittenValues::Shown { values: values.iter().take(EVENT_VALUES_MAX).map(cut).collect(), count },
        };
        WrittenAttribute { operation, name: cut_name(name), values }
    }
}

impl Event {
    /// About how much memory the event takes.
    pub fn octets(&self) -> usize {
        let of_action = match &self.action {
            Action::SignIn { name, .. } => name.len(),
            Action::Add { object, written } | Action::Modify { object, written } => {
                object.name.len() + written.octets()
            }
            Action::Rename { object, new_rdn, new_superior } => {
                object.name.len() + new_rdn.len() + new_superior.as_ref().map_or(0, String::len)
            }
            Action::Delete { object, .. } => object.name.len(),
            Action::Administer { subject, .. } => subject.len(),
        };
        let of_error = match &self.result {
            Err(Error::Attribute { name, .. }) => name.len(),
            Err(Error::NoSuchObject { matched }) => matched.len(),
            Err(Error::Referral { url }) => url.len(),
            Err(Error::Unavailable { reason }) => reason.len(),
            _ => 0,
        };
        size_of::<Event>() + of_action + of_error
    }
}

/// As much of a name as an event keeps.
pub(crate) fn cut_name(name: &str) -> String {
    name[..name.floor_char_boundary(EVENT_NAME_OCTETS_MAX)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, values: usize, octets: usize) -> Attribute {
        Attribute { name: name.into(), values: vec![vec![b'x'; octets]; values] }
    }

    #[test]
    fn an_event_is_bounded_whatever_a_client_sends() {
        let attributes: Vec<_> = (0..100).map(|_| attribute(&"n".repeat(5000), 20, 500)).collect();
        let written = Written::of_attributes(&attributes, &|_| false);
        assert_eq!((written.attributes.len(), written.omitted), (EVENT_ATTRIBUTES_MAX, 100 - EVENT_ATTRIBUTES_MAX));
        assert!(written.octets() < EVENT_ATTRIBUTES_MAX * 4096);
        let WrittenValues::Shown { values, count } = &written.attributes[0].values else { panic!() };
        assert_eq!((values.len(), values[0].len(), *count), (EVENT_VALUES_MAX, EVENT_VALUE_OCTETS_MAX, 20));
    }

    #[test]
    fn secrets_are_counted_and_not_copied() {
        let written = Written::of_attributes(&[attribute("unicodePwd", 2, 9)], &|name| name == "unicodePwd");
        assert_eq!(written.attributes[0].values, WrittenValues::Masked { count: 2 });
    }

    #[test]
    fn a_name_is_cut_between_characters() {
        let name = "é".repeat(EVENT_NAME_OCTETS_MAX);
        assert_eq!(cut_name(&name).len(), EVENT_NAME_OCTETS_MAX);
        assert_eq!(cut_name(&format!("a{name}")).len(), EVENT_NAME_OCTETS_MAX - 1);
    }
}
