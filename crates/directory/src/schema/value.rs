//! A client's value becomes the value that is stored and shown. [MS-ADTS] 3.1.1.2.2.2, RFC 4517 section 3.3.
//!
//! Stored values have their LDAP form, so that a read copies them to the wire. Values that name objects are not
//! handled here: the caller resolves the name and stores 8 octets of entry id, big-endian, then the data part.

use std::borrow::Cow;
use std::fmt;

use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::oid::is_numeric_oid;
use bailiwick_adtypes::sid::Sid;

use super::Schema;
use super::attribute::Attribute;
use super::syntax::{DnForm, Syntax};

/// The longest text of a number: a sign and leading zeros leave room, more is no number that anybody meant.
const NUMBER_OCTETS_MAX: usize = 40;

/// Why a value is not one of the attribute, or cannot be compared with one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueError {
    /// It has no octets; Active Directory stores no such value.
    Empty,
    /// It is not of the syntax.
    Syntax,
    /// It is to be text, and is not UTF-8.
    NotUtf8,
    /// The number is outside of rangeLower and rangeUpper, or of the syntax.
    OutOfRange {
        /// The number; what does not fit is the nearest that does.
        number: i64,
    },
    /// It is shorter than rangeLower.
    TooShort {
        /// Its length in UTF-16 units for text, in octets for others.
        length: usize,
        /// rangeLower.
        minimum: i64,
    },
    /// It is longer than rangeUpper.
    TooLong {
        /// Its length in UTF-16 units for text, in octets for others.
        length: usize,
        /// rangeUpper.
        maximum: i64,
    },
    /// The syntax names objects, so the caller resolves the value.
    NamesObject,
    /// The syntax has no such comparison.
    NotComparable,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::Empty => f.write_str("the value is empty"),
            ValueError::Syntax => f.write_str("the value is not of the attribute's syntax"),
            ValueError::NotUtf8 => f.write_str("the value is not UTF-8"),
            ValueError::OutOfRange { number } => write!(f, "{number} is out of range"),
            ValueError::TooShort { length, minimum } => write!(f, "length {length} is below {minimum}"),
            ValueError::TooLong { length, maximum } => write!(f, "length {length} is above {maximum}"),
            ValueError::NamesObject => f.write_str("the value names an object"),
            ValueError::NotComparable => f.write_str("the syntax has no such comparison"),
        }
    }
}

impl std::error::Error for ValueError {}

impl Attribute {
    /// Checks a client's value and rewrites it to the form that is stored and shown: numbers without leading zeros,
    /// times as `YYYYMMDDHHMMSS.0Z`, SIDs in binary, OIDs of attributes and classes as their lDAPDisplayName.
    ///
    /// # Errors
    /// See [`ValueError`]; `NamesObject` for every attribute for which [`Attribute::is_dn`] holds.
    pub fn store<'v>(&self, schema: &Schema, value: &'v [u8]) -> Result<Cow<'v, [u8]>, ValueError> {
        if value.is_empty() {
            return Err(ValueError::Empty);
        }
        let stored = match self.syntax {
            Syntax::Boolean => {
                boolean(value).filter(|_| value.iter().all(u8::is_ascii_uppercase)).ok_or(ValueError::Syntax)?;
                Cow::Borrowed(value)
            }
            Syntax::Integer | Syntax::Enumeration | Syntax::LargeInteger => {
                let number = self.number(value)?;
                self.check_number(number)?;
                rewritten(value, number.to_string().into_bytes())
            }
            Syntax::Unicode => {
                self.check_length(utf16_units(utf8(value)?))?;
                Cow::Borrowed(value)
            }
            Syntax::CaseIgnore => self.restricted(value, |byte| (0x20..0x7F).contains(&byte))?,
            Syntax::Printable => self.restricted(value, is_printable)?,
            Syntax::Ia5 => self.restricted(value, |byte| byte.is_ascii())?,
            Syntax::Numeric => self.restricted(value, |byte| byte.is_ascii_digit() || byte == b' ')?,
            Syntax::CaseExact | Syntax::PresentationAddress | Syntax::OctetString | Syntax::ReplicaLink => {
                self.check_length(value.len())?;
                Cow::Borrowed(value)
            }
            Syntax::ObjectIdentifier => rewritten(value, self.identifier(schema, value)?.as_bytes().to_vec()),
            Syntax::Sid => {
                let sid = sid(value)?;
                self.check_length(sid.octets())?;
                rewritten(value, sid.to_bytes())
            }
            Syntax::SecurityDescriptor => {
                self.check_length(value.len())?;
                check_security_descriptor(value)?;
                Cow::Borrowed(value)
            }
            Syntax::GeneralizedTime => rewritten(value, self.time(value)?.to_string().into_bytes()),
            Syntax::UtcTime => {
                let mut text = String::with_capacity(13);
                self.time(value)?.write_utc_time(&mut text).map_err(|_| ValueError::Syntax)?;
                rewritten(value, text.into_bytes())
            }
            Syntax::Dn | Syntax::DnBinary | Syntax::DnString | Syntax::OrName | Syntax::AccessPoint => {
                return Err(ValueError::NamesObject);
            }
        };
        Ok(stored)
    }

    /// Checks the data part of a value that also names an object: octets of DN-Binary, text of DN-String.
    ///
    /// # Errors
    /// `TooShort` and `TooLong` by the range, `NotUtf8` for text.
    pub fn check_dn_data(&self, data: &[u8]) -> Result<(), ValueError> {
        match self.dn_form() {
            Some(DnForm::Binary) => self.check_length(data.len()),
            Some(DnForm::Text | DnForm::Address) => self.check_length(utf16_units(utf8(data)?)),
            _ => Ok(()),
        }
    }

    /// The number that a stored or asserted value of a number syntax stands for.
    ///
    /// 32-bit patterns such as groupType may be written unsigned, as many programs do: 2147483650 is -2147483646.
    ///
    /// # Errors
    /// `Syntax` when it is no number, `OutOfRange` when it does not fit the syntax.
    pub fn number(&self, value: &[u8]) -> Result<i64, ValueError> {
        if value.len() > NUMBER_OCTETS_MAX {
            return Err(ValueError::Syntax);
        }
        let text = std::str::from_utf8(value).map_err(|_| ValueError::Syntax)?;
        let wide: i128 = text.parse().map_err(|_| ValueError::Syntax)?;
        let nearest = wide.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        let fits = match self.syntax {
            Syntax::LargeInteger => i128::from(nearest) == wide,
            _ => (i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&nearest),
        };
        match (fits, self.syntax) {
            (false, _) => Err(ValueError::OutOfRange { number: nearest }),
            (true, Syntax::LargeInteger) => Ok(nearest),
            (true, _) => Ok(i64::from(nearest as i32)),
        }
    }

    /// The time that a stored or asserted value of a time syntax stands for. Both text forms are read, as long as
    /// they cannot be mistaken for each other: the long form has four digits of the year.
    ///
    /// # Errors
    /// `Syntax` when it is no time.
    pub(super) fn time(&self, value: &[u8]) -> Result<GeneralizedTime, ValueError> {
        let text = std::str::from_utf8(value).map_err(|_| ValueError::Syntax)?;
        let read = match self.syntax {
            Syntax::UtcTime => GeneralizedTime::parse_utc_time(text).or_else(|_| GeneralizedTime::parse(text)),
            _ => GeneralizedTime::parse(text),
        };
        read.map_err(|_| ValueError::Syntax)
    }

    /// The stored form of an OID or name.
    pub(super) fn identifier<'s>(&self, schema: &'s Schema, value: &'s [u8]) -> Result<&'s str, ValueError> {
        let text = std::str::from_utf8(value).map_err(|_| ValueError::Syntax)?;
        if self.shows_oid {
            return if is_numeric_oid(text) { Ok(text) } else { Err(ValueError::Syntax) };
        }
        if let Some(class) = schema.class_named(text) {
            return Ok(&class.name);
        }
        if let Some(attribute) = schema.attribute_named(text) {
            return Ok(&attribute.name);
        }
        if is_numeric_oid(text) { Ok(text) } else { Err(ValueError::Syntax) }
    }

    /// A value whose octets all are of a set; any octets where the attribute allows extended characters.
    fn restricted<'v>(&self, value: &'v [u8], allowed: impl Fn(u8) -> bool) -> Result<Cow<'v, [u8]>, ValueError> {
        if !self.extended_characters && !value.iter().all(|byte| allowed(*byte)) {
            return Err(ValueError::Syntax);
        }
        self.check_length(value.len())?;
        Ok(Cow::Borrowed(value))
    }

    fn check_number(&self, number: i64) -> Result<(), ValueError> {
        let above = self.range_lower.is_none_or(|lower| lower <= number);
        let below = self.range_upper.is_none_or(|upper| number <= upper);
        if above && below { Ok(()) } else { Err(ValueError::OutOfRange { number }) }
    }

    fn check_length(&self, length: usize) -> Result<(), ValueError> {
        let signed = i64::try_from(length).unwrap_or(i64::MAX);
        match (self.range_lower, self.range_upper) {
            (Some(minimum), _) if signed < minimum => Err(ValueError::TooShort { length, minimum }),
            (_, Some(maximum)) if signed > maximum => Err(ValueError::TooLong { length, maximum }),
            _ => Ok(()),
        }
    }
}

/// The truth value of a text, in any case.
pub(super) fn boolean(value: &[u8]) -> Option<bool> {
    if value.eq_ignore_ascii_case(b"TRUE") {
        Some(true)
    } else if value.eq_ignore_ascii_case(b"FALSE") {
        Some(false)
    } else {
        None
    }
}

/// A SID, binary or as `S-1-…`; the binary form begins with octet 1, so the two cannot be mistaken for each other.
pub(super) fn sid(value: &[u8]) -> Result<Sid, ValueError> {
    if value.first().is_some_and(|first| first.eq_ignore_ascii_case(&b's')) {
        let text = std::str::from_utf8(value).map_err(|_| ValueError::Syntax)?;
        return text.parse().map_err(|_| ValueError::Syntax);
    }
    Sid::from_bytes(value).map_err(|_| ValueError::Syntax)
}

/// The text of a value.
pub(super) fn utf8(value: &[u8]) -> Result<&str, ValueError> {
    std::str::from_utf8(value).map_err(|_| ValueError::NotUtf8)
}

/// Active Directory holds text as UTF-16 and counts its units.
fn utf16_units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The set of String(Printable): that of RFC 2252 without the quote and with `@`, and the `=` of X.680.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:?=@".contains(&byte)
}

/// Octets before the first part of a self-relative descriptor. [MS-DTYP] 2.4.6.
const SECURITY_DESCRIPTOR_HEADER: usize = 20;
/// The control bit of self-relative descriptors.
const SE_SELF_RELATIVE: u16 = 0x8000;

/// Whether a descriptor is self-relative and its four parts start behind the header and before the end.
fn check_security_descriptor(value: &[u8]) -> Result<(), ValueError> {
    let Some((header, _)) = value.split_at_checked(SECURITY_DESCRIPTOR_HEADER) else {
        return Err(ValueError::Syntax);
    };
    let control = u16::from_le_bytes([header[2], header[3]]);
    let starts_well = |offset: usize| offset == 0 || (SECURITY_DESCRIPTOR_HEADER..value.len()).contains(&offset);
    let offsets = header[4..].chunks_exact(4).map(|part| u32::from_le_bytes([part[0], part[1], part[2], part[3]]));
    let sound =
        header[0] == 1 && control & SE_SELF_RELATIVE != 0 && offsets.map(|offset| offset as usize).all(starts_well);
    if sound { Ok(()) } else { Err(ValueError::Syntax) }
}

/// The rewritten form, or the client's own octets when it already had that form.
fn rewritten(value: &[u8], form: Vec<u8>) -> Cow<'_, [u8]> {
    if form == value { Cow::Borrowed(value) } else { Cow::Owned(form) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::of_tables;

    fn stored(attribute: &str, value: impl AsRef<[u8]>) -> Result<Vec<u8>, ValueError> {
        let schema = of_tables();
        schema.attribute_named(attribute).unwrap().store(schema, value.as_ref()).map(Cow::into_owned)
    }

    fn check(attribute: &str, value: &str, expected: Result<&str, ValueError>) {
        assert_eq!(stored(attribute, value), expected.map(|text| text.as_bytes().to_vec()), "{attribute}: {value}");
    }

    #[test]
    fn booleans_are_upper_case() {
        check("isDeleted", "TRUE", Ok("TRUE"));
        check("isDeleted", "FALSE", Ok("FALSE"));
        check("isDeleted", "true", Err(ValueError::Syntax));
        check("isDeleted", "1", Err(ValueError::Syntax));
    }

    #[test]
    fn numbers_are_canonical_and_bounded() {
        check("uidNumber", "0042", Ok("42"));
        check("uidNumber", "-7", Ok("-7"));
        check("uidNumber", "7 ", Err(ValueError::Syntax));
        check("uidNumber", "0x7", Err(ValueError::Syntax));
        check("groupType", "2147483650", Ok("-2147483646"));
        check("groupType", "4294967296", Err(ValueError::OutOfRange { number: 4_294_967_296 }));
        check("accountExpires", "9223372036854775807", Ok("9223372036854775807"));
        check("accountExpires", "9223372036854775808", Err(ValueError::OutOfRange { number: i64::MAX }));
        check("accountExpires", &"1".repeat(41), Err(ValueError::Syntax));
        check("msDFSR-StagingSizeInMb", "4294967295", Ok("4294967295"));
        check("msDFSR-StagingSizeInMb", "4294967296", Err(ValueError::OutOfRange { number: 4_294_967_296 }));
        check("countryCode", "70000", Err(ValueError::OutOfRange { number: 70_000 }));
    }

    #[test]
    fn text_is_utf8_and_its_length_counts_utf16_units() {
        check("sn", "Müller", Ok("Müller"));
        check("sn", "", Err(ValueError::Empty));
        check("sn", &"ü".repeat(64), Ok(&"ü".repeat(64)));
        check("sn", &"ü".repeat(65), Err(ValueError::TooLong { length: 65, maximum: 64 }));
        check("sn", &"😀".repeat(33), Err(ValueError::TooLong { length: 66, maximum: 64 }));
        assert_eq!(stored("sn", [0xFF]), Err(ValueError::NotUtf8));
    }

    #[test]
    fn narrow_strings_refuse_other_characters() {
        check("loginShell", "/bin/sh", Ok("/bin/sh"));
        check("loginShell", "/bin/ß", Err(ValueError::Syntax));
        check("serialNumber", "A-1 (x)@y", Ok("A-1 (x)@y"));
        check("serialNumber", "A_1", Err(ValueError::Syntax));
        check("x121Address", "12 34", Ok("12 34"));
        check("x121Address", "12a", Err(ValueError::Syntax));
        check("legacyExchangeDN", "/o=A/cn=B", Ok("/o=A/cn=B"));
        check("legacyExchangeDN", "/o=Ä", Err(ValueError::Syntax));
        check("dhcpServers", "i10.0.0.1$rcn=x$", Ok("i10.0.0.1$rcn=x$"));
    }

    #[test]
    fn identifiers_become_names() {
        check("objectClass", "PERSON", Ok("person"));
        check("subClassOf", "1.2.840.113556.1.5.9", Ok("user"));
        check("mayContain", "2.5.4.3", Ok("cn"));
        check("governsID", "1.2.840.113556.1.5.9", Ok("1.2.840.113556.1.5.9"));
        check("governsID", "user", Err(ValueError::Syntax));
        check("mayContain", "noSuchThing", Err(ValueError::Syntax));
    }

    #[test]
    fn sids_are_read_in_both_forms() {
        let binary = [1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0];
        assert_eq!(stored("objectSid", binary), Ok(binary.to_vec()));
        assert_eq!(stored("objectSid", "S-1-5-11"), Ok(binary.to_vec()));
        assert_eq!(stored("objectSid", &binary[..11]), Err(ValueError::Syntax));
        assert_eq!(stored("objectSid", "S-1-"), Err(ValueError::Syntax));
    }

    #[test]
    fn times_are_canonical() {
        check("whenCreated", "20240229120000Z", Ok("20240229120000.0Z"));
        check("whenCreated", "202402291200Z", Ok("20240229120000.0Z"));
        check("whenCreated", "20240229130000.7+0100", Ok("20240229120000.0Z"));
        check("whenCreated", "20230229120000Z", Err(ValueError::Syntax));
        check("meetingStartTime", "240229120000Z", Ok("240229120000Z"));
        check("meetingStartTime", "2402291200Z", Ok("240229120000Z"));
    }

    #[test]
    fn octets_are_counted() {
        assert_eq!(stored("objectGUID", [7; 16]), Ok(vec![7; 16]));
        assert_eq!(stored("objectGUID", [7; 15]), Err(ValueError::TooShort { length: 15, minimum: 16 }));
        assert_eq!(stored("objectGUID", [7; 17]), Err(ValueError::TooLong { length: 17, maximum: 16 }));
    }

    #[test]
    fn security_descriptors_are_checked_for_their_frame() {
        let mut descriptor = vec![1, 0, 0x04, 0x80];
        descriptor.extend([0; 16]);
        assert_eq!(stored("nTSecurityDescriptor", &descriptor), Ok(descriptor.clone()));
        assert_eq!(stored("nTSecurityDescriptor", &descriptor[..19]), Err(ValueError::Syntax));
        descriptor[4] = 200;
        assert_eq!(stored("nTSecurityDescriptor", &descriptor), Err(ValueError::Syntax));
    }

    #[test]
    fn names_of_objects_are_left_to_the_caller() {
        check("member", "CN=x", Err(ValueError::NamesObject));
        let schema = of_tables();
        let well_known = schema.attribute_named("wellKnownObjects").unwrap();
        assert_eq!(well_known.check_dn_data(&[0; 16]), Ok(()));
        assert_eq!(well_known.check_dn_data(&[0; 3]), Err(ValueError::TooShort { length: 3, minimum: 16 }));
    }
}
