//! Which candidates to look at: the shortest list that is sure to hold every match.

use std::ops::ControlFlow;

use bailiwick_domain::Scope;
use bailiwick_store::ReadTransaction;

use crate::query::Node;
use crate::query::compile::prefix_keys;
use crate::record::index::{self, Postings};
use crate::record::{EntryId, Fault, Snapshot, link};
use crate::schema::{Attribute, AttributeNumber};

/// Counting a list stops here: beyond, one list is as good as another.
const COUNT_MAX: usize = 8192;
/// The most ids that are collected before the walk begins, where a plan cannot walk an index in place. Each list among
/// them was counted to its end, so none is longer than [`COUNT_MAX`].
const COLLECT_MAX: usize = 65_536;
/// A list this short is not worth improving.
const SHORT_ENOUGH: usize = 8;
/// From here on a search below a small unit looks at what is below the unit instead.
const SUBTREE_WORTH: usize = 64;
/// The most objects below a unit that are collected for that.
const SUBTREE_COLLECT_MAX: usize = 4096;

/// A way to candidates. Every match of the filter in scope is among them.
#[derive(Debug)]
pub(crate) enum Plan {
    /// There are none.
    Nothing,
    /// Exactly these, sorted.
    Ids(Vec<EntryId>),
    /// The ids of one index value.
    Value(Vec<u8>),
    /// The ids of several index values.
    Values(Vec<Vec<u8>>),
    /// The keys of an index from one to before another; each object has one key there.
    Keys {
        /// First key.
        from: Vec<u8>,
        /// First key beyond.
        to: Vec<u8>,
    },
    /// What links to an object.
    Sources(AttributeNumber, EntryId),
    /// What an object links to.
    Targets(AttributeNumber, EntryId),
    /// Every object.
    Everything,
}

/// Chooses candidates for a filter and a scope. `contexts`: the naming contexts the search covers.
pub(crate) fn choose(
    snapshot: Snapshot<'_>,
    node: &Node<'_>,
    base: EntryId,
    scope: Scope,
    contexts: &[EntryId],
) -> Result<Plan, Fault> {
    if let Some(plan) = by_usn(snapshot, node) {
        return Ok(plan);
    }
    let by_filter = estimate(snapshot, node, COUNT_MAX)?;
    let (filter_count, filter_plan) = match by_filter {
        Some((count, plan)) => (count, Some(plan)),
        None => (usize::MAX, None),
    };
    if filter_count <= SHORT_ENOUGH
        && let Some(plan) = filter_plan
    {
        return Ok(plan);
    }
    if scope == Scope::OneLevel {
        let children = index::value_prefix(index::CHILDREN, &base.key());
        let count = index::count(snapshot.transaction, &children, filter_count.min(COUNT_MAX))?;
        return Ok(match filter_plan {
            Some(plan) if filter_count <= count => plan,
            _ => Plan::Value(children),
        });
    }
    if filter_count > SUBTREE_WORTH
        && !contexts.contains(&base)
        && let Some(ids) = below(snapshot, base, filter_count.min(SUBTREE_COLLECT_MAX))?
    {
        return Ok(Plan::Ids(ids));
    }
    Ok(match (filter_plan, contexts) {
        (Some(plan), _) => plan,
        (None, [context]) => Plan::Value(index::value_prefix(index::NAMING_CONTEXT, &context.key())),
        (None, _) => Plan::Everything,
    })
}

/// A search for what changed since a USN walks in order of USNs, however long that list is: an object that changes while
/// the search goes on moves ahead of it and is met once more, so that a client that keeps the greatest USN it saw has
/// missed nothing.
fn by_usn(snapshot: Snapshot<'_>, node: &Node<'_>) -> Option<Plan> {
    let usn_changed = snapshot.schema.known().usn_changed;
    match node {
        Node::AtLeast(attribute, key) if attribute.number == usn_changed => {
            Some(Plan::Keys { from: index::value_start(usn_changed, key), to: index::attribute_end(usn_changed) })
        }
        Node::And(parts) => parts.iter().find_map(|part| by_usn(snapshot, part)),
        _ => None,
    }
}

/// The candidates that a filter proposes, with about how many they are; none when it proposes none.
fn estimate(snapshot: Snapshot<'_>, node: &Node<'_>, cap: usize) -> Result<Option<(usize, Plan)>, Fault> {
    Ok(match node {
        Node::False | Node::Undefined => Some((0, Plan::Nothing)),
        Node::True | Node::Not(_) | Node::AllBits(..) | Node::AnyBit(..) => None,
        Node::HasLinks(_) | Node::HasBackLinks(..) | Node::HasDescriptor => None,
        Node::Equal(attribute, key) if attribute.is_indexed() => {
            let prefix = index::value_prefix(attribute.number, key);
            Some((index::count(snapshot.transaction, &prefix, cap)?, Plan::Value(prefix)))
        }
        Node::AnyEqual(attribute, keys) if attribute.is_indexed() => {
            let prefixes: Vec<_> = keys.iter().map(|key| index::value_prefix(attribute.number, key)).collect();
            let most = collected_max(cap);
            let mut count = 0;
            for prefix in &prefixes {
                let one = index::count(snapshot.transaction, prefix, cap)?;
                count += one;
                // A count beyond the cap says only that the list is long.
                if one > cap || count > most {
                    return Ok(None);
                }
            }
            Some((count, Plan::Values(prefixes)))
        }
        Node::AtLeast(attribute, key) if attribute.is_indexed() => {
            let from = index::value_start(attribute.number, key);
            range(snapshot, attribute, from, index::attribute_end(attribute.number), cap)?
        }
        Node::AtMost(attribute, key) if attribute.is_indexed() => {
            let from = attribute.number.0.to_be_bytes().to_vec();
            // A long value is cut in its key: everything that starts like it belongs to the range.
            let to = index::after_prefix(&index::value_start(attribute.number, key));
            range(snapshot, attribute, from, to, cap)?
        }
        Node::Present(attribute) if attribute.is_indexed() => {
            let from = attribute.number.0.to_be_bytes().to_vec();
            range(snapshot, attribute, from, index::attribute_end(attribute.number), cap)?
        }
        Node::Substrings(attribute, pieces) if attribute.is_indexed() && prefix_keys(attribute.syntax) => {
            match &pieces.initial {
                Some(initial) => {
                    let from = index::value_start(attribute.number, initial);
                    let to = index::after_prefix(&from);
                    range(snapshot, attribute, from, to, cap)?
                }
                None => None,
            }
        }
        Node::LinksTo(attribute, target) => {
            let count = count_links(snapshot.transaction, attribute.number, *target, cap, link::sources)?;
            Some((count, Plan::Sources(attribute.number, *target)))
        }
        Node::LinkedFrom(_, forward, source) => {
            let count = count_links(snapshot.transaction, *forward, *source, cap, link::targets)?;
            Some((count, Plan::Targets(*forward, *source)))
        }
        Node::OneOf(_, ids) => Some((ids.len(), Plan::Ids(ids.clone()))),
        Node::And(parts) => {
            let mut order: Vec<&Node<'_>> = parts.iter().collect();
            order.sort_by_key(|part| dearness(snapshot, part));
            let mut best: Option<(usize, Plan)> = None;
            for part in order {
                let cap = best.as_ref().map_or(cap, |(count, _)| *count);
                if let Some((count, plan)) = estimate(snapshot, part, cap)?
                    && best.as_ref().is_none_or(|(least, _)| count < *least)
                {
                    best = Some((count, plan));
                }
                if best.as_ref().is_some_and(|(count, _)| *count <= SHORT_ENOUGH) {
                    break;
                }
            }
            best
        }
        Node::Or(parts) => {
            let most = collected_max(cap);
            let mut ids = Vec::new();
            for part in parts {
                let Some((count, plan)) = estimate(snapshot, part, cap)? else { return Ok(None) };
                // A count beyond the cap says only that the list is long.
                if count > cap || ids.len() + count > most || !collect(snapshot, plan, most, &mut ids)? {
                    return Ok(None);
                }
            }
            ids.sort_unstable();
            ids.dedup();
            Some((ids.len(), Plan::Ids(ids)))
        }
        Node::Equal(..) | Node::AnyEqual(..) | Node::AtLeast(..) | Node::AtMost(..) | Node::Present(_) => None,
        Node::Substrings(..) => None,
    })
}

/// The most ids to collect for one plan: beside a shorter list, no longer one is worth it.
fn collected_max(cap: usize) -> usize {
    if cap < COUNT_MAX { cap } else { COLLECT_MAX }
}

/// What to estimate first: items that are likely to be short and cheap to count.
fn dearness(snapshot: Snapshot<'_>, node: &Node<'_>) -> u8 {
    let known = snapshot.schema.known();
    match node {
        Node::False | Node::Undefined | Node::OneOf(..) => 0,
        Node::Equal(attribute, _) if attribute.number == known.object_class => 3,
        Node::Equal(attribute, _) if attribute.number == known.object_category => 3,
        Node::Equal(..) => 1,
        Node::LinksTo(..) | Node::LinkedFrom(..) | Node::AnyEqual(..) => 2,
        Node::Substrings(..) | Node::AtLeast(..) | Node::AtMost(..) | Node::Present(_) => 4,
        _ => 5,
    }
}

/// A range of an index. Where an object can have several keys in it, its ids are collected, so that none comes twice.
fn range(
    snapshot: Snapshot<'_>,
    attribute: &Attribute,
    from: Vec<u8>,
    to: Vec<u8>,
    cap: usize,
) -> Result<Option<(usize, Plan)>, Fault> {
    let count = index::count_between(snapshot.transaction, &from, &to, cap)?;
    if attribute.single_valued {
        return Ok(Some((count, Plan::Keys { from, to })));
    }
    if count > cap {
        return Ok(None);
    }
    Ok(index::collect_between(snapshot.transaction, &from, &to, COLLECT_MAX)?.map(|ids| (ids.len(), Plan::Ids(ids))))
}

/// Adds the ids of a plan whose count is known to be small; whether `ids` has room for them within `most`.
fn collect(snapshot: Snapshot<'_>, plan: Plan, most: usize, ids: &mut Vec<EntryId>) -> Result<bool, Fault> {
    let room = most.saturating_sub(ids.len());
    let mut fits = true;
    let mut push = |id: EntryId, _: &[u8]| {
        fits = ids.len() < most;
        if !fits {
            return ControlFlow::Break(());
        }
        ids.push(id);
        ControlFlow::Continue(())
    };
    match plan {
        Plan::Nothing => {}
        Plan::Everything => return Ok(false),
        Plan::Ids(more) => {
            fits = more.len() <= room;
            ids.extend(more.into_iter().take(room));
        }
        Plan::Value(prefix) => fits = postings(snapshot, prefix, most, ids)?,
        Plan::Values(prefixes) => {
            for prefix in prefixes {
                fits = fits && postings(snapshot, prefix, most, ids)?;
            }
        }
        Plan::Keys { from, to } => match index::collect_between(snapshot.transaction, &from, &to, room)? {
            Some(more) => ids.extend(more),
            None => fits = false,
        },
        Plan::Sources(attribute, target) => {
            link::sources(snapshot.transaction, attribute, target, EntryId::NONE, &mut push)?;
        }
        Plan::Targets(attribute, source) => {
            link::targets(snapshot.transaction, attribute, source, EntryId::NONE, &mut push)?;
        }
    }
    Ok(fits)
}

fn postings(snapshot: Snapshot<'_>, prefix: Vec<u8>, most: usize, ids: &mut Vec<EntryId>) -> Result<bool, Fault> {
    let mut postings = Postings::open(snapshot.transaction, prefix, EntryId::NONE)?;
    while let Some(id) = postings.peek() {
        if ids.len() >= most {
            return Ok(false);
        }
        ids.push(id);
        postings.advance()?;
    }
    Ok(true)
}

type LinkWalk = fn(
    &dyn ReadTransaction,
    AttributeNumber,
    EntryId,
    EntryId,
    &mut dyn FnMut(EntryId, &[u8]) -> ControlFlow<()>,
) -> Result<(), Fault>;

fn count_links(
    transaction: &dyn ReadTransaction,
    attribute: AttributeNumber,
    near: EntryId,
    cap: usize,
    walk: LinkWalk,
) -> Result<usize, Fault> {
    let mut count = 0;
    walk(transaction, attribute, near, EntryId::NONE, &mut |_, _| {
        count += 1;
        if count > cap { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(count)
}

/// The base and everything below it, sorted; none when that is more than `cap`.
fn below(snapshot: Snapshot<'_>, base: EntryId, cap: usize) -> Result<Option<Vec<EntryId>>, Fault> {
    let mut found = vec![base];
    let mut opened = 0;
    while let Some(id) = found.get(opened).copied() {
        opened += 1;
        let mut children =
            Postings::open(snapshot.transaction, index::value_prefix(index::CHILDREN, &id.key()), EntryId::NONE)?;
        while let Some(child) = children.peek() {
            found.push(child);
            if found.len() > cap {
                return Ok(None);
            }
            children.advance()?;
        }
    }
    found.sort_unstable();
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use bailiwick_store::{Memory, Store};

    use super::*;
    use crate::record::SPACES;
    use crate::schema::Schema;

    /// The index values `few` and `many` of an attribute, and what is estimated for `node` over them.
    fn estimated(node: impl for<'s> Fn(&'s Attribute, Vec<u8>, Vec<u8>) -> Node<'s>) -> Option<(usize, bool)> {
        let schema = Schema::from_tables(1);
        let store = Memory::open(SPACES);
        let attribute = schema.attribute_named("sn").expect("the schema has it");
        let store_dyn: &dyn Store = &store;
        let written: Result<(), Fault> = store_dyn
            .transact(|transaction| {
                for id in 1..=COUNT_MAX as u64 + 1000 {
                    index::insert(transaction, &index::value_prefix(attribute.number, b"many"), EntryId(id))?;
                }
                for id in 1..=20 {
                    index::insert(transaction, &index::value_prefix(attribute.number, b"few"), EntryId(id))?;
                }
                Ok(())
            })
            .expect("the store takes it");
        written.expect("it is written");
        let transaction = store.read().expect("the store is read");
        let snapshot = Snapshot { transaction: transaction.as_ref(), schema: &schema };
        let node = node(attribute, b"few".to_vec(), b"many".to_vec());
        let estimated = estimate(snapshot, &node, COUNT_MAX).expect("the index is whole");
        estimated.map(|(count, plan)| (count, matches!(plan, Plan::Ids(_) | Plan::Values(_))))
    }

    /// Counting stops at the cap, and the capped count once passed for the length of the list: a list of any length was
    /// collected whole, for each slice.
    #[test]
    fn a_list_beyond_the_cap_is_not_collected_for_an_or() {
        assert_eq!(estimated(|a, few, _| Node::Or(vec![Node::Equal(a, few)])), Some((20, true)));
        assert_eq!(estimated(|a, few, many| Node::Or(vec![Node::Equal(a, few), Node::Equal(a, many)])), None);
        assert_eq!(estimated(|a, few, many| Node::AnyEqual(a, vec![few, many])), None);
        assert_eq!(estimated(|a, few, _| Node::AnyEqual(a, vec![few])).map(|(_, ids)| ids), Some(true));
    }

    #[test]
    fn collecting_stops_where_there_is_no_more_room() {
        let schema = Schema::from_tables(1);
        let store = Memory::open(SPACES);
        let transaction = store.read().expect("the store is read");
        let snapshot = Snapshot { transaction: transaction.as_ref(), schema: &schema };
        let mut ids = vec![EntryId(9)];
        let three = || Plan::Ids(vec![EntryId(1), EntryId(2), EntryId(3)]);
        assert!(collect(snapshot, three(), 4, &mut ids).expect("the index is whole"));
        assert!(!collect(snapshot, three(), 5, &mut ids).expect("the index is whole"));
        assert_eq!(ids.len(), 5);
    }
}
