//! Transitive closure over links. Cycles end by themselves: an object is visited once.

use std::collections::HashSet;
use std::ops::ControlFlow;

use bailiwick_domain::Error;
use bailiwick_store::ReadTransaction;

use crate::record::{EntryId, Fault, link};
use crate::schema::AttributeNumber;

/// The most objects that a chain may reach.
const CHAIN_ENTRIES_MAX: usize = 1 << 20;
/// The most links that are followed for the chains of one request.
const CHAIN_LINKS_MAX: usize = 1 << 22;
/// The most links that are followed where others wait.
const CHAIN_LINKS_INLINE_MAX: usize = 1024;
/// The most chains that one filter may follow.
const CHAINS_PER_FILTER_MAX: usize = 16;

/// What a request may still spend on following chains.
#[derive(Debug)]
pub(crate) struct Allowance {
    chains: usize,
    links: usize,
    /// Whether more than a little is spent elsewhere, later.
    may_put_off: bool,
    is_put_off: bool,
}

impl Allowance {
    /// All that one request may ever have.
    pub fn whole() -> Allowance {
        Allowance { chains: CHAINS_PER_FILTER_MAX, links: CHAIN_LINKS_MAX, may_put_off: false, is_put_off: false }
    }

    /// What may be spent where others wait; what takes more is put off.
    pub fn inline() -> Allowance {
        Allowance { links: CHAIN_LINKS_INLINE_MAX, may_put_off: true, ..Allowance::whole() }
    }

    /// Takes one of the chains.
    ///
    /// # Errors
    /// `AdministrativeLimit` when there is none left.
    pub fn begin(&mut self) -> Result<(), Error> {
        self.chains = self.chains.checked_sub(1).ok_or(Error::AdministrativeLimit)?;
        Ok(())
    }

    /// Whether a chain was longer than what may be spent here: it stands as found empty, so nothing may be answered.
    pub fn is_put_off(&self) -> bool {
        self.is_put_off
    }
}

/// All objects from which forward links lead to `target`, directly or through others, sorted.
///
/// # Errors
/// `AdministrativeLimit` when the chain reaches too many.
pub(crate) fn sources(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    target: EntryId,
    allowance: &mut Allowance,
) -> Result<Vec<EntryId>, Error> {
    closure(target, allowance, |id, visit| link::sources(transaction, attribute, id, EntryId::NONE, visit))
}

/// All objects to which forward links lead from `source`, directly or through others, sorted.
///
/// # Errors
/// `AdministrativeLimit` when the chain reaches too many.
pub(crate) fn targets(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    source: EntryId,
    allowance: &mut Allowance,
) -> Result<Vec<EntryId>, Error> {
    closure(source, allowance, |id, visit| link::targets(transaction, attribute, id, EntryId::NONE, visit))
}

type Visit<'v> = dyn FnMut(EntryId, &[u8]) -> ControlFlow<()> + 'v;

fn closure(
    start: EntryId,
    allowance: &mut Allowance,
    mut step: impl FnMut(EntryId, &mut Visit<'_>) -> Result<(), Fault>,
) -> Result<Vec<EntryId>, Error> {
    let mut found = HashSet::new();
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        let mut is_over = allowance.is_put_off;
        step(id, &mut |next, _| {
            is_over = is_over || allowance.links == 0 || found.len() >= CHAIN_ENTRIES_MAX;
            if is_over {
                return ControlFlow::Break(());
            }
            allowance.links -= 1;
            if found.insert(next) {
                open.push(next);
            }
            ControlFlow::Continue(())
        })?;
        if is_over && allowance.may_put_off {
            allowance.is_put_off = true;
            return Ok(Vec::new());
        }
        if is_over {
            return Err(Error::AdministrativeLimit);
        }
    }
    let mut ids: Vec<EntryId> = found.into_iter().collect();
    ids.sort_unstable();
    Ok(ids)
}
