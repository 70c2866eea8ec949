//! GUIDs in their wire order and their text form. [MS-DTYP] 2.3.4.

/// A GUID, held as the 16 octets that go over the wire (first three fields little-endian).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid([u8; 16]);

impl Guid {
    /// The GUID with these 16 octets in wire order.
    pub const fn from_bytes(bytes: [u8; 16]) -> Guid {
        Guid(bytes)
    }

    /// The 16 octets in wire order.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}
