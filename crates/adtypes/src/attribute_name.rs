//! Attribute descriptions: a name or OID with options. RFC 4512 section 2.5.

/// The most octets an attribute description may have.
pub const ATTRIBUTE_DESCRIPTION_OCTETS_MAX: usize = 512;
