//! Distinguished names: their text read leniently and written as Active Directory writes it.
//!
//! RFC 4514, with the older forms of RFC 1779 and 2253 that clients still send. Which names are equal is the
//! schema's matter, so there is no `PartialEq` here.

mod read;

use std::fmt;
use std::str::FromStr;

use read::Reader;

pub use crate::object_name::{ObjectName, ObjectNameError};

/// How many RDNs a name may have.
pub const DN_COMPONENTS_MAX: usize = 128;
/// How many octets the text of a name may have.
pub const DN_OCTETS_MAX: usize = 32_768;

/// A relative distinguished name of one attribute and one value; Active Directory has no multi-valued RDNs.
#[derive(Clone, Debug)]
pub struct Rdn {
    /// The attribute type as written: a name or an OID.
    pub attribute: String,
    /// The unescaped value.
    pub value: String,
}

/// A distinguished name, leaf first; empty is the root.
#[derive(Clone, Debug, Default)]
pub struct Dn {
    rdns: Vec<Rdn>,
}

/// Why a text is no distinguished name; `at` counts octets from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnError {
    /// More than [`DN_OCTETS_MAX`] octets.
    TooLong {
        /// How many there are.
        octets: usize,
    },
    /// More than [`DN_COMPONENTS_MAX`] RDNs.
    TooManyComponents,
    /// The attribute type is missing, or neither a name nor an OID.
    AttributeType {
        /// Where it starts.
        at: usize,
    },
    /// No `=` after the attribute type.
    EqualsMissing {
        /// Where it should be.
        at: usize,
    },
    /// The value is empty; no object of a directory has such a name.
    ValueMissing {
        /// Where it should be.
        at: usize,
    },
    /// A backslash before something that it cannot escape.
    Escape {
        /// Where the backslash is.
        at: usize,
    },
    /// A character that must be escaped stands bare.
    Unescaped {
        /// Where it is.
        at: usize,
    },
    /// A quoted value without its end, or with more text behind it.
    Quote {
        /// Where the opening quote is.
        at: usize,
    },
    /// A `#` value that is not the hexadecimal BER of a string.
    BerString {
        /// Where the `#` is.
        at: usize,
    },
    /// The value is no UTF-8 after its escapes are resolved.
    NotUtf8 {
        /// Where the value starts.
        at: usize,
    },
    /// An RDN of several attributes, joined by `+`.
    MultiValued {
        /// Where the `+` is.
        at: usize,
    },
}

impl Rdn {
    /// Reads one RDN, for instance the new RDN of a modify DN request.
    ///
    /// # Errors
    /// Those of [`Dn::parse`]; `AttributeType` also when there are several RDNs or none.
    pub fn parse(text: &str) -> Result<Rdn, DnError> {
        let mut name = Dn::parse(text)?;
        match name.rdns.pop() {
            Some(rdn) if name.rdns.is_empty() => Ok(rdn),
            _ => Err(DnError::AttributeType { at: 0 }),
        }
    }

    /// Whether type and value are the same but for case. A guess that needs no schema: an OID and a name differ here.
    pub fn equals_ignore_case(&self, other: &Rdn) -> bool {
        self.attribute.eq_ignore_ascii_case(&other.attribute) && text_equals_ignore_case(&self.value, &other.value)
    }
}

impl Dn {
    /// Reads a name. Spaces around types, `=` and separators are skipped, `;` separates like `,`, values may be
    /// quoted or be `#` and the hexadecimal BER of a string, types may carry the prefix `OID.`.
    ///
    /// # Errors
    /// See [`DnError`].
    pub fn parse(text: &str) -> Result<Dn, DnError> {
        if text.len() > DN_OCTETS_MAX {
            return Err(DnError::TooLong { octets: text.len() });
        }
        let rdns = Reader::new(text).rdns()?;
        Ok(Dn { rdns })
    }

    /// The name of these RDNs, leaf first.
    pub fn from_rdns(rdns: Vec<Rdn>) -> Dn {
        Dn { rdns }
    }

    /// The RDNs, leaf first.
    pub fn rdns(&self) -> &[Rdn] {
        &self.rdns
    }

    /// The RDNs, leaf first, taken out of the name.
    pub fn into_rdns(self) -> Vec<Rdn> {
        self.rdns
    }

    /// The RDN of the object itself; the root has none.
    pub fn rdn(&self) -> Option<&Rdn> {
        self.rdns.first()
    }

    /// The name of the container; the root has none.
    pub fn parent(&self) -> Option<Dn> {
        let (_, parent) = self.rdns.split_first()?;
        Some(Dn { rdns: parent.to_vec() })
    }

    /// The name of an object directly below this one.
    pub fn child(&self, rdn: Rdn) -> Dn {
        let mut rdns = Vec::with_capacity(self.rdns.len() + 1);
        rdns.push(rdn);
        rdns.extend_from_slice(&self.rdns);
        Dn { rdns }
    }

    /// Whether this is the empty name: the root DSE.
    pub fn is_root(&self) -> bool {
        self.rdns.is_empty()
    }

    /// How many RDNs there are.
    pub fn len(&self) -> usize {
        self.rdns.len()
    }

    /// Whether there are no RDNs; the same as [`Dn::is_root`].
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether the names are the same but for case, see [`Rdn::equals_ignore_case`].
    pub fn equals_ignore_case(&self, other: &Dn) -> bool {
        self.len() == other.len() && self.ends_with_ignore_case(other)
    }

    /// Whether this name is `ancestor` or lies below it, see [`Rdn::equals_ignore_case`].
    pub fn ends_with_ignore_case(&self, ancestor: &Dn) -> bool {
        let Some(skip) = self.len().checked_sub(ancestor.len()) else { return false };
        self.rdns[skip..].iter().zip(&ancestor.rdns).all(|(a, b)| a.equals_ignore_case(b))
    }
}

fn text_equals_ignore_case(a: &str, b: &str) -> bool {
    match a.is_ascii() && b.is_ascii() {
        true => a.eq_ignore_ascii_case(b),
        false => a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase)),
    }
}

/// Writes `attribute=value` with the value escaped, for writing a name without building a [`Dn`].
///
/// Escaped are a leading space or `#`, a trailing space, and `,` `+` `"` `\` `<` `>` `;` `=` anywhere, by a backslash;
/// NUL, LF and CR as `\00`, `\0A`, `\0D`. All other characters stand as they are.
///
/// # Errors
/// Only those of `out`.
pub fn write_rdn(out: &mut impl fmt::Write, attribute: &str, value: &str) -> fmt::Result {
    out.write_str(attribute)?;
    out.write_char('=')?;
    write_escaped_value(out, value)
}

/// Writes the value of an RDN as [`write_rdn`] does.
///
/// # Errors
/// Only those of `out`.
pub fn write_escaped_value(out: &mut impl fmt::Write, value: &str) -> fmt::Result {
    let last = value.len().saturating_sub(1);
    // Everything that is escaped is ASCII, so runs of other octets are copied whole.
    let mut copied = 0;
    for (at, octet) in value.bytes().enumerate() {
        let escape = match octet {
            b',' | b'+' | b'"' | b'\\' | b'<' | b'>' | b';' | b'=' => "\\",
            b'#' if at == 0 => "\\",
            b' ' if at == 0 || at == last => "\\",
            0 => "\\00",
            b'\n' => "\\0A",
            b'\r' => "\\0D",
            _ => continue,
        };
        out.write_str(&value[copied..at])?;
        out.write_str(escape)?;
        // A backslash keeps its character, a pair of digits replaces it.
        copied = if escape.len() == 1 { at } else { at + 1 };
    }
    out.write_str(&value[copied..])
}

impl FromStr for Dn {
    type Err = DnError;

    fn from_str(text: &str) -> Result<Dn, DnError> {
        Dn::parse(text)
    }
}

impl fmt::Display for Rdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_rdn(f, &self.attribute, &self.value)
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            rdn.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for DnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DnError::TooLong { octets } => write!(f, "the name has {octets} octets, more than {DN_OCTETS_MAX}"),
            DnError::TooManyComponents => write!(f, "the name has more than {DN_COMPONENTS_MAX} components"),
            DnError::AttributeType { at } => write!(f, "an attribute type is expected at octet {at}"),
            DnError::EqualsMissing { at } => write!(f, "an equals sign is expected at octet {at}"),
            DnError::ValueMissing { at } => write!(f, "a value is expected at octet {at}"),
            DnError::Escape { at } => write!(f, "the backslash at octet {at} escapes nothing"),
            DnError::Unescaped { at } => write!(f, "the character at octet {at} must be escaped"),
            DnError::Quote { at } => write!(f, "the quoted value at octet {at} does not end where the value ends"),
            DnError::BerString { at } => write!(f, "the value at octet {at} is no string in hexadecimal BER"),
            DnError::NotUtf8 { at } => write!(f, "the value at octet {at} is no UTF-8"),
            DnError::MultiValued { at } => write!(f, "a second attribute in one RDN at octet {at}"),
        }
    }
}

impl std::error::Error for DnError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, written: &str) {
        let name = Dn::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(name.to_string(), written, "{text}");
        assert_eq!(Dn::parse(written).unwrap().to_string(), written);
    }

    fn value(text: &str) -> String {
        Rdn::parse(text).unwrap().value
    }

    fn refuse(text: &str, error: DnError) {
        assert_eq!(Dn::parse(text).map(|name| name.to_string()), Err(error), "{text}");
    }

    #[test]
    fn plain_names_are_written_as_read() {
        check("", "");
        check("DC=com", "DC=com");
        check("CN=Ann Example,OU=Staff,DC=example,DC=com", "CN=Ann Example,OU=Staff,DC=example,DC=com");
        check("cn=Zoë,2.5.4.11=Köln", "cn=Zoë,2.5.4.11=Köln");
    }

    #[test]
    fn spaces_and_older_forms_are_read() {
        check("  ", "");
        check(" CN = Ann  Example , OU =Staff ; DC= example", "CN=Ann  Example,OU=Staff,DC=example");
        check("CN=\"Example, Ann\" ,DC=com", "CN=Example\\, Ann,DC=com");
        check("CN=\" a\\\"b \"", "CN=\\ a\\\"b\\ ");
        check("oid.2.5.4.3=a", "2.5.4.3=a");
    }

    #[test]
    fn special_characters_are_escaped() {
        check("CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i", "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i");
        check("CN=\\#1#", "CN=\\#1#");
        check("CN=\\20a b\\20", "CN=\\ a b\\ ");
        check("CN=\\ ", "CN=\\ ");
        check("CN=a=b", "CN=a\\=b");
        check("CN=x\\0ADEL:1,DC=com", "CN=x\\0ADEL:1,DC=com");
        check("CN=a\nb\rc\\00d", "CN=a\\0Ab\\0Dc\\00d");
        check("CN=Lu\\C4\\8Di\\c4\\87", "CN=Lučić");
        check("CN=a\\ \\  ", "CN=a \\ ");
    }

    #[test]
    fn ber_strings_are_read() {
        assert_eq!(value("CN=#0403616263"), "abc");
        assert_eq!(value("CN=#0C 02C3A9".replace(' ', "").as_str()), "é");
        assert_eq!(value("CN=#1e0400e90061 "), "éa");
        assert_eq!(value(&format!("CN=#1381{:02x}{}", 200, "61".repeat(200))), "a".repeat(200));
        for text in ["CN=#", "CN=#04", "CN=#0402", "CN=#040161f", "CN=#020101", "CN=#040161x", "CN=#1e0100"] {
            refuse(text, DnError::BerString { at: 3 });
        }
    }

    #[test]
    fn malformed_names_say_where() {
        refuse("foo", DnError::EqualsMissing { at: 3 });
        refuse("=a", DnError::AttributeType { at: 0 });
        refuse("CN=a,", DnError::AttributeType { at: 5 });
        refuse("CN=a,,DC=b", DnError::AttributeType { at: 5 });
        refuse("1cn=a", DnError::AttributeType { at: 0 });
        refuse("1.=a", DnError::AttributeType { at: 0 });
        refuse("CN=", DnError::ValueMissing { at: 3 });
        refuse("CN= ,DC=a", DnError::ValueMissing { at: 4 });
        refuse("CN=\"\"", DnError::ValueMissing { at: 3 });
        refuse("CN=#0400", DnError::ValueMissing { at: 3 });
        refuse("CN=a\\x", DnError::Escape { at: 4 });
        refuse("CN=a\\", DnError::Escape { at: 4 });
        refuse("CN=a\\4", DnError::Escape { at: 4 });
        refuse("CN=a\\é", DnError::Escape { at: 4 });
        refuse("CN=a<b", DnError::Unescaped { at: 4 });
        refuse("CN=a\"b", DnError::Unescaped { at: 4 });
        refuse("CN=a\0", DnError::Unescaped { at: 4 });
        refuse("CN=\"a", DnError::Quote { at: 3 });
        refuse("CN=\"a\"b", DnError::Quote { at: 3 });
        refuse("CN=\\ff", DnError::NotUtf8 { at: 3 });
        refuse("CN=a+OU=b", DnError::MultiValued { at: 4 });
        refuse("CN=\"a\"+OU=b", DnError::MultiValued { at: 6 });
    }

    #[test]
    fn limits_are_kept() {
        let long = format!("CN={}", "a".repeat(DN_OCTETS_MAX - 3));
        assert!(Dn::parse(&long).is_ok());
        refuse(&format!("{long}a"), DnError::TooLong { octets: DN_OCTETS_MAX + 1 });
        let deep = vec!["DC=a"; DN_COMPONENTS_MAX].join(",");
        assert_eq!(Dn::parse(&deep).unwrap().len(), DN_COMPONENTS_MAX);
        refuse(&format!("{deep},DC=a"), DnError::TooManyComponents);
    }

    #[test]
    fn parents_children_and_ancestors() {
        let name = Dn::parse("CN=Ann,OU=Süd,DC=com").unwrap();
        let parent = name.parent().unwrap();
        assert_eq!(parent.to_string(), "OU=Süd,DC=com");
        assert_eq!(name.rdn().unwrap().value, "Ann");
        assert!(parent.child(Rdn::parse("cn=ANN").unwrap()).equals_ignore_case(&name));
        assert!(name.ends_with_ignore_case(&Dn::parse("ou=sÜD,dc=COM").unwrap()));
        assert!(name.ends_with_ignore_case(&Dn::default()));
        assert!(!parent.ends_with_ignore_case(&name));
        assert!(!name.ends_with_ignore_case(&Dn::parse("OU=Nord,DC=com").unwrap()));
        assert!(Dn::default().is_root() && Dn::default().parent().is_none() && Dn::default().rdn().is_none());
        assert!(Rdn::parse("CN=a,DC=b").is_err() && Rdn::parse("").is_err());
    }
}
