//! What an object must and may have. [MS-ADTS] 3.1.1.2.4.5.

use std::fmt;

use super::class::Class;
use super::object_class::ObjectClasses;
use super::{AttributeNumber, Schema};

/// How a set of attributes breaks the rules of its object's classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContentError {
    /// The classes require the attribute, and it is not there.
    Missing {
        /// The attribute.
        attribute: AttributeNumber,
    },
    /// No class allows the attribute.
    NotAllowed {
        /// The attribute.
        attribute: AttributeNumber,
    },
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContentError::Missing { attribute } => write!(f, "the attribute {} is missing", attribute.0),
            ContentError::NotAllowed { attribute } => write!(f, "the attribute {} is not allowed", attribute.0),
        }
    }
}

impl std::error::Error for ContentError {}

/// Checks the attributes of an object, in any order, against its classes. Only what is stored is checked: back links
/// and constructed attributes belong to no list of attributes.
///
/// # Errors
/// The first attribute that no class allows, else the first, by number, that a class requires and that is missing.
pub fn check(schema: &Schema, classes: &ObjectClasses, attributes: &[AttributeNumber]) -> Result<(), ContentError> {
    if let Some(&attribute) = attributes.iter().find(|attribute| !allows(schema, classes, **attribute)) {
        return Err(ContentError::NotAllowed { attribute });
    }
    let mut required = own_classes(schema, classes).flat_map(|class| &class.must);
    match required.find(|attribute| !attributes.contains(attribute)) {
        Some(&attribute) => Err(ContentError::Missing { attribute }),
        None => Ok(()),
    }
}

/// Whether some class of the object requires or allows `attribute`, and it is not defunct.
pub fn allows(schema: &Schema, classes: &ObjectClasses, attribute: AttributeNumber) -> bool {
    schema.attribute(attribute).is_some_and(|attribute| !attribute.defunct)
        && own_classes(schema, classes).any(|class| class.allows(attribute))
}

/// Whether some class of the object requires `attribute`.
pub fn requires(schema: &Schema, classes: &ObjectClasses, attribute: AttributeNumber) -> bool {
    own_classes(schema, classes).any(|class| class.must.binary_search(&attribute).is_ok())
}

/// The classes whose lists count: the structural class, which includes its chain, and the object's own auxiliaries.
fn own_classes<'s>(schema: &'s Schema, classes: &'s ObjectClasses) -> impl Iterator<Item = &'s Class> {
    std::iter::once(&classes.structural).chain(&classes.auxiliaries).filter_map(|number| schema.class(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::of_tables;

    const TOP: [&str; 4] = ["objectClass", "instanceType", "nTSecurityDescriptor", "objectCategory"];

    fn checked(classes: &[&str], attributes: &[&str]) -> Result<(), String> {
        let schema = of_tables();
        let classes = ObjectClasses::resolve(schema, classes.iter().map(|name| name.as_bytes())).unwrap();
        let numbers: Vec<_> =
            attributes.iter().chain(&TOP).map(|name| schema.attribute_named(name).unwrap().number).collect();
        let name = |number| schema.attribute(number).unwrap().name.to_string();
        check(schema, &classes, &numbers).map_err(|error| match error {
            ContentError::Missing { attribute } => format!("missing {}", name(attribute)),
            ContentError::NotAllowed { attribute } => format!("not allowed {}", name(attribute)),
        })
    }

    #[test]
    fn attributes_of_the_chain_and_of_auxiliaries_are_allowed() {
        assert_eq!(checked(&["organizationalUnit"], &["ou", "description", "gPLink"]), Ok(()));
        assert_eq!(checked(&["container", "posixGroup"], &["cn", "gidNumber", "memberUid"]), Ok(()));
        assert_eq!(checked(&["container"], &["cn", "gidNumber"]), Err("not allowed gidNumber".into()));
    }

    #[test]
    fn required_attributes_must_be_there() {
        assert_eq!(checked(&["organizationalUnit"], &["description"]), Err("missing ou".into()));
        assert_eq!(checked(&["ipService"], &["cn", "ipServicePort"]), Err("missing ipServiceProtocol".into()));
    }
}
