//! The text of the schema on `CN=Aggregate`. RFC 4512 section 4.2, [MS-ADTS] 3.1.1.3.1.1.1.

use crate::native::Native;
use crate::record::{Record, Snapshot};
use crate::schema::{AttributeNumber, subschema};

/// The values of an attribute of the aggregate; none on any other object.
pub(crate) fn values(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
    attribute: AttributeNumber,
) -> Vec<Vec<u8>> {
    if record.parent() != native.facts.schema || !record.rdn_value().eq_ignore_ascii_case(b"Aggregate") {
        return Vec::new();
    }
    let schema = snapshot.schema;
    let known = schema.known();
    let octets = |text: String| text.into_bytes();
    if attribute == known.attribute_types {
        subschema::attribute_types(schema).map(octets).collect()
    } else if attribute == known.object_classes {
        subschema::object_classes(schema).map(octets).collect()
    } else if attribute == known.dit_content_rules {
        subschema::dit_content_rules(schema).map(octets).collect()
    } else if attribute == known.extended_attribute_info {
        subschema::extended_attribute_info(schema).map(octets).collect()
    } else if attribute == known.extended_class_info {
        subschema::extended_class_info(schema).map(octets).collect()
    } else {
        Vec::new()
    }
}
