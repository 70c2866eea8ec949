//! The access check: whether a descriptor gives somebody a right. [MS-ADTS] 5.1.3.3.
//!
//! Pure functions of who asks, the effective descriptor and the class of the object. Each right is decided by the first
//! entry that speaks of it, so a denial counts unless a grant stands before it.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AceFlags, AceKind};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;

use crate::access::inheritance;
use crate::access::token::Token;

/// What the owner of an object may do whatever its entries say, unless one of them speaks of owner rights.
const IMPLICIT_OWNER_RIGHTS: AccessMask = AccessMask(AccessMask::READ_CONTROL.0 | AccessMask::WRITE_DAC.0);
/// What the privileges of administrators imply: to take ownership, and to manage what is audited.
const PRIVILEGED_RIGHTS: AccessMask = AccessMask(AccessMask::WRITE_OWNER.0 | AccessMask::ACCESS_SYSTEM_SECURITY.0);

/// A right, and what of an object it is asked for on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    /// On the object as a whole.
    Object(AccessMask),
    /// On an attribute.
    Attribute {
        /// The rights.
        mask: AccessMask,
        /// Its schemaIDGUID.
        attribute: Guid,
        /// The property set it belongs to.
        property_set: Option<Guid>,
    },
    /// To create or delete children of a class.
    Child {
        /// The rights.
        mask: AccessMask,
        /// The schemaIDGUID of the class.
        class: Guid,
    },
    /// A control access right, by its rightsGuid.
    Control(Guid),
    /// A validated write, by its rightsGuid.
    ValidatedWrite(Guid),
}

/// Who asks about which object.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// Who asks.
    pub token: &'a Token,
    /// Whether the object stands for who asks: it has one of the token's SIDs.
    pub is_self: bool,
    /// The schemaIDGUID of the object's class.
    pub class: Guid,
}

/// Whether the descriptor gives the right.
pub(crate) fn allows(descriptor: &SecurityDescriptor, asker: &Asker<'_>, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Object(mask) => rights(descriptor, asker, &[asker.class]).contains(mask),
        Wanted::Attribute { mask, attribute, property_set } => {
            // The property set stands between the class and the attribute; an attribute outside of all sets names itself.
            let names = [asker.class, property_set.unwrap_or(attribute), attribute];
            rights(descriptor, asker, &names).contains(mask)
        }
        Wanted::Child { mask, class } => rights(descriptor, asker, &[class]).contains(mask),
        Wanted::Control(right) => rights(descriptor, asker, &[right]).contains(AccessMask::CONTROL_ACCESS),
        Wanted::ValidatedWrite(right) => rights(descriptor, asker, &[right]).contains(AccessMask::SELF),
    }
}

/// All rights on what the GUIDs name, from the class downwards: object entries about anything else are passed over.
pub(crate) fn rights(descriptor: &SecurityDescriptor, asker: &Asker<'_>, names: &[Guid]) -> AccessMask {
    let Some(dacl) = &descriptor.dacl else { return AccessMask::FULL_CONTROL };
    let is_owner = descriptor.owner.is_some_and(|owner| asker.token.contains(&owner));
    let mut granted = AccessMask::NONE;
    if asker.token.is_administrator() {
        granted |= PRIVILEGED_RIGHTS;
    }
    if is_owner && !speaks_of_owner_rights(descriptor, &asker.class) {
        granted |= IMPLICIT_OWNER_RIGHTS;
    }
    let mut denied = AccessMask::NONE;
    for ace in &dacl.aces {
        let Some(entry) = ace.access() else { continue };
        let named = match entry.object.and_then(|object| object.object_type) {
            Some(named) => names.contains(&named),
            None => true,
        };
        if !named || ace.flags.contains(AceFlags::INHERIT_ONLY) || !inheritance::is_about(ace, &asker.class) {
            continue;
        }
        let is_meant = match entry.trustee {
            Sid::SELF => asker.is_self,
            Sid::OWNER_RIGHTS => is_owner,
            trustee => asker.token.contains(&trustee),
        };
        match entry.kind {
            AceKind::Allow if is_meant => granted |= entry.mask.map_generic().without(denied),
            AceKind::Deny if is_meant => denied |= entry.mask.map_generic().without(granted),
            AceKind::Allow | AceKind::Deny | AceKind::Audit | AceKind::Alarm => {}
        }
    }
    granted
}

fn speaks_of_owner_rights(descriptor: &SecurityDescriptor, class: &Guid) -> bool {
    descriptor.dacl.iter().flat_map(|dacl| &dacl.aces).any(|ace| {
        !ace.flags.contains(AceFlags::INHERIT_ONLY)
            && inheritance::is_about(ace, class)
            && ace.access().is_some_and(|entry| entry.trustee == Sid::OWNER_RIGHTS)
    })
}

#[cfg(test)]
mod tests;
