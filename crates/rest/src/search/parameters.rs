//! The query parameters of a search. Section 9.1 of the reference.

use std::fmt;

use bailiwick_domain::{Scope, SortKey};

/// The query parameters of a search, as far as they need no directory to be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Which domain; none is the default one.
    pub domain: Option<String>,
    /// Where to start, as written; none is the head of the domain.
    pub base: Option<String>,
    /// How many entries, 0 for all; none is the endpoint's default.
    pub limit: Option<u32>,
    /// How far to reach.
    pub scope: Scope,
    /// The order; none is the directory's own.
    pub sort: Option<SortKey>,
    /// Which attributes, as written; none is the endpoint's default.
    pub properties: Option<String>,
    /// Whether the reply says what was searched for.
    pub include_details: bool,
    /// Where a search that was cut short goes on, as the reply before gave it.
    pub cursor: Option<String>,
}

/// A query parameter cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterError {
    /// The value is none of the parameter.
    Invalid {
        /// The parameter.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// The parameter stands twice.
    Repeated {
        /// The parameter.
        name: &'static str,
    },
}

/// The parameters that a search knows; others are ignored.
const NAMES: [&str; 9] =
    ["domain", "searchBase", "limit", "scope", "sortDir", "sortBy", "properties", "includeDetails", "cursor"];

impl Parameters {
    /// Reads parameters, decoded from the URL. Names count in any case, a blank value as none.
    ///
    /// # Errors
    /// See [`ParameterError`].
    pub fn read<'q>(pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Result<Parameters, ParameterError> {
        let mut values: [Option<&str>; NAMES.len()] = Default::default();
        for (written, value) in pairs {
            let Some(place) = NAMES.iter().position(|name| name.eq_ignore_ascii_case(written)) else { continue };
            if !value.trim().is_empty() && values[place].replace(value).is_some() {
                return Err(ParameterError::Repeated { name: NAMES[place] });
            }
        }
        let [domain, base, limit, scope, direction, sort_by, properties, details, cursor] = values;
        let reverse = direction.is_some_and(|direction| {
            ["desc", "descending", "1", "3"].iter().any(|word| word.eq_ignore_ascii_case(direction.trim()))
        });
        let owned = |value: Option<&str>| value.map(|value| value.trim().to_owned());
        Ok(Parameters {
            domain: owned(domain),
            base: owned(base),
            limit: limit.map(|text| read_as("limit", text, limit_of)).transpose()?,
            scope: scope.map_or(Ok(Scope::Subtree), |text| read_as("scope", text, scope_of))?,
            sort: sort_by.map(|attribute| SortKey { attribute: attribute.trim().to_owned(), rule: None, reverse }),
            properties: properties.map(str::to_owned),
            include_details: details.map_or(Ok(false), |text| read_as("includeDetails", text, truth_of))?,
            cursor: owned(cursor),
        })
    }
}

fn read_as<T>(name: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, ParameterError> {
    read(text.trim()).ok_or_else(|| ParameterError::Invalid { name, value: text.to_owned() })
}

fn limit_of(text: &str) -> Option<u32> {
    text.parse::<i32>().ok().and_then(|limit| u32::try_from(limit).ok())
}

fn scope_of(text: &str) -> Option<Scope> {
    match text.to_ascii_lowercase().as_str() {
        "base" | "0" => Some(Scope::Base),
        "onelevel" | "1" => Some(Scope::OneLevel),
        "subtree" | "2" => Some(Scope::Subtree),
        _ => None,
    }
}

fn truth_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

impl ParameterError {
    /// The parameter.
    pub fn property(&self) -> &'static str {
        match self {
            ParameterError::Invalid { name, .. } | ParameterError::Repeated { name } => name,
        }
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterError::Invalid { value, .. } => write!(f, "The value '{value}' is not valid."),
            ParameterError::Repeated { name } => write!(f, "The parameter '{name}' stands twice."),
        }
    }
}

impl std::error::Error for ParameterError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &'static str)]) -> Result<Parameters, ParameterError> {
        Parameters::read(pairs.iter().copied())
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        let expected = Parameters {
            domain: None,
            base: None,
            limit: None,
            scope: Scope::Subtree,
            sort: None,
            properties: None,
            include_details: false,
            cursor: None,
        };
        assert_eq!(read(&[]), Ok(expected.clone()));
        assert_eq!(read(&[("limit", " "), ("scope", ""), ("colour", "red"), ("sortDir", "desc")]), Ok(expected));
    }

    #[test]
    fn names_and_words_count_in_any_case() {
        let parameters = read(&[
            ("SEARCHBASE", "OU=Real Users,DC=contoso,DC=com"),
            ("Limit", "0"),
            ("Scope", "onelevel"),
            ("sortby", "name"),
            ("sortdir", "Descending"),
            ("includedetails", "True"),
        ]);
        let parameters = parameters.unwrap();
        assert_eq!(parameters.base.as_deref(), Some("OU=Real Users,DC=contoso,DC=com"));
        assert_eq!((parameters.limit, parameters.scope, parameters.include_details), (Some(0), Scope::OneLevel, true));
        assert_eq!(parameters.sort, Some(SortKey { attribute: "name".into(), rule: None, reverse: true }));
    }

    #[test]
    fn another_direction_than_down_is_up() {
        for direction in ["asc", "ascending", "0", "2", "sideways"] {
            let sort = read(&[("sortBy", "cn"), ("sortDir", direction)]).unwrap().sort;
            assert!(sort.is_some_and(|key| !key.reverse), "{direction}");
        }
    }

    #[test]
    fn values_that_do_not_convert_are_refused_by_name() {
        for (name, value) in [
            ("limit", "abc"),
            ("limit", "-1"),
            ("limit", "2147483648"),
            ("scope", "children"),
            ("scope", "3"),
            ("includeDetails", "1"),
        ] {
            assert_eq!(read(&[(name, value)]), Err(ParameterError::Invalid { name, value: value.to_owned() }));
        }
        assert_eq!(read(&[("limit", "1"), ("LIMIT", "2")]), Err(ParameterError::Repeated { name: "limit" }));
    }
}
