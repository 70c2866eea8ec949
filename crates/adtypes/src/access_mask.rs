//! The rights that an ACE grants, denies or audits. [MS-DTYP] 2.4.3, [MS-ADTS] 5.1.3.2.

use std::fmt;

use crate::bits::bit_set;

/// A set of rights.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessMask(pub u32);

bit_set!(AccessMask);

impl AccessMask {
    /// CC: create child objects, of all classes or of the object type.
    pub const CREATE_CHILD: AccessMask = AccessMask(0x0000_0001);
    /// DC: delete child objects, of all classes or of the object type.
    pub const DELETE_CHILD: AccessMask = AccessMask(0x0000_0002);
    /// LC: list the children.
    pub const LIST_CONTENTS: AccessMask = AccessMask(0x0000_0004);
    /// SW: do validated writes, all or that of the object type.
    pub const SELF: AccessMask = AccessMask(0x0000_0008);
    /// RP: read attributes, all or those of the object type.
    pub const READ_PROPERTY: AccessMask = AccessMask(0x0000_0010);
    /// WP: write attributes, all or those of the object type.
    pub const WRITE_PROPERTY: AccessMask = AccessMask(0x0000_0020);
    /// DT: delete the object with everything below it.
    pub const DELETE_TREE: AccessMask = AccessMask(0x0000_0040);
    /// LO: see the object although its container may not be listed.
    pub const LIST_OBJECT: AccessMask = AccessMask(0x0000_0080);
    /// CR: use extended rights, all or that of the object type.
    pub const CONTROL_ACCESS: AccessMask = AccessMask(0x0000_0100);
    /// SD: delete the object.
    pub const DELETE: AccessMask = AccessMask(0x0001_0000);
    /// RC: read the descriptor, except the SACL.
    pub const READ_CONTROL: AccessMask = AccessMask(0x0002_0000);
    /// WD: write the DACL.
    pub const WRITE_DAC: AccessMask = AccessMask(0x0004_0000);
    /// WO: take ownership.
    pub const WRITE_OWNER: AccessMask = AccessMask(0x0008_0000);
    /// Wait for the object; without meaning in a directory.
    pub const SYNCHRONIZE: AccessMask = AccessMask(0x0010_0000);
    /// AS: read and write the SACL; granted by privilege, not by ACEs.
    pub const ACCESS_SYSTEM_SECURITY: AccessMask = AccessMask(0x0100_0000);
    /// MA: in a request, all rights that would be granted.
    pub const MAXIMUM_ALLOWED: AccessMask = AccessMask(0x0200_0000);
    /// GA: see [`AccessMask::map_generic`].
    pub const GENERIC_ALL: AccessMask = AccessMask(0x1000_0000);
    /// GX: see [`AccessMask::map_generic`].
    pub const GENERIC_EXECUTE: AccessMask = AccessMask(0x2000_0000);
    /// GW: see [`AccessMask::map_generic`].
    pub const GENERIC_WRITE: AccessMask = AccessMask(0x4000_0000);
    /// GR: see [`AccessMask::map_generic`].
    pub const GENERIC_READ: AccessMask = AccessMask(0x8000_0000);
    /// All rights that a directory object knows.
    pub const FULL_CONTROL: AccessMask = AccessMask(0x000f_01ff);

    /// The set with its generic rights replaced by those that they stand for in a directory. [MS-ADTS] 5.1.3.2.
    pub const fn map_generic(self) -> AccessMask {
        const MAPPING: [(AccessMask, AccessMask); 4] = [
            (AccessMask::GENERIC_READ, AccessMask(0x0002_0094)),
            (AccessMask::GENERIC_WRITE, AccessMask(0x0002_0028)),
            (AccessMask::GENERIC_EXECUTE, AccessMask(0x0002_0004)),
            (AccessMask::GENERIC_ALL, AccessMask::FULL_CONTROL),
        ];
        let mut mapped = self;
        let mut index = 0;
        while index < MAPPING.len() {
            let (generic, rights) = MAPPING[index];
            if self.contains(generic) {
                mapped = mapped.without(generic).with(rights);
            }
            index += 1;
        }
        mapped
    }
}

impl fmt::Debug for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessMask({:#x})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_rights_stand_for_directory_rights() {
        assert_eq!(AccessMask::GENERIC_ALL.map_generic(), AccessMask::FULL_CONTROL);
        let read =
            AccessMask::READ_CONTROL | AccessMask::LIST_CONTENTS | AccessMask::READ_PROPERTY | AccessMask::LIST_OBJECT;
        assert_eq!((AccessMask::GENERIC_READ | AccessMask::DELETE).map_generic(), read | AccessMask::DELETE);
        assert_eq!(AccessMask::DELETE.map_generic(), AccessMask::DELETE);
    }
}
