//! Whether an object lies where a search looks.

use std::collections::HashMap;

use bailiwick_domain::Scope;

use crate::record::name::DEPTH_MAX;
use crate::record::{EntryId, Fault, Record, Snapshot};

/// The reach of one search, with a memo of containers already placed.
pub(crate) struct Reach {
    base: EntryId,
    scope: Scope,
    /// The base heads a naming context, and the search stays in it: the header of a record answers.
    whole_context: bool,
    /// Heads of the naming contexts below the base that the search covers too.
    contexts_below: Vec<EntryId>,
    inside: HashMap<EntryId, bool>,
}

impl Reach {
    /// The reach of a search. `contexts_below`: the heads of further naming contexts that belong to it.
    pub fn new(base: EntryId, scope: Scope, base_is_head: bool, contexts_below: Vec<EntryId>) -> Reach {
        let whole_context = base_is_head && contexts_below.is_empty();
        Reach { base, scope, whole_context, contexts_below, inside: HashMap::new() }
    }

    /// Whether the object lies in reach.
    pub fn contains(&mut self, snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<bool, Fault> {
        match self.scope {
            Scope::Base => Ok(record.id() == self.base),
            Scope::OneLevel => Ok(record.parent() == self.base),
            Scope::Subtree if self.whole_context => Ok(record.naming_context() == self.base),
            Scope::Subtree => self.is_below(snapshot, record),
        }
    }

    fn is_below(&mut self, snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<bool, Fault> {
        let is_root = |id: EntryId| id == self.base || self.contexts_below.contains(&id);
        if is_root(record.id()) {
            return Ok(true);
        }
        let mut walked = Vec::new();
        let mut id = record.parent();
        let inside = loop {
            if is_root(id) {
                break true;
            }
            // The head of a naming context has no parent in its record; contexts nest by name only.
            if id == EntryId::NONE {
                break false;
            }
            if let Some(inside) = self.inside.get(&id) {
                break *inside;
            }
            if walked.len() > DEPTH_MAX {
                return Err(Fault::Damaged { what: "chain of parents", id: record.id().0 });
            }
            walked.push(id);
            id = snapshot.existing(id)?.parent();
        };
        for id in walked {
            self.inside.insert(id, inside);
        }
        Ok(inside)
    }
}
