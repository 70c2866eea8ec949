//! Text to filters. RFC 4515; leniency for what common clients send is named where it is.

use std::fmt;
use std::str::FromStr;

use super::{Assertion, Extensible, FILTER_DEPTH_MAX, FILTER_NODES_MAX, Filter, Substrings};
use crate::hex;

/// Why a text is no filter; `at` counts octets from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// There is nothing but spaces where a filter should be.
    Empty {
        /// Where it should be.
        at: usize,
    },
    /// An opening parenthesis is missing.
    OpenMissing {
        /// Where it should be.
        at: usize,
    },
    /// A closing parenthesis is missing.
    CloseMissing {
        /// Where it should be.
        at: usize,
    },
    /// More text behind the filter.
    Trailing {
        /// Where it starts.
        at: usize,
    },
    /// The attribute or the rule is missing or has a character that none has.
    Attribute {
        /// Where it starts.
        at: usize,
    },
    /// No `=`, `~=`, `>=`, `<=` or `:=` behind the attribute.
    Operator {
        /// Where it should be.
        at: usize,
    },
    /// A backslash before something other than two hexadecimal digits.
    Escape {
        /// Where the backslash is.
        at: usize,
    },
    /// A character that must be escaped in a value stands bare.
    Unescaped {
        /// Where it is.
        at: usize,
    },
    /// Deeper than [`FILTER_DEPTH_MAX`].
    TooDeep {
        /// Where the limit is passed.
        at: usize,
    },
    /// More nodes than [`FILTER_NODES_MAX`].
    TooManyNodes {
        /// Where the limit is passed.
        at: usize,
    },
}

impl Filter {
    /// Reads a filter. Spaces and line breaks between filters and around attributes are skipped, and the outermost
    /// parentheses may be missing: `cn=a` is read like `(cn=a)`, `&(a=b)(c=d)` like `(&(a=b)(c=d))`.
    ///
    /// # Errors
    /// See [`FilterError`].
    pub fn parse(text: &str) -> Result<Filter, FilterError> {
        let mut reader = Reader { octets: text.as_bytes(), at: 0, nodes: 0 };
        reader.skip_space();
        let filter = match reader.peek() {
            None => return Err(FilterError::Empty { at: reader.at }),
            Some(b'(') => reader.enclosed(1)?,
            Some(_) => reader.inner(1)?,
        };
        reader.skip_space();
        match reader.peek() {
            None => Ok(filter),
            Some(_) => Err(FilterError::Trailing { at: reader.at }),
        }
    }
}

struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
    nodes: usize,
}

/// What stands between attribute and value.
enum Operator {
    Equal,
    Approximate,
    GreaterOrEqual,
    LessOrEqual,
    Extensible,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|octet| octet.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Reads `(`, a filter and `)`. `depth` is that of the filter; it bounds the recursion of this function.
    fn enclosed(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if self.peek() != Some(b'(') {
            return Err(FilterError::OpenMissing { at: self.at });
        }
        self.at += 1;
        self.skip_space();
        let filter = self.inner(depth)?;
        if self.peek() != Some(b')') {
            return Err(FilterError::CloseMissing { at: self.at });
        }
        self.at += 1;
        Ok(filter)
    }

    /// Reads what stands between the parentheses.
    fn inner(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if depth > FILTER_DEPTH_MAX {
            return Err(FilterError::TooDeep { at: self.at });
        }
        self.nodes += 1;
        if self.nodes > FILTER_NODES_MAX {
            return Err(FilterError::TooManyNodes { at: self.at });
        }
        match self.peek() {
            Some(b'&') => self.list(depth).map(Filter::And),
            Some(b'|') => self.list(depth).map(Filter::Or),
            Some(b'!') => {
                self.at += 1;
                self.skip_space();
                let child = self.enclosed(depth + 1)?;
                self.skip_space();
                Ok(Filter::Not(Box::new(child)))
            }
            Some(b')') | None => Err(FilterError::Empty { at: self.at }),
            Some(_) => self.leaf(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Filter>, FilterError> {
        self.at += 1;
        let mut children = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None | Some(b')') => return Ok(children),
                Some(_) => children.push(self.enclosed(depth + 1)?),
            }
        }
    }

    fn leaf(&mut self) -> Result<Filter, FilterError> {
        let start = self.at;
        while self.peek().is_some_and(|octet| !matches!(octet, b'=' | b'~' | b'>' | b'<' | b'(' | b')' | b'\\' | b'*'))
        {
            self.at += 1;
        }
        let mut end = self.at;
        let operator = match &self.octets[self.at..] {
            [b'=', ..] if self.octets[start..end].last() == Some(&b':') => {
                end -= 1;
                self.at += 1;
                Operator::Extensible
            }
            [b'=', ..] => {
                self.at += 1;
                Operator::Equal
            }
            [b'~', b'=', ..] => {
                self.at += 2;
                Operator::Approximate
            }
            [b'>', b'=', ..] => {
                self.at += 2;
                Operator::GreaterOrEqual
            }
            [b'<', b'=', ..] => {
                self.at += 2;
                Operator::LessOrEqual
            }
            _ => return Err(FilterError::Operator { at: self.at }),
        };
        if let Operator::Extensible = operator {
            return self.extensible(start, end);
        }
        let attribute = self.attribute(start, end)?;
        if let Operator::Equal = operator {
            return self.equality(attribute);
        }
        let assertion = Assertion { attribute, value: self.single_value()? };
        Ok(match operator {
            Operator::Approximate => Filter::Approximate(assertion),
            Operator::GreaterOrEqual => Filter::GreaterOrEqual(assertion),
            _ => Filter::LessOrEqual(assertion),
        })
    }

    /// The description between two places, without spaces around it. Whether the schema knows it is not judged here, nor
    /// whether a name follows RFC 4512: an odd one is unknown and makes its part of the filter Undefined.
    fn attribute(&self, start: usize, end: usize) -> Result<String, FilterError> {
        let trimmed = self.octets[start..end].trim_ascii();
        let allowed = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b';' | b'_');
        match str::from_utf8(trimmed) {
            Ok(name) if !name.is_empty() && trimmed.iter().all(allowed) => Ok(name.to_owned()),
            _ => Err(FilterError::Attribute { at: start }),
        }
    }

    /// Reads `attribute:dn:rule` between two places and the value behind `:=`.
    fn extensible(&mut self, start: usize, end: usize) -> Result<Filter, FilterError> {
        let mut at = start;
        let mut parts = Vec::new();
        for part in self.octets[start..end].split(|octet| *octet == b':') {
            parts.push((at, at + part.len()));
            at += part.len() + 1;
        }
        let mut parts = parts.into_iter();
        let attribute = match parts.next() {
            Some((from, to)) if !self.octets[from..to].trim_ascii().is_empty() => Some(self.attribute(from, to)?),
            _ => None,
        };
        let mut dn_attributes = false;
        let mut rule = None;
        for (from, to) in parts {
            let is_dn = self.octets[from..to].trim_ascii().eq_ignore_ascii_case(b"dn");
            match (is_dn, dn_attributes, &rule) {
                (true, false, None) => dn_attributes = true,
                (_, _, None) => rule = Some(self.attribute(from, to)?),
                (_, _, Some(_)) => return Err(FilterError::Attribute { at: from }),
            }
        }
        if attribute.is_none() && rule.is_none() {
            return Err(FilterError::Attribute { at: start });
        }
        Ok(Filter::Extensible(Extensible { rule, attribute, value: self.single_value()?, dn_attributes }))
    }

    /// Reads the value of an equality, presence or substrings filter.
    fn equality(&mut self, attribute: String) -> Result<Filter, FilterError> {
        let first = self.piece()?;
        if self.peek() != Some(b'*') {
            return Ok(Filter::Equality(Assertion { attribute, value: first }));
        }
        let mut any = Vec::new();
        let mut last = Vec::new();
        while self.peek() == Some(b'*') {
            self.at += 1;
            // The piece before this star was in the middle; an empty one, from two stars in a row, asks for nothing.
            if !last.is_empty() {
                any.push(std::mem::take(&mut last));
            }
            last = self.piece()?;
        }
        let filled = |piece: Vec<u8>| (!piece.is_empty()).then_some(piece);
        match (filled(first), filled(last)) {
            (None, None) if any.is_empty() => Ok(Filter::Present(attribute)),
            (initial, last) => Ok(Filter::Substrings(Substrings { attribute, initial, any, last })),
        }
    }

    fn single_value(&mut self) -> Result<Vec<u8>, FilterError> {
        let value = self.piece()?;
        match self.peek() {
            Some(b'*') => Err(FilterError::Unescaped { at: self.at }),
            _ => Ok(value),
        }
    }

    /// Reads value octets up to a star, the closing parenthesis or the end. Spaces belong to the value.
    fn piece(&mut self) -> Result<Vec<u8>, FilterError> {
        let mut value = Vec::new();
        while let Some(octet) = self.peek() {
            match octet {
                b'*' | b')' => break,
                b'(' | 0 => return Err(FilterError::Unescaped { at: self.at }),
                b'\\' => value.push(self.escaped()?),
                _ => {
                    value.push(octet);
                    self.at += 1;
                }
            }
        }
        Ok(value)
    }

    fn escaped(&mut self) -> Result<u8, FilterError> {
        let (octet, used) = match self.octets[self.at + 1..] {
            // RFC 1960 escaped these by a backslash alone, and some clients still do.
            [octet @ (b'*' | b'(' | b')' | b'\\'), ..] => (Some(octet), 1),
            [high, low, ..] => (hex::pair(high, low), 2),
            _ => (None, 0),
        };
        let octet = octet.ok_or(FilterError::Escape { at: self.at })?;
        self.at += 1 + used;
        Ok(octet)
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Filter, FilterError> {
        Filter::parse(text)
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterError::Empty { at } => write!(f, "a filter is expected at octet {at}"),
            FilterError::OpenMissing { at } => write!(f, "an opening parenthesis is expected at octet {at}"),
            FilterError::CloseMissing { at } => write!(f, "a closing parenthesis is expected at octet {at}"),
            FilterError::Trailing { at } => write!(f, "the filter ends before octet {at}, but the text goes on"),
            FilterError::Attribute { at } => write!(f, "an attribute is expected at octet {at}"),
            FilterError::Operator { at } => write!(f, "one of = ~= >= <= := is expected at octet {at}"),
            FilterError::Escape { at } => {
                write!(f, "the backslash at octet {at} is not followed by two hexadecimal digits")
            }
            FilterError::Unescaped { at } => write!(f, "the character at octet {at} must be escaped"),
            FilterError::TooDeep { at } => write!(f, "the filter nests deeper than {FILTER_DEPTH_MAX} at octet {at}"),
            FilterError::TooManyNodes { at } => {
                write!(f, "the filter has more than {FILTER_NODES_MAX} parts at octet {at}")
            }
        }
    }
}

impl std::error::Error for FilterError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, written: &str) -> Filter {
        let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.to_string(), written, "{text}");
        assert_eq!(Filter::parse(written).as_ref(), Ok(&filter));
        filter
    }

    fn same(text: &str) -> Filter {
        check(text, text)
    }

    fn refuse(text: &str, error: FilterError) {
        assert_eq!(Filter::parse(text), Err(error), "{text}");
    }

    fn check_pieces(text: &str, initial: Option<&str>, any: &[&str], last: Option<&str>) {
        let octets = |piece: &str| piece.as_bytes().to_vec();
        let expected = Substrings {
            attribute: "a".to_owned(),
            initial: initial.map(octets),
            any: any.iter().copied().map(octets).collect(),
            last: last.map(octets),
        };
        assert_eq!(Filter::parse(text), Ok(Filter::Substrings(expected)), "{text}");
    }

    #[test]
    fn all_forms_are_written_as_read() {
        same("(cn=Ann Example)");
        same("(cn=)");
        same("(cn=*)");
        same("(whenCreated>=20240101000000.0Z)");
        same("(uSNChanged<=5)");
        same("(cn~=ann)");
        same("(cn=a*b*c*d)");
        same("(cn=*a*)");
        same("(userAccountControl:1.2.840.113556.1.4.803:=2)");
        same("(:dn:2.5.13.2:=x)");
        same("(cn:dn:=x)");
        same("(cn:dn:dn:=x)");
        same("(:2.5.13.2:=x)");
        same("(&(objectClass=person)(|(cn=a)(!(sn=b))))");
        same("(userCertificate;binary=*)");
        same("(cn=Zoë)");
        assert_eq!(same("(&)"), Filter::And(vec![]));
        assert_eq!(same("(|)"), Filter::Or(vec![]));
    }

    #[test]
    fn what_common_clients_send_is_read() {
        check("cn=a", "(cn=a)");
        check(" cn = a ", "(cn= a )");
        check("&(a=b)(c=d)", "(&(a=b)(c=d))");
        check("( & (a=b)\n\t(c=d) ) ", "(&(a=b)(c=d))");
        check("(! (a=b) )", "(!(a=b))");
        check("(cn=a\\*\\(b\\)\\\\)", "(cn=a\\2a\\28b\\29\\5c)");
        check("(cn=**a***b**)", "(cn=*a*b*)");
        check("(cn=**)", "(cn=*)");
        check("(a_b=c)", "(a_b=c)");
    }

    #[test]
    fn escapes_stand_for_octets() {
        check("(objectGUID=\\00\\FF\\c3\\a9)", "(objectGUID=\\00\\ffé)");
        let Filter::Equality(assertion) = same("(x=\\c3\\28)") else { panic!("an equality") };
        assert_eq!(assertion.value, [0xc3, 0x28]);
    }

    #[test]
    fn pieces_keep_their_places() {
        check_pieces("(a=x*)", Some("x"), &[], None);
        check_pieces("(a=*x)", None, &[], Some("x"));
        check_pieces("(a=*x*)", None, &["x"], None);
        check_pieces("(a=x*y*z)", Some("x"), &["y"], Some("z"));
        check_pieces("(a=x**z)", Some("x"), &[], Some("z"));
    }

    #[test]
    fn malformed_filters_say_where() {
        refuse("", FilterError::Empty { at: 0 });
        refuse("  ", FilterError::Empty { at: 2 });
        refuse("()", FilterError::Empty { at: 1 });
        refuse("(cn=a", FilterError::CloseMissing { at: 5 });
        refuse("(cn=a))", FilterError::Trailing { at: 6 });
        refuse("(&(cn=a)", FilterError::CloseMissing { at: 8 });
        refuse("(&cn=a)", FilterError::OpenMissing { at: 2 });
        refuse("(!)", FilterError::OpenMissing { at: 2 });
        refuse("(!(a=b)(c=d))", FilterError::CloseMissing { at: 7 });
        refuse("((a=b))", FilterError::Operator { at: 1 });
        refuse("(cn)", FilterError::Operator { at: 3 });
        refuse("(cn>5)", FilterError::Operator { at: 3 });
        refuse("(=a)", FilterError::Attribute { at: 1 });
        refuse("(c n=a)", FilterError::Attribute { at: 1 });
        refuse("(é=a)", FilterError::Attribute { at: 1 });
        refuse("(:=a)", FilterError::Attribute { at: 1 });
        refuse("(:dn:=a)", FilterError::Attribute { at: 1 });
        refuse("(cn::=a)", FilterError::Attribute { at: 4 });
        refuse("(cn:dn:a:b:=a)", FilterError::Attribute { at: 9 });
        refuse("(cn=\\4)", FilterError::Escape { at: 4 });
        refuse("(cn=a\\", FilterError::Escape { at: 5 });
        refuse("(cn=a(b)", FilterError::Unescaped { at: 5 });
        refuse("(cn>=a*)", FilterError::Unescaped { at: 6 });
        refuse("(cn:=a*)", FilterError::Unescaped { at: 6 });
        refuse("cn=a)", FilterError::Trailing { at: 4 });
    }

    #[test]
    fn depth_and_size_are_limited() {
        let nested = |depth: usize| format!("{}(a=b){}", "(!".repeat(depth - 1), ")".repeat(depth - 1));
        assert_eq!(Filter::parse(&nested(FILTER_DEPTH_MAX)).map(|filter| filter.depth()), Ok(FILTER_DEPTH_MAX));
        refuse(&nested(FILTER_DEPTH_MAX + 1), FilterError::TooDeep { at: 2 * FILTER_DEPTH_MAX + 1 });
        assert!(Filter::parse(&nested(100_000)).is_err());

        let wide = |nodes: usize| format!("(|{})", "(a=b)".repeat(nodes - 1));
        assert_eq!(Filter::parse(&wide(FILTER_NODES_MAX)).map(|filter| filter.nodes()), Ok(FILTER_NODES_MAX));
        let Err(FilterError::TooManyNodes { .. }) = Filter::parse(&wide(FILTER_NODES_MAX + 1)) else {
            panic!("refused")
        };
    }
}
