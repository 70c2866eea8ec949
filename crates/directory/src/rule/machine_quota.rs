//! Computers that anybody may create who has signed in: up to ms-DS-MachineAccountQuota of them, in the domain's own
//! container, as plain as a machine needs to join. [MS-ADTS] 3.1.1.5.2.1, [MS-SAMR] 3.1.5.4.4.
//!
//! Authenticated users have the privilege for that (SeMachineAccountPrivilege), as the default policy of domain
//! controllers gives it to them. The creator does not own the computer; it is told by mS-DS-CreatorSID.

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error, Identity, Refusal, Requester};

use crate::native::Native;
use crate::record::index::{self, Postings};
use crate::record::{Draft, EntryId, Fault, Snapshot};
use crate::rule::account::{DISABLED, PASSWORD_DOES_NOT_EXPIRE, PASSWORD_NOT_REQUIRED, WORKSTATION_TRUST};
use crate::schema::object_class::ObjectClasses;

/// The well-known GUID of the container of computers, in wire order. [MS-ADTS] 6.1.1.4.
const COMPUTERS_CONTAINER: [u8; 16] =
    [0xaa, 0x31, 0x28, 0x25, 0x76, 0x88, 0x11, 0xd1, 0xad, 0xed, 0x00, 0xc0, 0x4f, 0xd8, 0xd5, 0xcd];
/// What such a computer may be born with. Attributes that the directory takes and passes over are among them.
const ATTRIBUTES: [&str; 14] = [
    "objectClass",
    "cn",
    "name",
    "distinguishedName",
    "instanceType",
    "sAMAccountName",
    "userAccountControl",
    "dNSHostName",
    "servicePrincipalName",
    "msDS-SupportedEncryptionTypes",
    "operatingSystem",
    "operatingSystemVersion",
    "operatingSystemServicePack",
    "operatingSystemHotfix",
];
/// Bits of userAccountControl that it may have.
const FLAGS: u32 = WORKSTATION_TRUST | DISABLED | PASSWORD_NOT_REQUIRED | PASSWORD_DOES_NOT_EXPIRE;

/// The creator of a computer that the requester has no right to create but may by quota.
///
/// # Errors
/// `InsufficientRights` where there is no quota, `MachineAccountQuota` when it is used up.
pub(crate) fn admit(
    native: &Native,
    snapshot: Snapshot<'_>,
    requester: &Requester,
    parent: EntryId,
    classes: &ObjectClasses,
) -> Result<Sid, Error> {
    let known = snapshot.schema.known();
    let Identity::Account { sid, .. } = &requester.identity else { return Err(Error::InsufficientRights) };
    if classes.structural != known.class_computer || Some(parent) != computers_container(native, snapshot)? {
        return Err(Error::InsufficientRights);
    }
    let head = snapshot.existing(native.facts.domain)?;
    let quota = head.integer(known.ms_ds_machine_account_quota).unwrap_or_default();
    match created(snapshot, sid, quota)? < quota {
        true => Ok(*sid),
        // Without any quota there is no way to create computers but by a right.
        false if quota <= 0 => Err(Error::InsufficientRights),
        false => Err(Error::Refused(Refusal::MachineAccountQuota)),
    }
}

/// Refuses an attribute that a computer by quota is not born with.
///
/// # Errors
/// `InsufficientRights`.
pub(crate) fn check_attribute(name: &str) -> Result<(), Error> {
    match ATTRIBUTES.contains(&name) {
        true => Ok(()),
        false => Err(Error::InsufficientRights),
    }
}

/// Refuses an account that is more than a workstation, or is not named like one. `name` is what the client called
/// sAMAccountName.
///
/// # Errors
/// `InsufficientRights`; `Unacceptable` for the name.
pub(crate) fn check_account(snapshot: Snapshot<'_>, draft: &Draft, name: &str) -> Result<(), Error> {
    let known = snapshot.schema.known();
    let flags = draft.integer(known.user_account_control).unwrap_or_default() as u32;
    if flags & !FLAGS != 0 {
        return Err(Error::InsufficientRights);
    }
    match draft.value(known.sam_account_name).is_some_and(|name| name.len() > 1 && name.ends_with(b"$")) {
        true => Ok(()),
        false => Err(Error::attribute(name, AttributeFault::Unacceptable)),
    }
}

/// Where the domain's wellKnownObjects say that computers go.
fn computers_container(native: &Native, snapshot: Snapshot<'_>) -> Result<Option<EntryId>, Fault> {
    let head = snapshot.existing(native.facts.domain)?;
    let place = head
        .values(snapshot.schema.known().well_known_objects)
        .find(|value| value.get(8..) == Some(COMPUTERS_CONTAINER.as_slice()));
    Ok(place.and_then(EntryId::read))
}

/// How many living computers somebody has created; counting stops at `most`.
fn created(snapshot: Snapshot<'_>, creator: &Sid, most: i64) -> Result<i64, Fault> {
    let known = snapshot.schema.known();
    let Some(attribute) = snapshot.schema.attribute(known.creator_sid) else { return Ok(0) };
    let octets = creator.to_bytes();
    let mut key = Vec::new();
    attribute.key(&octets, &mut key);
    let prefix = index::value_prefix(known.creator_sid, &key);
    let mut postings = Postings::open(snapshot.transaction, prefix, EntryId::NONE)?;
    let mut count = 0;
    while let Some(id) = postings.peek() {
        if count >= most {
            break;
        }
        let record = snapshot.existing(id)?;
        if !record.is_deleted() && record.values(known.creator_sid).any(|held| held == octets) {
            count += 1;
        }
        postings.advance()?;
    }
    Ok(count)
}
