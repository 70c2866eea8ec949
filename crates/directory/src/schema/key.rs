//! Comparison keys: the matching rules as an encoding. [MS-ADTS] 3.1.1.2.2.4.
//!
//! Two values match for equality iff their keys are equal, and values are ordered as the octets of their keys are:
//! numbers and times as 8 octets, big-endian, the sign flipped; text without regard to case folded by
//! [`fold`](super::fold); everything else as it is.

use bailiwick_adtypes::guid::Guid;

use super::Schema;
use super::attribute::Attribute;
use super::syntax::Syntax;
use super::text::fold;
use super::value::{ValueError, boolean, sid, utf8};

/// Octets of entry id at the start of a stored value that names an object.
const ENTRY_ID_OCTETS: usize = 8;
/// Octets of a GUID.
const GUID_OCTETS: i64 = 16;

impl Attribute {
    /// Appends the key of a stored value, or of an asserted one in stored form.
    ///
    /// A value that is not in stored form gets a key that equals no other, instead of an error.
    pub fn key(&self, stored: &[u8], out: &mut Vec<u8>) {
        match self.syntax {
            Syntax::Boolean => out.push(u8::from(boolean(stored) == Some(true))),
            Syntax::Integer | Syntax::Enumeration | Syntax::LargeInteger => match self.number(stored) {
                Ok(number) => number_key(number, out),
                Err(_) => out.extend_from_slice(stored),
            },
            Syntax::UtcTime | Syntax::GeneralizedTime => match self.time(stored) {
                Ok(time) => number_key(time.unix_seconds(), out),
                Err(_) => out.extend_from_slice(stored),
            },
            Syntax::Unicode => fold_octets(stored, out),
            Syntax::CaseIgnore | Syntax::ObjectIdentifier => {
                out.extend(stored.iter().map(u8::to_ascii_lowercase));
            }
            Syntax::DnString | Syntax::AccessPoint => {
                let (id, text) = stored.split_at(stored.len().min(ENTRY_ID_OCTETS));
                out.extend_from_slice(id);
                fold_octets(text, out);
            }
            Syntax::CaseExact
            | Syntax::Printable
            | Syntax::Ia5
            | Syntax::Numeric
            | Syntax::OctetString
            | Syntax::Sid
            | Syntax::SecurityDescriptor
            | Syntax::Dn
            | Syntax::DnBinary
            | Syntax::OrName
            | Syntax::ReplicaLink
            | Syntax::PresentationAddress => out.extend_from_slice(stored),
        }
    }

    /// Appends the key of a value from a filter or compare request.
    ///
    /// SIDs are read as `S-1-…` too, and GUIDs in their dashed form. Unlike in a stored value, case does not count in
    /// `true`. Ranges are not checked: a value out of range just equals none.
    ///
    /// # Errors
    /// The value cannot be one of the syntax, so the filter item is Undefined; `NamesObject` for DN syntaxes, which
    /// the caller resolves; `NotComparable` for security descriptors.
    pub fn assertion_key(&self, schema: &Schema, value: &[u8], out: &mut Vec<u8>) -> Result<(), ValueError> {
        match self.syntax {
            Syntax::Boolean => out.push(u8::from(boolean(value).ok_or(ValueError::Syntax)?)),
            Syntax::Integer | Syntax::Enumeration | Syntax::LargeInteger => number_key(self.number(value)?, out),
            Syntax::UtcTime | Syntax::GeneralizedTime => number_key(self.time(value)?.unix_seconds(), out),
            Syntax::Unicode => fold(utf8(value)?, out),
            Syntax::ObjectIdentifier => self.key(self.identifier(schema, value)?.as_bytes(), out),
            Syntax::Sid => sid(value)?.write_bytes(out),
            Syntax::OctetString => match self.guid(value) {
                Some(guid) => out.extend_from_slice(guid.as_bytes()),
                None => out.extend_from_slice(value),
            },
            Syntax::CaseIgnore
            | Syntax::CaseExact
            | Syntax::Printable
            | Syntax::Ia5
            | Syntax::Numeric
            | Syntax::ReplicaLink
            | Syntax::PresentationAddress => self.key(value, out),
            Syntax::SecurityDescriptor => return Err(ValueError::NotComparable),
            Syntax::Dn | Syntax::DnBinary | Syntax::DnString | Syntax::OrName | Syntax::AccessPoint => {
                return Err(ValueError::NamesObject);
            }
        }
        Ok(())
    }

    /// Appends the key of a piece of a value from a substrings filter: a value has the piece iff its key does.
    ///
    /// Nothing is trimmed where pieces meet, because spaces count.
    ///
    /// # Errors
    /// `NotComparable` when the syntax has no substring rule, `NotUtf8` for text that is none: the filter item is
    /// Undefined.
    pub fn fragment_key(&self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ValueError> {
        if !self.syntax.has_substrings() {
            return Err(ValueError::NotComparable);
        }
        match self.syntax {
            Syntax::Unicode => fold(utf8(piece)?, out),
            _ => self.key(piece, out),
        }
        Ok(())
    }

    /// The dashed form of a GUID, with or without braces, where values are GUIDs: it has too many octets to be one
    /// of the attribute's own values.
    fn guid(&self, value: &[u8]) -> Option<Guid> {
        if self.range_lower != Some(GUID_OCTETS) || self.range_upper != Some(GUID_OCTETS) {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        text.parse().ok()
    }
}

/// Numbers in an order that octets have too.
fn number_key(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(&((number as u64) ^ (1 << 63)).to_be_bytes());
}

/// Text folded; octets that are no text as they are.
fn fold_octets(octets: &[u8], out: &mut Vec<u8>) {
    match std::str::from_utf8(octets) {
        Ok(text) => fold(text, out),
        Err(_) => out.extend_from_slice(octets),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::of_tables;
    use proptest::prelude::*;

    struct Case {
        schema: &'static Schema,
    }

    impl Case {
        fn key(&self, attribute: &str, stored: impl AsRef<[u8]>) -> Vec<u8> {
            let mut out = Vec::new();
            self.schema.attribute_named(attribute).unwrap().key(stored.as_ref(), &mut out);
            out
        }

        fn assertion(&self, attribute: &str, value: impl AsRef<[u8]>) -> Result<Vec<u8>, ValueError> {
            let mut out = Vec::new();
            let attribute = self.schema.attribute_named(attribute).unwrap();
            attribute.assertion_key(self.schema, value.as_ref(), &mut out).map(|()| out)
        }

        fn fragment(&self, attribute: &str, piece: &str) -> Result<Vec<u8>, ValueError> {
            let mut out = Vec::new();
            self.schema.attribute_named(attribute).unwrap().fragment_key(piece.as_bytes(), &mut out).map(|()| out)
        }
    }

    fn case() -> Case {
        Case { schema: of_tables() }
    }

    #[test]
    fn asserted_values_meet_stored_ones() {
        let case = case();
        for (attribute, asserted, stored) in [
            ("sAMAccountName", "BOB", "bob"),
            ("cn", "MÜLLER", "Müller"),
            ("objectClass", "2.5.6.6", "person"),
            ("objectClass", "PERSON", "person"),
            ("isDeleted", "true", "TRUE"),
            ("uidNumber", "007", "7"),
            ("groupType", "2147483650", "-2147483646"),
            ("whenCreated", "20240101120000Z", "20240101120000.0Z"),
            ("whenCreated", "20240101130000+01", "20240101120000.0Z"),
            ("legacyExchangeDN", "/O=A", "/o=a"),
            ("governsID", "1.2.3", "1.2.3"),
        ] {
            assert_eq!(case.assertion(attribute, asserted), Ok(case.key(attribute, stored)), "{attribute}");
        }
        for (attribute, asserted, stored) in [("loginShell", "/BIN/SH", "/bin/sh"), ("cn", "a  b", "a b")] {
            assert_ne!(case.assertion(attribute, asserted), Ok(case.key(attribute, stored)), "{attribute}");
        }
    }

    #[test]
    fn sids_and_guids_are_read_as_text_too() {
        let case = case();
        let sid = [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0];
        assert_eq!(case.assertion("objectSid", "S-1-5-11"), Ok(sid.to_vec()));
        assert_eq!(case.assertion("objectSid", sid), Ok(sid.to_vec()));
        let guid = Guid::from_u128(0xbf967aba_0de6_11d0_a285_00aa003049e2);
        for text in ["bf967aba-0de6-11d0-a285-00aa003049e2", "{BF967ABA-0DE6-11D0-A285-00AA003049E2}"] {
            assert_eq!(case.assertion("objectGUID", text), Ok(guid.as_bytes().to_vec()));
        }
        assert_eq!(case.assertion("objectGUID", guid.as_bytes()), Ok(guid.as_bytes().to_vec()));
    }

    #[test]
    fn what_cannot_be_a_value_is_refused() {
        let case = case();
        for (attribute, value, expected) in [
            ("uidNumber", "x", ValueError::Syntax),
            ("isDeleted", "maybe", ValueError::Syntax),
            ("whenCreated", "yesterday", ValueError::Syntax),
            ("objectSid", "S-1", ValueError::Syntax),
            ("objectClass", "noSuchClass", ValueError::Syntax),
            ("member", "CN=x", ValueError::NamesObject),
            ("nTSecurityDescriptor", "x", ValueError::NotComparable),
        ] {
            assert_eq!(case.assertion(attribute, value), Err(expected), "{attribute}");
        }
        assert_eq!(case.assertion("cn", [0xC3]), Err(ValueError::NotUtf8));
    }

    #[test]
    fn fragments_are_pieces_of_keys() {
        let case = case();
        let key = case.key("cn", "Anna Müller");
        let piece = case.fragment("cn", "A MÜ").unwrap();
        assert!(key.windows(piece.len()).any(|window| window == piece));
        assert_eq!(case.fragment("uidNumber", "1"), Err(ValueError::NotComparable));
        assert_eq!(case.fragment("member", "CN"), Err(ValueError::NotComparable));
        assert_eq!(case.fragment("objectClass", "us"), Err(ValueError::NotComparable));
        assert_eq!(case.fragment("objectGUID", "ab"), Ok(b"ab".to_vec()));
    }

    #[test]
    fn numbers_are_ordered_as_their_keys() {
        let case = case();
        proptest!(|(left: i64, right: i64)| {
            let (a, b) = (case.key("accountExpires", left.to_string()), case.key("accountExpires", right.to_string()));
            prop_assert_eq!(left.cmp(&right), a.cmp(&b));
        });
    }
}
