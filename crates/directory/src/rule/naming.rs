//! What an object may be called. [MS-ADTS] 3.1.1.5.1.2 and 3.1.1.3.1.2.1.

use bailiwick_adtypes::dn::Rdn;
use bailiwick_domain::{AttributeFault, Error, ObjectFault};

use crate::native::Native;
use crate::record::index::{self, Postings};
use crate::record::name::DEPTH_MAX;
use crate::record::{EntryId, Fault, Snapshot};
use crate::schema::{Attribute, Class, Schema, ValueError};

/// The most objects that are looked at to know how far down a subtree reaches.
const HEIGHT_ENTRIES_MAX: usize = 1 << 22;
/// The most UTF-16 units of an RDN's value. Most attributes that name objects allow fewer.
pub(crate) const RDN_UNITS_MAX: usize = 255;

/// The attribute and the value that a new RDN gives an object of `class`.
///
/// # Errors
/// `WrongRdnAttribute` when another attribute names objects of the class, `InvalidName` and `RdnNotPossible` for a value
/// that can name nothing, `OutOfRange` for one that the attribute cannot hold.
pub(crate) fn new_rdn<'s>(schema: &'s Schema, class: &Class, rdn: &Rdn) -> Result<&'s Attribute, Error> {
    let attribute = schema
        .attribute_named(&rdn.attribute)
        .filter(|attribute| attribute.number == class.rdn)
        .ok_or(Error::Object(ObjectFault::WrongRdnAttribute))?;
    if rdn.value.contains('\0') {
        return Err(Error::InvalidName);
    }
    if rdn.value.is_empty() || rdn.value.contains('\n') || rdn.value.encode_utf16().count() > RDN_UNITS_MAX {
        return Err(Error::Object(ObjectFault::RdnNotPossible));
    }
    match attribute.store(schema, rdn.value.as_bytes()) {
        Ok(_) => Ok(attribute),
        Err(ValueError::TooLong { .. } | ValueError::TooShort { .. }) => {
            Err(Error::attribute(&*attribute.name, AttributeFault::OutOfRange))
        }
        Err(_) => Err(Error::InvalidName),
    }
}

/// Compares the RDN with the values of its attribute that the request gives beside the name: they may repeat it.
///
/// # Errors
/// `WrongRdnAttribute` for another value. An RDN has one value, so a second one makes the name invalid.
pub(crate) fn check_repeated(attribute: &Attribute, rdn_value: &[u8], values: &[Vec<u8>]) -> Result<(), Error> {
    let key = |value: &[u8]| {
        let mut key = Vec::new();
        attribute.key(value, &mut key);
        key
    };
    match values {
        [value] if key(value) == key(rdn_value) => Ok(()),
        [_] => Err(Error::Object(ObjectFault::WrongRdnAttribute)),
        _ => Err(Error::InvalidName),
    }
}

/// Refuses a value that names another child of `parent` than `own`.
///
/// # Errors
/// `AlreadyExists`.
pub(crate) fn check_free(
    snapshot: Snapshot<'_>,
    parent: EntryId,
    value: &[u8],
    own: Option<EntryId>,
) -> Result<(), Error> {
    match snapshot.child_valued(parent, value)? {
        Some(sibling) if Some(sibling) != own => Err(Error::AlreadyExists),
        _ => Ok(()),
    }
}

/// How many RDNs the name of an object has.
///
/// # Errors
/// `Unavailable` when the chain of its parents is damaged.
pub(crate) fn depth(native: &Native, snapshot: Snapshot<'_>, id: EntryId) -> Result<usize, Error> {
    let mut id = id;
    for below in 0..DEPTH_MAX {
        if let Some((_, head, _)) = native.contexts.iter().find(|(head, _, _)| *head == id) {
            return Ok(head.len() + below);
        }
        id = snapshot.existing(id)?.parent();
    }
    Err(Fault::Damaged { what: "chain of parents", id: id.0 }.into())
}

/// Refuses what reaches more than `levels` levels below the object: the lowest could have no name.
///
/// # Errors
/// `InvalidName`; `AdministrativeLimit` when more lies below than is looked at.
pub(crate) fn check_height(snapshot: Snapshot<'_>, id: EntryId, levels: usize) -> Result<(), Error> {
    let mut level = vec![id];
    let mut seen = 0;
    for left in (0..=levels).rev() {
        let mut below = Vec::new();
        for parent in level {
            let prefix = index::value_prefix(index::CHILDREN, &parent.key());
            let mut children = Postings::open(snapshot.transaction, prefix, EntryId::NONE)?;
            while let Some(child) = children.peek() {
                if left == 0 {
                    return Err(Error::InvalidName);
                }
                if seen == HEIGHT_ENTRIES_MAX {
                    return Err(Error::AdministrativeLimit);
                }
                seen += 1;
                below.push(child);
                children.advance()?;
            }
        }
        if below.is_empty() {
            return Ok(());
        }
        level = below;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(class: &str, rdn: &str, expected: Result<(), Error>) {
        let schema = Schema::from_tables(1);
        let rdn = Rdn::parse(rdn).unwrap();
        let found = new_rdn(&schema, schema.class_named(class).unwrap(), &rdn).map(drop);
        assert_eq!(found, expected, "{class} {rdn}");
    }

    #[test]
    fn the_class_says_which_attribute_names_its_objects() {
        let wrong = Err(Error::Object(ObjectFault::WrongRdnAttribute));
        check("user", "CN=Ada", Ok(()));
        check("user", "2.5.4.3=Ada", Ok(()));
        check("user", "OU=Ada", wrong.clone());
        check("user", "enabledService=Ada", wrong.clone());
        check("organizationalUnit", "ou=Ada", Ok(()));
        check("organizationalUnit", "cn=Ada", wrong);
    }

    #[test]
    fn values_that_name_nothing_are_refused() {
        let not_possible = Err(Error::Object(ObjectFault::RdnNotPossible));
        check("user", "CN=a\\0Ab", not_possible.clone());
        check("user", "CN=a\\00b", Err(Error::InvalidName));
        let too_long = |length: usize| format!("CN={}", "ü".repeat(length));
        check("user", &too_long(64), Ok(()));
        check("user", &too_long(65), Err(Error::attribute("cn", AttributeFault::OutOfRange)));
        check("user", &too_long(256), not_possible);
    }

    #[test]
    fn the_attribute_may_repeat_the_name_and_nothing_else() {
        let schema = Schema::from_tables(1);
        let ou = schema.attribute_named("ou").unwrap();
        let values = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        assert_eq!(check_repeated(ou, b"Sales", &values(&["SALES"])), Ok(()));
        let wrong = Err(Error::Object(ObjectFault::WrongRdnAttribute));
        assert_eq!(check_repeated(ou, b"Sales", &values(&["Marketing"])), wrong);
        assert_eq!(check_repeated(ou, b"Sales", &values(&["Sales", "More"])), Err(Error::InvalidName));
    }
}
