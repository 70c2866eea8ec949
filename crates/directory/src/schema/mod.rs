//! The schema: classes, attributes, syntaxes and matching rules. [MS-ADTS] 3.1.1.2.
//!
//! A [`Schema`] is immutable; a schema change makes a new one. Nothing here knows entries, names of objects or the
//! store: values go in and out as octets.

mod assemble;
pub mod attribute;
pub mod class;
pub mod content;
pub mod definition;
mod generated;
mod key;
pub mod known;
mod names;
mod numbers;
pub mod object_class;
pub mod right;
pub mod subschema;
pub mod syntax;
mod text;
mod value;

use std::fmt;

pub use attribute::{Attribute, Link, LinkDirection, SearchFlags, SystemFlags};
pub use class::{Category, Class};
pub use definition::{AttributeDefinition, ClassDefinition};
pub use known::Known;
pub use right::Right;
pub use syntax::{DnForm, Syntax};
pub use text::fold;
pub use value::ValueError;

pub(crate) use generated::{WELL_KNOWN, WellKnownRow, definitions as table_definitions};

use names::NameTable;
use numbers::NumberTable;

/// objectVersion of the schema that the tables hold: Windows Server 2016.
pub const SCHEMA_VERSION: u32 = 87;

/// An attribute: the entry id of its attributeSchema object. It never changes and is never given again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AttributeNumber(pub u32);

/// A class: the entry id of its classSchema object. It never changes and is never given again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassNumber(pub u32);

/// All attributes and classes, resolved and ready for lookups that neither search nor allocate.
#[derive(Clone, Debug)]
pub struct Schema {
    attributes: Box<[Attribute]>,
    classes: Box<[Class]>,
    attribute_positions: NumberTable,
    class_positions: NumberTable,
    /// lDAPDisplayNames and dotted OIDs.
    attribute_names: NameTable,
    class_names: NameTable,
    class_cns: NameTable,
    schema_id_guids: Box<[(bailiwick_adtypes::guid::Guid, SchemaObject)]>,
    known: Known,
}

/// An attribute or a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaObject {
    /// An attribute.
    Attribute(AttributeNumber),
    /// A class.
    Class(ClassNumber),
}

/// Why definitions make no schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SchemaError {
    /// Two attributes or two classes share a name or an OID.
    DuplicateName {
        /// The name or OID.
        name: Box<str>,
    },
    /// Two attributes or two classes share a number.
    DuplicateNumber {
        /// The number.
        number: u32,
    },
    /// Two attributes share a linkID.
    DuplicateLink {
        /// The linkID.
        id: u32,
    },
    /// The directory's own rules need this attribute.
    MissingAttribute {
        /// Its lDAPDisplayName.
        name: Box<str>,
    },
    /// The directory's own rules need this class.
    MissingClass {
        /// Its lDAPDisplayName.
        name: Box<str>,
    },
    /// A class names an attribute or class that is not there.
    UnknownReference {
        /// The class.
        class: Box<str>,
        /// What it names.
        name: Box<str>,
    },
    /// A chain of superclasses does not end at `top`.
    EndlessChain {
        /// The class.
        class: Box<str>,
    },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaError::DuplicateName { name } => write!(f, "two schema objects have the name or OID {name}"),
            SchemaError::DuplicateNumber { number } => write!(f, "two schema objects have the number {number}"),
            SchemaError::DuplicateLink { id } => write!(f, "two attributes have the linkID {id}"),
            SchemaError::MissingAttribute { name } => write!(f, "the schema lacks the attribute {name}"),
            SchemaError::MissingClass { name } => write!(f, "the schema lacks the class {name}"),
            SchemaError::UnknownReference { class, name } => {
                write!(f, "the class {class} names {name}, which the schema lacks")
            }
            SchemaError::EndlessChain { class } => write!(f, "the superclasses of {class} do not end at top"),
        }
    }
}

impl std::error::Error for SchemaError {}

impl Schema {
    /// The schema of the generated tables, for a new directory.
    ///
    /// Attributes are numbered from `first_number` in the order of the table, classes after them; see
    /// [`Schema::next_number`].
    pub fn from_tables(first_number: u32) -> Schema {
        let (attributes, classes) = generated::definitions(first_number);
        Schema::from_definitions(attributes, classes).expect("the tables make a schema; a test builds it from them")
    }

    /// The schema that these definitions make, usually those of the stored attributeSchema and classSchema objects.
    ///
    /// # Errors
    /// [`SchemaError`] names what contradicts or is missing.
    pub fn from_definitions(
        attributes: Vec<AttributeDefinition>,
        classes: Vec<ClassDefinition>,
    ) -> Result<Schema, SchemaError> {
        assemble::assemble(attributes, classes)
    }

    /// The attribute with this number.
    pub fn attribute(&self, number: AttributeNumber) -> Option<&Attribute> {
        self.attribute_positions.get(number.0).map(|position| &self.attributes[position])
    }

    /// The attribute with this lDAPDisplayName in any case, or this OID, dotted and with or without `OID.` before it.
    pub fn attribute_named(&self, name_or_oid: &str) -> Option<&Attribute> {
        self.attribute_names.get(without_oid_prefix(name_or_oid)).map(|position| &self.attributes[position as usize])
    }

    /// The class with this number.
    pub fn class(&self, number: ClassNumber) -> Option<&Class> {
        self.class_positions.get(number.0).map(|position| &self.classes[position])
    }

    /// The class with this lDAPDisplayName in any case, or this OID, dotted and with or without `OID.` before it.
    pub fn class_named(&self, name_or_oid: &str) -> Option<&Class> {
        self.class_names.get(without_oid_prefix(name_or_oid)).map(|position| &self.classes[position as usize])
    }

    /// The class whose classSchema object has this cn, in any case: `Organizational-Unit`.
    pub fn class_with_cn(&self, cn: &str) -> Option<&Class> {
        self.class_cns.get(cn).map(|position| &self.classes[position as usize])
    }

    /// The attribute or class with this schemaIDGUID, as access control entries name it.
    pub fn with_guid(&self, guid: &bailiwick_adtypes::guid::Guid) -> Option<SchemaObject> {
        let position = self.schema_id_guids.binary_search_by(|(other, _)| other.cmp(guid)).ok()?;
        Some(self.schema_id_guids[position].1)
    }

    /// All attributes, by number.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = &Attribute> {
        self.attributes.iter()
    }

    /// All classes, by number.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = &Class> {
        self.classes.iter()
    }

    /// The attributes and classes that rules name in code.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// The number after the greatest that is used.
    pub fn next_number(&self) -> u32 {
        let attribute = self.attributes.last().map_or(0, |attribute| attribute.number.0);
        let class = self.classes.last().map_or(0, |class| class.number.0);
        attribute.max(class).saturating_add(1)
    }
}

/// RFC 4514 section 4 and older clients write `OID.2.5.4.3`.
fn without_oid_prefix(name: &str) -> &str {
    match name.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("oid.") => &name[4..],
        _ => name,
    }
}

/// The schema of the tables, built once for all tests of a process.
#[cfg(test)]
pub(crate) fn of_tables() -> &'static Schema {
    static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| Schema::from_tables(1));
    &SCHEMA
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_make_a_schema_of_the_expected_size() {
        let schema = Schema::from_tables(100);
        assert_eq!(schema.attributes().len(), 1803);
        assert_eq!(schema.classes().len(), 270);
        assert_eq!(schema.next_number(), 100 + 1803 + 270);
    }

    #[test]
    fn names_and_oids_find_attributes_and_classes_in_any_case() {
        let schema = Schema::from_tables(1);
        for name in ["cn", "CN", "2.5.4.3", "OID.2.5.4.3", "oid.2.5.4.3"] {
            assert_eq!(&*schema.attribute_named(name).unwrap().name, "cn");
        }
        for name in ["user", "USER", "1.2.840.113556.1.5.9", "Oid.1.2.840.113556.1.5.9"] {
            assert_eq!(&*schema.class_named(name).unwrap().name, "user");
        }
        assert_eq!(&*schema.class_with_cn("organizational-UNIT").unwrap().name, "organizationalUnit");
        for absent in ["", "oid", "oid.", "dn", "enabledService", "ö"] {
            assert!(schema.attribute_named(absent).is_none(), "{absent}");
            assert!(schema.class_named(absent).is_none(), "{absent}");
        }
    }

    #[test]
    fn numbers_find_what_has_them() {
        let schema = Schema::from_tables(7);
        for attribute in schema.attributes() {
            assert_eq!(schema.attribute(attribute.number).unwrap().name, attribute.name);
            assert_eq!(schema.with_guid(&attribute.schema_id_guid), Some(SchemaObject::Attribute(attribute.number)));
        }
        for class in schema.classes() {
            assert_eq!(schema.class(class.number).unwrap().name, class.name);
            assert_eq!(schema.with_guid(&class.schema_id_guid), Some(SchemaObject::Class(class.number)));
        }
        assert!(schema.attribute(AttributeNumber(6)).is_none());
        assert!(schema.attribute(AttributeNumber(u32::MAX)).is_none());
        assert!(schema.class(ClassNumber(7)).is_none());
    }

    #[test]
    fn known_attributes_are_those_of_the_name() {
        let schema = Schema::from_tables(1);
        let known = schema.known();
        assert_eq!(&*schema.attribute(known.sam_account_name).unwrap().name, "sAMAccountName");
        assert_eq!(&*schema.class(known.class_user).unwrap().name, "user");
    }
}
