//! Deleting an object, or a whole tree of them: what is left are tombstones. [MS-ADTS] 3.1.1.5.5.

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_domain::Error;

use crate::access::Wanted;
use crate::change;
use crate::operation::apply::Writing;
use crate::operation::modify::guid;
use crate::record::index::Postings;
use crate::record::{Draft, EntryId, Snapshot, credential, descriptor, index};
use crate::rule::{metadata, protection, tombstone};

/// Deletes the object with this name; with `tree`, everything below it before.
pub(crate) fn run(writing: &mut Writing<'_>, name: &ObjectName, tree: bool) -> Result<Guid, Error> {
    let id = writing.living(name)?;
    let snapshot = writing.snapshot();
    let record = snapshot.existing(id)?;
    let access = writing.access()?;
    access.require_visible(&record)?;
    let guid = guid(&Draft::of(&record), writing.native.schema.known().object_guid)?;
    // A naming context is not a tree to delete, however small: said before its objects are counted.
    protection::check_deletable(writing.native, &writing.native.schema, &record)?;
    match tree {
        // It is a right over everything below, too.
        true => access.require(&record, Wanted::Object(AccessMask::DELETE_TREE))?,
        false => access.require_delete(&record)?,
    }
    if !tree && next_child(snapshot, id, EntryId::NONE)?.is_some() {
        return Err(Error::HasChildren);
    }
    let entries_max = if tree { writing.context.limits.tree_delete_entries_max } else { 1 };
    for object in subtree(snapshot, id, entries_max as usize)?.into_iter().rev() {
        bury(writing, object)?;
    }
    Ok(guid)
}

/// The living objects from `root` downwards, parents before their children.
///
/// # Errors
/// `AdministrativeLimit` when there are more than `entries_max`: the tree goes in one transaction or not at all.
fn subtree(snapshot: Snapshot<'_>, root: EntryId, entries_max: usize) -> Result<Vec<EntryId>, Error> {
    let mut found = vec![root];
    let mut place = 0;
    while let Some(&parent) = found.get(place) {
        let mut child = next_child(snapshot, parent, EntryId::NONE)?;
        while let Some(id) = child {
            if found.len() >= entries_max {
                return Err(Error::AdministrativeLimit);
            }
            found.push(id);
            child = next_child(snapshot, parent, EntryId(id.0 + 1))?;
        }
        place += 1;
    }
    Ok(found)
}

/// The first living child of `parent` whose id is at least `from`. Tombstones that stay where they were do not hold
/// their parents.
fn next_child(snapshot: Snapshot<'_>, parent: EntryId, from: EntryId) -> Result<Option<EntryId>, Error> {
    let prefix = index::value_prefix(index::CHILDREN, &parent.key());
    let mut children = Postings::open(snapshot.transaction, prefix, from)?;
    while let Some(id) = children.peek() {
        if !snapshot.existing(id)?.is_deleted() {
            return Ok(Some(id));
        }
        children.advance()?;
    }
    Ok(None)
}

/// Turns an object without living children into its tombstone.
fn bury(writing: &mut Writing<'_>, id: EntryId) -> Result<(), Error> {
    let schema = &*writing.native.schema;
    let snapshot = writing.snapshot();
    let record = snapshot.existing(id)?;
    protection::check_delete(writing.native, snapshot, &record)?;
    let container = match protection::stays_when_deleted(schema, &record) {
        true => None,
        false => tombstone::container(snapshot, &snapshot.existing(record.naming_context())?),
    };
    let mut draft = Draft::of(&record);
    // What was in force stays in force, although the place that it came from is left ([MS-ADTS] 6.1.3).
    if let Ok(octets) = writing.access()?.descriptor(&record)?.to_bytes() {
        draft.descriptor = descriptor::intern(writing.transaction, &octets)?;
    }
    tombstone::bury(schema, container, &mut draft);
    metadata::changed(schema, writing.context.now, &mut draft);
    // The other ends of links keep their USNs: removing values with their target is no update of theirs.
    change::unlink_all(writing.transaction, id)?;
    credential::remove(writing.transaction, id)?;
    Ok(change::update(writing.transaction, schema, &mut draft)?)
}
