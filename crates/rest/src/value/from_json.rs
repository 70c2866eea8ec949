//! JSON becomes what the directory stores: by the form of the attribute's values, never by what a text looks like.

use std::fmt;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::generalized_time::GeneralizedTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeType, ValueForm};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::flags::{self, UnknownFlag};
use super::instant::parse_instant;
use crate::json::{Number, Value};

/// The large integers that are points in time, so that a date may be written for them.
const TIMES: [&str; 10] = [
    "accountExpires",
    "badPasswordTime",
    "creationTime",
    "lastLogoff",
    "lastLogon",
    "lastLogonTimestamp",
    "lockoutTime",
    "msDS-UserPasswordExpiryTimeComputed",
    "msTSExpireDate",
    "pwdLastSet",
];

/// Why a JSON value is none of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// An object; no attribute has such values.
    Object,
    /// An array or `null` within an array.
    NotScalar,
    /// Neither `true` nor `false`.
    NotBoolean,
    /// Not a whole number, as JSON number or decimal text.
    NotNumber,
    /// A number with an exponent that nobody writes out.
    LongNumber,
    /// Neither a time of ISO 8601 nor one of the directory's own form.
    NotTime,
    /// Neither Base64 nor, where one belongs, a GUID or SID.
    NotOctets,
    /// A flag that is none.
    UnknownFlag(UnknownFlag),
}

/// The values that JSON gives an attribute: those of an array, or the scalar alone. `null` gives none.
///
/// # Errors
/// See [`ValueFault`].
pub fn values(attribute: &AttributeType, json: &Value) -> Result<Vec<Vec<u8>>, ValueFault> {
    match json {
        Value::Null => Ok(Vec::new()),
        Value::Array(elements) => elements.iter().map(|element| value(attribute, element)).collect(),
        scalar => value(attribute, scalar).map(|value| vec![value]),
    }
}

/// The value that a JSON scalar gives an attribute. What the syntax demands beyond that, the directory judges.
///
/// # Errors
/// See [`ValueFault`].
pub fn value(attribute: &AttributeType, json: &Value) -> Result<Vec<u8>, ValueFault> {
    if let Value::Object(_) = json {
        return Err(ValueFault::Object);
    }
    if matches!(json, Value::Array(_) | Value::Null) {
        return Err(ValueFault::NotScalar);
    }
    match attribute.form {
        ValueForm::Boolean => boolean(json),
        ValueForm::Integer if attribute.name.eq_ignore_ascii_case("userAccountControl") => {
            flag_number(&flags::ACCOUNT_FLAGS, json)
        }
        ValueForm::Integer if attribute.name.eq_ignore_ascii_case("groupType") => {
            flag_number(&flags::GROUP_FLAGS, json)
        }
        ValueForm::Integer => integer(json),
        ValueForm::LargeInteger => match json.as_text().and_then(parse_instant) {
            Some(time) if is_time(&attribute.name) => Ok(time.to_string().into_bytes()),
            _ => integer(json),
        },
        ValueForm::GeneralizedTime | ValueForm::UtcTime => time(attribute.form, json),
        ValueForm::Octets => octets(json, |text| text.parse().ok().map(|guid: Guid| guid.as_bytes().to_vec())),
        ValueForm::Sid => octets(json, |text| text.parse().ok().map(|sid: Sid| sid.to_bytes())),
        ValueForm::SecurityDescriptor => octets(json, |_| None),
        ValueForm::Text | ValueForm::Dn | ValueForm::DnWithData => text(json),
    }
}

fn is_time(attribute: &str) -> bool {
    TIMES.iter().any(|time| time.eq_ignore_ascii_case(attribute))
}

fn boolean(json: &Value) -> Result<Vec<u8>, ValueFault> {
    let truth = match json {
        Value::Boolean(truth) => Some(*truth),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    };
    truth.map(boolean_text).ok_or(ValueFault::NotBoolean)
}

fn boolean_text(truth: bool) -> Vec<u8> {
    if truth { b"TRUE".to_vec() } else { b"FALSE".to_vec() }
}

fn integer(json: &Value) -> Result<Vec<u8>, ValueFault> {
    let number = match json {
        Value::Number(number) => number.integer(),
        Value::Text(text) => Number::parse(text.trim()).and_then(|number| number.integer()),
        _ => None,
    };
    number.map(|number| number.to_string().into_bytes()).ok_or(ValueFault::NotNumber)
}

fn flag_number(flags: &[flags::Flag], json: &Value) -> Result<Vec<u8>, ValueFault> {
    let text = match json {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.integer().ok_or(ValueFault::NotNumber)?.to_string(),
        _ => return Err(ValueFault::NotNumber),
    };
    let bits = flags::parse(flags, &text).map_err(ValueFault::UnknownFlag)?;
    Ok((bits as i32).to_string().into_bytes())
}

/// The directory's own form is handed on as it stands, since a short year means another century in each of the two.
fn time(form: ValueForm, json: &Value) -> Result<Vec<u8>, ValueFault> {
    let text = json.as_text().ok_or(ValueFault::NotTime)?.trim();
    let own = match form {
        ValueForm::UtcTime => GeneralizedTime::parse_utc_time(text).or_else(|_| GeneralizedTime::parse(text)),
        _ => GeneralizedTime::parse(text),
    };
    if own.is_ok() {
        return Ok(text.as_bytes().to_vec());
    }
    let instant: FileTime = parse_instant(text).ok_or(ValueFault::NotTime)?;
    let time = GeneralizedTime::from_file_time(instant).ok_or(ValueFault::NotTime)?;
    Ok(time.to_string().into_bytes())
}

/// Octets in Base64, or in the text form that `other` knows: neither GUIDs nor SIDs are Base64, which has no hyphen.
fn octets(json: &Value, other: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Vec<u8>, ValueFault> {
    let text = json.as_text().ok_or(ValueFault::NotOctets)?.trim();
    other(text).or_else(|| STANDARD.decode(text).ok()).ok_or(ValueFault::NotOctets)
}

fn text(json: &Value) -> Result<Vec<u8>, ValueFault> {
    match json {
        Value::Text(text) => Ok(text.clone().into_bytes()),
        Value::Boolean(truth) => Ok(boolean_text(*truth)),
        Value::Number(number) => number.plain().map(String::into_bytes).ok_or(ValueFault::LongNumber),
        _ => Err(ValueFault::NotScalar),
    }
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueFault::Object => "An attribute has no objects as values.",
            ValueFault::NotScalar => "The elements of an array must be single non-null values.",
            ValueFault::NotBoolean => "The value must be true or false.",
            ValueFault::NotNumber => "The value must be a whole number.",
            ValueFault::LongNumber => "The exponent of the number is too great.",
            ValueFault::NotTime => "The value must be a date and time, such as 2022-04-21T00:00:00Z.",
            ValueFault::NotOctets => "The value must be Base64.",
            ValueFault::UnknownFlag(flag) => return flag.fmt(f),
        })
    }
}

impl std::error::Error for ValueFault {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn check_as(name: &str, form: ValueForm, json: &str, expected: Result<&[u8], ValueFault>) {
        let attribute = AttributeType { name: name.to_owned(), form, single_valued: true };
        let read = json::read(json.as_bytes()).unwrap();
        assert_eq!(value(&attribute, &read), expected.map(<[u8]>::to_vec), "{name}: {json}");
    }

    fn check(form: ValueForm, json: &str, expected: Result<&str, ValueFault>) {
        check_as("some", form, json, expected.map(str::as_bytes));
    }

    #[test]
    fn d_21_texts_are_never_reinterpreted() {
        for text in ["2022-04-21T00:00:00Z", "TRUE", "0042", " a ", "", "*"] {
            check(ValueForm::Text, &format!("\"{text}\""), Ok(text));
        }
        check(ValueForm::Text, "12345678901234567890", Ok("12345678901234567890"));
        check(ValueForm::Text, "1.50", Ok("1.50"));
        check(ValueForm::Text, "1e99", Err(ValueFault::LongNumber));
        check(ValueForm::Text, "true", Ok("TRUE"));
        check(ValueForm::Dn, r#""CN=Doe\\, John,DC=contoso""#, Ok("CN=Doe\\, John,DC=contoso"));
    }

    #[test]
    fn d_21_objects_and_nested_arrays_are_no_values() {
        for form in [ValueForm::Text, ValueForm::Boolean, ValueForm::Octets] {
            check(form, r#"{"a":1}"#, Err(ValueFault::Object));
            check(form, "[1]", Err(ValueFault::NotScalar));
            check(form, "null", Err(ValueFault::NotScalar));
        }
    }

    #[test]
    fn d_21_booleans_and_numbers_have_their_directory_form() {
        check(ValueForm::Boolean, "true", Ok("TRUE"));
        check(ValueForm::Boolean, r#""False""#, Ok("FALSE"));
        check(ValueForm::Boolean, "1", Err(ValueFault::NotBoolean));
        check(ValueForm::Integer, "-7", Ok("-7"));
        check(ValueForm::Integer, "1.0", Ok("1"));
        check(ValueForm::Integer, r#"" 42 ""#, Ok("42"));
        check(ValueForm::Integer, "1.5", Err(ValueFault::NotNumber));
        check(ValueForm::Integer, r#""x""#, Err(ValueFault::NotNumber));
        check(ValueForm::Integer, "true", Err(ValueFault::NotNumber));
        check(ValueForm::LargeInteger, "9223372036854775807", Ok("9223372036854775807"));
        check(ValueForm::LargeInteger, r#""-9223372036854775808""#, Ok("-9223372036854775808"));
    }

    #[test]
    fn d_21_times_come_as_iso_8601_or_in_the_directory_s_own_form() {
        check(ValueForm::GeneralizedTime, r#""2022-04-21T02:00:00.5+02:00""#, Ok("20220421000000.0Z"));
        check(ValueForm::GeneralizedTime, r#""20220421000000.0Z""#, Ok("20220421000000.0Z"));
        check(ValueForm::UtcTime, r#""220421000000Z""#, Ok("220421000000Z"));
        check(ValueForm::UtcTime, r#""2022-04-21""#, Ok("20220421000000.0Z"));
        check(ValueForm::GeneralizedTime, r#""today""#, Err(ValueFault::NotTime));
        check(ValueForm::GeneralizedTime, "20220421000000", Err(ValueFault::NotTime));
        let expires = |json, expected| check_as("accountExpires", ValueForm::LargeInteger, json, expected);
        expires(r#""2022-04-21T00:00:00Z""#, Ok(b"132949728000000000"));
        expires("0", Ok(b"0"));
        check_as("maxPwdAge", ValueForm::LargeInteger, r#""2022-04-21""#, Err(ValueFault::NotNumber));
    }

    #[test]
    fn d_21_octets_come_as_base64_guid_or_sid() {
        check(ValueForm::Octets, r#""c2VjcmV0""#, Ok("secret"));
        check(ValueForm::Octets, r#""c2Vj cmV0""#, Err(ValueFault::NotOctets));
        check(ValueForm::Octets, "7", Err(ValueFault::NotOctets));
        let guid: Guid = "299570ea-246d-11d0-a768-00aa006e0529".parse().unwrap();
        check_as("g", ValueForm::Octets, &format!("\"{guid}\""), Ok(guid.as_bytes()));
        check_as("g", ValueForm::Octets, &format!("\"{{{guid}}}\""), Ok(guid.as_bytes()));
        let sid: Sid = "S-1-5-21-1-2-3-500".parse().unwrap();
        check_as("s", ValueForm::Sid, "\"S-1-5-21-1-2-3-500\"", Ok(&sid.to_bytes()));
        check(ValueForm::Sid, "\"S-1-x\"", Err(ValueFault::NotOctets));
        check(ValueForm::SecurityDescriptor, "\"D:\"", Err(ValueFault::NotOctets));
    }

    #[test]
    fn flags_come_by_name_or_number() {
        let account = |json, expected| check_as("userAccountControl", ValueForm::Integer, json, expected);
        account(r#""NormalUser, Disabled, PasswordNeverExpires""#, Ok(b"66050"));
        account("514", Ok(b"514"));
        account(r#"" +514""#, Ok(b"514"));
        account("1.5", Err(ValueFault::NotNumber));
        account("true", Err(ValueFault::NotNumber));
        account(r#""Nobody""#, Err(ValueFault::UnknownFlag(UnknownFlag { token: "Nobody".to_owned() })));
        let group = |json, expected| check_as("groupType", ValueForm::Integer, json, expected);
        group(r#""Global, Security""#, Ok(b"-2147483646"));
        group("2147483650", Ok(b"-2147483646"));
    }

    #[test]
    fn arrays_give_all_their_values_and_null_gives_none() {
        let attribute = AttributeType { name: "member".into(), form: ValueForm::Dn, single_valued: false };
        let values = |json: &str| values(&attribute, &json::read(json.as_bytes()).unwrap());
        assert_eq!(values(r#"["CN=A","CN=B"]"#), Ok(vec![b"CN=A".to_vec(), b"CN=B".to_vec()]));
        assert_eq!(values(r#""CN=A""#), Ok(vec![b"CN=A".to_vec()]));
        assert_eq!(values("null"), Ok(vec![]));
        assert_eq!(values("[]"), Ok(vec![]));
        assert_eq!(values(r#"["a",null]"#), Err(ValueFault::NotScalar));
    }
}
