//! Applying a decided change: the record is written, its name entered, its indexes derived.
//!
//! Rules have spoken before this. Indexes are a function of the record, so a change set of records and links is
//! enough to repeat a transaction elsewhere.

use std::collections::BTreeSet;

use bailiwick_store::WriteTransaction;

use crate::record::{Draft, EntryId, Fault, RECORD, Record, index, link, name, sequence};
use crate::schema::{AttributeNumber, Schema};

/// Writes a new object. Gives it its USN.
pub(crate) fn insert(transaction: &mut dyn WriteTransaction, schema: &Schema, draft: &mut Draft) -> Result<(), Fault> {
    stamp_usn(transaction, schema, draft, true)?;
    name::insert(transaction, schema, draft)?;
    for prefix in prefixes(schema, draft) {
        index::insert(transaction, &prefix, draft.id)?;
    }
    Ok(transaction.put(RECORD, &draft.id.key(), &draft.to_octets())?)
}

/// Writes a changed object over the stored one. Gives it its USN.
pub(crate) fn update(transaction: &mut dyn WriteTransaction, schema: &Schema, draft: &mut Draft) -> Result<(), Fault> {
    stamp_usn(transaction, schema, draft, false)?;
    update_unnoticed(transaction, schema, draft)
}

/// Writes a changed object over the stored one under its old USN: for what is not replicated, such as counts of
/// sign-ins.
pub(crate) fn update_unnoticed(
    transaction: &mut dyn WriteTransaction,
    schema: &Schema,
    draft: &Draft,
) -> Result<(), Fault> {
    let old = match transaction.get(RECORD, &draft.id.key())? {
        Some(octets) => Draft::of(&Record::new(draft.id, octets)?),
        None => return Err(Fault::Damaged { what: "reference to it", id: draft.id.0 }),
    };
    let renamed =
        old.parent != draft.parent || old.rdn_attribute != draft.rdn_attribute || old.rdn_value() != draft.rdn_value();
    if renamed {
        name::remove(transaction, schema, &old)?;
        name::insert(transaction, schema, draft)?;
    }
    let before = prefixes(schema, &old);
    let after = prefixes(schema, draft);
    for prefix in before.difference(&after) {
        index::remove(transaction, prefix, draft.id)?;
    }
    for prefix in after.difference(&before) {
        index::insert(transaction, prefix, draft.id)?;
    }
    Ok(transaction.put(RECORD, &draft.id.key(), &draft.to_octets())?)
}

/// Links `source` to `target` by the forward link `attribute`. Whether the link is new.
pub(crate) fn link(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
    data: &[u8],
) -> Result<bool, Fault> {
    link::insert(transaction, attribute, source, target, data)
}

/// Unlinks `source` from `target` where the link carries `data`. Whether the link was there.
pub(crate) fn unlink(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
    data: &[u8],
) -> Result<bool, Fault> {
    link::remove(transaction, attribute, source, target, data)
}

/// Unlinks an object from everything, in both directions.
pub(crate) fn unlink_all(transaction: &mut dyn WriteTransaction, id: EntryId) -> Result<(), Fault> {
    link::remove_all(transaction, id).map(drop)
}

/// The object carries the USN of its last change, and of its first.
fn stamp_usn(
    transaction: &mut dyn WriteTransaction,
    schema: &Schema,
    draft: &mut Draft,
    created: bool,
) -> Result<(), Fault> {
    let usn = sequence::next_usn(transaction)?.to_string();
    let known = schema.known();
    if created {
        draft.set(known.usn_created, usn.as_bytes());
    }
    draft.set(known.usn_changed, usn.as_bytes());
    Ok(())
}

/// Every list that the object belongs in.
fn prefixes(schema: &Schema, draft: &Draft) -> BTreeSet<Vec<u8>> {
    let mut prefixes = BTreeSet::new();
    prefixes.insert(index::value_prefix(index::CHILDREN, &draft.parent.key()));
    prefixes.insert(index::value_prefix(index::NAMING_CONTEXT, &draft.naming_context.key()));
    if draft.deleted {
        prefixes.insert(index::value_prefix(index::TOMBSTONES, &[]));
    }
    let mut value_key = Vec::new();
    for (number, values) in &draft.attributes {
        let Some(attribute) = schema.attribute(*number).filter(|attribute| attribute.is_indexed()) else { continue };
        for value in values {
            value_key.clear();
            attribute.key(value, &mut value_key);
            prefixes.insert(index::value_prefix(*number, &value_key));
        }
    }
    prefixes
}
