//! Security identifiers: octets and the `S-1-…` text. [MS-DTYP] 2.4.2.

/// How many sub-authorities a SID may have. [MS-DTYP] 2.4.2.2.
pub const SUB_AUTHORITIES_MAX: usize = 15;

/// A security identifier of revision 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sid {
    authority: u64,
    count: u8,
    sub_authorities: [u32; SUB_AUTHORITIES_MAX],
}
