//! JSON as the API speaks it: values that keep numbers as written and members in their order. RFC 8259.
//!
//! A library would round numbers, merge members that stand twice, or refuse the comments that the API's own
//! documentation has in its samples; the language is small, so its reader is ours.

mod number;
mod read;
mod write;

use std::fmt;

pub use number::{EXPONENT_MAX, NUMBER_OCTETS_MAX, Number};
pub use read::{JSON_DEPTH_MAX, JSON_OCTETS_MAX, JSON_VALUES_MAX, ReadError, ReadFault, read};

/// A JSON value. Its debug form shows no text and no number, which may be secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, exactly as written.
    Number(Number),
    /// A text.
    Text(String),
    /// Values in their order.
    Array(Vec<Value>),
    /// Named values in their order.
    Object(Object),
}

/// A JSON object: members in the order they were written, no name twice.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Object(Vec<Member>);

/// A named value of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name as written.
    pub name: String,
    /// The value.
    pub value: Value,
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl Object {
    /// An object without members.
    pub fn new() -> Object {
        Object::default()
    }

    /// Appends a member. The caller sees to it that the name is new.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.push(Member { name: name.into(), value: value.into() });
    }

    /// The members in their order.
    pub fn members(&self) -> &[Member] {
        &self.0
    }

    /// The members in their order, taken out.
    pub fn into_members(self) -> Vec<Member> {
        self.0
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a member, by its name in any case; the first one of several.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|member| member.name.eq_ignore_ascii_case(name)).map(|member| &member.value)
    }

    /// Takes a member out, by its name in any case. `null` counts as absent, as it does for every documented key.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.0.iter().position(|member| member.name.eq_ignore_ascii_case(name))?;
        Some(self.0.remove(place).value).filter(|value| !value.is_null())
    }

    /// The first name that stands twice when case does not count, as it does not for keys of the API and for attributes.
    pub fn repeated_name(&self) -> Option<&str> {
        let mut seen = std::collections::HashSet::with_capacity(self.0.len());
        self.0.iter().map(|member| member.name.as_str()).find(|name| !seen.insert(name.to_ascii_lowercase()))
    }
}

impl FromIterator<Member> for Object {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Object {
        Object(members.into_iter().collect())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Boolean(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Value {
        Value::Array(values)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Value {
        Value::Object(object)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("Null"),
            Value::Boolean(_) => f.write_str("Boolean"),
            Value::Number(_) => f.write_str("Number"),
            Value::Text(_) => f.write_str("Text"),
            Value::Array(values) => f.debug_list().entries(values).finish(),
            Value::Object(object) => object.fmt(f),
        }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|member| (&member.name, &member.value))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        match read(text.as_bytes()) {
            Ok(Value::Object(object)) => object,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn debug_output_never_shows_a_value() {
        let value = object(r#"{"cn":"Ada","password":"c2VjcmV0","pin":[1234,true,null]}"#);
        let shown = format!("{value:?}");
        assert_eq!(shown, r#"{"cn": Text, "password": Text, "pin": [Number, Boolean, Null]}"#);
    }

    #[test]
    fn members_are_found_in_any_case() {
        let mut body = object(r#"{"CN":"Ada","Path":null,"mail":"a@b"}"#);
        assert_eq!(body.get("cn").and_then(Value::as_text), Some("Ada"));
        assert_eq!(body.take("path"), None);
        assert_eq!(body.take("MAIL"), Some("a@b".into()));
        assert_eq!(body.members().len(), 1);
    }

    #[test]
    fn names_that_differ_by_case_only_are_noticed() {
        assert_eq!(object(r#"{"mail":1,"cn":2,"Mail":3}"#).repeated_name(), Some("Mail"));
        assert_eq!(object(r#"{"mail":1,"cn":2}"#).repeated_name(), None);
    }
}
