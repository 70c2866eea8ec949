//! Value indexes: from an attribute's value to the sorted ids of the objects that have it.
//!
//! The ids of one value lie in chunks: `attribute, value key, first id → last id, following ids as differences`. A
//! unique value costs one small pair; ten thousand objects of one class cost a dozen. The key of a value is that of
//! its matching rule, escaped so that octet order is kept and no key is a prefix of another. Long values are cut and
//! hashed: an index only proposes candidates, the filter is always tested on the object.

use bailiwick_store::{ReadTransaction, WriteTransaction};
use sha2::{Digest, Sha256};

use crate::record::layout::{read_number, write_number};
use crate::record::{EntryId, Fault, INDEX};
use crate::schema::AttributeNumber;

/// The children of an object, by its id. Not an attribute of the schema.
pub(crate) const CHILDREN: AttributeNumber = AttributeNumber(u32::MAX);
/// The objects of a naming context, by the id of its head. Not an attribute of the schema.
pub(crate) const NAMING_CONTEXT: AttributeNumber = AttributeNumber(u32::MAX - 1);
/// Tombstones, by the octets of an empty key. Not an attribute of the schema.
pub(crate) const TOMBSTONES: AttributeNumber = AttributeNumber(u32::MAX - 2);

/// How many octets of an escaped value key go into an index key; the store's keys are limited.
const VALUE_OCTETS_MAX: usize = 400;
/// Octets of the digest that stands for the rest of a long value.
const DIGEST_OCTETS: usize = 16;
/// The most octets of a chunk: a few fit a page, and none spills into an overflow page.
const CHUNK_OCTETS_MAX: usize = 1000;
const LAST_ID_OCTETS: usize = 8;
const ESCAPE: u8 = 0;
const ESCAPED_ZERO: u8 = 0xff;
const END: u8 = 1;
const END_CUT: u8 = 2;

/// The key prefix of one value of one attribute.
pub(crate) fn value_prefix(attribute: AttributeNumber, value_key: &[u8]) -> Vec<u8> {
    let mut prefix = Vec::with_capacity(value_key.len() + 16);
    prefix.extend_from_slice(&attribute.0.to_be_bytes());
    if escape(value_key, &mut prefix) {
        prefix.extend_from_slice(&[ESCAPE, END]);
    } else {
        prefix.extend_from_slice(&[ESCAPE, END_CUT]);
        prefix.extend_from_slice(&Sha256::digest(value_key)[..DIGEST_OCTETS]);
    }
    prefix
}

/// Where the keys of values that start with `value_key` begin.
pub(crate) fn value_start(attribute: AttributeNumber, value_key: &[u8]) -> Vec<u8> {
    let mut start = attribute.0.to_be_bytes().to_vec();
    escape(value_key, &mut start);
    start
}

/// Where the keys of an attribute end.
pub(crate) fn attribute_end(attribute: AttributeNumber) -> Vec<u8> {
    match attribute.0.checked_add(1) {
        Some(next) => next.to_be_bytes().to_vec(),
        None => vec![0xff; 5],
    }
}

/// The first key after all that start with `prefix`.
pub(crate) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.last_mut() {
        if *last < 0xff {
            *last += 1;
            return end;
        }
        end.pop();
    }
    vec![0xff; prefix.len() + 1]
}

/// Appends the escaped key, cut at the limit; whether all of it fitted.
fn escape(value_key: &[u8], out: &mut Vec<u8>) -> bool {
    let end = out.len() + VALUE_OCTETS_MAX;
    for &octet in value_key {
        if out.len() + 2 > end {
            return false;
        }
        out.push(octet);
        if octet == ESCAPE {
            out.push(ESCAPED_ZERO);
        }
    }
    true
}

/// Puts an object into the list of a value.
pub(crate) fn insert(transaction: &mut dyn WriteTransaction, prefix: &[u8], id: EntryId) -> Result<(), Fault> {
    let after = key(prefix, EntryId(id.0.saturating_add(1)));
    let found = match transaction.last_before(INDEX, &after)? {
        Some((key, chunk)) if key.len() == prefix.len() + 8 && key.starts_with(prefix) => {
            Some((EntryId::read(&key[prefix.len()..]).unwrap_or(EntryId::NONE), chunk.to_vec()))
        }
        _ => None,
    };
    let Some((first, mut chunk)) = found else {
        // The id goes before all chunks of the value, if there are any: a chunk of its own.
        return Ok(transaction.put(INDEX, &key(prefix, id), &id.key())?);
    };
    let last = EntryId::read(&chunk).ok_or(Fault::Damaged { what: "index", id: id.0 })?;
    if id > last {
        if chunk.len() >= CHUNK_OCTETS_MAX {
            return Ok(transaction.put(INDEX, &key(prefix, id), &id.key())?);
        }
        write_number(id.0 - last.0, &mut chunk);
        chunk[..LAST_ID_OCTETS].copy_from_slice(&id.key());
        return Ok(transaction.put(INDEX, &key(prefix, first), &chunk)?);
    }
    let mut ids = chunk_ids(first, &chunk)?;
    let Err(place) = ids.binary_search(&id) else { return Ok(()) };
    ids.insert(place, id);
    if chunk.len() < CHUNK_OCTETS_MAX {
        return put_chunk(transaction, prefix, &ids);
    }
    let (low, high) = ids.split_at(ids.len() / 2);
    put_chunk(transaction, prefix, low)?;
    put_chunk(transaction, prefix, high)
}

/// Takes an object out of the list of a value.
pub(crate) fn remove(transaction: &mut dyn WriteTransaction, prefix: &[u8], id: EntryId) -> Result<(), Fault> {
    let after = key(prefix, EntryId(id.0.saturating_add(1)));
    let Some((found, chunk)) = transaction.last_before(INDEX, &after)? else { return Ok(()) };
    if found.len() != prefix.len() + 8 || !found.starts_with(prefix) {
        return Ok(());
    }
    let first = EntryId::read(&found[prefix.len()..]).unwrap_or(EntryId::NONE);
    let mut ids = chunk_ids(first, chunk)?;
    let Ok(place) = ids.binary_search(&id) else { return Ok(()) };
    ids.remove(place);
    if place == 0 {
        transaction.delete(INDEX, &key(prefix, first))?;
    }
    if ids.is_empty() { Ok(()) } else { put_chunk(transaction, prefix, &ids) }
}

fn put_chunk(transaction: &mut dyn WriteTransaction, prefix: &[u8], ids: &[EntryId]) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
    let mut chunk = last.key().to_vec();
    for pair in ids.windows(2) {
        write_number(pair[1].0 - pair[0].0, &mut chunk);
    }
    Ok(transaction.put(INDEX, &key(prefix, *first), &chunk)?)
}

fn key(prefix: &[u8], first: EntryId) -> Vec<u8> {
    let mut key = Vec::with_capacity(prefix.len() + 8);
    key.extend_from_slice(prefix);
    key.extend_from_slice(&first.key());
    key
}

fn chunk_ids(first: EntryId, chunk: &[u8]) -> Result<Vec<EntryId>, Fault> {
    let mut ids = vec![first];
    let mut differences = &chunk[LAST_ID_OCTETS.min(chunk.len())..];
    let mut id = first.0;
    while !differences.is_empty() {
        let (difference, rest) = read_number(differences).ok_or(Fault::Damaged { what: "index", id: first.0 })?;
        id = id.wrapping_add(difference);
        ids.push(EntryId(id));
        differences = rest;
    }
    Ok(ids)
}

/// The sorted ids of one value, walked chunk by chunk.
pub(crate) struct Postings<'t> {
    transaction: &'t dyn ReadTransaction,
    prefix: Vec<u8>,
    /// The id that the chunk's walk stands at, and the differences after it.
    current: Option<(EntryId, &'t [u8])>,
    /// The last id of the chunk.
    last: EntryId,
}

impl<'t> Postings<'t> {
    /// The ids of a value, from the first that is at least `from`.
    pub fn open(transaction: &'t dyn ReadTransaction, prefix: Vec<u8>, from: EntryId) -> Result<Postings<'t>, Fault> {
        let mut postings = Postings { transaction, prefix, current: None, last: EntryId::NONE };
        postings.seek(from)?;
        Ok(postings)
    }

    /// The id the walk stands at; none at the end.
    pub fn peek(&self) -> Option<EntryId> {
        self.current.map(|(id, _)| id)
    }

    /// Goes to the next id.
    pub fn advance(&mut self) -> Result<(), Fault> {
        let Some((id, differences)) = self.current else { return Ok(()) };
        self.current = match read_number(differences) {
            Some((difference, rest)) => Some((EntryId(id.0.wrapping_add(difference)), rest)),
            None => return self.enter_chunk_after(id),
        };
        Ok(())
    }

    /// Goes to the first id that is at least `target`; never backwards.
    pub fn seek(&mut self, target: EntryId) -> Result<(), Fault> {
        if self.current.is_none() || target > self.last {
            self.enter_chunk_of(target)?;
        }
        while let Some(id) = self.peek()
            && id < target
        {
            self.advance()?;
        }
        Ok(())
    }

    fn enter_chunk_of(&mut self, target: EntryId) -> Result<(), Fault> {
        let after = key(&self.prefix, EntryId(target.0.saturating_add(1)));
        if let Some((key, chunk)) = self.transaction.last_before(INDEX, &after)?
            && self.enter(key, chunk)
            && self.last >= target
        {
            return Ok(());
        }
        self.enter_chunk_after(target)
    }

    fn enter_chunk_after(&mut self, id: EntryId) -> Result<(), Fault> {
        self.current = None;
        let from = key(&self.prefix, EntryId(id.0.saturating_add(1)));
        if let Some((key, chunk)) = self.transaction.first_at_or_after(INDEX, &from)? {
            self.enter(key, chunk);
        }
        Ok(())
    }

    fn enter(&mut self, key: &'t [u8], chunk: &'t [u8]) -> bool {
        self.current = None;
        if key.len() != self.prefix.len() + 8 || !key.starts_with(&self.prefix) {
            return false;
        }
        let (Some(first), Some(last)) = (EntryId::read(&key[self.prefix.len()..]), EntryId::read(chunk)) else {
            return false;
        };
        self.current = Some((first, &chunk[LAST_ID_OCTETS..]));
        self.last = last;
        true
    }
}

/// About how many ids the value has: counting stops after `cap`.
pub(crate) fn count(transaction: &dyn ReadTransaction, prefix: &[u8], cap: usize) -> Result<usize, Fault> {
    count_between(transaction, prefix, &after_prefix(prefix), cap)
}

/// About how many ids the keys from `from` to before `to` have: counting stops after `cap`.
pub(crate) fn count_between(
    transaction: &dyn ReadTransaction,
    from: &[u8],
    to: &[u8],
    cap: usize,
) -> Result<usize, Fault> {
    let mut found = 0;
    transaction.scan(INDEX, from, Some(to), &mut |_, chunk| {
        // Differences take an octet each where ids are dense, which is where lists are long.
        found += 1 + chunk.len().saturating_sub(LAST_ID_OCTETS);
        if found > cap { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    })?;
    Ok(found)
}

/// Collects the ids of all values whose keys lie from `from` to before `to`, sorted; none when there are more than
/// `cap`.
pub(crate) fn collect_between(
    transaction: &dyn ReadTransaction,
    from: &[u8],
    to: &[u8],
    cap: usize,
) -> Result<Option<Vec<EntryId>>, Fault> {
    let mut ids = Vec::new();
    let mut outcome = Ok(());
    transaction.scan(INDEX, from, Some(to), &mut |key, chunk| {
        let first = key.last_chunk::<8>().map_or(EntryId::NONE, |id| EntryId(u64::from_be_bytes(*id)));
        match chunk_ids(first, chunk) {
            Ok(more) => ids.extend(more),
            Err(fault) => outcome = Err(fault),
        }
        if outcome.is_err() || ids.len() > cap {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    outcome?;
    if ids.len() > cap {
        return Ok(None);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}
