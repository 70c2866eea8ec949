//! Objects for people and for programs.

use std::io::{BufWriter, ErrorKind, Write, stdout};

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Entry;
use bailiwick_domain::administration::{AccountControl, Kind};
use serde_json::{Map, Value, json};

use super::Table;
use crate::exit::Failure;

/// Attributes that count steps of 100 ns since 1601.
const FILE_TIMES: [&str; 8] = [
    "accountExpires",
    "badPasswordTime",
    "lastLogoff",
    "lastLogon",
    "lastLogonTimestamp",
    "lockoutTime",
    "pwdLastSet",
    "msDS-UserPasswordExpiryTimeComputed",
];
/// How many octets of a value that is no text are shown to people.
const OCTETS_SHOWN_MAX: usize = 32;

/// Prints a result. A reader that has seen enough, as `head` has, is no failure.
///
/// # Errors
/// Standard output cannot be written.
pub fn say(text: impl std::fmt::Display) -> Result<(), Failure> {
    let mut out = BufWriter::new(stdout().lock());
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::System { doing: "standard output".into(), source: error })
        }
        _ => Ok(()),
    }
}

/// The columns of a list: heading and attributes.
pub const fn columns(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::User => (
            &["name", "display name", "state", "in"],
            &["sAMAccountName", "displayName", "userAccountControl", "lockoutTime"],
        ),
        Kind::Group => (&["name", "description", "type", "in"], &["sAMAccountName", "description", "groupType"]),
        Kind::Computer => (
            &["name", "host name", "state", "in"],
            &["sAMAccountName", "dNSHostName", "userAccountControl", "lockoutTime"],
        ),
        Kind::Unit | Kind::Place | Kind::Principal | Kind::Any => {
            (&["name", "description", "in"], &["name", "description"])
        }
    }
}

/// Rows of a list.
pub fn objects(kind: Kind, entries: &[Entry]) -> Table {
    let mut table = Table::new(columns(kind).0);
    for entry in entries {
        let text = |name: &str| entry.text(name).unwrap_or_default().to_owned();
        let place = Dn::parse(&entry.dn).ok().and_then(|dn| dn.parent()).map(|dn| dn.to_string()).unwrap_or_default();
        table.row(match kind {
            Kind::User => vec![text("sAMAccountName"), text("displayName"), state(entry).to_owned(), place],
            Kind::Computer => vec![text("sAMAccountName"), text("dNSHostName"), state(entry).to_owned(), place],
            Kind::Group => vec![text("sAMAccountName"), text("description"), group_type(entry).to_owned(), place],
            Kind::Unit | Kind::Place | Kind::Principal | Kind::Any => vec![text("name"), text("description"), place],
        });
    }
    table
}

/// Whether somebody can sign in, as far as the account's own attributes say.
fn state(entry: &Entry) -> &'static str {
    let control = entry.text("userAccountControl").and_then(AccountControl::parse).unwrap_or_default();
    let is_locked = entry.text("lockoutTime").is_some_and(|time| time != "0");
    match (control.contains(AccountControl::DISABLED), is_locked) {
        (true, _) => "disabled",
        (false, true) => "locked",
        (false, false) => "enabled",
    }
}

/// [MS-ADTS] 2.2.12.
fn group_type(entry: &Entry) -> &'static str {
    let bits = entry.text("groupType").and_then(|text| text.parse::<i32>().ok()).unwrap_or_default();
    match (bits < 0, bits & 2 != 0, bits & 4 != 0) {
        (true, true, _) => "global",
        (true, _, true) => "domain local",
        (true, ..) => "universal",
        (false, true, _) => "global, mail",
        (false, _, true) => "domain local, mail",
        (false, ..) => "universal, mail",
    }
}

/// One object for people: a line for each value.
pub fn object(entry: &Entry) -> Table {
    let mut table = Table::bare();
    table.row(vec!["dn".into(), entry.dn.clone()]);
    for attribute in &entry.attributes {
        for value in &attribute.values {
            table.row(vec![attribute.name.clone(), for_people(&attribute.name, value)]);
        }
    }
    table
}

/// One object for programs. Every attribute is a list; octets that are no text are in base64, except those of GUIDs and
/// SIDs, which have text forms.
pub fn as_json(entry: &Entry) -> Value {
    let mut object = Map::new();
    object.insert("dn".to_owned(), json!(entry.dn));
    for attribute in &entry.attributes {
        let values =
            attribute.values.iter().map(|value| text_form(&attribute.name, value).unwrap_or_else(|| base64(value)));
        object.insert(attribute.name.clone(), values.collect());
    }
    Value::Object(object)
}

fn text_form(name: &str, value: &[u8]) -> Option<String> {
    if name.eq_ignore_ascii_case("objectGUID") {
        return Guid::try_from(value).ok().map(|guid| guid.to_string());
    }
    if name.eq_ignore_ascii_case("objectSid") {
        return Sid::from_bytes(value).ok().map(|sid| sid.to_string());
    }
    let text = std::str::from_utf8(value).ok()?;
    (!text.contains('\0')).then(|| text.to_owned())
}

fn for_people(name: &str, value: &[u8]) -> String {
    let Some(text) = text_form(name, value) else {
        let shown: String = value.iter().take(OCTETS_SHOWN_MAX).map(|octet| format!("{octet:02x}")).collect();
        return if value.len() > OCTETS_SHOWN_MAX { format!("{shown}… ({} octets)", value.len()) } else { shown };
    };
    if FILE_TIMES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return match text.parse::<i64>() {
            Ok(0) => "0 (never)".to_owned(),
            Ok(i64::MAX) => "never".to_owned(),
            Ok(time) => GeneralizedTime::from_file_time(FileTime(time)).map_or(text, |time| time.to_string()),
            Err(_) => text,
        };
    }
    text
}

fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(octets.len().div_ceil(3) * 4);
    for chunk in octets.chunks(3) {
        let group = chunk.iter().fold(0, |group, &octet| group << 8 | u32::from(octet)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            match place <= chunk.len() {
                true => text.push(char::from(ALPHABET[(group >> (18 - 6 * place)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::modification::Attribute;

    use super::*;

    fn entry(attributes: &[(&str, &[u8])]) -> Entry {
        let attributes =
            attributes.iter().map(|(name, value)| Attribute { name: (*name).into(), values: vec![value.to_vec()] });
        Entry { dn: "CN=Ada,CN=Users,DC=example".into(), attributes: attributes.collect() }
    }

    #[test]
    fn accounts_are_disabled_locked_or_enabled() {
        assert_eq!(state(&entry(&[("userAccountControl", b"514")])), "disabled");
        assert_eq!(state(&entry(&[("userAccountControl", b"512"), ("lockoutTime", b"7")])), "locked");
        assert_eq!(state(&entry(&[("userAccountControl", b"512"), ("lockoutTime", b"0")])), "enabled");
    }

    #[test]
    fn octets_have_a_form_of_their_own() {
        assert_eq!(base64(b"\xff\xfe\xfd"), "//79");
        assert_eq!(base64(b"\xff"), "/w==");
        let shown = as_json(&entry(&[("objectSid", &Sid::SYSTEM.to_bytes()), ("photo", b"\xff\xd8")]));
        assert_eq!(shown["objectSid"], json!(["S-1-5-18"]));
        assert_eq!(shown["photo"], json!(["/9g="]));
    }

    #[test]
    fn times_are_dates_for_people() {
        assert_eq!(for_people("pwdLastSet", b"116444736000000000"), "19700101000000.0Z");
        assert_eq!(for_people("accountExpires", b"9223372036854775807"), "never");
    }
}
