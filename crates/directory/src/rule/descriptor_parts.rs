//! The parts of a security descriptor that a client reads or writes by the SD flags control. [MS-ADTS] 3.1.1.3.4.1.11.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::Acl;
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};

const OWNER: u32 = 1;
const GROUP: u32 = 2;
const DACL: u32 = 4;
const SACL: u32 = 8;
const ALL: u32 = OWNER | GROUP | DACL | SACL;

/// Some of the four parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts(u32);

impl Parts {
    /// All four.
    pub const ALL: Parts = Parts(ALL);

    /// The parts that flags name; all of them when they name none.
    pub fn of(flags: u32) -> Parts {
        match flags & ALL {
            0 => Parts::ALL,
            flags => Parts(flags),
        }
    }

    fn include(self, part: u32) -> bool {
        self.0 & part != 0
    }

    /// What it takes to read them: the SACL is for those who manage what is audited.
    pub fn rights_to_read(self) -> AccessMask {
        let mut rights = AccessMask::NONE;
        if self.include(OWNER | GROUP | DACL) {
            rights |= AccessMask::READ_CONTROL;
        }
        if self.include(SACL) {
            rights |= AccessMask::ACCESS_SYSTEM_SECURITY;
        }
        rights
    }

    /// The descriptor with these parts only.
    pub fn taken_from(self, whole: SecurityDescriptor) -> SecurityDescriptor {
        let mut control = whole.control;
        if !self.include(DACL) {
            control = control.without(Control::DACL_PRESENT);
        }
        if !self.include(SACL) {
            control = control.without(Control::SACL_PRESENT);
        }
        SecurityDescriptor {
            control,
            owner: whole.owner.filter(|_| self.include(OWNER)),
            group: whole.group.filter(|_| self.include(GROUP)),
            dacl: whole.dacl.filter(|_| self.include(DACL)),
            sacl: whole.sacl.filter(|_| self.include(SACL)),
            resource_manager_control: whole.resource_manager_control,
        }
    }

    /// What a client means that writes these parts: one that it names and does not have is emptied. The DACL is not
    /// emptied but null then, and an object always has an owner and a group.
    pub fn written(self, given: SecurityDescriptor) -> SecurityDescriptor {
        let mut written = self.taken_from(given);
        if self.include(DACL) && written.dacl.is_none() {
            written.control = written.control.with(Control::DACL_PRESENT);
        }
        if self.include(SACL) {
            written.sacl.get_or_insert_with(|| Acl { aces: Vec::new() });
        }
        written
    }
}
