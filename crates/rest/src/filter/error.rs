//! Why a body is no filter. Section 10.6 of the reference, and what section 16.6 refuses beyond it.

use std::fmt;

use bailiwick_adtypes::filter::{FILTER_DEPTH_MAX, FILTER_NODES_MAX};

use super::Keyword;
use crate::value::flags::UnknownFlag;

/// Why a body is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// The body is an array or a scalar, or an object without statements.
    NotAFilter,
    /// Something else than an object stands behind the keyword.
    ObjectExpected {
        /// The keyword.
        keyword: Keyword,
    },
    /// Something else than an array of objects stands behind the keyword.
    ArrayExpected {
        /// The keyword.
        keyword: Keyword,
    },
    /// No statement stands below the keyword, or an object below it has none.
    NoStatement {
        /// The keyword.
        keyword: Keyword,
    },
    /// Not exactly one attribute stands below the keyword.
    OneAttributeExpected {
        /// The keyword.
        keyword: Keyword,
    },
    /// A name that is no keyword, and that no attribute can have.
    AttributeName {
        /// The name.
        name: String,
    },
    /// An array or an object stands behind an attribute.
    ScalarExpected {
        /// The attribute.
        attribute: String,
    },
    /// A number with an exponent that nobody writes out stands behind an attribute.
    LongNumber {
        /// The attribute.
        attribute: String,
    },
    /// `null` stands where bits are looked for.
    NullNumber {
        /// The attribute.
        attribute: String,
    },
    /// No whole number stands where bits are looked for.
    NumberExpected {
        /// The attribute.
        attribute: String,
    },
    /// A flag that is none stands where bits are looked for.
    UnknownFlag {
        /// The attribute.
        attribute: String,
        /// The flag.
        flag: UnknownFlag,
    },
    /// No name of an object stands behind `recurse`.
    NameExpected {
        /// The attribute.
        attribute: String,
    },
    /// Deeper than [`FILTER_DEPTH_MAX`].
    TooDeep,
    /// More statements than [`FILTER_NODES_MAX`].
    TooManyStatements,
}

impl FilterError {
    /// What is at fault: an attribute, or a keyword as bodies write it.
    pub fn property(&self) -> Option<&str> {
        match self {
            FilterError::ObjectExpected { keyword }
            | FilterError::ArrayExpected { keyword }
            | FilterError::NoStatement { keyword }
            | FilterError::OneAttributeExpected { keyword } => Some(keyword.word()),
            FilterError::AttributeName { name: attribute }
            | FilterError::ScalarExpected { attribute }
            | FilterError::LongNumber { attribute }
            | FilterError::NullNumber { attribute }
            | FilterError::NumberExpected { attribute }
            | FilterError::UnknownFlag { attribute, .. }
            | FilterError::NameExpected { attribute } => Some(attribute),
            FilterError::NotAFilter | FilterError::TooDeep | FilterError::TooManyStatements => None,
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterError::NotAFilter => f.write_str("The body must be a JSON object with at least one statement."),
            FilterError::ObjectExpected { keyword } => write!(f, "'{keyword}' must be followed by a JSON object."),
            FilterError::ArrayExpected { keyword } => {
                write!(f, "'{keyword}' must be followed by a JSON array of objects.")
            }
            FilterError::NoStatement { keyword } => {
                write!(f, "'{keyword}' must be followed by at least one statement.")
            }
            FilterError::OneAttributeExpected { keyword } => {
                write!(f, "'{keyword}' must be followed by exactly one attribute.")
            }
            FilterError::AttributeName { name } => {
                write!(f, "'{name}' is neither a keyword nor the name of an attribute.")
            }
            FilterError::ScalarExpected { .. } => {
                f.write_str("When not using a FilterType, the only valid JSON is a Name/Value property.")
            }
            FilterError::LongNumber { attribute } => write!(f, "The exponent of '{attribute}' is too great."),
            FilterError::NullNumber { .. } => f.write_str("Can not convert Null to Int64."),
            FilterError::NumberExpected { attribute } => write!(f, "The bits of '{attribute}' must be a whole number."),
            FilterError::UnknownFlag { flag, .. } => flag.fmt(f),
            FilterError::NameExpected { attribute } => {
                write!(f, "'{attribute}' below 'Recurse' must be the name of an object.")
            }
            FilterError::TooDeep => write!(f, "The filter is deeper than {FILTER_DEPTH_MAX} levels."),
            FilterError::TooManyStatements => write!(f, "The filter has more than {FILTER_NODES_MAX} statements."),
        }
    }
}

impl std::error::Error for FilterError {}
