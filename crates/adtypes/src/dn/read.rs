//! Text to names. RFC 4514, RFC 2253 section 4, RFC 1779; the BER of strings as in X.690.

use super::{DN_COMPONENTS_MAX, DnError, Rdn};
use crate::{hex, oid};

/// A cursor over the text of a name.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts before the first RDN.
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        let mut reader = Reader { text, at: 0 };
        reader.skip_spaces();
        reader
    }

    /// Reads to the end of the text; nothing but spaces is the root.
    pub(super) fn rdns(&mut self) -> Result<Vec<Rdn>, DnError> {
        let mut rdns = Vec::new();
        while self.peek().is_some() || !rdns.is_empty() {
            if rdns.len() == DN_COMPONENTS_MAX {
                return Err(DnError::TooManyComponents);
            }
            rdns.push(self.rdn()?);
            if self.peek().is_none() {
                break;
            }
            self.at += 1;
        }
        Ok(rdns)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Reads up to the separator, which is left in place, or to the end.
    fn rdn(&mut self) -> Result<Rdn, DnError> {
        let attribute = self.attribute_type()?;
        self.skip_spaces();
        if self.peek() != Some(b'=') {
            return Err(DnError::EqualsMissing { at: self.at });
        }
        self.at += 1;
        self.skip_spaces();
        let start = self.at;
        let octets = match self.peek() {
            Some(b'#') => self.ber_value()?,
            Some(b'"') => self.quoted_value()?,
            _ => self.bare_value()?,
        };
        let value = String::from_utf8(octets).map_err(|_| DnError::NotUtf8 { at: start })?;
        if value.is_empty() {
            return Err(DnError::ValueMissing { at: start });
        }
        Ok(Rdn { attribute, value })
    }

    fn attribute_type(&mut self) -> Result<String, DnError> {
        self.skip_spaces();
        let start = self.at;
        while self.peek().is_some_and(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'.') {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        // RFC 1779 and 2253 let an OID stand behind this prefix.
        let bare = match written.split_at_checked(4) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("OID.") => rest,
            _ => written,
        };
        match oid::is_name_or_oid(bare) {
            true => Ok(bare.to_owned()),
            false => Err(DnError::AttributeType { at: start }),
        }
    }

    fn bare_value(&mut self) -> Result<Vec<u8>, DnError> {
        let mut value = Vec::new();
        // Trailing spaces are padding unless escaped: this is the length with the last octet that is surely value.
        let mut kept = 0;
        while let Some(octet) = self.peek() {
            match octet {
                b',' | b';' => break,
                b'+' => return Err(DnError::MultiValued { at: self.at }),
                b'"' | b'<' | b'>' | 0 => return Err(DnError::Unescaped { at: self.at }),
                b'\\' => {
                    value.push(self.escaped()?);
                    kept = value.len();
                }
                _ => {
                    value.push(octet);
                    self.at += 1;
                    if octet != b' ' {
                        kept = value.len();
                    }
                }
            }
        }
        value.truncate(kept);
        Ok(value)
    }

    fn quoted_value(&mut self) -> Result<Vec<u8>, DnError> {
        let start = self.at;
        self.at += 1;
        let mut value = Vec::new();
        loop {
            match self.peek() {
                None => return Err(DnError::Quote { at: start }),
                Some(b'"') => break,
                Some(b'\\') => value.push(self.escaped()?),
                Some(0) => return Err(DnError::Unescaped { at: self.at }),
                Some(octet) => {
                    value.push(octet);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        self.end_of_value(DnError::Quote { at: start })?;
        Ok(value)
    }

    fn ber_value(&mut self) -> Result<Vec<u8>, DnError> {
        let start = self.at;
        self.at += 1;
        while self.peek().is_some_and(|octet| octet.is_ascii_hexdigit()) {
            self.at += 1;
        }
        let error = DnError::BerString { at: start };
        let ber = hex::decode(&self.text.as_bytes()[start + 1..self.at]).ok_or(error)?;
        self.end_of_value(error)?;
        string_of_ber(&ber).ok_or(error)
    }

    /// Behind a value that marks its own end, only spaces may stand before the separator.
    fn end_of_value(&mut self, error: DnError) -> Result<(), DnError> {
        self.skip_spaces();
        match self.peek() {
            None | Some(b',' | b';') => Ok(()),
            Some(b'+') => Err(DnError::MultiValued { at: self.at }),
            Some(_) => Err(error),
        }
    }

    fn escaped(&mut self) -> Result<u8, DnError> {
        let error = DnError::Escape { at: self.at };
        let rest = &self.text.as_bytes()[self.at + 1..];
        let (octet, used) = match *rest {
            [octet @ (b' ' | b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\'), ..] => (octet, 1),
            [high, low, ..] => (hex::pair(high, low).ok_or(error)?, 2),
            _ => return Err(error),
        };
        self.at += 1 + used;
        Ok(octet)
    }
}

/// The UTF-8 of a BER string of any type that a name may have: octet, UTF-8, printable, teletex, IA5 or BMP string.
fn string_of_ber(ber: &[u8]) -> Option<Vec<u8>> {
    let (&[tag, first], rest) = ber.split_first_chunk()?;
    let (length, content) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => rest.split_first().map(|(length, content)| (usize::from(*length), content))?,
        0x82 => {
            rest.split_first_chunk().map(|(length, content)| (usize::from(u16::from_be_bytes(*length)), content))?
        }
        // A longer one cannot fit into a name.
        _ => return None,
    };
    if content.len() != length {
        return None;
    }
    match tag {
        0x04 | 0x0c | 0x13 | 0x14 | 0x16 => Some(content.to_vec()),
        0x1e => {
            let (units, []) = content.as_chunks::<2>() else { return None };
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
            Some(text.into_bytes())
        }
        _ => None,
    }
}
