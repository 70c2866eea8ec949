//! Renaming and moving an object, and so everything below it: one record. [MS-ADTS] 3.1.1.5.4.1.

use bailiwick_adtypes::dn::DN_COMPONENTS_MAX;
use bailiwick_adtypes::guid::Guid;
use bailiwick_domain::{Error, ObjectFault, Refusal, Rename};

use crate::change;
use crate::operation::apply::Writing;
use crate::operation::modify::guid;
use crate::record::{Draft, EntryId};
use crate::rule::protection::{self, Relocation};
use crate::rule::{metadata, naming, possible_superior};

/// Gives an object a new RDN, a new parent, or both.
pub(crate) fn run(writing: &mut Writing<'_>, rename: &Rename) -> Result<Guid, Error> {
    let native = writing.native;
    let schema = &*native.schema;
    // 1  The object and its places.
    if !rename.delete_old_rdn {
        return Err(Error::Refused(Refusal::KeepOldRdn));
    }
    let id = writing.living(&rename.name)?;
    let new_parent =
        rename.new_superior.as_ref().map(|parent| writing.living(parent).map_err(no_parent)).transpose()?;
    let snapshot = writing.snapshot();
    let record = snapshot.existing(id)?;
    if record.parent() == EntryId::NONE {
        return Err(Error::Refused(Refusal::NamingContextHead));
    }
    let parent = snapshot.existing(new_parent.unwrap_or(record.parent()))?;
    let moves = parent.id() != record.parent();
    // 2  What the requester may know of.
    let access = writing.access()?;
    access.require_visible(&record)?;
    access.require_visible(&parent).map_err(no_parent)?;
    // 3  Naming.
    let class = schema.class(record.class()).ok_or(Error::Object(ObjectFault::NoStructuralClass))?;
    let rdn_attribute = naming::new_rdn(schema, class, &rename.new_rdn).map_err(|error| match error {
        Error::Object(ObjectFault::WrongRdnAttribute) => Error::Refused(Refusal::OtherRdnAttribute),
        error => error,
    })?;
    if rdn_attribute.number != record.rdn_attribute() {
        return Err(Error::Refused(Refusal::OtherRdnAttribute));
    }
    let value = rename.new_rdn.value.as_bytes();
    let renames = value != record.rdn_value();
    // 4  What the object and its places allow.
    protection::check_relocation(native, snapshot, &Relocation { record, parent, renames })?;
    // 5  Access.
    for attribute in [schema.known().name, record.rdn_attribute()] {
        if let Some(attribute) = schema.attribute(attribute) {
            access.require_write(&record, attribute)?;
        }
    }
    if moves {
        access.require_delete(&record)?;
        access.require_create(&parent, record.class())?;
    }
    if moves {
        possible_superior::check(class, parent.class())?;
        let depth = naming::depth(native, snapshot, parent.id())?;
        let levels = DN_COMPONENTS_MAX.checked_sub(depth + 1).ok_or(Error::InvalidName)?;
        // What lies below fits where it is, so it fits wherever the object is no deeper.
        if depth > naming::depth(native, snapshot, record.parent())? {
            naming::check_height(snapshot, id, levels)?;
        }
    }
    naming::check_free(snapshot, parent.id(), value, Some(id))?;
    // 6  Commit. Names hang off the parent's id, so nothing below is touched.
    let mut draft = Draft::of(&record);
    let guid = guid(&draft, schema.known().object_guid)?;
    if !moves && !renames {
        return Ok(guid);
    }
    draft.parent = parent.id();
    draft.set(draft.rdn_attribute, value);
    draft.set(schema.known().name, value);
    metadata::changed(schema, writing.context.now, &mut draft);
    change::update(writing.transaction, schema, &mut draft)?;
    Ok(guid)
}

/// A parent that is missing or hidden has an error of its own, unlike any other missing object. [MS-ADTS] 3.1.1.5.4.1.
fn no_parent(error: Error) -> Error {
    match error {
        Error::NoSuchObject { .. } | Error::Referral { .. } => Error::Refused(Refusal::NoNewParent),
        error => error,
    }
}
