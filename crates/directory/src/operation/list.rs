//! Listing: any stretch of what lies in a place, by walks over index keys. Records are read of containers, for the
//! rights on them, and of the objects that are handed out.
//!
//! Three steps: which objects there are, from the lists of children and categories, which is the total; their order,
//! from the names below each container, which are kept in order; the whole names of the stretch.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_domain::{Context, Error, ListRequest, Listed, Scope};
use bailiwick_store::ReadTransaction;

use crate::access::{Access, Sighted};
use crate::native::Native;
use crate::operation::search;
use crate::query::Node;
use crate::query::chain::Allowance;
use crate::query::compile::Compiler;
use crate::record::index::{self, Postings};
use crate::record::{EntryId, Fault, NAME, Snapshot};

/// Octets of a name's key before the value: the parent and the naming attribute.
const PARENT_OCTETS: usize = 8;
const RUN_OCTETS: usize = PARENT_OCTETS + 4;

/// Lists in order of names.
pub(crate) fn run(
    native: &Native,
    transaction: &dyn ReadTransaction,
    context: &Context<'_>,
    request: &ListRequest<'_>,
) -> Result<Listed, Error> {
    let snapshot = native.snapshot(transaction);
    let access = Access::reading(native, snapshot, context.requester)?;
    let base = search::visible_base(native, snapshot, &access, request.base)?;
    // 1. Which objects there are.
    let mut kinds = Kinds::open(native, snapshot, request)?;
    let place = match request.scope {
        Scope::Base => Place { containers: Vec::new(), matches: kinds.filtered(&[base])? },
        Scope::OneLevel => Place::of(snapshot, &access, &mut kinds, vec![base], &[])?,
        Scope::Subtree => Place::of(snapshot, &access, &mut kinds, vec![base], &parents(snapshot)?)?,
    };
    // 2. Their order.
    let total = place.matches.len();
    let end = request.entries_max.map_or(total, |most| request.offset.saturating_add(most)).min(total);
    let stretch = match request.scope {
        _ if request.offset >= end => Vec::new(),
        Scope::Base => place.matches,
        Scope::OneLevel | Scope::Subtree => place.in_order(snapshot, request.offset, end)?,
    };
    // 3. Their names.
    let mut names = Vec::with_capacity(stretch.len());
    for id in stretch {
        let text = snapshot.dn_text(id, &native.contexts)?;
        names.push(Dn::parse(&text).map_err(|_| Fault::Damaged { what: "name", id: id.0 })?);
    }
    Ok(Listed { names, total })
}

/// Every object that has children or tombstones below it, sorted.
fn parents(snapshot: Snapshot<'_>) -> Result<Vec<EntryId>, Fault> {
    let mut parents = Vec::new();
    let mut from = Vec::new();
    while let Some((key, _)) = snapshot.transaction.first_at_or_after(NAME, &from)? {
        let Some(parent) = key.first_chunk::<PARENT_OCTETS>() else { break };
        parents.push(EntryId(u64::from_be_bytes(*parent)));
        from = index::after_prefix(parent);
    }
    Ok(parents)
}

/// What is listed, by the lists that the indexes keep.
struct Kinds<'t> {
    wanted: Vec<Ascent<'t>>,
    unwanted: Vec<Ascent<'t>>,
    prefixes: (Vec<Vec<u8>>, Vec<Vec<u8>>),
    transaction: &'t dyn ReadTransaction,
}

impl<'t> Kinds<'t> {
    fn open(native: &Native, snapshot: Snapshot<'t>, request: &ListRequest<'_>) -> Result<Kinds<'t>, Error> {
        let compiler = Compiler { native, snapshot, chains: Allowance::inline().into() };
        let prefix = |attribute: &str, value: &str| -> Result<Option<Vec<u8>>, Error> {
            let assertion = Assertion { attribute: attribute.to_owned(), value: value.as_bytes().to_vec() };
            Ok(match compiler.compile(&Filter::Equality(assertion))? {
                Node::Equal(attribute, key) if attribute.is_indexed() => {
                    Some(index::value_prefix(attribute.number, &key))
                }
                _ => None,
            })
        };
        let mut wanted = Vec::new();
        for category in request.categories {
            wanted.extend(prefix("objectCategory", category)?);
        }
        // What is deleted is no longer of any category, but for the container of what is.
        let mut unwanted = vec![index::value_prefix(index::TOMBSTONES, &[])];
        if request.plain_view {
            unwanted.extend(prefix("showInAdvancedViewOnly", "TRUE")?);
        }
        let mut kinds = Kinds {
            wanted: Vec::new(),
            unwanted: Vec::new(),
            prefixes: (wanted, unwanted),
            transaction: snapshot.transaction,
        };
        kinds.rewind()?;
        Ok(kinds)
    }

    /// Goes back to the beginning of all lists.
    fn rewind(&mut self) -> Result<(), Fault> {
        let open = |prefix: &Vec<u8>| Ascent::open(self.transaction, prefix.clone());
        self.wanted = self.prefixes.0.iter().map(open).collect::<Result<_, _>>()?;
        self.unwanted = self.prefixes.1.iter().map(open).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Those of sorted ids that are listed.
    fn filtered(&mut self, ids: &[EntryId]) -> Result<Vec<EntryId>, Fault> {
        self.rewind()?;
        let mut listed = Vec::new();
        for &id in ids {
            if any_reaches(&mut self.wanted, id)? && !any_reaches(&mut self.unwanted, id)? {
                listed.push(id);
            }
        }
        Ok(listed)
    }
}

/// Whether one of the lists has the id; each is asked, so that all of them come along.
fn any_reaches(lists: &mut [Ascent<'_>], id: EntryId) -> Result<bool, Fault> {
    let mut reaches = false;
    for list in lists {
        reaches |= list.reaches(id)?;
    }
    Ok(reaches)
}

/// A list that is asked for ever higher ids.
struct Ascent<'t>(Option<Postings<'t>>);

impl<'t> Ascent<'t> {
    fn open(transaction: &'t dyn ReadTransaction, prefix: Vec<u8>) -> Result<Ascent<'t>, Fault> {
        Ok(Ascent(Some(Postings::open(transaction, prefix, EntryId::NONE)?)))
    }

    fn reaches(&mut self, id: EntryId) -> Result<bool, Fault> {
        let Some(postings) = &mut self.0 else { return Ok(false) };
        if postings.peek().is_some_and(|at| at < id) {
            postings.seek(id)?;
        }
        match postings.peek() {
            Some(at) => Ok(at == id),
            None => {
                self.0 = None;
                Ok(false)
            }
        }
    }
}

/// What there is in a place.
struct Place {
    /// The base and, of a subtree, every container below it.
    containers: Vec<EntryId>,
    /// What is listed, sorted.
    matches: Vec<EntryId>,
}

impl Place {
    /// Goes through the children of `containers`, and of those among them that are `parents` themselves.
    fn of(
        snapshot: Snapshot<'_>,
        access: &Access<'_>,
        kinds: &mut Kinds<'_>,
        mut containers: Vec<EntryId>,
        parents: &[EntryId],
    ) -> Result<Place, Fault> {
        let mut candidates = Vec::new();
        let mut gone_through = 0;
        while let Some(container) = containers.get(gone_through).copied() {
            gone_through += 1;
            let sighted = access.children(container)?;
            let children = index::value_prefix(index::CHILDREN, &container.key());
            let mut children = Postings::open(snapshot.transaction, children, EntryId::NONE)?;
            while let Some(child) = children.peek() {
                if parents.binary_search(&child).is_ok() {
                    containers.push(child);
                }
                let is_visible = match sighted {
                    Sighted::All => true,
                    Sighted::Nothing => false,
                    Sighted::EachByItself => access.view(&snapshot.existing(child)?)?.is_some(),
                };
                if is_visible {
                    candidates.push(child);
                }
                children.advance()?;
            }
        }
        candidates.sort_unstable();
        Ok(Place { containers, matches: kinds.filtered(&candidates)? })
    }

    /// The matches from one place in the order of names to before another. Merges the runs of names that each container
    /// has, one for each attribute that names a child; of equal names the one that was made first comes first.
    fn in_order(&self, snapshot: Snapshot<'_>, start: usize, end: usize) -> Result<Vec<EntryId>, Fault> {
        let mut runs: Vec<[u8; RUN_OCTETS]> = Vec::new();
        for container in &self.containers {
            let mut from = container.key().to_vec();
            while let Some((key, _)) = snapshot.transaction.first_at_or_after(NAME, &from)? {
                let Some(run) = key.first_chunk::<RUN_OCTETS>().filter(|run| run.starts_with(&container.key())) else {
                    break;
                };
                runs.push(*run);
                from = index::after_prefix(run);
            }
        }
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (number, run) in runs.iter().enumerate() {
            heads.extend(name_at(snapshot, run, run)?.map(|(value, id)| Reverse((value, id, number))));
        }
        let (mut passed, mut stretch) = (0, Vec::with_capacity(end - start));
        while passed < end
            && let Some(Reverse((value, id, number))) = heads.pop()
        {
            if self.matches.binary_search(&id).is_ok() {
                if passed >= start {
                    stretch.push(id);
                }
                passed += 1;
            }
            let run = &runs[number];
            // The least key that is greater.
            let next = [run.as_slice(), &value, &[0]].concat();
            heads.extend(name_at(snapshot, run, &next)?.map(|(value, id)| Reverse((value, id, number))));
        }
        Ok(stretch)
    }
}

/// The first name of a run at or after a key: its value's matching key, and whose it is.
fn name_at(snapshot: Snapshot<'_>, run: &[u8], from: &[u8]) -> Result<Option<(Vec<u8>, EntryId)>, Fault> {
    let found = snapshot.transaction.first_at_or_after(NAME, from)?;
    Ok(found.and_then(|(key, id)| Some((key.strip_prefix(run)?.to_vec(), EntryId::read(id)?))))
}
