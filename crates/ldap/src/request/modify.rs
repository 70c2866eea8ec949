//! Changing an entry. RFC 4511 section 4.6.

use std::fmt;

use bailiwick_adtypes::modification::{Modification, Operation};

use super::attribute::{self, MODIFICATIONS_PER_MODIFY_MAX, VALUES_PER_REQUEST_MAX};
use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

/// A wish to change an entry: all of the changes in this order, or none.
#[derive(Clone, PartialEq, Eq)]
pub struct ModifyRequest<'a> {
    /// The name of the entry.
    pub entry: &'a str,
    /// The changes in the client's order.
    pub modifications: Vec<Modification>,
}

impl<'a> ModifyRequest<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, Malformed> {
        let entry = reader.string(Tag::OCTET_STRING)?;
        let mut list = reader.constructed(Tag::SEQUENCE)?;
        reader.ignore_extensions()?;
        let mut modifications = Vec::new();
        let mut modifications_left = MODIFICATIONS_PER_MODIFY_MAX;
        let mut values_left = VALUES_PER_REQUEST_MAX;
        while !list.is_empty() {
            count(&mut modifications_left, Items::Modifications, MODIFICATIONS_PER_MODIFY_MAX)?;
            let mut change = list.constructed(Tag::SEQUENCE)?;
            let operation = operation(change.integer(Tag::ENUMERATED)?)?;
            let attribute = attribute::read(&mut change, &mut values_left)?;
            change.ignore_extensions()?;
            modifications.push(Modification { operation, attribute: attribute.name, values: attribute.values });
        }
        Ok(Self { entry, modifications })
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.string(Tag::OCTET_STRING, self.entry);
        let list = writer.start(Tag::SEQUENCE);
        for modification in &self.modifications {
            let change = writer.start(Tag::SEQUENCE);
            writer.integer(Tag::ENUMERATED, number(modification.operation));
            attribute::write(writer, &modification.attribute, &modification.values);
            writer.end(change);
        }
        writer.end(list);
    }
}

/// The increment of RFC 4525 is not among them: AD lacks it.
const fn operation(number: i64) -> Result<Operation, Malformed> {
    match number {
        0 => Ok(Operation::Add),
        1 => Ok(Operation::Delete),
        2 => Ok(Operation::Replace),
        _ => Err(Malformed::UnknownEnumerated(number)),
    }
}

const fn number(operation: Operation) -> i64 {
    match operation {
        Operation::Add => 0,
        Operation::Delete => 1,
        Operation::Replace => 2,
    }
}

impl fmt::Debug for ModifyRequest<'_> {
    /// Shows operations and names but no values: a password may be among them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = self.modifications.iter().map(|modification| (modification.operation, &modification.attribute));
        formatter
            .debug_struct("ModifyRequest")
            .field("entry", &self.entry)
            .field("modifications", &changes.collect::<Vec<_>>())
            .finish()
    }
}
