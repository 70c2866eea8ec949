//! The query engine: a filter becomes a typed tree, the tree a plan, the plan candidates; each candidate that is in
//! scope and visible is tested.
//!
//! An index only proposes candidates, so no answer depends on which plan was chosen.

pub(crate) mod anr;
pub(crate) mod candidates;
pub(crate) mod chain;
pub(crate) mod compile;
pub(crate) mod evaluate;
pub(crate) mod plan;
pub(crate) mod position;
pub(crate) mod scope;
pub(crate) mod selection;
pub(crate) mod sort;

use crate::record::EntryId;
use crate::schema::{Attribute, AttributeNumber};

/// A filter with its names looked up and its values typed. Made for one slice of one search.
pub(crate) enum Node<'s> {
    /// Holds for everything.
    True,
    /// Holds for nothing.
    False,
    /// Neither holds nor fails: an unknown attribute, a value that is none of the syntax. [MS-ADTS] 3.1.1.3.1.3.1.
    Undefined,
    /// All hold.
    And(Vec<Node<'s>>),
    /// One holds.
    Or(Vec<Node<'s>>),
    /// Does not hold.
    Not(Box<Node<'s>>),
    /// Some value has this key.
    Equal(&'s Attribute, Vec<u8>),
    /// Some value has one of these keys, sorted: an OR of many equalities is one probe.
    AnyEqual(&'s Attribute, Vec<Vec<u8>>),
    /// There is a value.
    Present(&'s Attribute),
    /// Some value has the pieces.
    Substrings(&'s Attribute, Pieces),
    /// Some value's key is at least this.
    AtLeast(&'s Attribute, Vec<u8>),
    /// Some value's key is at most this.
    AtMost(&'s Attribute, Vec<u8>),
    /// Some number has all these bits.
    AllBits(&'s Attribute, i64),
    /// Some number has one of these bits.
    AnyBit(&'s Attribute, i64),
    /// The object links to the target.
    LinksTo(&'s Attribute, EntryId),
    /// The source links to the object: the back link, its forward link, the source.
    LinkedFrom(&'s Attribute, AttributeNumber, EntryId),
    /// The object has a security descriptor, and the requester may read it.
    HasDescriptor,
    /// The object links to something.
    HasLinks(&'s Attribute),
    /// Something links to the object: the back link, and its forward link.
    HasBackLinks(&'s Attribute, AttributeNumber),
    /// The object is one of these, sorted, by what the attribute says of it.
    OneOf(&'s Attribute, Vec<EntryId>),
}

/// The matching keys of the pieces of a substrings filter.
pub(crate) struct Pieces {
    /// What keys start with.
    pub initial: Option<Vec<u8>>,
    /// What they have in between.
    pub any: Vec<Vec<u8>>,
    /// What they end with.
    pub last: Option<Vec<u8>>,
}

/// The values of three-valued logic. RFC 4511 section 4.5.1.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// Holds.
    True,
    /// Does not hold.
    False,
    /// Cannot be said.
    Undefined,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}
