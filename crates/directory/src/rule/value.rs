//! A client's attributes and values: which attribute is meant, whether a value is one of it, how many there may be.
//! [MS-ADTS] 3.1.1.5.1.1.

use std::collections::HashSet;

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_domain::{AttributeFault, Error};

use crate::schema::{Attribute, Schema, ValueError};

/// Every tenth character of dSHeuristics counts the tens ([MS-ADTS] 6.1.1.2.4.1.2), up to the ninetieth.
const HEURISTICS_TENS_MAX: usize = 9;

/// The attribute that a description in a change names. Options are for reading: a change with one names nothing.
///
/// # Errors
/// `Undefined`; defunct attributes are not defined any more.
pub(crate) fn attribute_named<'s>(schema: &'s Schema, description: &str) -> Result<&'s Attribute, Error> {
    AttributeDescription::parse(description)
        .ok()
        .filter(|parsed| parsed.options().next().is_none())
        .and_then(|parsed| schema.attribute_named(parsed.base))
        .filter(|attribute| !attribute.defunct)
        .ok_or_else(|| Error::attribute(description, AttributeFault::Undefined))
}

/// The stored form of a client's value of an attribute that names no objects.
///
/// # Errors
/// `InvalidSyntax` and `OutOfRange`, under the name that the client wrote.
pub(crate) fn stored(schema: &Schema, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Vec<u8>, Error> {
    attribute.store(schema, value).map(std::borrow::Cow::into_owned).map_err(|error| fault(name, error))
}

/// A value error under the name that the client wrote.
pub(crate) fn fault(name: &str, error: ValueError) -> Error {
    let fault = match error {
        ValueError::OutOfRange { .. } | ValueError::TooShort { .. } | ValueError::TooLong { .. } => {
            AttributeFault::OutOfRange
        }
        ValueError::Empty
        | ValueError::Syntax
        | ValueError::NotUtf8
        | ValueError::NamesObject
        | ValueError::NotComparable => AttributeFault::InvalidSyntax,
    };
    Error::attribute(name, fault)
}

/// The key by which values of the attribute are equal.
pub(crate) fn key(attribute: &Attribute, stored: &[u8]) -> Vec<u8> {
    let mut key = Vec::new();
    attribute.key(stored, &mut key);
    key
}

/// The keys of several stored values.
pub(crate) fn keys(attribute: &Attribute, stored: &[Vec<u8>]) -> HashSet<Vec<u8>> {
    stored.iter().map(|value| key(attribute, value)).collect()
}

/// Refuses a list of stored values in which one stands twice.
///
/// # Errors
/// `ValueExists`.
pub(crate) fn check_distinct(attribute: &Attribute, name: &str, stored: &[Vec<u8>]) -> Result<(), Error> {
    match stored.len() > 1 && keys(attribute, stored).len() < stored.len() {
        true => Err(Error::attribute(name, AttributeFault::ValueExists)),
        false => Ok(()),
    }
}

/// Refuses a second value of a single-valued attribute.
///
/// # Errors
/// `ValueCount`.
pub(crate) fn check_count(attribute: &Attribute, name: &str, count: usize) -> Result<(), Error> {
    match attribute.single_valued && count > 1 {
        true => Err(Error::attribute(name, AttributeFault::ValueCount)),
        false => Ok(()),
    }
}

/// Refuses a dSHeuristics whose tenth characters do not count. [MS-ADTS] 3.1.1.5.3.2.
///
/// # Errors
/// `Unacceptable`.
pub(crate) fn check_heuristics(name: &str, value: &[u8]) -> Result<(), Error> {
    for tens in 1..=HEURISTICS_TENS_MAX {
        let expected = b'0' + tens as u8;
        if value.get(10 * tens - 1).is_some_and(|found| *found != expected) {
            return Err(Error::attribute(name, AttributeFault::OutOfRange));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_descriptions_of_known_attributes_are_written() {
        let schema = Schema::from_tables(1);
        for (description, expected) in [
            ("CN", Some("cn")),
            ("OID.2.5.4.3", Some("cn")),
            ("sn;lang-de", None),
            ("member;range=0-1", None),
            ("enabledService", None),
            ("", None),
            ("a b", None),
        ] {
            let found = attribute_named(&schema, description).map(|attribute| &*attribute.name);
            let undefined = Error::attribute(description, AttributeFault::Undefined);
            assert_eq!(found, expected.ok_or(undefined), "{description}");
        }
    }

    #[test]
    fn faults_carry_the_clients_spelling() {
        let schema = Schema::from_tables(1);
        let check = |name: &str, value: &str, expected: AttributeFault| {
            let attribute = attribute_named(&schema, name).unwrap();
            let found = stored(&schema, attribute, name, value.as_bytes());
            assert_eq!(found, Err(Error::attribute(name, expected)), "{name}: {value}");
        };
        check("COUNTRYCODE", "x", AttributeFault::InvalidSyntax);
        check("CountryCode", "70000", AttributeFault::OutOfRange);
        check("sN", "", AttributeFault::InvalidSyntax);
        check("sN", &"x".repeat(65), AttributeFault::OutOfRange);
    }

    #[test]
    fn equal_values_are_one_value() {
        let schema = Schema::from_tables(1);
        let phones = attribute_named(&schema, "otherTelephone").unwrap();
        let values = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        assert_eq!(check_distinct(phones, "x", &values(&["a", "b"])), Ok(()));
        let twice = Err(Error::attribute("x", AttributeFault::ValueExists));
        assert_eq!(check_distinct(phones, "x", &values(&["a", "A"])), twice);
    }

    #[test]
    fn every_tenth_character_of_the_heuristics_counts() {
        assert_eq!(check_heuristics("x", b"000000000"), Ok(()));
        assert_eq!(check_heuristics("x", b"0000000001"), Ok(()));
        assert_eq!(check_heuristics("x", b"00000000010000000002"), Ok(()));
        let refused = Err(Error::attribute("x", AttributeFault::OutOfRange));
        assert_eq!(check_heuristics("x", b"0000000000"), refused);
        assert_eq!(check_heuristics("x", b"00000000010000000001"), refused);
    }
}
