//! Search, as one straight path: snapshot, typed filter, plan, candidates, scope, visibility, filter, attributes.

use std::cell::RefCell;
use std::collections::BinaryHeap;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_domain::{Budget, Context, Error, Flow, Position, Progress, Scope, SearchRequest, Sink};
use bailiwick_store::ReadTransaction;

use crate::access::{Access, View};
use crate::native::Native;
use crate::operation::{present::Presenter, target};
use crate::query::candidates::Candidates;
use crate::query::chain::Allowance;
use crate::query::compile::Compiler;
use crate::query::evaluate::Evaluator;
use crate::query::plan::{self, Plan};
use crate::query::position::Mark;
use crate::query::scope::Reach;
use crate::query::selection::Selection;
use crate::query::sort::Order;
use crate::query::{Node, Truth};
use crate::record::{EntryId, Fault, Record, Snapshot, index};
use crate::schema::AttributeNumber;

/// A budget of fewer entries is meant for a place where others wait: what takes long is put off to the next slice.
const BUDGET_AT_LEISURE_MIN: u32 = 1024;

/// Runs one slice of a search.
pub(crate) fn run(
    native: &Native,
    transaction: &dyn ReadTransaction,
    context: &Context<'_>,
    request: &SearchRequest,
    from: Option<&Position>,
    budget: Budget,
    sink: &mut dyn Sink,
) -> Result<Progress, Error> {
    let snapshot = native.snapshot(transaction);
    let access = Access::reading(native, snapshot, context.requester)?;
    let base = base(native, snapshot, &access, request)?;
    let (mark, was_put_off) = match from.map(Mark::decode).transpose()? {
        Some(Mark::PutOff(mark)) => (mark.map(|mark| *mark), true),
        mark => (mark, false),
    };
    let at_leisure = was_put_off || budget.entries_examined >= BUDGET_AT_LEISURE_MIN;

    // Names and text become typed values before anything is looked at.
    let chains = RefCell::new(if at_leisure { Allowance::whole() } else { Allowance::inline() });
    let compiler = Compiler { native, snapshot, chains };
    let node = compiler.compile(&request.filter)?;
    // Of a sorted search nothing can be sent before all is read.
    let sorts = !request.options.sort.is_empty() && request.scope != Scope::Base;
    if compiler.chains.borrow().is_put_off() || sorts && !at_leisure {
        return Ok(Progress::More(Mark::PutOff(mark.map(Box::new)).encode()));
    }
    let selection = Selection::new(snapshot.schema, &request.selection);
    let contexts = contexts_covered(native, base.id(), request);
    let slice = Slice {
        native,
        snapshot,
        access: &access,
        context,
        request,
        node,
        base: base.id(),
        evaluator: Evaluator::new(snapshot),
        contexts,
    };
    let mut presenter = Presenter::new(native, snapshot, &access, context, request, &selection);

    if request.options.sort.is_empty() {
        slice.in_natural_order(mark, budget, &mut presenter, sink)
    } else {
        slice.sorted(mark, budget, &mut presenter, sink)
    }
}

/// The object a search starts at. One that the requester may not see is as absent as one that is not there.
fn base<'t>(
    native: &Native,
    snapshot: Snapshot<'t>,
    access: &Access<'_>,
    request: &SearchRequest,
) -> Result<Record<'t>, Error> {
    let id = match target::find(native, snapshot, &request.base) {
        // The whole directory hangs below the root: a subtree search there covers every naming context.
        Err(Error::NoSuchObject { .. })
            if request.options.phantom_root && is_root(&request.base) && request.scope == Scope::Subtree =>
        {
            native.facts.domain
        }
        found => found.map_err(|error| access.concealed(error))?,
    };
    visible(snapshot, access, id, request.options.show_deleted)
}

/// The living object that a listing starts at.
pub(crate) fn visible_base(
    native: &Native,
    snapshot: Snapshot<'_>,
    access: &Access<'_>,
    name: &ObjectName,
) -> Result<EntryId, Error> {
    let id = target::find(native, snapshot, name).map_err(|error| access.concealed(error))?;
    visible(snapshot, access, id, false).map(|record| record.id())
}

fn visible<'t>(
    snapshot: Snapshot<'t>,
    access: &Access<'_>,
    id: EntryId,
    show_deleted: bool,
) -> Result<Record<'t>, Error> {
    let record = snapshot.existing(id)?;
    if record.is_deleted() && !show_deleted {
        return Err(Error::NoSuchObject { matched: String::new() });
    }
    access.require_visible(&record)?;
    Ok(record)
}

fn is_root(name: &ObjectName) -> bool {
    matches!(name, ObjectName::Dn(name) if name.is_root())
}

/// The naming contexts that a search covers beside what lies below its base in its own.
fn contexts_covered(native: &Native, base: EntryId, request: &SearchRequest) -> Vec<EntryId> {
    let mut covered = Vec::new();
    if native.contexts.is_head(base) {
        covered.push(base);
        if request.options.phantom_root && request.scope == Scope::Subtree {
            covered.extend(native.contexts.below(base));
        }
    }
    covered
}

struct Slice<'s, 't> {
    native: &'s Native,
    snapshot: Snapshot<'t>,
    access: &'s Access<'t>,
    context: &'s Context<'s>,
    request: &'s SearchRequest,
    node: Node<'t>,
    base: EntryId,
    evaluator: Evaluator<'t>,
    contexts: Vec<EntryId>,
}

impl<'t> Slice<'_, 't> {
    fn in_natural_order(
        &self,
        mark: Option<Mark>,
        budget: Budget,
        presenter: &mut Presenter<'_, 't>,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        let mut candidates = self.candidates(mark)?;
        let mut reach = self.reach();
        let (mut examined, mut sent) = (0, 0);
        while let Some(id) = candidates.peek() {
            if examined == budget.entries_examined {
                return Ok(more(&candidates));
            }
            examined += 1;
            // An index may still name an object that has just gone.
            if let Some(record) = self.snapshot.record(id)?
                && let Some(view) = self.matches(&mut reach, &record)?
            {
                // The page is full and here is one more: only now is it known that there is more.
                if sent == budget.entries_sent {
                    return Ok(more(&candidates));
                }
                sent += 1;
                let flow = presenter.entry(&record, &view, sink)?;
                candidates.advance()?;
                if flow == Flow::Stop && candidates.peek().is_some() {
                    return Ok(more(&candidates));
                }
                continue;
            }
            candidates.advance()?;
        }
        self.references(sink);
        Ok(Progress::Done)
    }

    /// Goes through everything and keeps the least keys after the position, as many as the slice may hand out. A
    /// position is the last key handed out, so each slice does it anew: memory is bounded by what one slice hands out,
    /// never by an open cursor.
    fn sorted(
        &self,
        mark: Option<Mark>,
        budget: Budget,
        presenter: &mut Presenter<'_, 't>,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        let order = Order::new(self.snapshot.schema, &self.request.options.sort)?;
        let sort_entries_max = self.context.limits.sort_entries_max;
        let after = match mark {
            None => None,
            Some(Mark::Sorted(key, id)) => Some((key, id)),
            Some(_) => return Err(Error::InvalidPosition),
        };
        let mut least = BinaryHeap::new();
        let (mut matches, mut following) = (0, 0);
        let mut candidates = self.candidates(None)?;
        let mut reach = self.reach();
        while let Some(id) = candidates.peek() {
            if let Some(record) = self.snapshot.record(id)?
                && let Some(view) = self.matches(&mut reach, &record)?
            {
                if matches == sort_entries_max {
                    return Err(Error::CannotSort);
                }
                matches += 1;
                let key = (order.key(&view, &record), id);
                if after.as_ref().is_none_or(|after| key > *after) {
                    following += 1;
                    least.push(key);
                }
                if least.len() as u64 > u64::from(budget.entries_sent) {
                    least.pop();
                }
            }
            candidates.advance()?;
        }
        for (sent, (key, id)) in least.into_sorted_vec().into_iter().enumerate() {
            let record = self.snapshot.existing(id)?;
            // It was seen a moment ago, in this very snapshot.
            let Some(view) = self.access.view(&record)? else { continue };
            let flow = presenter.entry(&record, &view, sink)?;
            let last = sent + 1 == following;
            if !last && (flow == Flow::Stop || sent as u64 + 1 == u64::from(budget.entries_sent)) {
                return Ok(Progress::More(Mark::Sorted(key, id).encode()));
            }
        }
        self.references(sink);
        Ok(Progress::Done)
    }

    fn candidates(&self, mark: Option<Mark>) -> Result<Candidates<'t>, Error> {
        if self.request.scope == Scope::Base {
            let from = match mark {
                Some(Mark::Id(id)) => Some(id),
                Some(_) => return Err(Error::InvalidPosition),
                None => None,
            };
            return Ok(Candidates::open(self.snapshot, Plan::Ids(vec![self.base]), from)?);
        }
        let plan = plan::choose(self.snapshot, &self.node, self.base, self.request.scope, &self.contexts)?;
        Ok(match mark {
            None => Candidates::open(self.snapshot, plan, None)?,
            Some(Mark::Key(key)) => {
                let attribute = key.first_chunk::<4>().map(|number| AttributeNumber(u32::from_be_bytes(*number)));
                let to = match (plan, attribute) {
                    (Plan::Keys { from, to }, Some(_)) if from[..4] == key[..4] => to,
                    (_, Some(attribute)) => index::attribute_end(attribute),
                    (_, None) => return Err(Error::InvalidPosition),
                };
                Candidates::resume_keys(self.snapshot, &key, to)?
            }
            Some(Mark::Id(id)) => match plan {
                // The search began in id order; lists have grown since, and it goes on in the order it began in.
                Plan::Keys { .. } => Candidates::open(self.snapshot, Plan::Everything, Some(id))?,
                plan => Candidates::open(self.snapshot, plan, Some(id))?,
            },
            Some(Mark::Sorted(..) | Mark::PutOff(_)) => return Err(Error::InvalidPosition),
        })
    }

    fn reach(&self) -> Reach {
        let is_head = self.native.contexts.is_head(self.base);
        let below = self.contexts.iter().copied().filter(|head| *head != self.base).collect();
        Reach::new(self.base, self.request.scope, is_head, below)
    }

    /// Scope, visibility, filter: the filter sees only what the requester may read, so visibility comes first. What may
    /// be seen of an object that matches; none of one that does not.
    fn matches(&self, reach: &mut Reach, record: &Record<'t>) -> Result<Option<View>, Fault> {
        if record.is_deleted() && !self.request.options.show_deleted || !reach.contains(self.snapshot, record)? {
            return Ok(None);
        }
        let Some(view) = self.access.view(record)? else { return Ok(None) };
        let matches = self.evaluator.test(&self.node, &view, record)? == Truth::True;
        Ok(matches.then_some(view))
    }

    /// Naming contexts below the base that the search did not enter. [MS-ADTS] 3.1.1.4.6.
    fn references(&self, sink: &mut dyn Sink) {
        let options = &self.request.options;
        if options.domain_scope || options.phantom_root || self.request.scope == Scope::Base {
            return;
        }
        for head in self.native.contexts.directly_below(self.base) {
            if let Some(name) = self.native.contexts.text_of(head) {
                let scope = if self.request.scope == Scope::OneLevel { "??base" } else { "" };
                sink.reference(&format!("ldap://{}/{name}{scope}", self.native.facts.dns_name));
            }
        }
    }
}

fn more(candidates: &Candidates<'_>) -> Progress {
    candidates.mark().map_or(Progress::Done, |mark| Progress::More(mark.encode()))
}
