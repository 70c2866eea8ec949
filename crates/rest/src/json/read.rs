//! Text to values: strict JSON of RFC 8259, and comments, which the API's own samples contain.

use std::collections::HashSet;
use std::fmt;

use super::number::{self, NUMBER_OCTETS_MAX, Number};
use super::{Member, Object, Value};

/// The longest text that is read.
pub const JSON_OCTETS_MAX: usize = 4 << 20;
/// How deep arrays and objects may nest: twice as deep as a filter of the greatest depth needs, and then some.
pub const JSON_DEPTH_MAX: usize = 192;
/// How many values a text may hold, so that a short text cannot become a great tree.
pub const JSON_VALUES_MAX: usize = 131_072;

/// Why a text is no JSON that the API takes, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub fault: ReadFault,
    /// The line, from 1.
    pub line: usize,
    /// The place in the line, in octets from 1.
    pub column: usize,
    /// The member in which it happened, from the outermost inwards: `edits.add.member[2]`. Empty at the root.
    pub property: String,
}

/// What is wrong with a text that should be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// There is no value.
    Empty,
    /// More than [`JSON_OCTETS_MAX`] octets.
    TooLong,
    /// Octets that are no UTF-8.
    NotUtf8,
    /// Another character than JSON has here.
    Unexpected,
    /// The text ends within a value.
    Unfinished,
    /// A comment without its end.
    Comment,
    /// A backslash before something that it does not escape, or half of a surrogate pair.
    Escape,
    /// A control character in a text.
    ControlCharacter,
    /// A number longer than [`NUMBER_OCTETS_MAX`] octets.
    LongNumber,
    /// A name stands twice in an object.
    RepeatedName,
    /// Deeper than [`JSON_DEPTH_MAX`].
    TooDeep,
    /// More values than [`JSON_VALUES_MAX`].
    TooManyValues,
    /// More text behind the value.
    Trailing,
}

/// Reads one value. Comments (`//` to the end of the line, `/*` to `*/`) stand wherever spaces may, and a byte order mark
/// in front is skipped; apart from that the text is JSON to the letter.
///
/// # Errors
/// See [`ReadError`].
pub fn read(octets: &[u8]) -> Result<Value, ReadError> {
    if octets.len() > JSON_OCTETS_MAX {
        return Err(ReadError { fault: ReadFault::TooLong, line: 1, column: 1, property: String::new() });
    }
    let text = match str::from_utf8(octets) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return Err(place(octets, error.valid_up_to(), ReadFault::NotUtf8)),
    };
    let mut reader = Reader { text: text.as_bytes(), at: 0, values: 0 };
    reader
        .document()
        .map_err(|error| ReadError { property: error.path(), ..place(text.as_bytes(), error.at, error.fault) })
}

/// An error at an octet, as line and column.
fn place(text: &[u8], at: usize, fault: ReadFault) -> ReadError {
    let before = &text[..at.min(text.len())];
    let line = 1 + before.iter().filter(|octet| **octet == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|octet| **octet != b'\n').count();
    ReadError { fault, line, column, property: String::new() }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    values: usize,
}

/// An error on its way out: each level that it leaves adds its step, the innermost first.
struct Leaving {
    fault: ReadFault,
    at: usize,
    steps: Vec<String>,
}

impl Leaving {
    fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            if !path.is_empty() && !step.starts_with('[') {
                path.push('.');
            }
            path.push_str(step);
        }
        path
    }

    fn through(mut self, step: String) -> Leaving {
        self.steps.push(step);
        self
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn fault(&self, fault: ReadFault) -> Leaving {
        self.fault_at(fault, self.at)
    }

    fn fault_at(&self, fault: ReadFault, at: usize) -> Leaving {
        Leaving { fault, at, steps: Vec::new() }
    }

    /// What is wrong where something else should stand.
    fn unexpected(&self) -> Leaving {
        self.fault(if self.peek().is_some() { ReadFault::Unexpected } else { ReadFault::Unfinished })
    }

    fn document(&mut self) -> Result<Value, Leaving> {
        self.skip_space()?;
        if self.peek().is_none() {
            return Err(self.fault(ReadFault::Empty));
        }
        let value = self.value(1)?;
        self.skip_space()?;
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.fault(ReadFault::Trailing)),
        }
    }

    /// Skips spaces and comments.
    fn skip_space(&mut self) -> Result<(), Leaving> {
        loop {
            match &self.text[self.at..] {
                [b' ' | b'\t' | b'\n' | b'\r', ..] => self.at += 1,
                [b'/', b'/', comment @ ..] => {
                    let end = comment.iter().position(|octet| *octet == b'\n').unwrap_or(comment.len());
                    self.at += 2 + end;
                }
                [b'/', b'*', comment @ ..] => match comment.windows(2).position(|pair| pair == b"*/") {
                    Some(end) => self.at += 2 + end + 2,
                    None => return Err(self.fault(ReadFault::Comment)),
                },
                _ => return Ok(()),
            }
        }
    }

    /// Reads a value. `depth` is that of an array or object here; it bounds the recursion of this function.
    fn value(&mut self, depth: usize) -> Result<Value, Leaving> {
        self.values += 1;
        if self.values > JSON_VALUES_MAX {
            return Err(self.fault(ReadFault::TooManyValues));
        }
        match self.peek() {
            Some(b'{' | b'[') if depth > JSON_DEPTH_MAX => Err(self.fault(ReadFault::TooDeep)),
            Some(b'{') => self.object(depth).map(Value::Object),
            Some(b'[') => self.array(depth).map(Value::Array),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Boolean(true)),
            Some(b'f') => self.word("false", Value::Boolean(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Leaving> {
        match self.text[self.at..].starts_with(word.as_bytes()) {
            true => {
                self.at += word.len();
                Ok(value)
            }
            false => Err(self.fault(ReadFault::Unexpected)),
        }
    }

    fn number(&mut self) -> Result<Number, Leaving> {
        let length = number::prefix(&self.text[self.at..]);
        if length == 0 {
            return Err(self.fault(ReadFault::Unexpected));
        }
        if length > NUMBER_OCTETS_MAX {
            return Err(self.fault(ReadFault::LongNumber));
        }
        let token = str::from_utf8(&self.text[self.at..self.at + length]).ok();
        let number = token.and_then(Number::parse).ok_or_else(|| self.fault(ReadFault::Unexpected))?;
        self.at += length;
        Ok(number)
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Leaving> {
        let mut values = Vec::new();
        self.at += 1;
        self.skip_space()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(values);
        }
        loop {
            let value = self.value(depth + 1).map_err(|error| error.through(format!("[{}]", values.len())))?;
            values.push(value);
            if self.list_ends(b']')? {
                return Ok(values);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object, Leaving> {
        let mut members: Vec<Member> = Vec::new();
        let mut places = Vec::new();
        self.at += 1;
        self.skip_space()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Object(members));
        }
        loop {
            places.push(self.at);
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let name = self.string()?;
            self.skip_space()?;
            if self.peek() != Some(b':') {
                return Err(self.unexpected().through(name));
            }
            self.at += 1;
            self.skip_space()?;
            let value = match self.value(depth + 1) {
                Ok(value) => value,
                Err(error) => return Err(error.through(name)),
            };
            members.push(Member { name, value });
            if self.list_ends(b'}')? {
                break;
            }
        }
        let mut names = HashSet::with_capacity(members.len());
        match members.iter().zip(places).find(|(member, _)| !names.insert(member.name.as_str())) {
            Some((member, at)) => Err(self.fault_at(ReadFault::RepeatedName, at).through(member.name.clone())),
            None => Ok(Object(members)),
        }
    }

    /// Reads what stands behind an item: the comma before the next one, or the end of the list.
    fn list_ends(&mut self, close: u8) -> Result<bool, Leaving> {
        self.skip_space()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_space()?;
                Ok(false)
            }
            Some(octet) if octet == close => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn string(&mut self) -> Result<String, Leaving> {
        let mut octets = Vec::new();
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.fault(ReadFault::Unfinished)),
                Some(b'"') => break,
                Some(b'\\') => {
                    let character = self.escape()?;
                    octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(octet) if octet < b' ' => return Err(self.fault(ReadFault::ControlCharacter)),
                Some(octet) => {
                    octets.push(octet);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        // The input is UTF-8 and is cut at ASCII characters only, so this never fails.
        String::from_utf8(octets).map_err(|_| self.fault(ReadFault::NotUtf8))
    }

    fn escape(&mut self) -> Result<char, Leaving> {
        let character = match self.text.get(self.at + 1) {
            Some(octet @ (b'"' | b'\\' | b'/')) => char::from(*octet),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.fault(ReadFault::Escape)),
        };
        self.at += 2;
        Ok(character)
    }

    /// Reads `\uXXXX`, or two of them that are a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, Leaving> {
        let units = [self.unit(self.at), self.unit(self.at + 6)];
        let decoded = char::decode_utf16(units.into_iter().map_while(|unit| unit)).next();
        match decoded {
            Some(Ok(character)) => {
                self.at += 6 * character.len_utf16();
                Ok(character)
            }
            _ => Err(self.fault(ReadFault::Escape)),
        }
    }

    /// The UTF-16 unit that the escape at this place names.
    fn unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            ReadFault::Empty => return f.write_str("A non-empty request body is required."),
            ReadFault::TooLong => return write!(f, "The body is longer than {JSON_OCTETS_MAX} octets."),
            ReadFault::NotUtf8 => f.write_str("The body is not UTF-8")?,
            ReadFault::Unexpected => f.write_str("JSON has no such character here")?,
            ReadFault::Unfinished => f.write_str("The JSON ends too early")?,
            ReadFault::Comment => f.write_str("A comment does not end")?,
            ReadFault::Escape => f.write_str("JSON has no such escape in a text")?,
            ReadFault::ControlCharacter => f.write_str("A control character in a text is not escaped")?,
            ReadFault::LongNumber => write!(f, "A number is longer than {NUMBER_OCTETS_MAX} digits")?,
            ReadFault::RepeatedName => f.write_str("A property stands twice")?,
            ReadFault::TooDeep => write!(f, "The JSON is deeper than {JSON_DEPTH_MAX} levels")?,
            ReadFault::TooManyValues => write!(f, "The JSON has more than {JSON_VALUES_MAX} values")?,
            ReadFault::Trailing => f.write_str("More text stands behind the JSON value")?,
        }
        write!(f, ". Path '{}', line {}, position {}.", self.property, self.line, self.column)
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(text: &str, plain: &str) {
        assert_eq!(read(text.as_bytes()), read(plain.as_bytes()), "{text}");
        assert!(read(text.as_bytes()).is_ok(), "{text}");
    }

    fn refuse(text: &str, fault: ReadFault, (line, column): (usize, usize), property: &str) {
        let expected = ReadError { fault, line, column, property: property.to_owned() };
        assert_eq!(read(text.as_bytes()), Err(expected), "{text}");
    }

    #[test]
    fn values_of_every_kind_are_read() {
        let value = read(br#" {"a":[1,-2.5e3,"x",true,false,null,{}],"b":""} "#).unwrap();
        let Value::Object(object) = value else { panic!("an object") };
        let [a, b] = object.members() else { panic!("two members") };
        let Value::Array(values) = &a.value else { panic!("an array") };
        assert_eq!(values.len(), 7);
        assert_eq!((a.name.as_str(), b.value.as_text()), ("a", Some("")));
    }

    #[test]
    fn texts_are_unescaped() {
        same(r#""\"\\\/\b\f\n\r\t\u0041\u00fc\ud83d\ude00""#, "\"\\\"\\\\/\\b\\f\\n\\r\\tAü😀\"");
        refuse(r#""\x""#, ReadFault::Escape, (1, 2), "");
        refuse(r#""\u12""#, ReadFault::Escape, (1, 2), "");
        refuse(r#""\ud83d""#, ReadFault::Escape, (1, 2), "");
        refuse(r#""\ude00\ud83d""#, ReadFault::Escape, (1, 2), "");
        refuse("\"a\nb\"", ReadFault::ControlCharacter, (1, 3), "");
        refuse("\"ab", ReadFault::Unfinished, (1, 4), "");
    }

    #[test]
    fn d_50_comments_are_spaces() {
        same("// first\n{ /* second */ \"a\" /**/ : // third\r\n 1 /* * / */ } // last", r#"{"a":1}"#);
        same("\u{feff}[1]", "[1]");
        refuse("[1] /* *", ReadFault::Comment, (1, 5), "");
        refuse("/ 1", ReadFault::Unexpected, (1, 1), "");
    }

    #[test]
    fn d_50_lenient_forms_are_refused() {
        refuse("{'a':1}", ReadFault::Unexpected, (1, 2), "");
        refuse("{a:1}", ReadFault::Unexpected, (1, 2), "");
        refuse("{\"a\":1,}", ReadFault::Unexpected, (1, 8), "");
        refuse("[1,]", ReadFault::Unexpected, (1, 4), "[1]");
        refuse("[1 2]", ReadFault::Unexpected, (1, 4), "");
        refuse("{\"a\" 1}", ReadFault::Unexpected, (1, 6), "a");
        refuse("[01]", ReadFault::Unexpected, (1, 3), "");
        refuse("[NaN]", ReadFault::Unexpected, (1, 2), "[0]");
        refuse("[True]", ReadFault::Unexpected, (1, 2), "[0]");
        refuse("1 2", ReadFault::Trailing, (1, 3), "");
        refuse("{\"a\":", ReadFault::Unfinished, (1, 6), "a");
        refuse("  ", ReadFault::Empty, (1, 3), "");
    }

    #[test]
    fn d_50_a_name_stands_once() {
        refuse("{\"edits\":\n{\"set\":{},\"add\":{},\"set\":1}}", ReadFault::RepeatedName, (2, 20), "edits.set");
        same(r#"{"a":{"x":1},"b":{"x":1}}"#, r#"{"a":{"x":1},"b":{"x":1}}"#);
    }

    #[test]
    fn errors_name_the_place_and_the_property() {
        refuse("{\"or\":[{\"a\":1},\n {\"b\":[2,x]}]}", ReadFault::Unexpected, (2, 10), "or[1].b[1]");
        let error = read(b"[\"\xff\"]").unwrap_err();
        assert_eq!((error.fault, error.line, error.column), (ReadFault::NotUtf8, 1, 3));
        let shown = read(b"{\"a\":tru}").unwrap_err().to_string();
        assert_eq!(shown, "JSON has no such character here. Path 'a', line 1, position 6.");
    }

    #[test]
    fn depth_count_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(read(nested(JSON_DEPTH_MAX + 1).as_bytes()).unwrap_err().fault, ReadFault::TooDeep);
        assert_eq!(read(nested(100_000).as_bytes()).unwrap_err().fault, ReadFault::TooDeep);
        let many = format!("[{}1]", "1,".repeat(JSON_VALUES_MAX - 2));
        assert!(read(many.as_bytes()).is_ok());
        let more = format!("[{}1]", "1,".repeat(JSON_VALUES_MAX - 1));
        assert_eq!(read(more.as_bytes()).unwrap_err().fault, ReadFault::TooManyValues);
        assert_eq!(read(&vec![b' '; JSON_OCTETS_MAX + 1]).unwrap_err().fault, ReadFault::TooLong);
        assert_eq!(read(format!("[{}]", "1".repeat(65)).as_bytes()).unwrap_err().fault, ReadFault::LongNumber);
    }
}
