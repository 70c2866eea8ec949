//! The parts of a security descriptor that the SD flags control asks for. [MS-ADTS] 3.1.1.3.4.1.11.

use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};

const OWNER: u32 = 1;
const GROUP: u32 = 2;
const DACL: u32 = 4;
const SACL: u32 = 8;

/// The descriptor without the parts that are not asked for. No flag at all asks for everything.
pub(crate) fn parts(whole: SecurityDescriptor, flags: u32) -> SecurityDescriptor {
    let asked = |part: u32| flags & (OWNER | GROUP | DACL | SACL) == 0 || flags & part != 0;
    let mut control = whole.control;
    if !asked(DACL) {
        control = control.without(Control::DACL_PRESENT);
    }
    if !asked(SACL) {
        control = control.without(Control::SACL_PRESENT);
    }
    SecurityDescriptor {
        control,
        owner: whole.owner.filter(|_| asked(OWNER)),
        group: whole.group.filter(|_| asked(GROUP)),
        dacl: whole.dacl.filter(|_| asked(DACL)),
        sacl: whole.sacl.filter(|_| asked(SACL)),
        resource_manager_control: whole.resource_manager_control,
    }
}
