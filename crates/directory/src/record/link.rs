//! Links between objects by id, stored in both directions.
//!
//! A value of a forward link is one key under its source and one under its target, so that adding a member to a
//! group of a hundred thousand writes two small keys, and a rename writes none. Both keys are made of the same
//! parts, the near end first:
//!
//! ```text
//! near end u64 | link attribute u32 | far end u64 | digest of the data (16 octets), when the value has data
//! ```
//!
//! The data that a value carries beside the name (DN-Binary) is part of the value: two values with the same target
//! and different data are two links.

use std::ops::ControlFlow;

use bailiwick_store::{ReadTransaction, Space, WriteTransaction};
use sha2::{Digest, Sha256};

use crate::record::index::after_prefix;
use crate::record::{BACK_LINK, EntryId, Fault, LINK};
use crate::schema::AttributeNumber;

const ATTRIBUTE_AT: usize = 8;
const FAR_AT: usize = 12;
const DIGEST_AT: usize = 20;
const DIGEST_OCTETS: usize = 16;

/// Links `source` to `target`. `data` is what the value's syntax carries beside the name. Whether it is new.
pub(crate) fn insert(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
    data: &[u8],
) -> Result<bool, Fault> {
    let forward = key(source, attribute, target, data);
    if transaction.get(LINK, &forward)?.is_some() {
        return Ok(false);
    }
    transaction.put(LINK, &forward, data)?;
    transaction.put(BACK_LINK, &mirrored(&forward), &[])?;
    Ok(true)
}

/// Removes the link from `source` to `target` with this data. Whether it was there.
pub(crate) fn remove(
    transaction: &mut dyn WriteTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
    data: &[u8],
) -> Result<bool, Fault> {
    let forward = key(source, attribute, target, data);
    let was = transaction.delete(LINK, &forward)?;
    if was {
        transaction.delete(BACK_LINK, &mirrored(&forward))?;
    }
    Ok(was)
}

/// Removes every link from and to an object. How many there were.
pub(crate) fn remove_all(transaction: &mut dyn WriteTransaction, id: EntryId) -> Result<usize, Fault> {
    let mut removed = 0;
    for (near, far) in [(LINK, BACK_LINK), (BACK_LINK, LINK)] {
        let mut keys = Vec::new();
        transaction.scan(near, &id.key(), Some(&after_prefix(&id.key())), &mut |key, _| {
            keys.push(key.to_vec());
            ControlFlow::Continue(())
        })?;
        removed += keys.len();
        for key in keys {
            transaction.delete(near, &key)?;
            transaction.delete(far, &mirrored(&key))?;
        }
    }
    Ok(removed)
}

/// Whether `source` links to `target`, and with what data; of several, the data of the first.
pub(crate) fn find(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    target: EntryId,
) -> Result<Option<&[u8]>, Fault> {
    let prefix = key(source, attribute, target, &[]);
    let found = transaction.first_at_or_after(LINK, &prefix)?;
    Ok(found.filter(|(key, _)| key.starts_with(&prefix)).map(|(_, data)| data))
}

/// The link attributes that an object has values of, by their numbers. Costs a step for each, however many values
/// they have.
pub(crate) fn attributes_of(transaction: &dyn ReadTransaction, source: EntryId) -> Result<Vec<AttributeNumber>, Fault> {
    let mut attributes = Vec::new();
    let mut from = source.key().to_vec();
    while let Some((key, _)) = transaction.first_at_or_after(LINK, &from)? {
        let Some(prefix) = key.get(..FAR_AT).filter(|prefix| prefix.starts_with(&source.key())) else { break };
        attributes.extend(attribute_in(key));
        from = after_prefix(prefix);
    }
    Ok(attributes)
}

/// The objects that `source` links to by `attribute` with the data of each value, in id order, from the first that
/// is at least `from`. An object is visited once for each value.
pub(crate) fn targets(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    walk(transaction, LINK, attribute, source, from, visit)
}

/// The objects that link to `target` by `attribute`, in id order, from the first that is at least `from`, each once.
/// `attribute` is the forward link.
pub(crate) fn sources(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    target: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let mut last = EntryId::NONE;
    walk(transaction, BACK_LINK, attribute, target, from, &mut |source, data| {
        if std::mem::replace(&mut last, source) == source { ControlFlow::Continue(()) } else { visit(source, data) }
    })
}

fn walk(
    transaction: &dyn ReadTransaction,
    space: Space,
    attribute: AttributeNumber,
    near: EntryId,
    from: EntryId,
    visit: &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let start = key(near, attribute, from, &[]);
    let end = after_prefix(&start[..FAR_AT]);
    Ok(transaction.scan(
        space,
        &start,
        Some(&end),
        &mut |key, data| match key.get(FAR_AT..).and_then(EntryId::read) {
            Some(far) => visit(far, data),
            None => ControlFlow::Continue(()),
        },
    )?)
}

fn key(near: EntryId, attribute: AttributeNumber, far: EntryId, data: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(DIGEST_AT + DIGEST_OCTETS);
    key.extend_from_slice(&near.key());
    key.extend_from_slice(&attribute.0.to_be_bytes());
    key.extend_from_slice(&far.key());
    if !data.is_empty() {
        key.extend_from_slice(&Sha256::digest(data)[..DIGEST_OCTETS]);
    }
    key
}

/// The key of the same link in the other direction.
fn mirrored(key: &[u8]) -> Vec<u8> {
    let mut mirrored = Vec::with_capacity(key.len());
    for part in [FAR_AT..DIGEST_AT, ATTRIBUTE_AT..FAR_AT, 0..ATTRIBUTE_AT, DIGEST_AT..key.len()] {
        mirrored.extend_from_slice(key.get(part).unwrap_or_default());
    }
    mirrored
}

fn attribute_in(key: &[u8]) -> Option<AttributeNumber> {
    let octets = key.get(ATTRIBUTE_AT..)?.first_chunk::<4>()?;
    Some(AttributeNumber(u32::from_be_bytes(*octets)))
}

#[cfg(test)]
mod tests {
    use bailiwick_store::{Memory, Store};

    use super::*;
    use crate::record::SPACES;

    const MEMBER: AttributeNumber = AttributeNumber(7);
    const KEYS: AttributeNumber = AttributeNumber(9);

    fn written(work: impl Fn(&mut dyn WriteTransaction) + Send + Sync) -> Memory {
        let store = Memory::open(SPACES);
        let store_dyn: &dyn Store = &store;
        let outcome: Result<(), ()> = store_dyn
            .transact(|transaction| {
                work(transaction);
                Ok(())
            })
            .unwrap();
        outcome.unwrap();
        store
    }

    fn targets_of(store: &Memory, attribute: AttributeNumber, source: u64) -> Vec<(u64, Vec<u8>)> {
        let mut found = Vec::new();
        let transaction = store.read().unwrap();
        targets(transaction.as_ref(), attribute, EntryId(source), EntryId::NONE, &mut |target, data| {
            found.push((target.0, data.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    fn sources_of(store: &Memory, attribute: AttributeNumber, target: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let transaction = store.read().unwrap();
        sources(transaction.as_ref(), attribute, EntryId(target), EntryId::NONE, &mut |source, _| {
            found.push(source.0);
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    #[test]
    fn a_link_is_seen_from_both_ends_and_goes_from_both() {
        let store = written(|transaction| {
            assert!(insert(transaction, MEMBER, EntryId(1), EntryId(2), &[]).unwrap());
            assert!(!insert(transaction, MEMBER, EntryId(1), EntryId(2), &[]).unwrap());
            assert!(insert(transaction, MEMBER, EntryId(1), EntryId(3), &[]).unwrap());
            assert!(remove(transaction, MEMBER, EntryId(1), EntryId(3), &[]).unwrap());
            assert!(!remove(transaction, MEMBER, EntryId(1), EntryId(3), &[]).unwrap());
        });
        assert_eq!(targets_of(&store, MEMBER, 1), [(2, vec![])]);
        assert_eq!(sources_of(&store, MEMBER, 2), [1]);
        assert!(sources_of(&store, MEMBER, 3).is_empty());
    }

    #[test]
    fn values_with_the_same_target_and_other_data_are_two_links() {
        let store = written(|transaction| {
            assert!(insert(transaction, KEYS, EntryId(1), EntryId(1), b"one").unwrap());
            assert!(insert(transaction, KEYS, EntryId(1), EntryId(1), b"two").unwrap());
            assert!(!insert(transaction, KEYS, EntryId(1), EntryId(1), b"two").unwrap());
            assert!(insert(transaction, MEMBER, EntryId(1), EntryId(5), &[]).unwrap());
        });
        let mut data: Vec<_> = targets_of(&store, KEYS, 1).into_iter().map(|(_, data)| data).collect();
        data.sort();
        assert_eq!(data, [b"one".to_vec(), b"two".to_vec()]);
        assert_eq!(sources_of(&store, KEYS, 1), [1]);
        let transaction = store.read().unwrap();
        assert!(find(transaction.as_ref(), KEYS, EntryId(1), EntryId(1)).unwrap().is_some());
        assert!(find(transaction.as_ref(), MEMBER, EntryId(1), EntryId(1)).unwrap().is_none());
        assert_eq!(attributes_of(transaction.as_ref(), EntryId(1)).unwrap(), [MEMBER, KEYS]);
        assert!(attributes_of(transaction.as_ref(), EntryId(2)).unwrap().is_empty());
    }

    #[test]
    fn removing_all_leaves_nothing_at_either_end() {
        let store = written(|transaction| {
            for (source, target, data) in
                [(1, 2, b"".as_slice()), (1, 3, b"x"), (4, 1, b""), (5, 1, b"y"), (1, 1, b"z")]
            {
                insert(transaction, MEMBER, EntryId(source), EntryId(target), data).unwrap();
            }
            insert(transaction, MEMBER, EntryId(4), EntryId(2), &[]).unwrap();
            assert_eq!(remove_all(transaction, EntryId(1)).unwrap(), 5);
        });
        let transaction = store.read().unwrap();
        for space in [LINK, BACK_LINK] {
            let mut keys = 0;
            transaction
                .scan(space, &[], None, &mut |_, _| {
                    keys += 1;
                    ControlFlow::Continue(())
                })
                .unwrap();
            assert_eq!(keys, 1);
        }
        assert_eq!(sources_of(&store, MEMBER, 2), [4]);
    }
}
