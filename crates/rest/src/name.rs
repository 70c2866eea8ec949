//! The names that callers give new and renamed objects: plain text, with what older callers do to it undone. D-44.

/// Why a text cannot name an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is nothing in it.
    Blank,
    /// It is more than one component of a name.
    SeveralComponents,
}

/// The characters that RFC 4514 section 2.4 has escaped everywhere in a value.
const SPECIAL: [char; 8] = ['"', '+', ',', ';', '<', '>', '\\', '='];

/// The plain name: without a `CN=` or `OU=` in front, in any case, and without escapes when everything that needs one has
/// one. What is left is text, whatever characters it has; writing it as a DN escapes it.
///
/// # Errors
/// See [`NameFault`].
pub fn plain(text: &str) -> Result<String, NameFault> {
    let text = text.trim();
    let prefixed = text.get(..3).filter(|start| start.eq_ignore_ascii_case("CN=") || start.eq_ignore_ascii_case("OU="));
    let rest = match prefixed {
        Some(_) => text[3..].trim(),
        None => text,
    };
    if prefixed.is_some() && has_further_component(rest) {
        return Err(NameFault::SeveralComponents);
    }
    let name = match is_escaped(rest) {
        true => unescape(rest),
        false => rest.to_owned(),
    };
    match name.trim().is_empty() {
        true => Err(NameFault::Blank),
        false => Ok(name),
    }
}

/// Whether a separator that is not escaped is followed by `type=`.
fn has_further_component(text: &str) -> bool {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' | ';' | '+' => {
                let after = text[at + 1..].trim_start();
                let kind = after.split('=').next().filter(|kind| kind.len() < after.len());
                let is_kind = |kind: &str| {
                    let kind = kind.trim_end();
                    !kind.is_empty()
                        && kind.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-.".contains(&octet))
                };
                if kind.is_some_and(is_kind) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether there are escapes, and every character that needs one has one.
fn is_escaped(text: &str) -> bool {
    let mut characters = text.chars();
    let mut has_escape = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                has_escape = true;
                match characters.next() {
                    Some(next) if SPECIAL.contains(&next) || next == ' ' || next == '#' => {}
                    Some(next) if next.is_ascii_hexdigit() => match characters.next() {
                        Some(digit) if digit.is_ascii_hexdigit() => {}
                        _ => return false,
                    },
                    _ => return false,
                }
            }
            // An equals sign needs no escape in a value.
            '=' => {}
            special if SPECIAL.contains(&special) => return false,
            _ => {}
        }
    }
    has_escape && unescaped_octets(text).is_some()
}

fn unescape(text: &str) -> String {
    unescaped_octets(text).unwrap_or_else(|| text.to_owned())
}

/// The text without escapes; none when escaped octets are no UTF-8.
fn unescaped_octets(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut input = text.bytes().peekable();
    let digit = |octet: u8| char::from(octet).to_digit(16).map(|digit| digit as u8);
    while let Some(octet) = input.next() {
        match octet {
            b'\\' => {
                let first = input.next()?;
                match (digit(first), input.peek().copied().and_then(digit)) {
                    (Some(high), Some(low)) => {
                        octets.push(high << 4 | low);
                        input.next();
                    }
                    _ => octets.push(first),
                }
            }
            octet => octets.push(octet),
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, NameFault>) {
        assert_eq!(plain(text), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn d_44_names_are_plain_text() {
        check("Ada", Ok("Ada"));
        check("Doe, John", Ok("Doe, John"));
        check("a+b=c", Ok("a+b=c"));
        check("C:\\temp", Ok("C:\\temp"));
        check("  Ada  ", Ok("Ada"));
        check("#1", Ok("#1"));
    }

    #[test]
    fn d_44_prefixes_and_escapes_of_older_callers_are_undone() {
        check("CN=Ada", Ok("Ada"));
        check("ou=Sales", Ok("Sales"));
        check("CN=Doe, John", Ok("Doe, John"));
        check("Doe\\, John", Ok("Doe, John"));
        check("CN=Doe\\, John", Ok("Doe, John"));
        check("J\\c3\\bcrgen\\, A", Ok("Jürgen, A"));
        check("half\\, escaped, only", Ok("half\\, escaped, only"));
        check("bad \\ff octet", Ok("bad \\ff octet"));
    }

    #[test]
    fn d_44_a_name_is_one_component() {
        check("CN=Ada,OU=Sales", Err(NameFault::SeveralComponents));
        check("CN=Ada+SN=Byron", Err(NameFault::SeveralComponents));
        check("CN=Ada\\,OU=Sales", Ok("Ada,OU=Sales"));
        check("", Err(NameFault::Blank));
        check(" CN= ", Err(NameFault::Blank));
    }
}
