//! Values to text: indented by two spaces, members in their order, as the reference writes its replies.

use std::fmt;

use super::Value;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(f, self, 0)
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &Value, indent: usize) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Boolean(truth) => write!(f, "{truth}"),
        Value::Number(number) => f.write_str(number.as_text()),
        Value::Text(text) => write_text(f, text),
        Value::Array(values) => write_list(f, ['[', ']'], values, indent, write_value),
        Value::Object(object) => write_list(f, ['{', '}'], object.members(), indent, |f, member, indent| {
            write_text(f, &member.name)?;
            f.write_str(": ")?;
            write_value(f, &member.value, indent)
        }),
    }
}

fn write_list<T>(
    f: &mut fmt::Formatter<'_>,
    [open, close]: [char; 2],
    items: &[T],
    indent: usize,
    write_item: impl Fn(&mut fmt::Formatter<'_>, &T, usize) -> fmt::Result,
) -> fmt::Result {
    if items.is_empty() {
        return write!(f, "{open}{close}");
    }
    let inner = indent + 2;
    write!(f, "{open}")?;
    for (place, item) in items.iter().enumerate() {
        let separator = if place == 0 { "" } else { "," };
        write!(f, "{separator}\n{:inner$}", "")?;
        write_item(f, item, inner)?;
    }
    write!(f, "\n{:indent$}{close}", "")
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\') || character < ' ') {
        f.write_str(&rest[..at])?;
        match rest.as_bytes()[at] {
            octet @ (b'"' | b'\\') => write!(f, "\\{}", char::from(octet))?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            control => write!(f, "\\u{control:04x}")?,
        }
        rest = &rest[at + 1..];
    }
    f.write_str(rest)?;
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::super::{Object, Value, read};

    #[test]
    fn replies_are_indented_by_two_spaces() {
        let mut error = Object::new();
        error.push("errorCode", -2_147_483_648);
        let mut reply = Object::new();
        reply.push("success", false);
        reply.push("error", error);
        reply.push("results", vec![Value::from("a"), Value::Null, Value::Array(Vec::new())]);
        reply.push("none", Object::new());
        let expected = r#"{
  "success": false,
  "error": {
    "errorCode": -2147483648
  },
  "results": [
    "a",
    null,
    []
  ],
  "none": {}
}"#;
        assert_eq!(Value::from(reply).to_string(), expected);
    }

    #[test]
    fn quotes_and_control_characters_are_escaped() {
        let text = "a\"b\\c\n\r\t\0\u{1f}ü😀\u{7f}";
        let written = Value::from(text).to_string();
        assert_eq!(written, "\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001fü😀\u{7f}\"");
        assert_eq!(read(written.as_bytes()), Ok(Value::from(text)));
    }
}
