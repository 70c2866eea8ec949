//! Attribute descriptions: a name or OID with options. RFC 4512 section 2.5; `range` as in [MS-ADTS] 3.1.1.3.1.3.3.

use std::fmt;

use crate::oid;

/// The most octets an attribute description may have.
pub const ATTRIBUTE_DESCRIPTION_OCTETS_MAX: usize = 512;

/// An attribute description, borrowed from the text that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeDescription<'a> {
    /// The name or OID of the attribute, without the prefix `OID.`.
    pub base: &'a str,
    /// The options as written, without the first semicolon; empty when there are none.
    options: &'a str,
    range: Option<ValueRange>,
}

/// The part of a value list that `range=low-high` names, counted from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueRange {
    /// The first value.
    pub low: u32,
    /// The last value; `None` (written `*`) is the end of the list.
    pub high: Option<u32>,
}

/// Why a text is no attribute description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeDescriptionError {
    /// More than [`ATTRIBUTE_DESCRIPTION_OCTETS_MAX`] octets.
    TooLong {
        /// How many there are.
        octets: usize,
    },
    /// The base is neither a name nor an OID.
    Base,
    /// An option is empty or has characters other than letters, digits and hyphens.
    Option {
        /// Where it starts, in octets from the start of the text.
        at: usize,
    },
    /// A range option is not `range=low-high` with `low` up to `high`, or stands twice.
    Range {
        /// Where it starts, in octets from the start of the text.
        at: usize,
    },
}

impl<'a> AttributeDescription<'a> {
    /// Reads `base;option;…`.
    ///
    /// # Errors
    /// See [`AttributeDescriptionError`].
    pub fn parse(text: &'a str) -> Result<AttributeDescription<'a>, AttributeDescriptionError> {
        if text.len() > ATTRIBUTE_DESCRIPTION_OCTETS_MAX {
            return Err(AttributeDescriptionError::TooLong { octets: text.len() });
        }
        let (written, options) = match text.split_once(';') {
            Some((base, options)) => (base, Some(options)),
            None => (text, None),
        };
        let base = match written.split_at_checked(4) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("OID.") => rest,
            _ => written,
        };
        if !oid::is_name_or_oid(base) {
            return Err(AttributeDescriptionError::Base);
        }
        let Some(options) = options else { return Ok(AttributeDescription { base, options: "", range: None }) };
        let mut range = None;
        let mut at = written.len() + 1;
        for option in options.split(';') {
            match option.split_once('=') {
                Some((key, value)) if key.eq_ignore_ascii_case("range") && range.is_none() => {
                    range = Some(ValueRange::parse(value).ok_or(AttributeDescriptionError::Range { at })?);
                }
                Some((key, _)) if key.eq_ignore_ascii_case("range") => {
                    return Err(AttributeDescriptionError::Range { at });
                }
                _ if is_option(option) => {}
                _ => return Err(AttributeDescriptionError::Option { at }),
            }
            at += option.len() + 1;
        }
        Ok(AttributeDescription { base, options, range })
    }

    /// The options in their order, a range option among them.
    pub fn options(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.options.split(';').filter(|option| !option.is_empty())
    }

    /// Whether there is this option, in either case.
    pub fn has_option(&self, option: &str) -> bool {
        self.options().any(|present| present.eq_ignore_ascii_case(option))
    }

    /// The part of the value list that is asked for; `None` when there is no range option.
    pub fn range(&self) -> Option<ValueRange> {
        self.range
    }
}

impl ValueRange {
    fn parse(text: &str) -> Option<ValueRange> {
        let (low, high) = text.split_once('-')?;
        let low = number(low)?;
        let high = match high {
            "*" => None,
            high => Some(number(high)?),
        };
        high.is_none_or(|high| low <= high).then_some(ValueRange { low, high })
    }
}

/// A number of digits only: the standard parser also takes a plus sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// RFC 4512's `option`: letters, digits and hyphens, at least one.
fn is_option(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
}

impl fmt::Display for AttributeDescription<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base)?;
        self.options().try_for_each(|option| write!(f, ";{option}"))
    }
}

impl fmt::Display for ValueRange {
    /// Writes `range=low-high`, as servers append it to the name of a partly returned attribute.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.high {
            Some(high) => write!(f, "range={}-{high}", self.low),
            None => write!(f, "range={}-*", self.low),
        }
    }
}

impl fmt::Display for AttributeDescriptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeDescriptionError::TooLong { octets } => {
                write!(f, "the attribute name has {octets} octets, more than {ATTRIBUTE_DESCRIPTION_OCTETS_MAX}")
            }
            AttributeDescriptionError::Base => f.write_str("the attribute is neither a name nor an OID"),
            AttributeDescriptionError::Option { at } => write!(f, "the attribute option at octet {at} is malformed"),
            AttributeDescriptionError::Range { at } => write!(f, "the range option at octet {at} is malformed"),
        }
    }
}

impl std::error::Error for AttributeDescriptionError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<ValueRange> {
        AttributeDescription::parse(text).unwrap().range()
    }

    #[test]
    fn base_and_options_are_split() {
        let plain = AttributeDescription::parse("sAMAccountName").unwrap();
        assert_eq!((plain.base, plain.options().count(), plain.range()), ("sAMAccountName", 0, None));

        let text = "userCertificate;binary;lang-de";
        let described = AttributeDescription::parse(text).unwrap();
        assert_eq!(described.base, "userCertificate");
        assert_eq!(described.options().collect::<Vec<_>>(), ["binary", "lang-de"]);
        assert!(described.has_option("BINARY") && !described.has_option("lang"));
        assert_eq!(described.to_string(), text);

        assert_eq!(AttributeDescription::parse("oid.2.5.4.3").unwrap().base, "2.5.4.3");
    }

    #[test]
    fn ranges_are_read() {
        assert_eq!(range("member;range=0-1499"), Some(ValueRange { low: 0, high: Some(1499) }));
        assert_eq!(range("member;binary;Range=1500-*"), Some(ValueRange { low: 1500, high: None }));
        assert_eq!(range("member;range=7-7").unwrap().to_string(), "range=7-7");
        assert_eq!(range("member;range=7-*").unwrap().to_string(), "range=7-*");
    }

    #[test]
    fn malformed_descriptions_say_where() {
        let refuse = |text: &str, error| assert_eq!(AttributeDescription::parse(text), Err(error), "{text}");
        for base in ["", "*", "a b", "a_b", "1", "1.2.", ";binary", "é"] {
            refuse(base, AttributeDescriptionError::Base);
        }
        refuse("cn;", AttributeDescriptionError::Option { at: 3 });
        refuse("cn;a;;b", AttributeDescriptionError::Option { at: 5 });
        refuse("cn;a=b", AttributeDescriptionError::Option { at: 3 });
        for range in ["", "0", "-", "0-", "-5", "5-4", "+0-1", "0-+1", "*-1", "0-4294967296"] {
            refuse(&format!("cn;range={range}"), AttributeDescriptionError::Range { at: 3 });
        }
        refuse("cn;range=0-1;range=2-3", AttributeDescriptionError::Range { at: 13 });
        refuse(&"a".repeat(513), AttributeDescriptionError::TooLong { octets: 513 });
    }
}
