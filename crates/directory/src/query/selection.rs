//! Which attributes of a found object to hand out. RFC 4511 section 4.5.1.8, [MS-ADTS] 3.1.1.3.1.3.3.

use bailiwick_adtypes::attribute_name::{AttributeDescription, ValueRange};

use crate::schema::{Attribute, AttributeNumber, Schema};

/// The attributes asked for, looked up.
pub(crate) struct Selection<'s> {
    /// Everything that is not operational.
    pub all: bool,
    /// Everything that is operational.
    pub operational: bool,
    /// By name.
    pub named: Vec<Named<'s>>,
}

/// An attribute asked for by its name.
pub(crate) struct Named<'s> {
    /// The attribute.
    pub attribute: &'s Attribute,
    /// The range of values asked for.
    pub range: Option<ValueRange>,
}

impl<'s> Selection<'s> {
    /// Looks names up; an unknown or secret one is passed over and never fails a search.
    pub fn new(schema: &'s Schema, asked: &[String]) -> Selection<'s> {
        let mut selection = Selection { all: asked.is_empty(), operational: false, named: Vec::new() };
        for description in asked {
            match description.as_str() {
                "*" => selection.all = true,
                "+" => selection.operational = true,
                _ => {
                    let Ok(description) = AttributeDescription::parse(description) else { continue };
                    let Some(attribute) = schema.attribute_named(description.base) else { continue };
                    if !attribute.is_secret() && !selection.names(attribute.number) {
                        selection.named.push(Named { attribute, range: description.range() });
                    }
                }
            }
        }
        selection
    }

    /// Whether the attribute is asked for by its name.
    pub fn names(&self, attribute: AttributeNumber) -> bool {
        self.named.iter().any(|named| named.attribute.number == attribute)
    }

    /// The range asked for on an attribute.
    pub fn range(&self, attribute: AttributeNumber) -> Option<ValueRange> {
        self.named.iter().find(|named| named.attribute.number == attribute).and_then(|named| named.range)
    }
}
