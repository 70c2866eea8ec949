//! Links between objects by id, stored in both directions.
//!
//! A value of a forward link is one key under its source and one under its target, so that adding a member to a
//! group of a hundred thousand writes two small keys, and a rename writes none.

use std::ops::ControlFlow;

use bailiwick_store::{ReadTransaction, Space, WriteTransaction};

use crate::record::{BACK_LINK, EntryId, Fault, LINK};
use crate::schema::AttributeNumber;

/// Links `source` to `target`. `data` is what the value's syntax carries beside the name. Whether it is new.
pub(crate) fn insert(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
    data: &[u8],
) -> Result<bool, Fault> {
    let forward = key(source, attribute, target);
    if transaction.get(LINK, &forward)?.is_some_and(|stored| stored == data) {
        return Ok(false);
    }
    transaction.put(LINK, &forward, data)?;
    transaction.put(BACK_LINK, &key(target, attribute, source), &[])?;
    Ok(true)
}

/// Removes the link from `source` to `target`. Whether it was there.
pub(crate) fn remove(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
) -> Result<bool, Fault> {
    let was = transaction.delete(LINK, &key(source, attribute, target))?;
    transaction.delete(BACK_LINK, &key(target, attribute, source))?;
    Ok(was)
}

/// Whether `source` links to `target`, and with what data.
pub(crate) fn find<'t>(
    transaction: &'t dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
) -> Result<Option<&'t [u8]>, Fault> {
    Ok(transaction.get(LINK, &key(source, attribute, target))?)
}

/// The objects that `source` links to by `attribute`, in id order, from the first that is at least `from`.
pub(crate) fn targets(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    walk(transaction, LINK, attribute, source, from, visit)
}

/// The objects that link to `target` by `attribute`, in id order, from the first that is at least `from`.
/// `attribute` is the forward link.
pub(crate) fn sources(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    target: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    walk(transaction, BACK_LINK, attribute, target, from, visit)
}

fn walk(
    transaction: &dyn ReadTransaction,
    space: Space,
    attribute: AttributeNumber,
    near: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let prefix = &key(near, attribute, EntryId::NONE)[..12];
    let end = crate::record::index::after_prefix(prefix);
    Ok(transaction.scan(space, &key(near, attribute, from), Some(&end), &mut |key, data| {
        match key.get(12..).and_then(EntryId::read) {
            Some(far) => visit(far, data),
            None => ControlFlow::Continue(()),
        }
    })?)
}

/// Every link from or to an object: (attribute, source, target). For deletion.
pub(crate) fn all_of(
    transaction: &dyn ReadTransaction,
    id: EntryId,
) -> Result<Vec<(AttributeNumber, EntryId, EntryId)>, Fault> {
    let mut links = Vec::new();
    for space in [LINK, BACK_LINK] {
        let end = crate::record::index::after_prefix(&id.key());
        transaction.scan(space, &id.key(), Some(&end), &mut |key, _| {
            if let (Some(attribute), Some(far)) =
                (key.get(8..12).and_then(<[u8]>::first_chunk::<4>), key.get(12..).and_then(EntryId::read))
            {
                let attribute = AttributeNumber(u32::from_be_bytes(*attribute));
                links.push(if space == LINK { (attribute, id, far) } else { (attribute, far, id) });
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(links)
}

fn key(near: EntryId, attribute: AttributeNumber, far: EntryId) -> [u8; 20] {
    let mut key = [0; 20];
    key[..8].copy_from_slice(&near.key());
    key[8..12].copy_from_slice(&attribute.0.to_be_bytes());
    key[12..].copy_from_slice(&far.key());
    key
}
