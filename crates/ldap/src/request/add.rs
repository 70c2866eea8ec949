//! Making an entry. RFC 4511 section 4.7.

use std::fmt;

use bailiwick_adtypes::modification::Attribute;

use super::attribute::{self, ATTRIBUTES_PER_ADD_MAX, VALUES_PER_REQUEST_MAX};
use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

/// A wish to make an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct AddRequest<'a> {
    /// The name of the entry.
    pub entry: &'a str,
    /// Its attributes in the client's order. One without values breaks the RFC but is left to the directory to refuse.
    pub attributes: Vec<Attribute>,
}

impl<'a> AddRequest<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let entry = reader.string(Tag::OCTET_STRING)?;
        let mut list = reader.constructed(Tag::SEQUENCE)?;
        reader.ignore_extensions()?;
        let mut attributes = Vec::new();
        let mut attributes_left = ATTRIBUTES_PER_ADD_MAX;
        let mut values_left = VALUES_PER_REQUEST_MAX;
        while !list.is_empty() {
            count(&mut attributes_left, Items::Attributes, ATTRIBUTES_PER_ADD_MAX)?;
            attributes.push(attribute::read(&mut list, &mut values_left)?);
        }
        Ok(Self { entry, attributes })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(Tag::OCTET_STRING, self.entry);
        let list = writer.start(Tag::SEQUENCE);
        for attribute in &self.attributes {
            attribute::write(writer, &attribute.name, &attribute.values);
        }
        writer.end(list);
    }
}

impl fmt::Debug for AddRequest<'_> {
    /// Shows names but no values: a password may be among them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.attributes.iter().map(|attribute| &attribute.name);
        formatter
            .debug_struct("AddRequest")
            .field("entry", &self.entry)
            .field("attributes", &names.collect::<Vec<_>>())
            .finish()
    }
}
