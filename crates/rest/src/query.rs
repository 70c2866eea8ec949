//! The query of a request: names in any case, blank values as if they were absent. Section 2.1.

use crate::problem::{OperationType, Problem};

/// The most octets of a query that are looked at.
pub const QUERY_OCTETS_MAX: usize = 16 * 1024;

/// The parameters of a request, with their names in small letters.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part of a URL behind the question mark.
    ///
    /// # Errors
    /// Too long, no UTF-8, or a parameter that stands twice with different values: which of them is meant nobody knows.
    pub fn parse(text: &str, operation: OperationType) -> Result<Query, Problem> {
        if text.len() > QUERY_OCTETS_MAX {
            return Err(Problem::refused(400, operation, "The query is too long."));
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return Err(Problem::refused(400, operation, "The query is no UTF-8 text."));
            };
            let name = name.to_lowercase();
            if value.trim().is_empty() {
                continue;
            }
            match parameters.iter().find(|(known, _)| *known == name) {
                Some((_, other)) if *other != value => {
                    return Err(Problem::refused(400, operation, "A parameter stands twice.").on(name));
                }
                Some(_) => {}
                None => parameters.push((name, value)),
            }
        }
        Ok(Query(parameters))
    }

    /// The value of a parameter, if there is one and it is not blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// All parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A parameter that is true or false; false when it is absent.
    ///
    /// # Errors
    /// It is neither.
    pub fn flag(&self, name: &str, operation: OperationType) -> Result<bool, Problem> {
        match self.get(name).map(str::trim) {
            None => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(text) => {
                let message = format!("The value '{text}' is not valid: {name} is true or false.");
                Err(Problem::refused(400, operation, message).on(name))
            }
        }
    }
}

/// Percent signs and plus signs undone; none when the octets are no UTF-8. A percent sign without digits is itself.
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let input = text.as_bytes();
    let digit = |at: usize| input.get(at).and_then(|octet| char::from(*octet).to_digit(16)).map(|digit| digit as u8);
    let mut at = 0;
    while let Some(&octet) = input.get(at) {
        match (octet, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                octets.push(high << 4 | low);
                at += 3;
                continue;
            }
            (b'+', ..) => octets.push(b' '),
            _ => octets.push(octet),
        }
        at += 1;
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text, OperationType::Commit).unwrap()
    }

    #[test]
    fn names_are_found_in_any_case_and_blank_values_are_absent() {
        let query = query("DOMAIN=example.com&searchBase=&limit=%20&q=a%2Bb+c%C3%BC&odd=100%");
        assert_eq!(query.get("domain"), Some("example.com"));
        assert_eq!(query.get("searchbase"), None);
        assert_eq!(query.get("limit"), None);
        assert_eq!(query.get("Q"), Some("a+b cü"));
        assert_eq!(query.get("odd"), Some("100%"));
    }

    #[test]
    fn a_parameter_has_one_value() {
        assert!(Query::parse("dn=a&DN=b", OperationType::Delete).is_err());
        assert_eq!(query("dn=a&DN=a&dn=").get("dn"), Some("a"));
        assert!(Query::parse("dn=%ff", OperationType::Delete).is_err());
        assert!(Query::parse(&"a".repeat(QUERY_OCTETS_MAX + 1), OperationType::Delete).is_err());
    }

    #[test]
    fn a_flag_is_true_or_false() {
        let query = query("a=TRUE&b=false&c=1");
        assert_eq!(query.flag("a", OperationType::Delete), Ok(true));
        assert_eq!(query.flag("b", OperationType::Delete), Ok(false));
        assert_eq!(query.flag("d", OperationType::Delete), Ok(false));
        let refused = query.flag("c", OperationType::Delete).unwrap_err();
        assert_eq!(refused.fault.and_then(|fault| fault.property).as_deref(), Some("c"));
    }
}
