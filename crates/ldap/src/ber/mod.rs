//! The part of ASN.1 BER that LDAP uses: single-octet tags, definite lengths, primitive strings. RFC 4511 section 5.1, X.690.

mod length;
mod reader;
mod writer;

use std::fmt;

pub(crate) use length::LengthOctets;
pub use reader::Reader;
pub(crate) use reader::{text, unsigned};
pub use writer::{Mark, Writer};

/// The identifier octet of an element: class, constructed or not, and a number from 0 to 30.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self(0x01);
    /// INTEGER.
    pub const INTEGER: Self = Self(0x02);
    /// OCTET STRING, and every string type of LDAP.
    pub const OCTET_STRING: Self = Self(0x04);
    /// NULL.
    pub const NULL: Self = Self(0x05);
    /// ENUMERATED.
    pub const ENUMERATED: Self = Self(0x0A);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self(0x30);
    /// SET and SET OF.
    pub const SET: Self = Self(0x31);

    /// A primitive element of the context-specific class; `number` is at most 30.
    pub const fn context(number: u8) -> Self {
        Self(0x80 | number)
    }

    /// A constructed element of the context-specific class; `number` is at most 30.
    pub const fn context_constructed(number: u8) -> Self {
        Self(0xA0 | number)
    }

    /// A primitive element of the application class; `number` is at most 30.
    pub const fn application(number: u8) -> Self {
        Self(0x40 | number)
    }

    /// A constructed element of the application class; `number` is at most 30.
    pub const fn application_constructed(number: u8) -> Self {
        Self(0x60 | number)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#04x}", self.0)
    }
}
