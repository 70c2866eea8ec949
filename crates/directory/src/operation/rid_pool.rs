//! What is shown of the RIDs that were given: the server's pool in its RID Set, and what is left for further pools in
//! the RID Manager. [MS-ADTS] 3.1.1.1.11, [MS-SAMR] 3.1.1.9.2.1.
//!
//! The counter itself is beside the objects, leased and durable before a number is used. These attributes follow it now
//! and then, so that creating accounts does not write one object over and over. Pools are those that the founding began:
//! blocks of five hundred.

use std::ops::ControlFlow;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_store::WriteTransaction;

use crate::change;
use crate::native::Native;
use crate::provision::{RID_BLOCK_FIRST, RID_BLOCK_RIDS};
use crate::record::{Draft, EntryId, Fault, Snapshot, link};
use crate::rule::metadata;
use crate::schema::AttributeNumber;

/// The half of a pool's number that has its last RID.
const LAST_SHIFT: u32 = 32;

/// A block of RIDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pool {
    first: i64,
    last: i64,
}

impl Pool {
    /// The pool that `rid` is in; the first for those that the founding gave.
    fn of(rid: i64) -> Pool {
        let number = (rid - RID_BLOCK_FIRST).max(0) / RID_BLOCK_RIDS;
        let first = RID_BLOCK_FIRST + number * RID_BLOCK_RIDS;
        Pool { first, last: first + RID_BLOCK_RIDS - 1 }
    }

    fn stored(self) -> String {
        (self.last << LAST_SHIFT | self.first).to_string()
    }
}

/// Writes what has changed. What cannot be written is written the next time: nothing depends on it.
pub(crate) fn show(native: &Native, now: FileTime) {
    let _shown = try_show(native, now);
}

fn try_show(native: &Native, now: FileTime) -> Result<(), Fault> {
    // The lowest number that was not given is one past the last.
    let Ok(last) = i64::try_from(native.rids.next().saturating_sub(1)) else { return Ok(()) };
    let (set, manager) = {
        let transaction = native.store.read()?;
        let snapshot = native.snapshot(transaction.as_ref());
        let (set, manager) = objects(native, snapshot)?;
        let known = native.schema.known();
        let shown = set.map(|set| snapshot.existing(set)).transpose()?;
        if shown.and_then(|set| set.integer(known.rid_next_rid)).is_none_or(|shown| shown == last) {
            return Ok(());
        }
        (set, manager)
    };
    native.store.transact(|transaction| -> Result<(), Fault> {
        let known = native.schema.known();
        let pool = Pool::of(last);
        if let Some(set) = set {
            let mut draft = Draft::of(&native.snapshot(&*transaction).existing(set)?);
            let moves = draft.value(known.rid_allocation_pool) != Some(pool.stored().as_bytes());
            draft.set(known.rid_allocation_pool, pool.stored());
            draft.set(known.rid_previous_allocation_pool, pool.stored());
            draft.set(known.rid_next_rid, last.to_string());
            // The last RID is the server's own affair, its pool is replicated.
            match moves {
                true => noticed(native, transaction, now, &mut draft)?,
                false => change::update_unnoticed(transaction, &native.schema, &draft)?,
            }
        }
        if let Some(manager) = manager {
            let mut draft = Draft::of(&native.snapshot(&*transaction).existing(manager)?);
            let before = draft.integer(known.rid_available_pool).unwrap_or_default();
            // The upper half is where all pools end.
            let available = before >> LAST_SHIFT << LAST_SHIFT | (pool.last + 1);
            if available != before {
                draft.set(known.rid_available_pool, available.to_string());
                noticed(native, transaction, now, &mut draft)?;
            }
        }
        Ok(())
    })?
}

fn noticed(
    native: &Native,
    transaction: &mut dyn WriteTransaction,
    now: FileTime,
    draft: &mut Draft,
) -> Result<(), Fault> {
    metadata::changed(&native.schema, now, draft);
    change::update(transaction, &native.schema, draft)
}

/// This server's RID Set and the domain's RID Manager.
fn objects(native: &Native, snapshot: Snapshot<'_>) -> Result<(Option<EntryId>, Option<EntryId>), Fault> {
    let known = native.schema.known();
    let named = |id: EntryId, attribute: AttributeNumber| -> Result<Option<EntryId>, Fault> {
        Ok(snapshot.existing(id)?.value(attribute).and_then(EntryId::read))
    };
    let server = snapshot.existing(native.facts.ntds_settings)?.parent();
    let mut computer = None;
    link::targets(snapshot.transaction, known.server_reference, server, EntryId::NONE, &mut |target, _| {
        computer = Some(target);
        ControlFlow::Break(())
    })?;
    let set = computer.map(|computer| named(computer, known.rid_set_references)).transpose()?.flatten();
    Ok((set, named(native.facts.domain, known.rid_manager_reference)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_has_five_hundred_numbers() {
        for (rid, first, last) in
            [(1099, 1100, 1599), (1100, 1100, 1599), (1599, 1100, 1599), (1600, 1600, 2099), (5_000, 4_600, 5_099)]
        {
            assert_eq!(Pool::of(rid), Pool { first, last }, "{rid}");
        }
        assert_eq!(Pool::of(1100).stored(), "6867652707404");
    }
}
