//! LDIF: directory content and changes as text. RFC 2849.
//!
//! `Reader` and `Writer` stream: neither holds more than one record. URLs as values (`:<`) are refused, because opening
//! files is not for a parser to decide.

mod lines;
mod read;
mod write;

use std::{fmt, io};

pub use read::Reader;
pub use write::Writer;

use crate::modification::{Attribute, Modification};

/// How many octets a line may have after its folds are joined.
pub const LINE_OCTETS_MAX: usize = 64 << 20;
/// How many octets a record may have, with [`LINE_COST_OCTETS`] counted for each of its lines.
pub const RECORD_OCTETS_MAX: usize = 256 << 20;
/// What a line costs beside its octets, so that many short lines cannot take more memory than few long ones.
pub const LINE_COST_OCTETS: usize = 128;
/// At which column the writer folds.
pub const FOLD_COLUMNS: usize = 76;

/// The limits of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// See [`LINE_OCTETS_MAX`].
    pub line_octets_max: usize,
    /// See [`RECORD_OCTETS_MAX`].
    pub record_octets_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { line_octets_max: LINE_OCTETS_MAX, record_octets_max: RECORD_OCTETS_MAX }
    }
}

/// One record of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The number of the line with its `dn:`, from 1.
    pub line: u64,
    /// The name as written; it is not parsed here.
    pub dn: String,
    /// The controls that go with the change, in their order.
    pub controls: Vec<RecordControl>,
    /// Whether a `changetype:` stated the change; a content record has none and is an [`Change::Add`].
    pub explicit: bool,
    /// What to do.
    pub change: Change,
}

/// What a record does to the entry that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Make it with these attributes, each named once, in the order of their first lines.
    Add(Vec<Attribute>),
    /// Change its attributes, in this order.
    Modify(Vec<Modification>),
    /// Remove it.
    Delete,
    /// Rename or move it.
    Rename {
        /// The new RDN as written.
        new_rdn: String,
        /// Whether the value of the old RDN goes away.
        delete_old: bool,
        /// The new container as written; `None` leaves the entry where it is.
        new_superior: Option<String>,
    },
}

/// A control line of a change record.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordControl {
    /// The OID as written.
    pub oid: String,
    /// Whether the change must fail if the control is unknown.
    pub critical: bool,
    /// The octets of its value.
    pub value: Option<Vec<u8>>,
}

impl fmt::Debug for RecordControl {
    // Like the values of attributes, those of controls are counted and not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordControl")
            .field("oid", &self.oid)
            .field("critical", &self.critical)
            .field("value_octets", &self.value.as_ref().map(Vec::len))
            .finish()
    }
}

/// What is wrong with the input, and where.
#[derive(Debug)]
pub struct LdifError {
    /// The number of the line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub kind: LdifErrorKind,
}

/// What is wrong with a line.
#[derive(Debug)]
#[non_exhaustive]
pub enum LdifErrorKind {
    /// The input could not be read. Not recoverable.
    Read(io::Error),
    /// The line is longer than the limit. Not recoverable.
    LineTooLong {
        /// The limit.
        octets_max: usize,
    },
    /// The input does not start with `version:` or `dn:`. Not recoverable.
    NotLdif,
    /// The version is not 1. Not recoverable.
    Version,
    /// The record is larger than the limit.
    RecordTooLarge {
        /// The limit.
        octets_max: usize,
    },
    /// The input ends within the line: it has no line end, so nobody can tell whether the rest is lost.
    Truncated,
    /// The line starts with a space but continues nothing.
    Continuation,
    /// The record does not start with `dn:`.
    DnExpected,
    /// A second `dn:` in a record; the empty line before it is missing.
    SecondDn,
    /// The line has no colon.
    ColonMissing,
    /// What stands before the colon is no attribute description.
    AttributeName,
    /// What follows `::` is no base64.
    Base64,
    /// A name or keyword is no UTF-8.
    NotUtf8,
    /// The value is a URL.
    UrlValue,
    /// An unknown change type, or a second one, or one that is not directly behind the name and the controls.
    ChangeType,
    /// The control is malformed, or no change type follows it.
    Control,
    /// An entry without attributes.
    NoAttributes,
    /// Something other than `add:`, `delete:` or `replace:` and an attribute where a modification starts.
    Operation,
    /// The line is of another attribute than the modification that it stands in.
    AttributeMismatch,
    /// `add:` without a value.
    NoValues,
    /// A rename without `newrdn:` or `deleteoldrdn:`, or with one of these lines twice or malformed.
    Rename,
    /// Nothing may follow here.
    Unexpected,
}

impl LdifError {
    /// Whether the reader can go on with the record behind the next empty line.
    pub fn is_recoverable(&self) -> bool {
        !matches!(
            self.kind,
            LdifErrorKind::Read(_)
                | LdifErrorKind::LineTooLong { .. }
                | LdifErrorKind::NotLdif
                | LdifErrorKind::Version
        )
    }
}

impl fmt::Display for LdifError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        f.write_str(match &self.kind {
            LdifErrorKind::Read(error) => return write!(f, "the input cannot be read: {error}"),
            LdifErrorKind::LineTooLong { octets_max } => {
                return write!(f, "the line is longer than {octets_max} octets");
            }
            LdifErrorKind::NotLdif => "this is no LDIF: neither version: nor dn: starts it",
            LdifErrorKind::Version => "only version 1 of LDIF is known",
            LdifErrorKind::RecordTooLarge { octets_max } => {
                return write!(f, "the record is larger than {octets_max} octets");
            }
            LdifErrorKind::Truncated => "the input ends within this line; a complete file has a line end here",
            LdifErrorKind::Continuation => "the line starts with a space, but there is no line to continue",
            LdifErrorKind::DnExpected => "a record starts with dn:",
            LdifErrorKind::SecondDn => "a second dn: in the record; an empty line must stand before it",
            LdifErrorKind::ColonMissing => "the line has no colon",
            LdifErrorKind::AttributeName => "what stands before the colon is no attribute name",
            LdifErrorKind::Base64 => "the value is no base64",
            LdifErrorKind::NotUtf8 => "the value is no UTF-8",
            LdifErrorKind::UrlValue => "values from URLs are not read",
            LdifErrorKind::ChangeType => "an unknown or misplaced changetype:",
            LdifErrorKind::Control => "a malformed control:, or one without a changetype: behind it",
            LdifErrorKind::NoAttributes => "the entry has no attributes",
            LdifErrorKind::Operation => "add:, delete: or replace: with an attribute is expected",
            LdifErrorKind::AttributeMismatch => "the line is not of the attribute that this modification names",
            LdifErrorKind::NoValues => "add: names an attribute, but no value follows",
            LdifErrorKind::Rename => "a rename has newrdn:, deleteoldrdn: 0 or 1, and at most one newsuperior:",
            LdifErrorKind::Unexpected => "nothing may follow in this record",
        })
    }
}

impl std::error::Error for LdifError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            LdifErrorKind::Read(error) => Some(error),
            _ => None,
        }
    }
}
