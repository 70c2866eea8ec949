//! What the directory stores becomes JSON.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeType, ValueForm};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::instant::{Zone, write_instant};
use super::{exchange, flags};
use crate::json::Value;

/// The large integers that replies show as dates. Only these three: programs know the others as numbers.
const SHOWN_AS_DATES: [&str; 3] = ["badPasswordTime", "lastLogon", "pwdLastSet"];

/// What of the way values are shown a host may choose. The default is what programs written for the reference expect.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// How the zone of times is shown.
    pub zone: Zone,
    /// Attributes whose GUIDs and SIDs are shown as text rather than Base64, by lDAPDisplayName in any case.
    pub identifiers_as_text: Vec<String>,
    /// Attributes that can have several values are arrays always, rather than only when they have several.
    pub arrays_by_schema: bool,
}

/// The JSON form of an attribute: a scalar for one value, an array for several. None when there is nothing to show.
///
/// `attribute` is what the schema says of it; without that, values are text if they are UTF-8, Base64 otherwise.
pub fn present(
    name: &str,
    attribute: Option<&AttributeType>,
    values: &[Vec<u8>],
    presentation: &Presentation,
) -> Option<Value> {
    if exchange::is_named(name) {
        let number: i64 = str::from_utf8(values.first()?).ok()?.parse().ok()?;
        return Some(exchange::names(name, number).map_or(Value::from(number), Value::from));
    }
    let show = |value: &Vec<u8>| scalar(name, attribute, value, presentation);
    match values {
        [] => None,
        [value] if !(presentation.arrays_by_schema && attribute.is_some_and(|known| !known.single_valued)) => {
            Some(show(value))
        }
        values => Some(Value::Array(values.iter().map(show).collect())),
    }
}

fn scalar(name: &str, attribute: Option<&AttributeType>, value: &[u8], presentation: &Presentation) -> Value {
    let as_text = || presentation.identifiers_as_text.iter().any(|listed| listed.eq_ignore_ascii_case(name));
    let Ok(text) = str::from_utf8(value) else { return octets(attribute, value, as_text()) };
    // A value that is not of its form is shown as it is: a reply says what is there.
    match attribute.map_or(ValueForm::Text, |attribute| attribute.form) {
        ValueForm::Text | ValueForm::Dn | ValueForm::DnWithData => Value::from(text),
        ValueForm::Boolean => match text {
            "TRUE" => Value::Boolean(true),
            "FALSE" => Value::Boolean(false),
            other => Value::from(other),
        },
        ValueForm::Integer | ValueForm::LargeInteger => number(name, text, presentation.zone),
        ValueForm::GeneralizedTime => instant(GeneralizedTime::parse(text).ok(), text, presentation.zone),
        ValueForm::UtcTime => instant(GeneralizedTime::parse_utc_time(text).ok(), text, presentation.zone),
        ValueForm::Octets | ValueForm::Sid | ValueForm::SecurityDescriptor => octets(attribute, value, as_text()),
    }
}

fn number(name: &str, text: &str, zone: Zone) -> Value {
    let Ok(number) = text.parse::<i64>() else { return Value::from(text) };
    let names = |flags: &[flags::Flag]| flags::names(flags, number as u32);
    let shown = if name.eq_ignore_ascii_case("userAccountControl") {
        names(&flags::ACCOUNT_FLAGS)
    } else if name.eq_ignore_ascii_case("groupType") {
        names(&flags::GROUP_FLAGS)
    } else if SHOWN_AS_DATES.iter().any(|date| date.eq_ignore_ascii_case(name)) {
        write_instant(FileTime(number), zone)
    } else {
        None
    };
    shown.map_or(Value::from(number), Value::from)
}

fn instant(time: Option<GeneralizedTime>, text: &str, zone: Zone) -> Value {
    time.and_then(|time| write_instant(time.to_file_time(), zone)).map_or(Value::from(text), Value::from)
}

fn octets(attribute: Option<&AttributeType>, value: &[u8], as_text: bool) -> Value {
    let is_sid = attribute.is_some_and(|attribute| attribute.form == ValueForm::Sid);
    let text = match (as_text, is_sid) {
        (true, true) => Sid::from_bytes(value).ok().map(|sid| sid.to_string()),
        (true, false) => Guid::try_from(value).ok().map(|guid| guid.to_string()),
        _ => None,
    };
    Value::Text(text.unwrap_or_else(|| STANDARD.encode(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_with(name: &str, form: ValueForm, values: &[&[u8]], presentation: &Presentation) -> Option<String> {
        let attribute = AttributeType { name: name.to_owned(), form, single_valued: false };
        let values: Vec<Vec<u8>> = values.iter().map(|value| value.to_vec()).collect();
        present(name, Some(&attribute), &values, presentation).map(|value| value.to_string())
    }

    fn check(name: &str, form: ValueForm, value: &str, expected: &str) {
        let shown = shown_with(name, form, &[value.as_bytes()], &Presentation::default());
        assert_eq!(shown.as_deref(), Some(expected), "{name}: {value}");
    }

    #[test]
    fn d_36_the_number_of_values_decides_between_scalar_and_array() {
        let plain = Presentation::default();
        let shown = |values: &[&[u8]]| shown_with("member", ValueForm::Dn, values, &plain);
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&[b"CN=A"]).as_deref(), Some("\"CN=A\""));
        assert_eq!(shown(&[b"CN=A", b"CN=B"]).as_deref(), Some("[\n  \"CN=A\",\n  \"CN=B\"\n]"));
        let by_schema = Presentation { arrays_by_schema: true, ..Presentation::default() };
        let shown = shown_with("member", ValueForm::Dn, &[b"CN=A"], &by_schema);
        assert_eq!(shown.as_deref(), Some("[\n  \"CN=A\"\n]"));
    }

    #[test]
    fn every_form_has_its_json() {
        check("isDeleted", ValueForm::Boolean, "TRUE", "true");
        check("isDeleted", ValueForm::Boolean, "odd", "\"odd\"");
        check("primaryGroupID", ValueForm::Integer, "513", "513");
        check("uSNChanged", ValueForm::LargeInteger, "9007199254740993", "9007199254740993");
        check("accountExpires", ValueForm::LargeInteger, "9223372036854775807", "9223372036854775807");
        check("objectSid", ValueForm::Sid, "\u{1}", "\"AQ==\"");
        check("thumbnailPhoto", ValueForm::Octets, "secret", "\"c2VjcmV0\"");
        check("sn", ValueForm::Text, "513", "\"513\"");
        assert_eq!(present("x", None, &[vec![0xff]], &Presentation::default()), Some("/w==".into()));
        assert_eq!(present("x", None, &[b"a".to_vec()], &Presentation::default()), Some("a".into()));
    }

    #[test]
    fn d_34_times_are_the_instants_that_they_are() {
        check("whenCreated", ValueForm::GeneralizedTime, "20220421000000.0Z", "\"2022-04-21T00:00:00Z\"");
        check("createTime", ValueForm::UtcTime, "220421000000Z", "\"2022-04-21T00:00:00Z\"");
        check("pwdLastSet", ValueForm::LargeInteger, "132949728000000000", "\"2022-04-21T00:00:00Z\"");
        check("PWDLASTSET", ValueForm::LargeInteger, "0", "\"1601-01-01T00:00:00Z\"");
        check("pwdLastSet", ValueForm::LargeInteger, "-1", "-1");
        check("lastLogon", ValueForm::LargeInteger, "9223372036854775807", "9223372036854775807");
        check("lockoutTime", ValueForm::LargeInteger, "132949728000000000", "132949728000000000");
        let local = Presentation { zone: Zone::Offset { minutes: 120 }, ..Presentation::default() };
        let shown = shown_with("whenCreated", ValueForm::GeneralizedTime, &[b"20220421000000.0Z"], &local);
        assert_eq!(shown.as_deref(), Some("\"2022-04-21T02:00:00+02:00\""));
    }

    #[test]
    fn d_35_guids_and_sids_are_text_where_the_host_lists_them() {
        let listed = ["OBJECTGUID".to_owned(), "objectSid".to_owned()];
        let text = Presentation { identifiers_as_text: listed.to_vec(), ..Presentation::default() };
        let guid: Guid = "299570ea-246d-11d0-a768-00aa006e0529".parse().unwrap();
        let sid: Sid = "S-1-5-21-1-2-3-500".parse().unwrap();
        let shown = shown_with("objectGUID", ValueForm::Octets, &[guid.as_bytes()], &text);
        assert_eq!(shown, Some(format!("\"{guid}\"")));
        let shown = shown_with("objectSid", ValueForm::Sid, &[&sid.to_bytes()], &text);
        assert_eq!(shown, Some(format!("\"{sid}\"")));
        let shown = shown_with("objectGUID", ValueForm::Octets, &[guid.as_bytes()], &Presentation::default());
        assert_eq!(shown, Some(format!("\"{}\"", STANDARD.encode(guid.as_bytes()))));
    }

    #[test]
    fn enumerations_are_names_where_all_bits_have_one() {
        check("userAccountControl", ValueForm::Integer, "514", "\"Disabled, NormalUser\"");
        check("userAccountControl", ValueForm::Integer, "1536", "1536");
        check("groupType", ValueForm::Integer, "-2147483646", "\"Global, Security\"");
        check("msExchRemoteRecipientType", ValueForm::LargeInteger, "100", "\"MigratedUserMailbox, SharedMailbox\"");
        check("msExchRecipientDisplayType", ValueForm::Integer, "5", "5");
        let odd = shown_with("msExchRecipientDisplayType", ValueForm::Text, &[b"x"], &Presentation::default());
        assert_eq!(odd, None);
    }
}
