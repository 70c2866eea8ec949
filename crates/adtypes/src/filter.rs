//! Search filters as a tree; `read` and `write` have their text form. RFC 4511 section 4.5.1.7, RFC 4515.

mod read;
mod write;

pub use read::FilterError;

/// How deep a filter may nest; a leaf has depth 1. Deeper ones are refused by every reader.
pub const FILTER_DEPTH_MAX: usize = 64;
/// How many nodes (leaves and branches) a filter may have.
pub const FILTER_NODES_MAX: usize = 16_384;

/// A search filter. Values are octets as on the wire, attribute names are as the client wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All hold; empty is absolute true (RFC 4526).
    And(Vec<Filter>),
    /// One holds; empty is absolute false (RFC 4526).
    Or(Vec<Filter>),
    /// Does not hold.
    Not(Box<Filter>),
    /// Some value equals.
    Equality(Assertion),
    /// Some value has these pieces in this order.
    Substrings(Substrings),
    /// Some value is greater than or equal.
    GreaterOrEqual(Assertion),
    /// Some value is less than or equal.
    LessOrEqual(Assertion),
    /// The attribute has a value.
    Present(String),
    /// Some value is about equal.
    Approximate(Assertion),
    /// An extensible match.
    Extensible(Extensible),
}

/// An attribute and a value to compare it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Attribute description.
    pub attribute: String,
    /// Asserted value.
    pub value: Vec<u8>,
}

/// The pieces of a substrings filter; at least one piece is there, and none is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substrings {
    /// Attribute description.
    pub attribute: String,
    /// What values start with.
    pub initial: Option<Vec<u8>>,
    /// What they have in between, in order, without overlap.
    pub any: Vec<Vec<u8>>,
    /// What they end with.
    pub last: Option<Vec<u8>>,
}

/// An extensible match: `attribute:dn:rule:=value`. One of rule and attribute is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extensible {
    /// Matching rule, name or OID.
    pub rule: Option<String>,
    /// Attribute description.
    pub attribute: Option<String>,
    /// Asserted value.
    pub value: Vec<u8>,
    /// Whether the attributes of the DN count too.
    pub dn_attributes: bool,
}

impl Filter {
    /// The filter that holds for every object of a directory: `(objectClass=*)`.
    pub fn any_object() -> Filter {
        Filter::Present("objectClass".to_owned())
    }

    /// How deep the filter nests; a leaf and an empty branch have depth 1.
    pub fn depth(&self) -> usize {
        1 + self.children().iter().map(Filter::depth).max().unwrap_or(0)
    }

    /// How many leaves and branches the filter has.
    pub fn nodes(&self) -> usize {
        1 + self.children().iter().map(Filter::nodes).sum::<usize>()
    }

    /// The filters that this one joins or negates; a leaf has none.
    pub fn children(&self) -> &[Filter] {
        match self {
            Filter::And(children) | Filter::Or(children) => children,
            Filter::Not(child) => std::slice::from_ref(child),
            _ => &[],
        }
    }
}
