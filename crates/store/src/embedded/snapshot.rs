//! Snapshots of the map, and the pool that makes opening one cheap.

use std::ops::Bound;
use std::sync::Arc;

use heed::types::Bytes;
use heed::{RoRange, RoTxn, WithoutTls};
use parking_lot::Mutex;

use super::{Shared, Tree};
use crate::{Cursor, Error, KEY_OCTETS_MAX, Pair, ReadTransaction, Space};

/// The most idle snapshots kept for the next reader.
const IDLE_MAX: usize = 64;

type ReadTxn = RoTxn<'static, WithoutTls>;

/// Idle snapshots of the newest commit.
///
/// Beginning an LMDB transaction takes a lock shared between processes and looks every space up
/// anew; between two commits all snapshots are alike, so one that is done serves the next reader.
/// A commit empties the pool: an idle snapshot never keeps replaced pages alive.
#[derive(Default)]
pub(super) struct Pool(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    generation: u64,
    snapshots: Vec<ReadTxn>,
}

impl Pool {
    /// Forgets the snapshots of before a commit.
    pub(super) fn renew(&self) {
        let stale = {
            let mut idle = self.0.lock();
            idle.generation += 1;
            std::mem::take(&mut idle.snapshots)
        };
        drop(stale);
    }

    fn take(&self) -> (u64, Option<ReadTxn>) {
        let mut idle = self.0.lock();
        (idle.generation, idle.snapshots.pop())
    }

    fn give_back(&self, generation: u64, snapshot: ReadTxn) {
        let mut idle = self.0.lock();
        if idle.generation == generation && idle.snapshots.len() < IDLE_MAX {
            idle.snapshots.push(snapshot);
        }
    }
}

/// A snapshot of the newest commit at the time it was opened.
pub(super) struct Snapshot {
    /// `None` only while being dropped.
    transaction: Option<ReadTxn>,
    generation: u64,
    shared: Arc<Shared>,
}

impl Snapshot {
    pub(super) fn open(shared: &Arc<Shared>) -> Result<Self, Error> {
        // The generation is read before the transaction begins, so a commit in between makes the
        // snapshot look older than it is, and it is merely not used again.
        let (generation, idle) = shared.pool.take();
        let transaction = match idle {
            Some(idle) => idle,
            None => {
                shared.env.clone().static_read_txn().map_err(|source| shared.error("opening a snapshot", source))?
            }
        };
        Ok(Snapshot { transaction: Some(transaction), generation, shared: Arc::clone(shared) })
    }

    #[inline]
    fn transaction(&self) -> &ReadTxn {
        self.transaction.as_ref().expect("a snapshot has its transaction until it is dropped")
    }

    #[inline]
    fn tree(&self, space: Space) -> Result<Tree, Error> {
        self.shared.spaces.place(space).map(|place| self.shared.trees[place])
    }

    fn error(&self, source: heed::Error) -> Error {
        self.shared.error("reading", source)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.shared.pool.give_back(self.generation, transaction);
        }
    }
}

impl ReadTransaction for Snapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        let tree = self.tree(space)?;
        // LMDB takes these for mistakes; for the store such a key is merely not there.
        if key.is_empty() || key.len() > KEY_OCTETS_MAX {
            return Ok(None);
        }
        tree.get(self.transaction(), key).map_err(|source| self.error(source))
    }

    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        let tree = self.tree(space)?;
        let found = if key.is_empty() {
            tree.first(self.transaction())
        } else {
            tree.get_greater_than_or_equal_to(self.transaction(), key)
        };
        found.map_err(|source| self.error(source))
    }

    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        let tree = self.tree(space)?;
        if key.is_empty() {
            return Ok(None);
        }
        tree.get_lower_than(self.transaction(), key).map_err(|source| self.error(source))
    }

    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error> {
        let tree = self.tree(space)?;
        Ok(Box::new(Walk { snapshot: self, tree, rest: None, done: false, start: Vec::new() }))
    }
}

/// A cursor of the map, opened when first needed.
struct Walk<'t> {
    snapshot: &'t Snapshot,
    tree: Tree,
    rest: Option<RoRange<'t, Bytes, Bytes>>,
    done: bool,
    start: Vec<u8>,
}

impl<'t> Cursor<'t> for Walk<'t> {
    fn seek(&mut self, key: &[u8]) -> Result<(), Error> {
        self.rest = None;
        self.done = false;
        self.start.clear();
        self.start.extend_from_slice(key);
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Pair<'t>>, Error> {
        if self.done {
            return Ok(None);
        }
        let rest = match &mut self.rest {
            Some(rest) => rest,
            none => {
                let start = match self.start.as_slice() {
                    [] => Bound::Unbounded,
                    key => Bound::Included(key),
                };
                let range = (start, Bound::Unbounded);
                let rest = self.tree.range(self.snapshot.transaction(), &range);
                none.insert(rest.map_err(|source| self.snapshot.error(source))?)
            }
        };
        match rest.next() {
            Some(pair) => pair.map(Some).map_err(|source| self.snapshot.error(source)),
            None => {
                self.done = true;
                Ok(None)
            }
        }
    }
}
