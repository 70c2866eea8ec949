//! One change to one attribute, as a modify request or an LDIF change record states it. RFC 4511 section 4.6.

/// What to do with the values of a [`Modification`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Add the values; the attribute need not exist.
    Add,
    /// Remove the values, or the whole attribute when there are none.
    Delete,
    /// Set the attribute to exactly the values; none removes it.
    Replace,
}

/// One change to one attribute.
#[derive(Clone, PartialEq, Eq)]
pub struct Modification {
    /// What to do.
    pub operation: Operation,
    /// The attribute description as the client wrote it.
    pub attribute: String,
    /// The values in wire form, in the client's order; may be empty for delete and replace.
    pub values: Vec<Vec<u8>>,
}

/// An attribute with its values in wire form, as an add request or an LDIF record states it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute description as the client wrote it.
    pub name: String,
    /// The values in the client's order.
    pub values: Vec<Vec<u8>>,
}
