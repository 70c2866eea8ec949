//! The form in which an event is kept and shown: one JSON object with a version.
//!
//! Fields are only ever added, and readers pass over fields that they do not know; a meaning that changes gets a new
//! version. Absent means none, nothing or no.

use std::fmt;
use std::net::IpAddr;

use bailiwick_adtypes::modification::Operation;
use bailiwick_domain::{
    Action, Event, Face, Identity, Object, Protection, Requester, Written, WrittenAttribute, WrittenValues,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::outcome::{self, SUCCESS};

/// The version that this program writes.
pub const VERSION: u32 = 1;

/// The most octets of a record. Events are bounded far below it.
pub const RECORD_OCTETS_MAX: usize = 1 << 20;

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the form.
    pub version: u32,
    /// When it was asked for.
    pub at: Moment,
    /// The request, as in the log; 0 outside a server.
    pub request: u64,
    /// The face: `ldap`, `dsm`, `rest`, `console` or `shell`.
    pub face: String,
    /// The address it came from; none for the machine's own shell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpAddr>,
    /// How the connection was protected: `none`, `local` or `encrypted`.
    pub protection: String,
    /// Who asked. For a sign-in, who was signed in before it: nobody.
    pub who: Who,
    /// What was asked for.
    pub kind: Kind,
    /// For a sign-in: the name that was given, and who it turned out to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<Named>,
    /// For a change: its object. For administration of the host: what it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Changed>,
    /// For administration of the host: which use-case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_case: Option<String>,
    /// For an add and a modify: the attributes that were stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Values>,
    /// How many more attributes there were.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attributes_omitted: usize,
    /// What came of it: `success`, or why not.
    pub result: String,
    /// The attribute that was at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// `NETBIOS\account`, `anonymous`, or `system` for the server itself and the owner of the data folder.
    pub name: String,
    /// The SID of an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A sign-in.
    SignIn,
    /// A new object.
    Add,
    /// New values on an object.
    Modify,
    /// A new name or place.
    Rename,
    /// An object goes.
    Delete,
    /// What the host keeps was administered.
    Administer,
    /// Events that were not kept, because more came than could be written.
    Lost,
}

impl Kind {
    /// Every kind, in the order in which help shows them.
    pub const ALL: [Kind; 7] =
        [Kind::SignIn, Kind::Add, Kind::Modify, Kind::Rename, Kind::Delete, Kind::Administer, Kind::Lost];

    /// Its name, as records write it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::SignIn => "sign-in",
            Kind::Add => "add",
            Kind::Modify => "modify",
            Kind::Rename => "rename",
            Kind::Delete => "delete",
            Kind::Administer => "administer",
            Kind::Lost => "lost",
        }
    }
}

/// A sign-in's name, and the account it was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The name that was given.
    pub name: String,
    /// The account that signed in; none when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Who>,
}

/// The object of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its name as the client wrote it.
    pub name: String,
    /// Its identity; none when the change was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// For a rename: the new RDN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_rdn: Option<String>,
    /// For a move: the new parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_superior: Option<String>,
    /// For a delete: with everything below.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tree: bool,
}

/// One attribute of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// What was done.
    pub operation: WrittenOperation,
    /// The attribute, as the client wrote it.
    pub name: String,
    /// The values that are shown: the first ones, each cut to its first octets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// How many values there were.
    pub count: usize,
    /// Whether the values are secrets and therefore not here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub masked: bool,
}

/// What was done to an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenOperation {
    /// Values were added.
    Add,
    /// Values, or the attribute, were removed.
    Delete,
    /// The values were set.
    Replace,
}

/// A value: text, or octets that are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Text.
    Text(String),
    /// Octets.
    Octets {
        /// The octets in base64.
        base64: String,
    },
}

/// Octets that are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// There are more than [`RECORD_OCTETS_MAX`].
    TooLong,
    /// They are no JSON of this form.
    Form,
    /// A newer program wrote them.
    NewerVersion {
        /// The version found.
        found: u32,
    },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::TooLong => f.write_str("the record is too long"),
            ParseError::Form => f.write_str("the record has not the form of one"),
            ParseError::NewerVersion { found } => {
                write!(f, "the record has version {found}, written by a newer program")
            }
        }
    }
}

impl std::error::Error for ParseError {}

impl Record {
    /// The form of an event.
    pub fn of(event: &Event) -> Record {
        let (kind, object, written) = parts(&event.action);
        let (attributes, attributes_omitted) = written
            .map_or((Vec::new(), 0), |written| (written.attributes.iter().map(Values::of).collect(), written.omitted));
        Record {
            request: event.request_id,
            face: face(event.face).to_owned(),
            sign_in: match &event.action {
                Action::SignIn { name, account } => Some(Named {
                    name: name.clone(),
                    account: account.as_ref().map(|account| Who {
                        name: account.name.to_string(),
                        sid: account.sid.as_ref().map(ToString::to_string),
                    }),
                }),
                _ => None,
            },
            object,
            use_case: match &event.action {
                Action::Administer { use_case, .. } => Some((*use_case).to_owned()),
                _ => None,
            },
            attributes,
            attributes_omitted,
            result: outcome::word(&event.result),
            fault: outcome::attribute_of(&event.result).map(cut),
            ..Record::empty(Moment::of(event.at), kind, &event.requester)
        }
    }

    /// A gap: so many events were not kept.
    pub fn lost(at: Moment, count: u64) -> Record {
        let system = Requester::system();
        Record { result: format!("lost:{count}"), ..Record::empty(at, Kind::Lost, &system) }
    }

    fn empty(at: Moment, kind: Kind, requester: &Requester) -> Record {
        Record {
            version: VERSION,
            at,
            request: 0,
            face: face(Face::Shell).to_owned(),
            from: requester.address,
            protection: protection(requester.protection).to_owned(),
            who: Who::of(requester),
            kind,
            sign_in: None,
            object: None,
            use_case: None,
            attributes: Vec::new(),
            attributes_omitted: 0,
            result: SUCCESS.to_owned(),
            fault: None,
        }
    }

    /// The octets that are kept.
    pub fn to_octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a record has text keys and no type that JSON lacks")
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// See [`ParseError`].
    pub fn parse(octets: &[u8]) -> Result<Record, ParseError> {
        /// Enough to tell the version before the rest may mean something else.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        if octets.len() > RECORD_OCTETS_MAX {
            return Err(ParseError::TooLong);
        }
        let Versioned { version } = serde_json::from_slice(octets).map_err(|_| ParseError::Form)?;
        if version > VERSION {
            return Err(ParseError::NewerVersion { found: version });
        }
        serde_json::from_slice(octets).map_err(|_| ParseError::Form)
    }

    /// Who did it, in one word: the account of a sign-in that succeeded, the name of one that failed, else who asked.
    pub fn actor(&self) -> &str {
        match &self.sign_in {
            Some(Named { account: Some(account), .. }) => &account.name,
            Some(Named { name, .. }) => name,
            None => &self.who.name,
        }
    }

    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        self.result == SUCCESS
    }
}

fn parts(action: &Action) -> (Kind, Option<Changed>, Option<&Written>) {
    match action {
        Action::SignIn { .. } => (Kind::SignIn, None, None),
        Action::Add { object, written } => (Kind::Add, Some(Changed::of(object)), Some(written)),
        Action::Modify { object, written } => (Kind::Modify, Some(Changed::of(object)), Some(written)),
        Action::Rename { object, new_rdn, new_superior } => {
            let changed =
                Changed { new_rdn: Some(new_rdn.clone()), new_superior: new_superior.clone(), ..Changed::of(object) };
            (Kind::Rename, Some(changed), None)
        }
        Action::Delete { object, tree } => (Kind::Delete, Some(Changed { tree: *tree, ..Changed::of(object) }), None),
        Action::Administer { subject, .. } => {
            let object = Object { name: cut(subject), guid: None };
            (Kind::Administer, Some(Changed::of(&object)), None)
        }
    }
}

impl Who {
    fn of(requester: &Requester) -> Who {
        match &requester.identity {
            Identity::Anonymous => Who { name: "anonymous".into(), sid: None },
            Identity::Account { sid, name, .. } => Who { name: name.to_string(), sid: Some(sid.to_string()) },
            Identity::System => Who { name: "system".into(), sid: None },
        }
    }
}

impl Changed {
    fn of(object: &Object) -> Changed {
        Changed {
            name: object.name.clone(),
            guid: object.guid.map(|guid| guid.to_string()),
            new_rdn: None,
            new_superior: None,
            tree: false,
        }
    }
}

impl Values {
    fn of(written: &WrittenAttribute) -> Values {
        let (values, count, masked) = match &written.values {
            WrittenValues::Masked { count } => (Vec::new(), *count, true),
            WrittenValues::Shown { values, count } => {
                (values.iter().map(|value| Value::of(value)).collect(), *count, false)
            }
        };
        let operation = match written.operation {
            Operation::Add => WrittenOperation::Add,
            Operation::Delete => WrittenOperation::Delete,
            Operation::Replace => WrittenOperation::Replace,
        };
        Values { operation, name: written.name.clone(), values, count, masked }
    }
}

impl Value {
    fn of(octets: &[u8]) -> Value {
        match std::str::from_utf8(octets) {
            Ok(text) if !text.contains('\0') => Value::Text(text.to_owned()),
            // A text that was cut inside its last character is a text all the same.
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                Value::Text(String::from_utf8_lossy(&octets[..error.valid_up_to()]).into_owned())
            }
            _ => Value::Octets { base64: STANDARD.encode(octets) },
        }
    }
}

fn face(face: Face) -> &'static str {
    match face {
        Face::Ldap => "ldap",
        Face::Dsm => "dsm",
        Face::Rest => "rest",
        Face::Console => "console",
        Face::Shell => "shell",
    }
}

fn protection(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::Local => "local",
        Protection::Encrypted => "encrypted",
    }
}

/// As much of a client's text as a record keeps.
fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(bailiwick_domain::EVENT_NAME_OCTETS_MAX)].to_owned()
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
