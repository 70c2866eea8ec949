//! Who may do what with an object: its security descriptor, read, and its own entries added and removed.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::acl::{AccessEntry, Ace, AceEntry, AceFlags, AceKind, AceObject};
use bailiwick_adtypes::dn::Rdn;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;
use bailiwick_adtypes::sid::Sid;

use super::right::CHANGE_PASSWORD;
use super::target::search;
use super::{Error, Target, change_attributes, domain};
use crate::{Budget, Collect, Context, Directory, Scope, SearchOptions, SearchRequest};

/// The attribute.
pub(super) const DESCRIPTOR: &str = "nTSecurityDescriptor";
/// The DACL alone.
pub(super) const DACL_ONLY: u32 = 4;
/// Owner, group and DACL: all but the SACL, which needs a right of its own. [MS-ADTS] 3.1.1.3.4.1.11.
const WITHOUT_SACL: u32 = 7;

/// Reads the descriptor of an object, inherited entries included.
///
/// # Errors
/// `Unsaid` when the requester may not read it.
pub fn read_descriptor(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
) -> Result<SecurityDescriptor, Error> {
    let request = SearchRequest {
        base: target.name(),
        scope: Scope::Base,
        filter: Filter::any_object(),
        selection: vec![DESCRIPTOR.to_owned()],
        types_only: false,
        options: SearchOptions { sd_flags: Some(WITHOUT_SACL), domain_scope: true, ..SearchOptions::default() },
    };
    let mut found = Collect::default();
    directory.search(context, &request, None, Budget { entries_examined: u32::MAX, entries_sent: 1 }, &mut found)?;
    let value = found.entries.first().and_then(|entry| entry.values(DESCRIPTOR).first());
    value.and_then(|octets| SecurityDescriptor::from_bytes(octets).ok()).ok_or(Error::Unsaid { attribute: DESCRIPTOR })
}

/// Adds entries to those that the object has itself; one that is there already is not added again. Says how many were
/// added.
///
/// # Errors
/// The directory refuses.
pub fn grant(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    entries: &[Ace],
) -> Result<usize, Error> {
    let mut descriptor = read_descriptor(directory, context, target)?;
    let dacl = descriptor.dacl.get_or_insert_default();
    let mut added = 0;
    for entry in entries.iter().filter(|entry| !entry.flags.contains(AceFlags::INHERITED)) {
        if dacl.aces.contains(entry) {
            continue;
        }
        // Denials come before grants, and what the object has itself before what it inherits ([MS-DTYP] 2.4.5).
        let place = match is_denial(entry) {
            true => 0,
            false => dacl.aces.iter().take_while(|ace| is_denial(ace) && !is_inherited(ace)).count(),
        };
        dacl.aces.insert(place, entry.clone());
        added += 1;
    }
    if added > 0 {
        write(directory, context, target, &descriptor)?;
    }
    Ok(added)
}

/// Removes those of the object's own entries for which `is_revoked` holds. Says how many there were.
///
/// # Errors
/// `NotGranted` when there are none, or the directory refuses.
pub fn revoke(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    is_revoked: &dyn Fn(&Ace) -> bool,
) -> Result<usize, Error> {
    let mut descriptor = read_descriptor(directory, context, target)?;
    let dacl = descriptor.dacl.get_or_insert_default();
    let before = dacl.aces.len();
    dacl.aces.retain(|ace| is_inherited(ace) || !is_revoked(ace));
    let removed = before - dacl.aces.len();
    if removed == 0 {
        return Err(Error::NotGranted);
    }
    write(directory, context, target, &descriptor)?;
    Ok(removed)
}

fn write(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    descriptor: &SecurityDescriptor,
) -> Result<(), Error> {
    let octets = descriptor.to_bytes().map_err(|_| Error::Unsaid { attribute: DESCRIPTOR })?;
    let modification =
        Modification { operation: Operation::Replace, attribute: DESCRIPTOR.to_owned(), values: vec![octets] };
    change_attributes(directory, context, target, vec![modification])
}

/// The descriptor of a new user who may not change the password: the one of the class, with denials in front. It is
/// how Active Directory says so ([MS-ADTS] 2.2.16, ADS_UF_PASSWD_CANT_CHANGE).
pub(super) fn without_password_change(directory: &dyn Directory, context: &Context<'_>) -> Result<Vec<u8>, Error> {
    of_new(directory, context, "User", denials_of_password_change())
}

/// The descriptor of a new unit that nobody deletes by accident: the one of the class, with a denial in front.
pub(super) fn of_protected_unit(directory: &dyn Directory, context: &Context<'_>) -> Result<Vec<u8>, Error> {
    of_new(directory, context, "Organizational-Unit", [denial_to_everyone(DELETION)])
}

/// What protection from accidental deletion denies on the object: `(D;;SDDT;;;WD)`, as Microsoft's consoles write it.
const DELETION: AccessMask = AccessMask(AccessMask::DELETE.0 | AccessMask::DELETE_TREE.0);

/// What the same consoles deny on its parent, so that the right over children does not get around it: `(D;;DC;;;WD)`.
pub(super) fn denial_of_child_deletion() -> Ace {
    denial_to_everyone(AccessMask::DELETE_CHILD)
}

fn denial_to_everyone(mask: AccessMask) -> Ace {
    let entry = AccessEntry { kind: AceKind::Deny, mask, trustee: Sid::EVERYONE, object: None };
    Ace { flags: AceFlags::NONE, entry: AceEntry::Access(entry) }
}

/// Whether everybody is denied to delete the object, by an entry of its own or an inherited one.
pub(super) fn is_protected(descriptor: &SecurityDescriptor) -> bool {
    let is_denial = |ace: &Ace| match &ace.entry {
        AceEntry::Access(entry) => {
            entry.kind == AceKind::Deny
                && entry.trustee == Sid::EVERYONE
                && entry.mask.0 & DELETION.0 != 0
                && !ace.flags.contains(AceFlags::INHERIT_ONLY)
        }
        _ => false,
    };
    descriptor.dacl.iter().flat_map(|dacl| &dacl.aces).any(is_denial)
}

/// The descriptor that the class with this common name gives new objects, with entries in front.
fn of_new(
    directory: &dyn Directory,
    context: &Context<'_>,
    class: &str,
    entries: impl IntoIterator<Item = Ace>,
) -> Result<Vec<u8>, Error> {
    let attribute = "defaultSecurityDescriptor";
    let domain = domain(directory, context)?;
    let sid = domain.sid(directory, context)?;
    let class = domain.schema.child(Rdn { attribute: "CN".to_owned(), value: class.to_owned() });
    let found = search(directory, context, class.into(), Scope::Base, Filter::any_object(), &[attribute], 1)?;
    let text = found.first().and_then(|entry| entry.text(attribute));
    let parsed = text.and_then(|text| sddl::parse(text, &sid, &sid).ok());
    let mut descriptor = parsed.ok_or(Error::Unsaid { attribute })?;
    let dacl = descriptor.dacl.get_or_insert_default();
    for entry in entries {
        dacl.aces.insert(0, entry);
    }
    descriptor.to_bytes().map_err(|_| Error::Unsaid { attribute })
}

/// Denies a user to change the password, or takes that denial back.
pub(super) fn deny_password_change(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    denied: bool,
) -> Result<(), Error> {
    let denials = denials_of_password_change();
    if denied {
        return grant(directory, context, target, &denials).map(drop);
    }
    match revoke(directory, context, target, &|ace| denials.contains(ace)) {
        Ok(_) | Err(Error::NotGranted) => Ok(()),
        Err(error) => Err(error),
    }
}

fn denials_of_password_change() -> [Ace; 2] {
    [Sid::SELF, Sid::EVERYONE].map(|trustee| {
        let object = Some(AceObject { object_type: Some(CHANGE_PASSWORD), inherited_object_type: None });
        let mask = AccessMask::CONTROL_ACCESS;
        let entry = AceEntry::Access(AccessEntry { kind: AceKind::Deny, mask, trustee, object });
        Ace { flags: AceFlags::NONE, entry }
    })
}

fn is_denial(ace: &Ace) -> bool {
    matches!(ace.entry, AceEntry::Access(AccessEntry { kind: AceKind::Deny, .. }))
}

fn is_inherited(ace: &Ace) -> bool {
    ace.flags.contains(AceFlags::INHERITED)
}
