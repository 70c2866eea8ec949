//! Fields of a form, in their order: `application/x-www-form-urlencoded` and the text parts of `multipart/form-data`.
//!
//! Specification section 1.2. `+` and `%20` are a space, octets are UTF-8, everything is bounded.

use zeroize::Zeroizing;

/// The most fields of one source.
pub const FIELDS_MAX: usize = 1000;

/// Names and values in the order in which they came. Values may be passwords, so they are wiped and never printed.
#[derive(Default)]
pub struct Fields(Vec<(String, Zeroizing<String>)>);

/// The octets are no form: a broken escape, no UTF-8, too many fields, or parts without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl Fields {
    /// Reads a query string or a form.
    ///
    /// # Errors
    /// `Malformed` for what is no UTF-8, and for more than [`FIELDS_MAX`] fields.
    pub fn from_form(octets: &[u8]) -> Result<Fields, Malformed> {
        let mut fields = Fields::default();
        for piece in octets.split(|&octet| octet == b'&').filter(|piece| !piece.is_empty()) {
            let (name, value) = match piece.iter().position(|&octet| octet == b'=') {
                Some(at) => (&piece[..at], &piece[at + 1..]),
                None => (piece, &[][..]),
            };
            fields.push(decoded(name)?.to_string(), decoded(value)?)?;
        }
        Ok(fields)
    }

    /// Reads the text parts of a multipart body; parts that are files are passed over. RFC 7578.
    ///
    /// # Errors
    /// `Malformed` for a boundary that is none, a body without its boundaries, and for what is no UTF-8.
    pub fn from_multipart(octets: &[u8], boundary: &str) -> Result<Fields, Malformed> {
        if boundary.is_empty() || boundary.len() > BOUNDARY_OCTETS_MAX {
            return Err(Malformed);
        }
        let delimiter = format!("--{boundary}").into_bytes();
        let mut rest = &octets[find(octets, &delimiter).ok_or(Malformed)? + delimiter.len()..];
        let mut fields = Fields::default();
        while !rest.starts_with(b"--") {
            let head_end = find(rest, b"\r\n\r\n").ok_or(Malformed)?;
            let head = std::str::from_utf8(&rest[..head_end]).map_err(|_| Malformed)?;
            let body = &rest[head_end + 4..];
            let end = find(body, &[b"\r\n", delimiter.as_slice()].concat()).ok_or(Malformed)?;
            if let Some(name) = part_name(head) {
                let value = std::str::from_utf8(&body[..end]).map_err(|_| Malformed)?;
                fields.push(name, Zeroizing::new(value.to_owned()))?;
            }
            rest = &body[end + 2 + delimiter.len()..];
        }
        Ok(fields)
    }

    /// All values under a name, in their order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The last value under a name.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Takes every value of a name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(found, _)| found != name);
    }

    fn push(&mut self, name: String, value: Zeroizing<String>) -> Result<(), Malformed> {
        if self.0.len() >= FIELDS_MAX {
            return Err(Malformed);
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// The longest boundary. RFC 2046 section 5.1.1. A longer one would make the search for it as slow as somebody likes.
const BOUNDARY_OCTETS_MAX: usize = 70;

/// Undoes percent-encoding. A `%` without two digits stands for itself, as every browser reads it.
fn decoded(text: &[u8]) -> Result<Zeroizing<String>, Malformed> {
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut at = 0;
    while at < text.len() {
        let escape = match text[at] {
            b'%' => text.get(at + 1).zip(text.get(at + 2)).and_then(|(high, low)| digits(*high, *low)),
            _ => None,
        };
        match (text[at], escape) {
            (_, Some(octet)) => {
                octets.push(octet);
                at += 2;
            }
            (b'+', None) => octets.push(b' '),
            (octet, None) => octets.push(octet),
        }
        at += 1;
    }
    std::str::from_utf8(&octets).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| Malformed)
}

fn digits(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The name of a part that is text; none for a file and for what has no name.
fn part_name(head: &str) -> Option<String> {
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let mut name = None;
    for parameter in disposition.split(';').skip(1) {
        let (key, value) = parameter.trim().split_once('=')?;
        if key.eq_ignore_ascii_case("filename") || key.eq_ignore_ascii_case("filename*") {
            return None;
        }
        if key.eq_ignore_ascii_case("name") {
            name = Some(value.trim_matches('"').to_owned());
        }
    }
    name
}

fn find(octets: &[u8], what: &[u8]) -> Option<usize> {
    octets.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Vec<(String, String)> {
        let fields = Fields::from_form(text.as_bytes()).unwrap();
        fields.0.into_iter().map(|(name, value)| (name, value.to_string())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn escapes_and_pluses_are_undone() {
        assert_eq!(form("a=p%2Bw+d%25&b&c=&=d"), pairs(&[("a", "p+w d%"), ("b", ""), ("c", ""), ("", "d")]));
        assert_eq!(form("a=100%&b=%zz&a=%C3%A9"), pairs(&[("a", "100%"), ("b", "%zz"), ("a", "é")]));
    }

    #[test]
    fn what_is_no_text_or_too_much_is_malformed() {
        assert!(Fields::from_form(b"a=%FF").is_err());
        assert!(Fields::from_form("a&".repeat(FIELDS_MAX).as_bytes()).is_ok());
        assert!(Fields::from_form("a&".repeat(FIELDS_MAX + 1).as_bytes()).is_err());
    }

    #[test]
    fn text_parts_are_fields_and_files_are_passed_over() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"api\"\r\n\r\nSYNO\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\u{1}\r\n--x--\r\n";
        let fields = Fields::from_multipart(body.as_bytes(), "x").unwrap();
        assert_eq!((fields.last("api"), fields.last("file")), (Some("SYNO"), None));
        assert!(Fields::from_multipart(b"--x\r\nno end", "x").is_err());
        assert!(Fields::from_multipart(b"nothing", "x").is_err());
        let long = "x".repeat(BOUNDARY_OCTETS_MAX + 1);
        let body = format!("--{long}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--{long}--");
        assert!(Fields::from_multipart(body.as_bytes(), &long).is_err());
        assert!(Fields::from_multipart(b"----", "").is_err());
    }
}
