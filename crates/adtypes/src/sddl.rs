//! The text form of security descriptors. [MS-DTYP] 2.5.1.
//!
//! Conditional, label and resource ACEs have texts too, but no place in a directory's descriptors: they are refused.

mod alias;
mod read;
mod write;

use std::fmt;

use crate::access_mask::AccessMask;
use crate::acl::AceFlags;
use crate::security_descriptor::{Control, SecurityDescriptor};
use crate::sid::Sid;

/// How many octets a text may have. The longest list of plain ACEs has a text of about 200 KiB.
pub const SDDL_OCTETS_MAX: usize = 1 << 20;

/// Why a text is no descriptor, or a descriptor has no text; `at` counts octets from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SddlError {
    /// More than [`SDDL_OCTETS_MAX`] octets.
    TooLong {
        /// How many there are.
        octets: usize,
    },
    /// Something other than `O:`, `G:`, `D:` or `S:`, or one of them a second time.
    Part {
        /// Where it is.
        at: usize,
    },
    /// Neither an alias nor `S-1-…`.
    Sid {
        /// Where it is.
        at: usize,
    },
    /// Unknown flags before the entries of a list.
    Flags {
        /// Where they are.
        at: usize,
    },
    /// An entry without its closing parenthesis, or with fewer or more than six fields.
    Ace {
        /// Where it starts.
        at: usize,
    },
    /// An unknown or refused type of entry, or a GUID in an entry that is no object ACE.
    AceType {
        /// Where it is.
        at: usize,
    },
    /// Unknown flags of an entry.
    AceFlags {
        /// Where they are.
        at: usize,
    },
    /// Unknown rights.
    Rights {
        /// Where they are.
        at: usize,
    },
    /// The object type or inherited object type is no GUID.
    Guid {
        /// Where it is.
        at: usize,
    },
    /// A list of more than 65,535 octets.
    AclTooLarge {
        /// Where the entry is that no longer fits.
        at: usize,
    },
    /// To be written: an entry that is kept as raw octets.
    RawAce {
        /// Its type octet.
        ace_type: u8,
    },
}

/// Reads a descriptor. The aliases of accounts, as `DA`, stand for accounts of `domain`; those of the forest, as `EA`, of
/// `root_domain`.
///
/// # Errors
/// All of [`SddlError`] but `RawAce`.
pub fn parse(text: &str, domain: &Sid, root_domain: &Sid) -> Result<SecurityDescriptor, SddlError> {
    read::descriptor(text, domain, root_domain)
}

/// Writes a descriptor, with an alias for each SID that has one. Control flags that have no letters are lost: those of
/// defaulted parts and of the resource manager.
///
/// # Errors
/// `RawAce`.
pub fn format(descriptor: &SecurityDescriptor, domain: &Sid, root_domain: &Sid) -> Result<String, SddlError> {
    write::descriptor(descriptor, domain, root_domain)
}

/// The letters of rights, in the order in which they are written; the first one for a bit is used.
const RIGHTS: &[(&str, AccessMask)] = &[
    ("GA", AccessMask::GENERIC_ALL),
    ("GR", AccessMask::GENERIC_READ),
    ("GW", AccessMask::GENERIC_WRITE),
    ("GX", AccessMask::GENERIC_EXECUTE),
    ("CC", AccessMask::CREATE_CHILD),
    ("DC", AccessMask::DELETE_CHILD),
    ("LC", AccessMask::LIST_CONTENTS),
    ("SW", AccessMask::SELF),
    ("RP", AccessMask::READ_PROPERTY),
    ("WP", AccessMask::WRITE_PROPERTY),
    ("DT", AccessMask::DELETE_TREE),
    ("LO", AccessMask::LIST_OBJECT),
    ("CR", AccessMask::CONTROL_ACCESS),
    ("SD", AccessMask::DELETE),
    ("RC", AccessMask::READ_CONTROL),
    ("WD", AccessMask::WRITE_DAC),
    ("WO", AccessMask::WRITE_OWNER),
    ("AS", AccessMask::ACCESS_SYSTEM_SECURITY),
    ("MA", AccessMask::MAXIMUM_ALLOWED),
];

/// Letters for files and registry keys: read, because they are legal, and never written.
const FOREIGN_RIGHTS: &[(&str, AccessMask)] = &[
    ("FA", AccessMask(0x001f_01ff)),
    ("FR", AccessMask(0x0012_0089)),
    ("FW", AccessMask(0x0012_0116)),
    ("FX", AccessMask(0x0012_00a0)),
    ("KA", AccessMask(0x000f_003f)),
    ("KR", AccessMask(0x0002_0019)),
    ("KW", AccessMask(0x0002_0006)),
    ("KX", AccessMask(0x0002_0019)),
];

/// The letters of entry flags.
const ACE_FLAGS: &[(&str, AceFlags)] = &[
    ("OI", AceFlags::OBJECT_INHERIT),
    ("CI", AceFlags::CONTAINER_INHERIT),
    ("NP", AceFlags::NO_PROPAGATE_INHERIT),
    ("IO", AceFlags::INHERIT_ONLY),
    ("ID", AceFlags::INHERITED),
    ("CR", AceFlags(0x20)),
    ("SA", AceFlags::SUCCESSFUL_ACCESS),
    ("FA", AceFlags::FAILED_ACCESS),
];

/// The letters of list flags, with the control flag for the DACL and for the SACL.
const ACL_FLAGS: &[(&str, Control, Control)] = &[
    ("P", Control::DACL_PROTECTED, Control::SACL_PROTECTED),
    ("AR", Control::DACL_AUTO_INHERIT_REQUIRED, Control::SACL_AUTO_INHERIT_REQUIRED),
    ("AI", Control::DACL_AUTO_INHERITED, Control::SACL_AUTO_INHERITED),
];

/// What stands in place of the entries of the null DACL.
const NULL_ACL: &str = "NO_ACCESS_CONTROL";

impl fmt::Display for SddlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SddlError::TooLong { octets } => {
                write!(f, "the descriptor text has {octets} octets, more than {SDDL_OCTETS_MAX}")
            }
            SddlError::Part { at } => write!(f, "one of O: G: D: S:, each at most once, is expected at octet {at}"),
            SddlError::Sid { at } => write!(f, "a SID or its alias is expected at octet {at}"),
            SddlError::Flags { at } => write!(f, "unknown flags of a list at octet {at}"),
            SddlError::Ace { at } => write!(f, "the entry at octet {at} does not have the form (;;;;;)"),
            SddlError::AceType { at } => write!(f, "the type of the entry at octet {at} is unknown or does not fit"),
            SddlError::AceFlags { at } => write!(f, "unknown flags of an entry at octet {at}"),
            SddlError::Rights { at } => write!(f, "unknown rights at octet {at}"),
            SddlError::Guid { at } => write!(f, "a GUID is expected at octet {at}"),
            SddlError::AclTooLarge { at } => write!(f, "the list is too large at octet {at}"),
            SddlError::RawAce { ace_type } => write!(f, "an entry of type {ace_type} has no text form here"),
        }
    }
}

impl std::error::Error for SddlError {}
