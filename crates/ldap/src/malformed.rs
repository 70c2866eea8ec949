//! What can be wrong with bytes that claim to be LDAP. RFC 4511 sections 4.1.1 and 5.1.
//!
//! These are faults of encoding only. Which result code or disconnection follows is decided by `message` and `connection`.

use std::fmt;

use crate::ber::Tag;

/// Why some octets are not what they claim to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// An element ends before its length says, or a required element is not there.
    Truncated,
    /// A tag number above 30; LDAP has none.
    LongTag,
    /// A length of indefinite form, which RFC 4511 section 5.1 forbids.
    IndefiniteLength,
    /// A length of more octets than any buffer could have, or the reserved form.
    LengthForm,
    /// Another element stands where this one belongs.
    UnexpectedTag {
        /// What belongs here.
        expected: Tag,
        /// What is here.
        found: Tag,
    },
    /// Octets after the end of a structure that has an end.
    TrailingOctets,
    /// An INTEGER or ENUMERATED without octets, with too many, or outside the range of its field.
    IntegerRange,
    /// A BOOLEAN that is not one octet long.
    BooleanLength,
    /// A NULL that has contents.
    NullLength,
    /// A string that is not UTF-8.
    NotUtf8,
    /// A message id of zero in a request, or one outside the range.
    MessageId,
    /// An operation that LDAP does not have, or one of the other direction.
    UnknownOperation(Tag),
    /// An alternative that the field does not have.
    UnknownChoice(Tag),
    /// A number that the enumeration does not have.
    UnknownEnumerated(i64),
    /// More items than this crate accepts in one field.
    TooMany {
        /// Which field.
        items: Items,
        /// How many are accepted.
        maximum: usize,
    },
    /// A filter nests deeper than [`bailiwick_adtypes::filter::FILTER_DEPTH_MAX`].
    FilterDepth,
    /// A substrings filter without pieces, with an empty piece, or with pieces out of order.
    Substrings,
    /// An extensible match with neither a rule nor an attribute.
    ExtensibleMatch,
    /// A control or extended operation lacks the value that it is about.
    ValueMissing,
    /// A control or extended operation has a value though it is defined without one.
    ValueUnexpected,
}

/// The fields whose items are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// Controls of a message.
    Controls,
    /// Attributes that a search asks for.
    SearchAttributes,
    /// Nodes of a filter; a piece of a substrings filter counts as one.
    FilterNodes,
    /// Attributes of an add request.
    Attributes,
    /// Changes of a modify request.
    Modifications,
    /// Values of an add or modify request, over all its attributes.
    Values,
    /// Addresses of a referral or of a search reference.
    Referrals,
    /// Keys of a sort control.
    SortKeys,
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => formatter.write_str("an element is cut short or missing"),
            Self::LongTag => formatter.write_str("a tag number is above 30"),
            Self::IndefiniteLength => formatter.write_str("a length is of indefinite form"),
            Self::LengthForm => formatter.write_str("a length has an unusable form"),
            Self::UnexpectedTag { expected, found } => {
                write!(formatter, "tag {found:?} stands where {expected:?} belongs")
            }
            Self::TrailingOctets => formatter.write_str("octets follow the end of a structure"),
            Self::IntegerRange => formatter.write_str("a number is outside the range of its field"),
            Self::BooleanLength => formatter.write_str("a boolean is not one octet long"),
            Self::NullLength => formatter.write_str("a null has contents"),
            Self::NotUtf8 => formatter.write_str("a string is not UTF-8"),
            Self::MessageId => formatter.write_str("a message id is zero or out of range"),
            Self::UnknownOperation(tag) => write!(formatter, "no operation has the tag {tag:?}"),
            Self::UnknownChoice(tag) => write!(formatter, "no alternative has the tag {tag:?}"),
            Self::UnknownEnumerated(number) => write!(formatter, "the enumeration lacks {number}"),
            Self::TooMany { items, maximum } => {
                write!(formatter, "more than {maximum} items in {items:?}")
            }
            Self::FilterDepth => formatter.write_str("a filter nests too deep"),
            Self::Substrings => formatter.write_str("the pieces of a substrings filter are wrong"),
            Self::ExtensibleMatch => formatter.write_str("an extensible match has neither rule nor attribute"),
            Self::ValueMissing => formatter.write_str("a required value is missing"),
            Self::ValueUnexpected => formatter.write_str("a value stands where none is defined"),
        }
    }
}

impl std::error::Error for Malformed {}

/// Takes one item from what is left of a field's allowance.
///
/// # Errors
/// `TooMany` when nothing is left; `maximum` is what the allowance started with.
pub(crate) fn count(left: &mut usize, items: Items, maximum: usize) -> Result<(), Malformed> {
    match left.checked_sub(1) {
        Some(fewer) => {
            *left = fewer;
            Ok(())
        }
        None => Err(Malformed::TooMany { items, maximum }),
    }
}
