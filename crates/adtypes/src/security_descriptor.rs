//! Security descriptors in their self-relative octets. [MS-DTYP] 2.4.6.

use std::fmt;

use crate::acl::{ACL_OCTETS_MAX, Acl};
use crate::bits::bit_set;
use crate::sid::{SID_OCTETS_MAX, Sid};

/// How many octets a descriptor may have: a header, two SIDs and two lists, each of its greatest size.
pub const SECURITY_DESCRIPTOR_OCTETS_MAX: usize = HEADER_OCTETS + 2 * SID_OCTETS_MAX + 2 * (ACL_OCTETS_MAX + 3);

const HEADER_OCTETS: usize = 20;
const REVISION: u8 = 1;

/// Owner, group and the two access control lists of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SecurityDescriptor {
    /// The control flags, without SELF_RELATIVE: it tells of the octets and is added when they are written.
    ///
    /// DACL_PRESENT without a `dacl` is the null DACL, which allows everything to everybody; without the flag there is
    /// no DACL. A `dacl` that is there needs no flag, and the same goes for the SACL.
    pub control: Control,
    /// The owner.
    pub owner: Option<Sid>,
    /// The primary group of the owner; not evaluated.
    pub group: Option<Sid>,
    /// What is audited.
    pub sacl: Option<Acl>,
    /// Who may do what.
    pub dacl: Option<Acl>,
    /// An octet for the resource manager, valid with [`Control::RM_CONTROL_VALID`] and zero without.
    pub resource_manager_control: u8,
}

/// The control flags of a descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Control(pub u16);

bit_set!(Control);

impl Control {
    /// The owner was filled in by default.
    pub const OWNER_DEFAULTED: Control = Control(0x0001);
    /// The group was filled in by default.
    pub const GROUP_DEFAULTED: Control = Control(0x0002);
    /// There is a DACL; it is the null DACL if its offset is 0.
    pub const DACL_PRESENT: Control = Control(0x0004);
    /// The DACL was filled in by default.
    pub const DACL_DEFAULTED: Control = Control(0x0008);
    /// There is a SACL.
    pub const SACL_PRESENT: Control = Control(0x0010);
    /// The SACL was filled in by default.
    pub const SACL_DEFAULTED: Control = Control(0x0020);
    /// AR: the DACL is to be computed with inheritance.
    pub const DACL_AUTO_INHERIT_REQUIRED: Control = Control(0x0100);
    /// AR: the SACL is to be computed with inheritance.
    pub const SACL_AUTO_INHERIT_REQUIRED: Control = Control(0x0200);
    /// AI: the DACL was computed with inheritance.
    pub const DACL_AUTO_INHERITED: Control = Control(0x0400);
    /// AI: the SACL was computed with inheritance.
    pub const SACL_AUTO_INHERITED: Control = Control(0x0800);
    /// P: the DACL inherits nothing.
    pub const DACL_PROTECTED: Control = Control(0x1000);
    /// P: the SACL inherits nothing.
    pub const SACL_PROTECTED: Control = Control(0x2000);
    /// The octet for the resource manager is valid.
    pub const RM_CONTROL_VALID: Control = Control(0x4000);
    /// The octets hold offsets from their start.
    pub const SELF_RELATIVE: Control = Control(0x8000);
}

/// Why octets are no descriptor, or a descriptor has no octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityDescriptorError {
    /// Fewer octets than the header has, or more than [`SECURITY_DESCRIPTOR_OCTETS_MAX`].
    Length {
        /// How many there are.
        octets: usize,
    },
    /// The revision is not 1.
    Revision {
        /// The revision that was stated.
        revision: u8,
    },
    /// An offset points into the header or behind the end.
    Offset {
        /// The offset.
        offset: u32,
    },
    /// Owner or group is no SID.
    Sid,
    /// The header of a list is malformed.
    Acl,
    /// An entry of a list does not fit into it or is malformed.
    Ace {
        /// Which one, from 0.
        index: usize,
    },
    /// A list to be written is longer than [`ACL_OCTETS_MAX`].
    AclTooLarge {
        /// How long it is.
        octets: usize,
    },
}

impl SecurityDescriptor {
    /// Reads self-relative octets.
    ///
    /// # Errors
    /// All of [`SecurityDescriptorError`] but `AclTooLarge`.
    pub fn from_bytes(octets: &[u8]) -> Result<SecurityDescriptor, SecurityDescriptorError> {
        let length = SecurityDescriptorError::Length { octets: octets.len() };
        if octets.len() > SECURITY_DESCRIPTOR_OCTETS_MAX {
            return Err(length);
        }
        let header = octets.first_chunk::<HEADER_OCTETS>().ok_or(length)?;
        let [revision, resource_manager_control, low, high, offsets @ ..] = *header;
        if revision != REVISION {
            return Err(SecurityDescriptorError::Revision { revision });
        }
        let mut control = Control(u16::from_le_bytes([low, high])).without(Control::SELF_RELATIVE);
        let mut parts = [None; 4];
        for (part, offset) in parts.iter_mut().zip(offsets.as_chunks::<4>().0) {
            *part = part_at(octets, u32::from_le_bytes(*offset))?;
        }
        let [owner, group, sacl, dacl] = parts;
        let sid = |part: Option<&[u8]>| match part.map(Sid::read).transpose() {
            Ok(sid) => Ok(sid.map(|(sid, _)| sid)),
            Err(_) => Err(SecurityDescriptorError::Sid),
        };
        let mut acl = |part: Option<&[u8]>, present: Control| {
            let acl = part.filter(|_| control.contains(present)).map(Acl::read).transpose()?;
            if acl.is_some() {
                // The list itself says that it is there, so that equal descriptors have equal fields.
                control = control.without(present);
            }
            Ok(acl)
        };
        let sacl = acl(sacl, Control::SACL_PRESENT)?;
        let dacl = acl(dacl, Control::DACL_PRESENT)?;
        let resource_manager_control = match control.contains(Control::RM_CONTROL_VALID) {
            true => resource_manager_control,
            false => 0,
        };
        Ok(SecurityDescriptor { control, owner: sid(owner)?, group: sid(group)?, sacl, dacl, resource_manager_control })
    }

    /// Writes self-relative octets: header, SACL, DACL, owner, group.
    ///
    /// # Errors
    /// `AclTooLarge`.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SecurityDescriptorError> {
        let mut control = self.control | Control::SELF_RELATIVE;
        let mut out = vec![0; HEADER_OCTETS];
        let mut offsets = [0u32; 4];
        let lists = [(&self.sacl, Control::SACL_PRESENT, 2), (&self.dacl, Control::DACL_PRESENT, 3)];
        for (list, present, place) in lists {
            if let Some(list) = list {
                control |= present;
                // All that was written before has at most 64 KiB, and so for the other offsets.
                offsets[place] = out.len() as u32;
                list.write_bytes(&mut out)?;
            }
        }
        for (sid, place) in [(&self.owner, 0), (&self.group, 1)] {
            if let Some(sid) = sid {
                offsets[place] = out.len() as u32;
                sid.write_bytes(&mut out);
            }
        }
        out[0] = REVISION;
        out[1] = self.resource_manager_control;
        out[2..4].copy_from_slice(&control.0.to_le_bytes());
        for (place, offset) in offsets.iter().enumerate() {
            out[4 + 4 * place..8 + 4 * place].copy_from_slice(&offset.to_le_bytes());
        }
        Ok(out)
    }

    /// Whether the descriptor allows everything to everybody: it has the null DACL, or none.
    pub fn allows_everything(&self) -> bool {
        self.dacl.is_none()
    }

    /// Whether the DACL inherits nothing from the parent.
    pub fn is_dacl_protected(&self) -> bool {
        self.control.contains(Control::DACL_PROTECTED)
    }
}

fn part_at(octets: &[u8], offset: u32) -> Result<Option<&[u8]>, SecurityDescriptorError> {
    let start = offset as usize;
    match start {
        0 => Ok(None),
        1..HEADER_OCTETS => Err(SecurityDescriptorError::Offset { offset }),
        _ => octets.get(start..).map(Some).ok_or(SecurityDescriptorError::Offset { offset }),
    }
}

impl fmt::Display for SecurityDescriptorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecurityDescriptorError::Length { octets } => write!(f, "{octets} octets cannot be a security descriptor"),
            SecurityDescriptorError::Revision { revision } => {
                write!(f, "security descriptor revision {revision} is unknown")
            }
            SecurityDescriptorError::Offset { offset } => write!(f, "offset {offset} lies outside of the descriptor"),
            SecurityDescriptorError::Sid => f.write_str("owner or group of the security descriptor is no SID"),
            SecurityDescriptorError::Acl => f.write_str("the header of an access control list is malformed"),
            SecurityDescriptorError::Ace { index } => write!(f, "access control entry {index} is malformed"),
            SecurityDescriptorError::AclTooLarge { octets } => {
                write!(f, "an access control list of {octets} octets is longer than {ACL_OCTETS_MAX}")
            }
        }
    }
}

impl std::error::Error for SecurityDescriptorError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty protected DACL, owner and group Administrators.
    const GOLDEN: [u8; 60] = [
        1, 0, 0x04, 0x90, 28, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, // header
        2, 0, 8, 0, 0, 0, 0, 0, // DACL
        1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, // owner
        1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, // group
    ];

    fn golden() -> SecurityDescriptor {
        SecurityDescriptor {
            control: Control::DACL_PROTECTED,
            owner: Some(Sid::BUILTIN_ADMINISTRATORS),
            group: Some(Sid::BUILTIN_ADMINISTRATORS),
            dacl: Some(Acl::default()),
            ..SecurityDescriptor::default()
        }
    }

    #[test]
    fn octets_are_read_and_written() {
        assert_eq!(SecurityDescriptor::from_bytes(&GOLDEN), Ok(golden()));
        assert_eq!(golden().to_bytes().unwrap(), GOLDEN);
    }

    #[test]
    fn no_dacl_and_the_null_dacl_differ() {
        let none = SecurityDescriptor::default();
        let null = SecurityDescriptor { control: Control::DACL_PRESENT, ..SecurityDescriptor::default() };
        for descriptor in [none, null] {
            let octets = descriptor.to_bytes().unwrap();
            assert_eq!(octets.len(), 20);
            assert!(descriptor.allows_everything());
            assert_eq!(SecurityDescriptor::from_bytes(&octets), Ok(descriptor));
        }
    }

    #[test]
    fn malformed_octets_are_refused() {
        let refuse = |at: usize, octet: u8, error| {
            let mut bad = GOLDEN;
            bad[at] = octet;
            assert_eq!(SecurityDescriptor::from_bytes(&bad), Err(error), "octet {at} = {octet}");
        };
        refuse(0, 2, SecurityDescriptorError::Revision { revision: 2 });
        refuse(4, 19, SecurityDescriptorError::Offset { offset: 19 });
        refuse(8, 61, SecurityDescriptorError::Offset { offset: 61 });
        refuse(8, 60, SecurityDescriptorError::Sid);
        refuse(8, 48, SecurityDescriptorError::Sid);
        refuse(16, 28, SecurityDescriptorError::Acl);
        for length in 0..20 {
            let error = SecurityDescriptorError::Length { octets: length };
            assert_eq!(SecurityDescriptor::from_bytes(&GOLDEN[..length]), Err(error));
        }
    }
}
