//! Below which objects an object may stand. [MS-ADTS] 3.1.1.2.4.4.

use bailiwick_domain::{Error, ObjectFault};

use crate::schema::{Class, ClassNumber};

/// Refuses a parent whose class the class of the object does not name.
///
/// # Errors
/// `ParentNotPossible`.
pub(crate) fn check(class: &Class, parent: ClassNumber) -> Result<(), Error> {
    match class.may_stand_below(parent) {
        true => Ok(()),
        false => Err(Error::Object(ObjectFault::ParentNotPossible)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn parents_are_those_that_the_class_names_and_their_subclasses() {
        let schema = Schema::from_tables(1);
        let class = |name| schema.class_named(name).unwrap();
        for (child, parent, expected) in [
            ("user", "organizationalUnit", true),
            ("user", "container", true),
            ("user", "domainDNS", true),
            ("user", "user", false),
            ("user", "group", false),
            ("organizationalUnit", "domainDNS", true),
            ("organizationalUnit", "container", false),
            ("computer", "container", true),
            ("server", "serversContainer", true),
            ("server", "container", false),
        ] {
            assert_eq!(check(class(child), class(parent).number).is_ok(), expected, "{child} below {parent}");
        }
    }
}
