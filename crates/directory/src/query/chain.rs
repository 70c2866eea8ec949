//! Transitive closure over links. Cycles end by themselves: an object is visited once.

use std::collections::HashSet;
use std::ops::ControlFlow;

use bailiwick_domain::Error;
use bailiwick_store::ReadTransaction;

use crate::record::{EntryId, Fault, link};
use crate::schema::AttributeNumber;

/// The most objects that a chain may reach.
const CHAIN_ENTRIES_MAX: usize = 1 << 20;

/// All objects from which forward links lead to `target`, directly or through others, sorted.
///
/// # Errors
/// `AdministrativeLimit` when the chain reaches too many.
pub(crate) fn sources(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    target: EntryId,
) -> Result<Vec<EntryId>, Error> {
    closure(target, |id, visit| link::sources(transaction, attribute, id, EntryId::NONE, visit))
}

/// All objects to which forward links lead from `source`, directly or through others, sorted.
///
/// # Errors
/// `AdministrativeLimit` when the chain reaches too many.
pub(crate) fn targets(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
) -> Result<Vec<EntryId>, Error> {
    closure(source, |id, visit| link::targets(transaction, attribute, id, EntryId::NONE, visit))
}

type Visit<'v> = dyn FnMut(EntryId, &[u8]) -> ControlFlow<()> + 'v;

fn closure(
    start: EntryId,
    mut step: impl FnMut(EntryId, &mut Visit<'_>) -> Result<(), Fault>,
) -> Result<Vec<EntryId>, Error> {
    let mut found = HashSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        step(id, &mut |next, _| {
            if found.insert(next) {
                open.push(next);
            }
            if found.len() > CHAIN_ENTRIES_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if found.len() > CHAIN_ENTRIES_MAX {
            return Err(Error::AdministrativeLimit);
        }
    }
    let mut ids: Vec<EntryId> = found.into_iter().collect();
    ids.sort_unstable();
    Ok(ids)
}
