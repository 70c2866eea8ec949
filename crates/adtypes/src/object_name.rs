//! The other ways to name an object: by GUID, by SID, and by a well-known place. [MS-ADTS] 3.1.1.3.1.2.4.

use std::fmt;
use std::str::FromStr;

use crate::dn::{DN_OCTETS_MAX, Dn, DnError};
use crate::guid::Guid;
use crate::hex;
use crate::sid::Sid;

/// The ways a request can name an object.
#[derive(Clone, Debug)]
pub enum ObjectName {
    /// A distinguished name.
    Dn(Dn),
    /// `<GUID=…>`: hex of the wire octets, or the dashed form.
    Guid(Guid),
    /// `<SID=…>`: hex of the octets, or `S-1-…`.
    Sid(Sid),
    /// `<WKGUID=hex,DN>`: the well-known object of the container with that name.
    WellKnown(Guid, Dn),
}

/// Why a text names no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectNameError {
    /// A distinguished name that is none; of `<WKGUID=…>`, positions count from the start of its name.
    Dn(DnError),
    /// `<` without `>`, or without `=`.
    Brackets,
    /// The text of `<GUID=…>` or `<WKGUID=…>` is no GUID.
    Guid,
    /// The text of `<SID=…>` is no SID.
    Sid,
    /// Only components of unknown kinds, as `<RMD_ADDTIME=…>`, and no name behind them.
    NoIdentifier,
}

impl ObjectName {
    /// Reads any of the forms. Of the extended form `<GUID=…>;<SID=…>;CN=…` the first known component counts, since
    /// the GUID, which stands first, is what survives a rename.
    ///
    /// # Errors
    /// See [`ObjectNameError`].
    pub fn parse(text: &str) -> Result<ObjectName, ObjectNameError> {
        if text.len() > DN_OCTETS_MAX {
            return Err(ObjectNameError::Dn(DnError::TooLong { octets: text.len() }));
        }
        let mut rest = text.trim_start_matches(' ');
        let mut components = 0;
        while let Some(opened) = rest.strip_prefix('<') {
            let (component, behind) = component(opened).ok_or(ObjectNameError::Brackets)?;
            let (key, value) = component.split_once('=').ok_or(ObjectNameError::Brackets)?;
            match key.trim().to_ascii_uppercase().as_str() {
                "GUID" => return guid(value).map(ObjectName::Guid),
                "SID" => return sid(value).map(ObjectName::Sid),
                "WKGUID" => return well_known(value),
                _ => {}
            }
            components += 1;
            rest = behind.trim_start_matches([' ', ';']);
        }
        if components > 0 && rest.is_empty() {
            return Err(ObjectNameError::NoIdentifier);
        }
        Dn::parse(rest).map(ObjectName::Dn).map_err(ObjectNameError::Dn)
    }
}

/// Splits at the closing bracket. The name within `<WKGUID=…>` may have an escaped one.
fn component(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'>' => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

fn guid(text: &str) -> Result<Guid, ObjectNameError> {
    let text = text.trim();
    Guid::from_wire_hex(text).or_else(|| text.parse().ok()).ok_or(ObjectNameError::Guid)
}

fn sid(text: &str) -> Result<Sid, ObjectNameError> {
    let text = text.trim();
    let by_octets = || Sid::from_bytes(&hex::decode(text.as_bytes())?).ok();
    text.parse().ok().or_else(by_octets).ok_or(ObjectNameError::Sid)
}

fn well_known(text: &str) -> Result<ObjectName, ObjectNameError> {
    let (digits, name) = text.split_once(',').ok_or(ObjectNameError::Brackets)?;
    let name = Dn::parse(name).map_err(ObjectNameError::Dn)?;
    Ok(ObjectName::WellKnown(guid(digits)?, name))
}

impl FromStr for ObjectName {
    type Err = ObjectNameError;

    fn from_str(text: &str) -> Result<ObjectName, ObjectNameError> {
        ObjectName::parse(text)
    }
}

impl From<Dn> for ObjectName {
    fn from(name: Dn) -> ObjectName {
        ObjectName::Dn(name)
    }
}

impl fmt::Display for ObjectName {
    /// Writes the readable forms: dashed GUID and `S-1-…`; the GUID of a well-known object as 32 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectName::Dn(name) => name.fmt(f),
            ObjectName::Guid(guid) => write!(f, "<GUID={guid}>"),
            ObjectName::Sid(sid) => write!(f, "<SID={sid}>"),
            ObjectName::WellKnown(guid, name) => {
                f.write_str("<WKGUID=")?;
                hex::write_upper(f, guid.as_bytes())?;
                write!(f, ",{name}>")
            }
        }
    }
}

impl fmt::Display for ObjectNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectNameError::Dn(error) => error.fmt(f),
            ObjectNameError::Brackets => f.write_str("a name in brackets has the form <KIND=value>"),
            ObjectNameError::Guid => f.write_str("the name in brackets holds no GUID"),
            ObjectNameError::Sid => f.write_str("the name in brackets holds no SID"),
            ObjectNameError::NoIdentifier => f.write_str("none of the names in brackets is of a known kind"),
        }
    }
}

impl std::error::Error for ObjectNameError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ObjectNameError::Dn(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, written: &str) {
        let name = ObjectName::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(name.to_string(), written, "{text}");
        assert_eq!(ObjectName::parse(written).unwrap().to_string(), written);
    }

    #[test]
    fn guids_and_sids_are_read_in_both_forms() {
        check("<GUID=709529006d24d011a76800aa006e0529>", "<GUID=00299570-246d-11d0-a768-00aa006e0529>");
        check("<guid=00299570-246D-11D0-A768-00AA006E0529>", "<GUID=00299570-246d-11d0-a768-00aa006e0529>");
        check("<SID=010100000000000512000000>", "<SID=S-1-5-18>");
        check(" <SID=S-1-5-18>", "<SID=S-1-5-18>");
    }

    #[test]
    fn well_known_objects_have_a_container() {
        let text = "<WKGUID=AA312825768811D1ADED00C04FD8D5CD,DC=example,DC=com>";
        check(text, text);
        check(
            "<WKGUID=aa312825768811d1aded00c04fd8d5cd,CN=a\\>b>",
            "<WKGUID=AA312825768811D1ADED00C04FD8D5CD,CN=a\\>b>",
        );
    }

    #[test]
    fn of_an_extended_name_the_first_known_component_counts() {
        let guid = "<GUID=00299570-246d-11d0-a768-00aa006e0529>";
        check(&format!("{guid};<SID=S-1-5-18>;CN=a"), guid);
        check("<RMD_VERSION=1>;<SID=S-1-5-18>;CN=a", "<SID=S-1-5-18>");
        check("<RMD_VERSION=1>;CN=a", "CN=a");
        check("CN=a", "CN=a");
        check("", "");
    }

    #[test]
    fn malformed_names_are_refused() {
        let refuse =
            |text: &str, error| assert_eq!(ObjectName::parse(text).map(|n| n.to_string()), Err(error), "{text}");
        refuse("<GUID=00", ObjectNameError::Brackets);
        refuse("<GUID>", ObjectNameError::Brackets);
        refuse("<GUID=00>", ObjectNameError::Guid);
        refuse("<SID=S-2>", ObjectNameError::Sid);
        refuse("<WKGUID=AA312825768811D1ADED00C04FD8D5CD>", ObjectNameError::Brackets);
        refuse("<WKGUID=AA,DC=a>", ObjectNameError::Guid);
        refuse("<X=1>", ObjectNameError::NoIdentifier);
        refuse("a", ObjectNameError::Dn(DnError::EqualsMissing { at: 1 }));
    }
}
