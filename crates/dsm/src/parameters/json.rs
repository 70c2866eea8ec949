//! JSON as clients of this API write it: properly, or by pasting a name between quotes. Specification section 1.4.

use serde_json::Value;

/// Reads a JSON text; when it does not parse, once more with one relaxation: a backslash before a character that JSON
/// does not escape stands for itself, as in a pasted `CN=Doe\, John`.
pub fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&relaxed(text))).ok()
}

/// Doubles every backslash that begins no escape of JSON.
fn relaxed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        out.push(character);
        if character == '\\' {
            match characters.peek() {
                Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') => out.extend(characters.next()),
                _ => out.push('\\'),
            }
        }
    }
    out
}

/// A string value: what a JSON text in quotes says, with the relaxation of [`parse`]; without its quotes when it is no
/// JSON even so; and any other text itself.
pub fn string(text: &str) -> String {
    if text.len() < 2 || !text.starts_with('"') {
        return text.to_owned();
    }
    match parse(text) {
        Some(Value::String(value)) => value,
        _ if text.ends_with('"') => text[1..text.len() - 1].to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_taken_quoted_pasted_and_bare() {
        for (text, expected) in [
            (r#""a b""#, "a b"),
            (r#""CN=Doe\, John,DC=x""#, r"CN=Doe\, John,DC=x"),
            (r#""CN=Doe\\, John""#, r"CN=Doe\, John"),
            (r#""a"b""#, r#"a"b"#),
            (r#""a"#, r#""a"#),
            (r#"""#, r#"""#),
            ("bare", "bare"),
            ("", ""),
        ] {
            assert_eq!(string(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_was_pasted_into_an_array_is_read() {
        let read = parse(r#"[{"dn":"CN=Doe\, John,DC=x"}]"#).unwrap();
        assert_eq!(read[0]["dn"], r"CN=Doe\, John,DC=x");
        assert_eq!(parse("[}"), None);
    }
}
