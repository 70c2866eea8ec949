//! What is looked for in one attribute: a value, pieces of one, presence, bits, or a chain of links.

use bailiwick_adtypes::filter::{Assertion, Extensible, Filter, Substrings};
use bailiwick_domain::ValueForm;

use super::{FilterError, Keyword};
use crate::json::{Number, Value};
use crate::value::AttributeLookup;
use crate::value::flags::{self, Flag};

/// LDAP_MATCHING_RULE_BIT_AND. [MS-ADTS] 3.1.1.3.4.4.1.
const RULE_BIT_AND: &str = "1.2.840.113556.1.4.803";
/// LDAP_MATCHING_RULE_BIT_OR. [MS-ADTS] 3.1.1.3.4.4.2.
const RULE_BIT_OR: &str = "1.2.840.113556.1.4.804";
/// LDAP_MATCHING_RULE_TRANSITIVE_EVAL. [MS-ADTS] 3.1.1.3.4.4.3.
const RULE_TRANSITIVE: &str = "1.2.840.113556.1.4.1941";

/// An attribute and the value to look for; `null` and blank text look for its absence.
pub(super) fn pair(attribute: &str, value: &Value, attributes: &AttributeLookup<'_>) -> Result<Filter, FilterError> {
    let equality = |value: Vec<u8>| Filter::Equality(Assertion { attribute: attribute.to_owned(), value });
    match value {
        Value::Null => Ok(absent(attribute)),
        Value::Text(text) if text.trim().is_empty() => Ok(absent(attribute)),
        Value::Text(text) => {
            let names_objects =
                attributes(attribute).is_some_and(|known| matches!(known.form, ValueForm::Dn | ValueForm::DnWithData));
            Ok(pattern(attribute, pieces(text, names_objects)))
        }
        Value::Boolean(true) => Ok(equality(b"TRUE".to_vec())),
        Value::Boolean(false) => Ok(equality(b"FALSE".to_vec())),
        Value::Number(number) => match number.plain() {
            Some(plain) => Ok(equality(plain.into_bytes())),
            None => Err(FilterError::LongNumber { attribute: attribute.to_owned() }),
        },
        Value::Array(_) | Value::Object(_) => Err(FilterError::ScalarExpected { attribute: attribute.to_owned() }),
    }
}

/// Bits that are all set, or of which one is: a whole number, as text too, a truth value, or names of flags.
pub(super) fn bits(keyword: Keyword, attribute: &str, value: &Value) -> Result<Filter, FilterError> {
    let expected = || FilterError::NumberExpected { attribute: attribute.to_owned() };
    let number = match value {
        Value::Null => return Err(FilterError::NullNumber { attribute: attribute.to_owned() }),
        Value::Boolean(truth) => i128::from(*truth),
        Value::Number(number) => number.integer().ok_or_else(expected)?,
        Value::Text(text) => match Number::parse(text.trim()).and_then(|number| number.integer()) {
            Some(number) => number,
            None => named_bits(attribute, text)?.into(),
        },
        Value::Array(_) | Value::Object(_) => {
            return Err(FilterError::ScalarExpected { attribute: attribute.to_owned() });
        }
    };
    let rule = if keyword == Keyword::BitwiseAnd { RULE_BIT_AND } else { RULE_BIT_OR };
    Ok(extensible(attribute, rule, number.to_string().into_bytes()))
}

/// The object that a chain of links ends at.
pub(super) fn recurse(attribute: &str, value: &Value) -> Result<Filter, FilterError> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => {
            // A star is no wildcard in the name of an object.
            let name = pieces(text, true).join(&b'*');
            Ok(extensible(attribute, RULE_TRANSITIVE, name))
        }
        _ => Err(FilterError::NameExpected { attribute: attribute.to_owned() }),
    }
}

fn absent(attribute: &str) -> Filter {
    Filter::Not(Box::new(Filter::Present(attribute.to_owned())))
}

fn extensible(attribute: &str, rule: &str, value: Vec<u8>) -> Filter {
    Filter::Extensible(Extensible {
        rule: Some(rule.to_owned()),
        attribute: Some(attribute.to_owned()),
        value,
        dn_attributes: false,
    })
}

fn named_bits(attribute: &str, text: &str) -> Result<u32, FilterError> {
    let set: &[Flag] = match attribute {
        _ if attribute.eq_ignore_ascii_case("userAccountControl") => &flags::ACCOUNT_FLAGS,
        _ if attribute.eq_ignore_ascii_case("groupType") => &flags::GROUP_FLAGS,
        _ => return Err(FilterError::NumberExpected { attribute: attribute.to_owned() }),
    };
    flags::parse(set, text).map_err(|flag| FilterError::UnknownFlag { attribute: attribute.to_owned(), flag })
}

/// The pieces of a value between its stars, with escapes resolved. A backslash before two hexadecimal digits is an escape
/// of RFC 4515, which careful clients send; any other is literal. In the name of an object only `\5c` is one: all others
/// mean the same to a reader of names, and `\2c` must stay the comma that does not separate.
fn pieces(text: &str, names_objects: bool) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    let mut rest = text.as_bytes();
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        match (octet, escaped(behind)) {
            (b'*', _) => pieces.push(Vec::new()),
            (b'\\', Some(escaped)) if !names_objects || escaped == b'\\' => {
                push(&mut pieces, escaped);
                rest = &behind[2..];
            }
            (octet, _) => push(&mut pieces, octet),
        }
    }
    pieces
}

fn push(pieces: &mut [Vec<u8>], octet: u8) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(octet);
    }
}

/// The octet that two hexadecimal digits at the start name.
fn escaped(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// The filter for pieces with stars between them.
fn pattern(attribute: &str, mut pieces: Vec<Vec<u8>>) -> Filter {
    let attribute = attribute.to_owned();
    if pieces.len() == 1 {
        return Filter::Equality(Assertion { attribute, value: pieces.concat() });
    }
    let filled = |piece: Option<Vec<u8>>| piece.filter(|piece| !piece.is_empty());
    let last = filled(pieces.pop());
    let mut pieces = pieces.into_iter();
    let initial = filled(pieces.next());
    let any: Vec<Vec<u8>> = pieces.filter(|piece| !piece.is_empty()).collect();
    match (&initial, &last, any.is_empty()) {
        (None, None, true) => Filter::Present(attribute),
        _ => Filter::Substrings(Substrings { attribute, initial, any, last }),
    }
}
