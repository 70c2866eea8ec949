//! Text to records.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::BufRead;
use std::ops::Range;
use std::vec::IntoIter;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::lines::Lines;
use super::{Change, LINE_COST_OCTETS, LdifError, LdifErrorKind, Limits, Record, RecordControl};
use crate::attribute_name::AttributeDescription;
use crate::modification::{Attribute, Modification, Operation};
use crate::oid;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads records one after the other; an iterator that ends with the input or an error that is not recoverable.
pub struct Reader<R> {
    lines: Lines<R>,
    limits: Limits,
    /// The lines of the record in work, one behind the other.
    text: Vec<u8>,
    started: bool,
    finished: bool,
}

impl<R: BufRead> Reader<R> {
    /// A reader with the limits of this module.
    pub fn new(input: R) -> Reader<R> {
        Reader::with_limits(input, Limits::default())
    }

    /// A reader with its own limits.
    pub fn with_limits(input: R, limits: Limits) -> Reader<R> {
        let lines = Lines::new(input, limits.line_octets_max);
        Reader { lines, limits, text: Vec::new(), started: false, finished: false }
    }

    /// How many octets of the input were read, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.lines.octets_read()
    }

    /// Reads the next record; `None` at the end. After a recoverable error the next call goes on behind the next empty
    /// line, after another one it returns `None`.
    pub fn next_record(&mut self) -> Option<Result<Record, LdifError>> {
        while !self.finished {
            match self.read_record() {
                // A version line and nothing behind it.
                Ok(Some(None)) => {}
                Ok(Some(Some(record))) => return Some(Ok(record)),
                Ok(None) => self.finished = true,
                Err(error) => {
                    self.finished = !error.is_recoverable();
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// `None` at the end of the input, `Some(None)` when there was only a version line.
    fn read_record(&mut self) -> Result<Option<Option<Record>>, LdifError> {
        let places = self.collect()?;
        let Some((first, _)) = places.first() else { return Ok(None) };
        let first = *first;
        let lines = places.into_iter().map(|(number, place)| (number, &self.text[place])).collect::<Vec<_>>();
        let mut fields = Fields { lines: lines.into_iter(), last: first };
        let record = fields.record();
        if !std::mem::replace(&mut self.started, true)
            && matches!(
                record,
                Err(LdifError {
                    line,
                    kind: LdifErrorKind::DnExpected | LdifErrorKind::ColonMissing | LdifErrorKind::AttributeName,
                }) if line == first
            )
        {
            return Err(LdifError { line: first, kind: LdifErrorKind::NotLdif });
        }
        record.map(Some)
    }

    /// Reads the lines up to the next empty one; none at the end of the input. After an error that is recoverable, the
    /// rest of the record is skipped before it is returned.
    fn collect(&mut self) -> Result<Vec<(u64, Range<usize>)>, LdifError> {
        let octets_max = self.limits.record_octets_max;
        let mut places = Vec::new();
        let mut failure = None;
        self.text.clear();
        loop {
            let start = self.text.len();
            let Some(line) = self.lines.read(&mut self.text)? else { break };
            if line.number == 1 && self.text.starts_with(BYTE_ORDER_MARK) {
                self.text.drain(..BYTE_ORDER_MARK.len());
            }
            let text = &self.text[start..];
            let is_blank = text.iter().all(|octet| *octet == b' ');
            if is_blank && (!places.is_empty() || failure.is_some()) {
                break;
            }
            if is_blank || text.first() == Some(&b'#') {
                self.text.truncate(start);
                continue;
            }
            let kind = if !line.ended {
                Some(LdifErrorKind::Truncated)
            } else if text[0] == b' ' {
                Some(LdifErrorKind::Continuation)
            } else if self.text.len() + (places.len() + 1) * LINE_COST_OCTETS > octets_max {
                Some(LdifErrorKind::RecordTooLarge { octets_max })
            } else {
                None
            };
            if let Some(kind) = kind {
                failure.get_or_insert(LdifError { line: line.number, kind });
            }
            match failure {
                None => places.push((line.number, start..self.text.len())),
                Some(_) => self.text.truncate(start),
            }
        }
        match failure {
            None => Ok(places),
            Some(failure) => Err(failure),
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, LdifError>;

    fn next(&mut self) -> Option<Result<Record, LdifError>> {
        self.next_record()
    }
}

/// The lines of one record, split at their colons.
struct Fields<'a> {
    lines: IntoIter<(u64, &'a [u8])>,
    /// The number of the line that was read last.
    last: u64,
}

struct Field<'a> {
    line: u64,
    name: &'a str,
    value: Cow<'a, [u8]>,
}

impl<'a> Field<'a> {
    fn parse(line: u64, text: &'a [u8]) -> Result<Field<'a>, LdifError> {
        let fail = |kind| LdifError { line, kind };
        let colon = text.iter().position(|octet| *octet == b':').ok_or(fail(LdifErrorKind::ColonMissing))?;
        let name = str::from_utf8(&text[..colon]).map_err(|_| fail(LdifErrorKind::AttributeName))?;
        let value = value_spec(&text[colon + 1..]).map_err(fail)?;
        Ok(Field { line, name, value })
    }

    fn is(&self, keyword: &str) -> bool {
        self.name.eq_ignore_ascii_case(keyword)
    }

    fn fail<T>(&self, kind: LdifErrorKind) -> Result<T, LdifError> {
        Err(LdifError { line: self.line, kind })
    }

    fn text(&self) -> Result<&str, LdifError> {
        str::from_utf8(&self.value).map_err(|_| LdifError { line: self.line, kind: LdifErrorKind::NotUtf8 })
    }

    /// The name, if it can be that of an attribute.
    fn attribute(&self) -> Result<&'a str, LdifError> {
        match AttributeDescription::parse(self.name) {
            Ok(_) => Ok(self.name),
            Err(_) => self.fail(LdifErrorKind::AttributeName),
        }
    }
}

/// RFC 2849's `value-spec`, without its first colon.
fn value_spec(text: &[u8]) -> Result<Cow<'_, [u8]>, LdifErrorKind> {
    match text {
        [b':', encoded @ ..] => {
            STANDARD.decode(encoded.trim_ascii()).map(Cow::Owned).map_err(|_| LdifErrorKind::Base64)
        }
        [b'<', ..] => Err(LdifErrorKind::UrlValue),
        plain => Ok(Cow::Borrowed(trim_spaces(plain))),
    }
}

/// Only leading spaces are fill: the writer would have encoded a value that ends with one, but others do not.
fn trim_spaces(text: &[u8]) -> &[u8] {
    let fill = text.iter().take_while(|octet| **octet == b' ').count();
    &text[fill..]
}

impl<'a> Fields<'a> {
    fn next(&mut self) -> Result<Option<Field<'a>>, LdifError> {
        let Some((line, text)) = self.lines.next() else { return Ok(None) };
        self.last = line;
        Field::parse(line, text).map(Some)
    }

    /// Takes the line `-`, which ends a modification, if it is next.
    fn take_dash(&mut self) -> bool {
        let is_dash = self.lines.as_slice().first().is_some_and(|(_, text)| text.trim_ascii_end() == b"-");
        if is_dash {
            self.lines.next();
        }
        is_dash
    }

    fn fail<T>(&self, kind: LdifErrorKind) -> Result<T, LdifError> {
        Err(LdifError { line: self.last, kind })
    }

    /// Reads the whole record; `None` when there is only a version line.
    fn record(&mut self) -> Result<Option<Record>, LdifError> {
        let Some(mut field) = self.next()? else { return Ok(None) };
        if field.is("version") {
            if field.value.trim_ascii() != b"1" {
                return field.fail(LdifErrorKind::Version);
            }
            field = match self.next()? {
                Some(field) => field,
                None => return Ok(None),
            };
        }
        if !field.is("dn") {
            return field.fail(LdifErrorKind::DnExpected);
        }
        let line = field.line;
        let dn = field.text()?.to_owned();
        let mut controls = Vec::new();
        let mut next = self.next()?;
        while let Some(field) = next.take_if(|field| field.is("control")) {
            controls.push(control(&field)?);
            next = self.next()?;
        }
        let change_type = next.take_if(|field| field.is("changetype"));
        let explicit = change_type.is_some();
        let change = match change_type {
            Some(field) => match field.text()?.trim_ascii().to_ascii_lowercase().as_str() {
                "add" => {
                    let first = self.next()?;
                    self.attributes(first).map(Change::Add)?
                }
                "modify" => self.modifications().map(Change::Modify)?,
                "delete" => match self.next()? {
                    None => Change::Delete,
                    Some(field) => return field.fail(LdifErrorKind::Unexpected),
                },
                "modrdn" | "moddn" => self.rename()?,
                _ => return field.fail(LdifErrorKind::ChangeType),
            },
            None if !controls.is_empty() => return self.fail(LdifErrorKind::Control),
            None => self.attributes(next).map(Change::Add)?,
        };
        Ok(Some(Record { line, dn, controls, explicit, change }))
    }

    /// Reads attribute lines to the end of the record and joins those of one attribute.
    fn attributes(&mut self, first: Option<Field<'a>>) -> Result<Vec<Attribute>, LdifError> {
        let mut attributes: Vec<Attribute> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut next = first;
        while let Some(field) = next {
            if field.is("dn") {
                return field.fail(LdifErrorKind::SecondDn);
            }
            if field.is("changetype") {
                return field.fail(LdifErrorKind::ChangeType);
            }
            let name = field.attribute()?;
            // Lines of one attribute mostly stand together, and a group has very many of them.
            let place = match attributes.last() {
                Some(last) if last.name.eq_ignore_ascii_case(name) => attributes.len() - 1,
                _ => *places.entry(name.to_ascii_lowercase()).or_insert(attributes.len()),
            };
            if place == attributes.len() {
                attributes.push(Attribute { name: name.to_owned(), values: Vec::new() });
            }
            attributes[place].values.push(field.value.into_owned());
            next = self.next()?;
        }
        match attributes.is_empty() {
            true => self.fail(LdifErrorKind::NoAttributes),
            false => Ok(attributes),
        }
    }

    fn modifications(&mut self) -> Result<Vec<Modification>, LdifError> {
        let mut modifications = Vec::new();
        while let Some(field) = self.next()? {
            let operation = match field.name.to_ascii_lowercase().as_str() {
                "add" => Operation::Add,
                "delete" => Operation::Delete,
                "replace" => Operation::Replace,
                "dn" => return field.fail(LdifErrorKind::SecondDn),
                _ => return field.fail(LdifErrorKind::Operation),
            };
            let attribute = field.text()?.trim_ascii().to_owned();
            if AttributeDescription::parse(&attribute).is_err() {
                return field.fail(LdifErrorKind::AttributeName);
            }
            let mut values = Vec::new();
            // The dash behind the last modification may be missing, as it often is.
            while !self.take_dash() {
                let Some(field) = self.next()? else { break };
                if !field.is(&attribute) {
                    return field.fail(LdifErrorKind::AttributeMismatch);
                }
                values.push(field.value.into_owned());
            }
            if operation == Operation::Add && values.is_empty() {
                return self.fail(LdifErrorKind::NoValues);
            }
            modifications.push(Modification { operation, attribute, values });
        }
        Ok(modifications)
    }

    fn rename(&mut self) -> Result<Change, LdifError> {
        let (mut new_rdn, mut delete_old, mut new_superior) = (None, None, None);
        while let Some(field) = self.next()? {
            if field.is("newrdn") && new_rdn.is_none() {
                new_rdn = Some(field.text()?.to_owned());
            } else if field.is("deleteoldrdn") && delete_old.is_none() {
                delete_old = match field.value.trim_ascii() {
                    b"0" => Some(false),
                    b"1" => Some(true),
                    _ => return field.fail(LdifErrorKind::Rename),
                };
            } else if field.is("newsuperior") && new_superior.is_none() {
                new_superior = Some(field.text()?.to_owned());
            } else {
                return field.fail(LdifErrorKind::Rename);
            }
        }
        match (new_rdn, delete_old) {
            (Some(new_rdn), Some(delete_old)) => Ok(Change::Rename { new_rdn, delete_old, new_superior }),
            _ => self.fail(LdifErrorKind::Rename),
        }
    }
}

/// RFC 2849's `control`: an OID, then maybe `true` or `false`, then maybe a value with its colon.
fn control(field: &Field<'_>) -> Result<RecordControl, LdifError> {
    let fail = |kind| LdifError { line: field.line, kind };
    let malformed = || fail(LdifErrorKind::Control);
    let text = &field.value;
    let (head, value) = match text.iter().position(|octet| *octet == b':') {
        Some(colon) => (&text[..colon], Some(value_spec(&text[colon + 1..]).map_err(fail)?.into_owned())),
        None => (&text[..], None),
    };
    let mut words = str::from_utf8(head).map_err(|_| malformed())?.split_ascii_whitespace();
    let oid = words.next().filter(|word| oid::is_numeric_oid(word)).ok_or_else(malformed)?.to_owned();
    let critical = match words.next() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("false") => false,
        Some(word) if word.eq_ignore_ascii_case("true") => true,
        Some(_) => return Err(malformed()),
    };
    match words.next() {
        None => Ok(RecordControl { oid, critical, value }),
        Some(_) => Err(malformed()),
    }
}
