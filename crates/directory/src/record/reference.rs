//! Values that name objects: how a name with what its syntax carries beside it is stored by id, and shown again.
//!
//! Stored: the target's entry id (8 octets, big-endian), then the data part. [MS-ADTS] 3.1.1.2.2.2.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::dn_with_data::{DnWithBinary, DnWithString, write_binary_prefix, write_string_prefix};

use crate::record::{EntryId, Snapshot};
use crate::schema::DnForm;

/// A client's value of a name syntax, taken apart: the object, and what stands beside the name.
pub(crate) struct Reference {
    /// The object it names.
    pub target: ObjectName,
    /// The data part in stored form; empty for plain names.
    pub data: Vec<u8>,
}

/// Takes a client's value apart; none when it is not of the syntax.
pub(crate) fn parse(form: DnForm, value: &[u8]) -> Option<Reference> {
    let text = std::str::from_utf8(value).ok()?;
    match form {
        DnForm::Plain => Some(Reference { target: ObjectName::parse(text).ok()?, data: Vec::new() }),
        DnForm::Binary => {
            let parts = DnWithBinary::parse(text).ok()?;
            Some(Reference { target: parts.name, data: parts.data })
        }
        // An access point has the outer form of a DN-String: `X400:…#X500:…` is not accepted.
        DnForm::Text | DnForm::Address => {
            let parts = DnWithString::parse(text).ok()?;
            Some(Reference { target: parts.name, data: parts.data.into_bytes() })
        }
    }
}

/// The stored form of a reference to `target`.
pub(crate) fn stored(target: EntryId, data: &[u8]) -> Vec<u8> {
    let mut stored = target.key().to_vec();
    stored.extend_from_slice(data);
    stored
}

impl Snapshot<'_> {
    /// Appends what stands before the name in a reference with data.
    pub fn write_reference_prefix(&self, form: DnForm, data: &[u8], out: &mut String) {
        // Writing to a string does not fail.
        let _infallible = match form {
            DnForm::Plain => Ok(()),
            DnForm::Binary => write_binary_prefix(out, data),
            DnForm::Text | DnForm::Address => write_string_prefix(out, &String::from_utf8_lossy(data)),
        };
    }
}
