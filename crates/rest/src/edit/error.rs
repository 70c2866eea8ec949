//! Why edits cannot be made: the request is malformed, or what it asks for is refused.

use std::fmt;

use super::proxy_addresses::ADDRESSES_MAX;
use super::{Keyword, PROXY_ADDRESSES};
use crate::value::ValueFault;

/// Why edits cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// `edits` is neither an object nor absent.
    NotAnObject,
    /// A name among the edits that is no keyword.
    UnknownKeyword {
        /// The name.
        name: String,
    },
    /// A keyword, or an attribute below one, stands twice, in different case.
    Repeated {
        /// The name as it stands the second time.
        name: String,
    },
    /// Something else than an object of attributes stands behind the keyword.
    AttributesExpected {
        /// The keyword.
        keyword: Keyword,
    },
    /// Something else than names of attributes stands behind `clear`.
    NamesExpected,
    /// The schema does not know the attribute.
    UnknownAttribute {
        /// The keyword.
        keyword: Keyword,
        /// The attribute as written.
        attribute: String,
    },
    /// An object stands where a value or an array of values should.
    ValuesExpected {
        /// The keyword.
        keyword: Keyword,
        /// The attribute.
        attribute: String,
    },
    /// An empty array: nothing to add or remove, and no way to say that all values go.
    EmptyArray {
        /// The keyword.
        keyword: Keyword,
        /// The attribute.
        attribute: String,
    },
    /// Something else than old and new values stands behind an attribute below `replace`.
    OldAndNewExpected {
        /// The attribute.
        attribute: String,
    },
    /// The new value below `replace` is none.
    NewValueExpected {
        /// The keyword; addresses have old and new ones below each.
        keyword: Keyword,
        /// The attribute.
        attribute: String,
    },
    /// A value is none of the attribute.
    Value {
        /// The keyword.
        keyword: Keyword,
        /// The attribute.
        attribute: String,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// A text is no address.
    InvalidAddress {
        /// The keyword.
        keyword: Keyword,
        /// The text.
        text: String,
    },
    /// There is nothing to do.
    NoEdits,
    /// Several values for an attribute that has one.
    SeveralValues {
        /// The keyword.
        keyword: Keyword,
        /// The attribute.
        attribute: String,
    },
    /// Flags among a `userAccountControl` that only the directory sets.
    ComputedFlags {
        /// The keyword.
        keyword: Keyword,
    },
    /// The request makes more than one address the primary one.
    SeveralPrimaries {
        /// The keyword.
        keyword: Keyword,
    },
    /// More addresses than one operation may name.
    TooManyAddresses {
        /// The keyword.
        keyword: Keyword,
    },
    /// An address to remove is not there.
    NoSuchAddress {
        /// The keyword.
        keyword: Keyword,
        /// The address.
        address: String,
    },
}

impl EditError {
    /// Whether the request is understood and refused, rather than malformed: 422, not 400.
    pub fn is_refusal(&self) -> bool {
        match self {
            EditError::NoEdits
            | EditError::SeveralValues { .. }
            | EditError::ComputedFlags { .. }
            | EditError::SeveralPrimaries { .. }
            | EditError::TooManyAddresses { .. }
            | EditError::NoSuchAddress { .. } => true,
            EditError::NotAnObject
            | EditError::UnknownKeyword { .. }
            | EditError::Repeated { .. }
            | EditError::AttributesExpected { .. }
            | EditError::NamesExpected
            | EditError::UnknownAttribute { .. }
            | EditError::ValuesExpected { .. }
            | EditError::EmptyArray { .. }
            | EditError::OldAndNewExpected { .. }
            | EditError::NewValueExpected { .. }
            | EditError::Value { .. }
            | EditError::InvalidAddress { .. } => false,
        }
    }

    /// The attribute or key at fault.
    pub fn property(&self) -> Option<&str> {
        match self {
            EditError::UnknownKeyword { name } | EditError::Repeated { name } => Some(name),
            EditError::UnknownAttribute { attribute, .. }
            | EditError::ValuesExpected { attribute, .. }
            | EditError::EmptyArray { attribute, .. }
            | EditError::OldAndNewExpected { attribute }
            | EditError::NewValueExpected { attribute, .. }
            | EditError::Value { attribute, .. }
            | EditError::SeveralValues { attribute, .. } => Some(attribute),
            EditError::ComputedFlags { .. } => Some("userAccountControl"),
            EditError::InvalidAddress { .. }
            | EditError::SeveralPrimaries { .. }
            | EditError::TooManyAddresses { .. }
            | EditError::NoSuchAddress { .. } => Some(PROXY_ADDRESSES),
            EditError::AttributesExpected { .. } => None,
            EditError::NamesExpected => Some("clear"),
            EditError::NotAnObject => Some("edits"),
            EditError::NoEdits => None,
        }
    }

    /// The operation at fault, where one is known.
    pub fn keyword(&self) -> Option<Keyword> {
        match self {
            EditError::AttributesExpected { keyword }
            | EditError::UnknownAttribute { keyword, .. }
            | EditError::ValuesExpected { keyword, .. }
            | EditError::EmptyArray { keyword, .. }
            | EditError::NewValueExpected { keyword, .. }
            | EditError::Value { keyword, .. }
            | EditError::InvalidAddress { keyword, .. }
            | EditError::SeveralValues { keyword, .. }
            | EditError::ComputedFlags { keyword }
            | EditError::SeveralPrimaries { keyword }
            | EditError::TooManyAddresses { keyword }
            | EditError::NoSuchAddress { keyword, .. } => Some(*keyword),
            EditError::OldAndNewExpected { .. } => Some(Keyword::Replace),
            EditError::NamesExpected => Some(Keyword::Clear),
            EditError::NotAnObject
            | EditError::UnknownKeyword { .. }
            | EditError::Repeated { .. }
            | EditError::NoEdits => None,
        }
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NotAnObject => f.write_str("The edits must be a JSON object."),
            EditError::UnknownKeyword { .. } => f.write_str(
                "An edit operation requires at least one of the following keywords: \
                 \"Add\", \"Set\", \"Remove\", \"Replace\", \"Clear\".",
            ),
            EditError::Repeated { name } => write!(f, "'{name}' stands twice in one object."),
            EditError::AttributesExpected { .. } => {
                f.write_str("A value type operation must be followed by a JSON object.")
            }
            EditError::NamesExpected => {
                f.write_str("'Clear' must be followed by the name of an attribute, or by an array of names.")
            }
            EditError::UnknownAttribute { attribute, .. } => write!(f, "There is no attribute '{attribute}'."),
            EditError::ValuesExpected { keyword, .. } => {
                write!(f, "A property of '{keyword}' must be a single or array of values.")
            }
            EditError::EmptyArray { keyword, attribute } => {
                write!(f, "'{attribute}' of '{keyword}' has no values; to remove all of them, use 'Clear'.")
            }
            EditError::OldAndNewExpected { .. } => {
                f.write_str("A property of 'Replace' must be a JSON object of old and new values.")
            }
            EditError::NewValueExpected { .. } => {
                f.write_str("A property's value, in a 'Replace' operation, must be a single non-null value.")
            }
            EditError::Value { attribute, fault, .. } => write!(f, "'{attribute}': {fault}"),
            EditError::InvalidAddress { text, .. } => write!(f, "'{text}' is an invalid entry."),
            EditError::NoEdits => f.write_str("No edit operations were specified."),
            EditError::SeveralValues { attribute, .. } => {
                write!(f, "'{attribute}' does not allow for multiple values.")
            }
            EditError::ComputedFlags { .. } => {
                f.write_str("LockedOut, CannotChangePassword and PasswordExpired are not set by userAccountControl.")
            }
            EditError::SeveralPrimaries { .. } => f.write_str("Only one address can be the primary one."),
            EditError::TooManyAddresses { .. } => {
                write!(f, "One operation may name at most {ADDRESSES_MAX} addresses.")
            }
            EditError::NoSuchAddress { address, .. } => write!(f, "The object does not have the address '{address}'."),
        }
    }
}

impl std::error::Error for EditError {}
