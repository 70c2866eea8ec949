//! An attribute with its values, as add and modify requests have it. RFC 4511 sections 4.1.7, 4.6 and 4.7.
//!
//! Values are copied once, from the connection's buffer into the owned types that the directory takes.

use bailiwick_adtypes::modification::Attribute;

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::{Items, Malformed, count};

/// How many attributes an add request may have. The whole schema of AD has about 1500.
pub const ATTRIBUTES_PER_ADD_MAX: usize = 4096;
/// How many changes a modify request may have.
pub const MODIFICATIONS_PER_MODIFY_MAX: usize = 65_536;
/// How many values an add or modify request may have, over all its attributes.
pub const VALUES_PER_REQUEST_MAX: usize = 262_144;

/// Reads a PartialAttribute. `values_left` counts down over the whole request.
pub(super) fn read(reader: &mut Reader<'_>, values_left: &mut usize) -> Result<Attribute, Malformed> {
    let mut attribute = reader.constructed(Tag::SEQUENCE)?;
    let name = attribute.string(Tag::OCTET_STRING)?;
    let mut set = attribute.constructed(Tag::SET)?;
    attribute.ignore_extensions()?;
    let mut values = Vec::new();
    while !set.is_empty() {
        count(values_left, Items::Values, VALUES_PER_REQUEST_MAX)?;
        let value = set.expect(Tag::OCTET_STRING)?;
        if values.is_empty() {
            // One value is by far the commonest count; more grow the list as usual.
            values.reserve_exact(1);
        }
        values.push(value.to_vec());
    }
    Ok(Attribute { name: name.to_owned(), values })
}

/// Writes a PartialAttribute.
pub(super) fn write(writer: &mut Writer<'_>, name: &str, values: &[Vec<u8>]) {
    let attribute = writer.start(Tag::SEQUENCE);
    writer.string(Tag::OCTET_STRING, name);
    let set = writer.start(Tag::SET);
    for value in values {
        writer.octets(Tag::OCTET_STRING, value);
    }
    writer.end(set);
    writer.end(attribute);
}
