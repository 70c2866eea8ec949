//! A walk over the candidates of a plan, one at a time, that can stop anywhere and go on later.

use std::ops::ControlFlow;

use crate::query::plan::Plan;
use crate::query::position::Mark;
use crate::record::index::{self, Postings};
use crate::record::{EntryId, Fault, INDEX, RECORD, Snapshot, link};
use crate::schema::AttributeNumber;

/// How many links are read at a time.
const LINKS_AT_A_TIME: usize = 512;

/// The candidates of a plan, in the plan's order.
pub(crate) struct Candidates<'t> {
    snapshot: Snapshot<'t>,
    walk: Walk<'t>,
}

enum Walk<'t> {
    Ids { ids: Vec<EntryId>, next: usize },
    Postings(Postings<'t>),
    Links { links: Links, ids: Vec<EntryId>, next: usize, ended: bool },
    Keys { postings: Option<Postings<'t>>, prefix: Vec<u8>, to: Vec<u8> },
    Everything { next: Option<EntryId> },
}

#[derive(Clone, Copy)]
enum Links {
    Sources(AttributeNumber, EntryId),
    Targets(AttributeNumber, EntryId),
}

impl<'t> Candidates<'t> {
    /// Opens a plan from its beginning, or from where an earlier slice of it stopped.
    pub fn open(snapshot: Snapshot<'t>, plan: Plan, from: Option<EntryId>) -> Result<Candidates<'t>, Fault> {
        let start = from.unwrap_or(EntryId::NONE);
        let walk = match plan {
            Plan::Nothing => Walk::Ids { ids: Vec::new(), next: 0 },
            Plan::Ids(ids) => {
                let next = ids.partition_point(|id| *id < start);
                Walk::Ids { ids, next }
            }
            Plan::Value(prefix) => Walk::Postings(Postings::open(snapshot.transaction, prefix, start)?),
            Plan::Values(prefixes) => {
                let mut ids = Vec::new();
                for prefix in prefixes {
                    let mut postings = Postings::open(snapshot.transaction, prefix, start)?;
                    while let Some(id) = postings.peek() {
                        ids.push(id);
                        postings.advance()?;
                    }
                }
                ids.sort_unstable();
                ids.dedup();
                Walk::Ids { ids, next: 0 }
            }
            Plan::Keys { from, to } => return Candidates::keys(snapshot, &from, to, None),
            Plan::Sources(attribute, target) => Walk::links(Links::Sources(attribute, target), start),
            Plan::Targets(attribute, source) => Walk::links(Links::Targets(attribute, source), start),
            Plan::Everything => Walk::Everything { next: first_record(snapshot, start)? },
        };
        let mut candidates = Candidates { snapshot, walk };
        candidates.refill()?;
        Ok(candidates)
    }

    /// Goes on in an index at a key that [`Candidates::mark`] gave, up to the end of the attribute or the range.
    pub fn resume_keys(snapshot: Snapshot<'t>, key: &[u8], to: Vec<u8>) -> Result<Candidates<'t>, Fault> {
        let Some((prefix, id)) = key.split_last_chunk::<8>() else {
            return Err(Fault::Damaged { what: "position", id: 0 });
        };
        Candidates::keys(snapshot, prefix, to, Some(EntryId(u64::from_be_bytes(*id))))
    }

    fn keys(snapshot: Snapshot<'t>, from: &[u8], to: Vec<u8>, id: Option<EntryId>) -> Result<Candidates<'t>, Fault> {
        let mut candidates = Candidates { snapshot, walk: Walk::Keys { postings: None, prefix: from.to_vec(), to } };
        if let Some(id) = id
            && let Walk::Keys { postings, .. } = &mut candidates.walk
        {
            let open = Postings::open(snapshot.transaction, from.to_vec(), id)?;
            if open.peek().is_some() {
                *postings = Some(open);
                return Ok(candidates);
            }
        }
        candidates.enter_key(from)?;
        Ok(candidates)
    }

    /// The candidate the walk stands at; none at the end.
    pub fn peek(&self) -> Option<EntryId> {
        match &self.walk {
            Walk::Ids { ids, next } | Walk::Links { ids, next, .. } => ids.get(*next).copied(),
            Walk::Postings(postings) => postings.peek(),
            Walk::Keys { postings, .. } => postings.as_ref().and_then(Postings::peek),
            Walk::Everything { next } => *next,
        }
    }

    /// Goes to the next candidate.
    pub fn advance(&mut self) -> Result<(), Fault> {
        match &mut self.walk {
            Walk::Ids { next, .. } => *next += 1,
            Walk::Postings(postings) => postings.advance()?,
            Walk::Links { next, .. } => *next += 1,
            Walk::Everything { next } => {
                *next = match *next {
                    Some(id) => first_record(self.snapshot, EntryId(id.0.saturating_add(1)))?,
                    None => None,
                };
            }
            Walk::Keys { postings, prefix, .. } => {
                let Some(open) = postings else { return Ok(()) };
                open.advance()?;
                if open.peek().is_none() {
                    let after = index::after_prefix(prefix);
                    return self.enter_key(&after);
                }
            }
        }
        self.refill()
    }

    /// Where to go on, so that the walk begins with the candidate it stands at.
    pub fn mark(&self) -> Option<Mark> {
        let id = self.peek()?;
        Some(match &self.walk {
            Walk::Keys { prefix, .. } => {
                let mut key = prefix.clone();
                key.extend_from_slice(&id.key());
                Mark::Key(key)
            }
            _ => Mark::Id(id),
        })
    }

    /// Reads the next links once those at hand are used up.
    fn refill(&mut self) -> Result<(), Fault> {
        let Walk::Links { links, ids, next, ended } = &mut self.walk else { return Ok(()) };
        if *next < ids.len() || *ended {
            return Ok(());
        }
        let from = ids.last().map_or(EntryId::NONE, |last| EntryId(last.0.saturating_add(1)));
        let mut more = Vec::new();
        let mut visit = |id: EntryId, _: &[u8]| {
            // An object is met once for each value that names it.
            if more.last() == Some(&id) {
                return ControlFlow::Continue(());
            }
            more.push(id);
            if more.len() == LINKS_AT_A_TIME { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match *links {
            Links::Sources(attribute, near) => {
                link::sources(self.snapshot.transaction, attribute, near, from, &mut visit)?;
            }
            Links::Targets(attribute, near) => {
                link::targets(self.snapshot.transaction, attribute, near, from, &mut visit)?;
            }
        }
        *ended = more.len() < LINKS_AT_A_TIME;
        *ids = more;
        *next = 0;
        Ok(())
    }

    fn enter_key(&mut self, at: &[u8]) -> Result<(), Fault> {
        let Walk::Keys { postings, prefix, to } = &mut self.walk else { return Ok(()) };
        *postings = None;
        if let Some((key, _)) = self.snapshot.transaction.first_at_or_after(INDEX, at)?
            && key < to.as_slice()
            && let Some((value, _)) = key.split_last_chunk::<8>()
        {
            *prefix = value.to_vec();
            *postings = Some(Postings::open(self.snapshot.transaction, value.to_vec(), EntryId::NONE)?);
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn links(links: Links, start: EntryId) -> Self {
        // The id before the start stands in the list as already used, so that the first read begins at the start.
        Walk::Links { links, ids: vec![EntryId(start.0.saturating_sub(1))], next: 1, ended: false }
    }
}

fn first_record(snapshot: Snapshot<'_>, from: EntryId) -> Result<Option<EntryId>, Fault> {
    Ok(snapshot.transaction.first_at_or_after(RECORD, &from.key())?.and_then(|(key, _)| EntryId::read(key)))
}
