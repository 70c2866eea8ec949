//! Who may replace which part of a security descriptor, and make whom the owner. [MS-ADTS] 6.1.3.3 and 6.1.3.5.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::security_descriptor::{Control, SecurityDescriptor};
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error};

use crate::access::{Access, DS_SET_OWNER, Wanted};
use crate::record::{Record, Snapshot};

/// A descriptor before and after a client replaced it.
#[derive(Clone, Copy)]
pub(crate) struct Replaced<'r> {
    /// The object.
    pub record: Record<'r>,
    /// The explicit part as it is.
    pub before: &'r SecurityDescriptor,
    /// As it would be.
    pub after: &'r SecurityDescriptor,
    /// The attribute as the client wrote it, for faults.
    pub name: &'r str,
}

/// Refuses an owner that the requester cannot make one: anybody may own it in one of their own capacities, and
/// privileged requesters may give it away.
///
/// # Errors
/// `Unacceptable`.
pub(crate) fn check_new_owner(
    access: &Access<'_>,
    capacities: &[Sid],
    descriptor: &SecurityDescriptor,
    name: &str,
) -> Result<(), Error> {
    let is_own = descriptor.owner.is_some_and(|owner| capacities.contains(&owner));
    match is_own || access.is_privileged() {
        true => Ok(()),
        false => Err(Error::attribute(name, AttributeFault::Unacceptable)),
    }
}

/// Refuses a part of the descriptor to whom may not write it. A part that stays as it was is not written, unless
/// nothing changes at all: then it is taken for the DACL.
///
/// # Errors
/// `InsufficientRights`, `NoSuchObject`; `Unacceptable` for an owner that the requester cannot make one.
pub(crate) fn check_replaced(
    access: &Access<'_>,
    snapshot: Snapshot<'_>,
    capacities: &[Sid],
    replaced: Replaced<'_>,
) -> Result<(), Error> {
    let Replaced { record, before, after, name } = replaced;
    let differ = |part: Control| before.control & part != after.control & part;
    let owns = (before.owner, before.group) != (after.owner, after.group);
    let audits = before.sacl != after.sacl || differ(Control::SACL_PROTECTED);
    let controls = before.dacl != after.dacl || differ(Control::DACL_PROTECTED) || !(owns || audits);
    if controls {
        access.require(&record, Wanted::Object(AccessMask::WRITE_DAC))?;
    }
    if owns {
        access.require_visible(&record)?;
        let may_set_any = || access.allows(&snapshot.existing(record.naming_context())?, Wanted::Control(DS_SET_OWNER));
        if !access.allows(&record, Wanted::Object(AccessMask::WRITE_OWNER))? && !may_set_any()? {
            return Err(Error::InsufficientRights);
        }
        if before.owner != after.owner {
            check_new_owner(access, capacities, after, name)?;
        }
    }
    if audits {
        access.require(&record, Wanted::Object(AccessMask::ACCESS_SYSTEM_SECURITY))?;
    }
    Ok(())
}
