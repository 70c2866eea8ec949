//! What an object may have and hold by the schema: allowedAttributes, allowedChildClasses, possibleInferiors.

use std::collections::BTreeSet;

use crate::record::{Record, Snapshot};
use crate::schema::{Class, ClassNumber};

/// The attributes that the object's classes allow.
pub(crate) fn attributes(snapshot: Snapshot<'_>, record: &Record<'_>) -> Vec<Vec<u8>> {
    let classes = record
        .values(snapshot.schema.known().object_class)
        .filter_map(|name| snapshot.schema.class_named(std::str::from_utf8(name).ok()?));
    let allowed: BTreeSet<_> = classes.flat_map(|class| class.must.iter().chain(class.may.iter())).collect();
    allowed
        .into_iter()
        .filter_map(|number| snapshot.schema.attribute(*number))
        .map(|attribute| attribute.name.as_bytes().to_vec())
        .collect()
}

/// The classes whose objects may stand below the object.
pub(crate) fn child_classes(snapshot: Snapshot<'_>, record: &Record<'_>) -> Vec<Vec<u8>> {
    below(snapshot, record.class())
}

/// Of a classSchema object: the classes whose objects may stand below objects of it.
pub(crate) fn possible_inferiors(snapshot: Snapshot<'_>, record: &Record<'_>) -> Vec<Vec<u8>> {
    match u32::try_from(record.id().0) {
        Ok(number) if snapshot.schema.class(ClassNumber(number)).is_some() => below(snapshot, ClassNumber(number)),
        _ => Vec::new(),
    }
}

fn below(snapshot: Snapshot<'_>, parent: ClassNumber) -> Vec<Vec<u8>> {
    let may_be_made = |class: &&Class| !class.system_only && !class.defunct && class.is_instantiable();
    snapshot
        .schema
        .classes()
        .filter(may_be_made)
        .filter(|class| class.may_stand_below(parent))
        .map(|class| class.name.as_bytes().to_vec())
        .collect()
}
