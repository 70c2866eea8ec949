//! Objects that must stay where they are, or stay at all. [MS-ADTS] 3.1.1.5.4.1, 3.1.1.5.5.3, 3.1.1.5.5.5, 2.2.10.

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Error, Refusal};

use crate::native::Native;
use crate::record::index::Postings;
use crate::record::{EntryId, Record, Snapshot, index};
use crate::schema::{Class, Schema};

/// FLAG_DISALLOW_DELETE.
const DISALLOW_DELETE: u32 = 0x8000_0000;
/// FLAG_CONFIG_ALLOW_RENAME: objects of the configuration keep their names without it.
const CONFIG_ALLOW_RENAME: u32 = 0x4000_0000;
/// FLAG_CONFIG_ALLOW_MOVE: objects of the configuration keep their places without it.
const CONFIG_ALLOW_MOVE: u32 = 0x2000_0000;
/// FLAG_CONFIG_ALLOW_LIMITED_MOVE: servers move from site to site.
const CONFIG_ALLOW_LIMITED_MOVE: u32 = 0x1000_0000;
/// FLAG_DOMAIN_DISALLOW_RENAME.
const DOMAIN_DISALLOW_RENAME: u32 = 0x0800_0000;
/// FLAG_DOMAIN_DISALLOW_MOVE.
const DOMAIN_DISALLOW_MOVE: u32 = 0x0400_0000;
/// FLAG_DISALLOW_MOVE_ON_DELETE: the tombstone stays where the object was.
const DISALLOW_MOVE_ON_DELETE: u32 = 0x0200_0000;
/// What a client may set on a new object. [MS-ADTS] 3.1.1.5.2.4.
const GIVEN_BY_CLIENTS: u32 = CONFIG_ALLOW_RENAME | CONFIG_ALLOW_MOVE | CONFIG_ALLOW_LIMITED_MOVE;
/// RIDs below this are of the accounts that a domain is founded with. [MS-SAMR] 3.1.5.7.
const RID_OF_CLIENTS_MIN: u32 = 1000;
/// The well-known GUID of CN=System, in wire order. [MS-ADTS] 6.1.1.4.
const SYSTEM_CONTAINER: [u8; 16] =
    [0xab, 0x1d, 0x30, 0xf3, 0x76, 0x88, 0x11, 0xd1, 0xad, 0xed, 0x00, 0xc0, 0x4f, 0xd8, 0xd5, 0xcd];

/// systemFlags of a new object: what its class is born with, and what the client may choose. None when nothing is set
/// and nothing was given.
pub(crate) fn system_flags_of_new(class: &Class, given: Option<i64>) -> Option<u32> {
    let born_with = match &*class.name {
        "server" => DISALLOW_MOVE_ON_DELETE | CONFIG_ALLOW_RENAME | CONFIG_ALLOW_LIMITED_MOVE,
        "site" => DISALLOW_MOVE_ON_DELETE | CONFIG_ALLOW_RENAME,
        "serversContainer" | "nTDSDSA" => DISALLOW_MOVE_ON_DELETE,
        "siteLink" | "siteLinkBridge" | "subnet" | "nTDSConnection" => CONFIG_ALLOW_RENAME,
        _ => 0,
    };
    let flags = born_with | given.map_or(0, |given| given as u32 & GIVEN_BY_CLIENTS);
    (given.is_some() || flags != 0).then_some(flags)
}

/// Whether the tombstone of the object stays where the object was.
pub(crate) fn stays_when_deleted(schema: &Schema, record: &Record<'_>) -> bool {
    system_flags(schema, record) & DISALLOW_MOVE_ON_DELETE != 0
}

/// Refuses to change an object that only the directory changes.
///
/// # Errors
/// `SchemaChange`, `ProtectedObject`.
pub(crate) fn check_modify(native: &Native, schema: &Schema, record: &Record<'_>) -> Result<(), Error> {
    if record.naming_context() == native.facts.schema {
        return Err(Error::Refused(Refusal::SchemaChange));
    }
    let known = schema.known();
    let kept = [known.class_lost_and_found, known.class_secret, known.class_trusted_domain];
    let class = schema.class(record.class());
    match class.is_some_and(|class| kept.iter().any(|kept| class.is_a(*kept))) {
        true => Err(Error::Refused(Refusal::ProtectedObject)),
        false => Ok(()),
    }
}

/// What a rename does to an object.
pub(crate) struct Relocation<'r> {
    /// The object.
    pub record: Record<'r>,
    /// Its parent afterwards.
    pub parent: Record<'r>,
    /// Whether its RDN changes.
    pub renames: bool,
}

/// Refuses a rename or a move that the object's place or flags forbid. Heads of naming contexts have no parent and are
/// refused before.
///
/// # Errors
/// `MoveAcrossContexts`, `MoveIntoOwnSubtree`, `SchemaChange`, `ProtectedObject`, `SystemContainer`, `FixedName`.
pub(crate) fn check_relocation(
    native: &Native,
    snapshot: Snapshot<'_>,
    relocation: &Relocation<'_>,
) -> Result<(), Error> {
    let Relocation { record, parent, renames } = relocation;
    let moves = record.parent() != parent.id();
    if moves && parent.naming_context() != record.naming_context() {
        return Err(Error::Refused(Refusal::MoveAcrossContexts));
    }
    if moves && snapshot.is_within(parent.id(), record.id())? {
        return Err(Error::Refused(Refusal::MoveIntoOwnSubtree));
    }
    check_modify(native, snapshot.schema, record)?;
    let flags = system_flags(snapshot.schema, record);
    let is_in_configuration = record.naming_context() == native.facts.configuration;
    if moves && !is_in_configuration && leaves_or_enters_system(native, snapshot, record, parent)? {
        return Err(Error::Refused(Refusal::SystemContainer));
    }
    let forbidden = if is_in_configuration {
        let limited = || is_limited_move(snapshot, record, parent);
        *renames && flags & CONFIG_ALLOW_RENAME == 0
            || moves && flags & CONFIG_ALLOW_MOVE == 0 && !(flags & CONFIG_ALLOW_LIMITED_MOVE != 0 && limited()?)
    } else {
        *renames && flags & DOMAIN_DISALLOW_RENAME != 0 || moves && flags & DOMAIN_DISALLOW_MOVE != 0
    };
    if forbidden { Err(Error::Refused(Refusal::FixedName)) } else { Ok(()) }
}

/// Refuses to delete an object that is marked as one to keep. This is said before its children are counted.
///
/// # Errors
/// `ProtectedObject`.
pub(crate) fn check_deletable(native: &Native, schema: &Schema, record: &Record<'_>) -> Result<(), Error> {
    match native.contexts.is_head(record.id()) || system_flags(schema, record) & DISALLOW_DELETE != 0 {
        true => Err(Error::Refused(Refusal::ProtectedObject)),
        false => Ok(()),
    }
}

/// Refuses to delete an object that the domain, this server or the schema cannot do without.
///
/// # Errors
/// Those of [`check_deletable`]; `HasChildren`, `WellKnownAccount` and `PrimaryGroup`.
pub(crate) fn check_delete(native: &Native, snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<(), Error> {
    let schema = snapshot.schema;
    let known = schema.known();
    check_deletable(native, schema, record)?;
    // Cross-references of the naming contexts that are held here. Attributes with a name syntax store the target's id.
    let head = record.values(known.nc_name).filter_map(EntryId::read).find(|head| native.contexts.is_head(*head));
    if head.is_some_and(|head| !native.contexts.below(head).is_empty()) {
        return Err(Error::HasChildren);
    }
    if head.is_some()
        || record.naming_context() == native.facts.schema
        || snapshot.is_within(native.facts.ntds_settings, record.id())?
    {
        return Err(Error::Refused(Refusal::ProtectedObject));
    }
    let sid = record.value(known.object_sid).and_then(|sid| Sid::from_bytes(sid).ok());
    let rid = sid.filter(|sid| sid.domain() == Some(native.facts.domain_sid)).and_then(|sid| sid.rid());
    match rid {
        Some(rid) if rid < RID_OF_CLIENTS_MIN => Err(Error::Refused(Refusal::WellKnownAccount)),
        Some(rid) if is_primary_group(snapshot, rid)? => Err(Error::Refused(Refusal::PrimaryGroup)),
        _ if record.value(known.is_critical_system_object) == Some(b"TRUE") => {
            Err(Error::Refused(Refusal::ProtectedObject))
        }
        _ => Ok(()),
    }
}

/// Whether some account has the group with this RID as its primary group: the account would be left without one.
fn is_primary_group(snapshot: Snapshot<'_>, rid: u32) -> Result<bool, Error> {
    let attribute = snapshot.schema.known().primary_group_id;
    let mut key = Vec::new();
    if let Some(definition) = snapshot.schema.attribute(attribute) {
        definition.key(rid.to_string().as_bytes(), &mut key);
    }
    let mut accounts = Postings::open(snapshot.transaction, index::value_prefix(attribute, &key), EntryId::NONE)?;
    while let Some(id) = accounts.peek() {
        if !snapshot.existing(id)?.is_deleted() {
            return Ok(true);
        }
        accounts.advance()?;
    }
    Ok(false)
}

/// Whether the object keeps the ancestor three levels up: a server that goes to another site does.
fn is_limited_move(snapshot: Snapshot<'_>, record: &Record<'_>, parent: &Record<'_>) -> Result<bool, Error> {
    let grandparent = |id: EntryId| -> Result<EntryId, Error> {
        let parent = snapshot.existing(id)?.parent();
        Ok(if parent == EntryId::NONE { parent } else { snapshot.existing(parent)?.parent() })
    };
    let (before, after) = (grandparent(record.parent())?, grandparent(parent.id())?);
    Ok(before == after && before != EntryId::NONE)
}

/// Whether one of the places is below CN=System and the other is not.
fn leaves_or_enters_system(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
    parent: &Record<'_>,
) -> Result<bool, Error> {
    let domain = snapshot.existing(native.facts.domain)?;
    let system = domain
        .values(snapshot.schema.known().well_known_objects)
        .find(|value| value.get(8..) == Some(SYSTEM_CONTAINER.as_slice()))
        .and_then(EntryId::read);
    match system {
        Some(system) => Ok(snapshot.is_within(record.parent(), system)? != snapshot.is_within(parent.id(), system)?),
        None => Ok(false),
    }
}

fn system_flags(schema: &Schema, record: &Record<'_>) -> u32 {
    record.integer(schema.known().system_flags).unwrap_or_default() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_choose_only_what_loosens_the_configuration() {
        let schema = Schema::from_tables(1);
        let flags = |class: &str, given| system_flags_of_new(schema.class_named(class).unwrap(), given);
        assert_eq!(flags("user", None), None);
        assert_eq!(flags("user", Some(-1)), Some(GIVEN_BY_CLIENTS));
        assert_eq!(flags("user", Some(i64::from(DISALLOW_DELETE as i32))), Some(0));
        assert_eq!(flags("site", None), Some(DISALLOW_MOVE_ON_DELETE | CONFIG_ALLOW_RENAME));
        assert_eq!(flags("server", None), Some(0x5200_0000));
    }
}
