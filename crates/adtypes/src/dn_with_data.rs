//! Values that pair a name with octets or a text: DN-Binary and DN-String. [MS-ADTS] 3.1.1.2.2.2.

use std::fmt;
use std::str::FromStr;

use crate::hex;
use crate::object_name::{ObjectName, ObjectNameError};

/// A value of Object(DN-Binary), `B:<count of digits>:<digits>:<name>`; `wellKnownObjects` has such values.
#[derive(Clone, Debug)]
pub struct DnWithBinary {
    /// The octets.
    pub data: Vec<u8>,
    /// The object.
    pub name: ObjectName,
}

/// A value of Object(DN-String), `S:<count of characters>:<text>:<name>`.
#[derive(Clone, Debug)]
pub struct DnWithString {
    /// The text, which may contain colons.
    pub data: String,
    /// The object.
    pub name: ObjectName,
}

/// Why a text is no value of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnWithDataError {
    /// It does not start with `B:` or `S:`.
    Prefix,
    /// The count is no number.
    Count,
    /// The data ends before its count, or no colon stands behind it.
    Length,
    /// The data of a DN-Binary is not of whole pairs of hexadecimal digits.
    Digits,
    /// The name is malformed.
    Name(ObjectNameError),
}

impl DnWithBinary {
    /// Reads `B:<count>:<digits>:<name>`.
    ///
    /// # Errors
    /// See [`DnWithDataError`].
    pub fn parse(text: &str) -> Result<DnWithBinary, DnWithDataError> {
        let (digits, name) = split(text, 'B')?;
        let data = hex::decode(digits.as_bytes()).ok_or(DnWithDataError::Digits)?;
        let name = ObjectName::parse(name).map_err(DnWithDataError::Name)?;
        Ok(DnWithBinary { data, name })
    }
}

impl DnWithString {
    /// Reads `S:<count>:<text>:<name>`.
    ///
    /// # Errors
    /// See [`DnWithDataError`].
    pub fn parse(text: &str) -> Result<DnWithString, DnWithDataError> {
        let (data, name) = split(text, 'S')?;
        let name = ObjectName::parse(name).map_err(DnWithDataError::Name)?;
        Ok(DnWithString { data: data.to_owned(), name })
    }
}

/// The data, of as many characters as the count says, and the text of the name.
fn split(text: &str, kind: char) -> Result<(&str, &str), DnWithDataError> {
    let mut start = text.chars();
    if !start.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&kind)) || start.next() != Some(':') {
        return Err(DnWithDataError::Prefix);
    }
    let (count, rest) = start.as_str().split_once(':').ok_or(DnWithDataError::Count)?;
    if !count.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(DnWithDataError::Count);
    }
    let count: usize = count.parse().map_err(|_| DnWithDataError::Count)?;
    let end = match rest.char_indices().nth(count) {
        Some((at, ':')) => at,
        _ => return Err(DnWithDataError::Length),
    };
    Ok((&rest[..end], &rest[end + 1..]))
}

/// Writes `B:<count>:<digits>:` and leaves the name to the caller, who may have it in pieces.
///
/// # Errors
/// Only those of `out`.
pub fn write_binary_prefix(out: &mut impl fmt::Write, data: &[u8]) -> fmt::Result {
    write!(out, "B:{}:", 2 * data.len())?;
    hex::write_upper(out, data)?;
    out.write_char(':')
}

/// Writes `S:<count>:<text>:` and leaves the name to the caller.
///
/// # Errors
/// Only those of `out`.
pub fn write_string_prefix(out: &mut impl fmt::Write, data: &str) -> fmt::Result {
    write!(out, "S:{}:{data}:", data.chars().count())
}

impl FromStr for DnWithBinary {
    type Err = DnWithDataError;

    fn from_str(text: &str) -> Result<DnWithBinary, DnWithDataError> {
        DnWithBinary::parse(text)
    }
}

impl FromStr for DnWithString {
    type Err = DnWithDataError;

    fn from_str(text: &str) -> Result<DnWithString, DnWithDataError> {
        DnWithString::parse(text)
    }
}

impl fmt::Display for DnWithBinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_binary_prefix(f, &self.data)?;
        self.name.fmt(f)
    }
}

impl fmt::Display for DnWithString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_string_prefix(f, &self.data)?;
        self.name.fmt(f)
    }
}

impl fmt::Display for DnWithDataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DnWithDataError::Prefix => f.write_str("the value starts with neither B: nor S:"),
            DnWithDataError::Count => f.write_str("the count of the value is no number"),
            DnWithDataError::Length => f.write_str("the data is not as long as its count says"),
            DnWithDataError::Digits => f.write_str("the data is not of pairs of hexadecimal digits"),
            DnWithDataError::Name(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DnWithDataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DnWithDataError::Name(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_and_texts_are_split_from_the_name() {
        let text = "B:32:AA312825768811D1ADED00C04FD8D5CD:CN=Computers,DC=example,DC=com";
        let value = DnWithBinary::parse(text).unwrap();
        assert_eq!(value.data[..3], [0xaa, 0x31, 0x28]);
        assert_eq!(value.to_string(), text);

        let text = "S:5:a:é:b:CN=a\\,b";
        let value = DnWithString::parse(text).unwrap();
        assert_eq!(value.data, "a:é:b");
        assert_eq!(value.to_string(), text);

        assert_eq!(DnWithBinary::parse("b:0::<SID=S-1-5-18>").unwrap().to_string(), "B:0::<SID=S-1-5-18>");
    }

    #[test]
    fn malformed_values_are_refused() {
        let binary = |text: &str, error| assert_eq!(DnWithBinary::parse(text).err(), Some(error), "{text}");
        binary("", DnWithDataError::Prefix);
        binary("S:0::", DnWithDataError::Prefix);
        binary("B:", DnWithDataError::Count);
        binary("B::00:DC=a", DnWithDataError::Count);
        binary("B:+2:00:DC=a", DnWithDataError::Count);
        binary("B:99999999999999999999:00:DC=a", DnWithDataError::Count);
        binary("B:4:00:DC=a", DnWithDataError::Length);
        binary("B:2:0000:DC=a", DnWithDataError::Length);
        binary("B:2:0", DnWithDataError::Length);
        binary("B:1:0:DC=a", DnWithDataError::Digits);
        assert!(matches!(DnWithBinary::parse("B:2:00:DC").err(), Some(DnWithDataError::Name(_))));
        assert_eq!(DnWithString::parse("B:0::").err(), Some(DnWithDataError::Prefix));
    }
}
