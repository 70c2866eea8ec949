//! Snapshots of the map: reads that borrow from its pages.

use std::ops::{Bound, Deref};

use heed::types::Bytes;
use heed::{MdbError, RoRange};

use super::pool::{Generation, ReadTxn};
use super::{Shared, Tree};
use crate::{Cursor, Error, KEY_OCTETS_MAX, Pair, ReadTransaction, Space};

/// A snapshot of the newest commit at the time it was opened. It borrows the open files, or
/// shares them where a borrow cannot live long enough.
pub(super) struct Snapshot<H: Deref<Target = Shared>> {
    /// `None` only while being dropped.
    transaction: Option<ReadTxn>,
    generation: Generation,
    shared: H,
}

impl<H: Deref<Target = Shared>> Snapshot<H> {
    pub(super) fn open(shared: H) -> Result<Self, Error> {
        let (generation, idle) = shared.pool.take();
        let begin = || shared.env.clone().static_read_txn();
        let transaction = match idle.map_or_else(begin, Ok) {
            // Idle transactions of other threads take slots of the readers' table too.
            Err(heed::Error::Mdb(MdbError::ReadersFull)) => {
                shared.pool.renew();
                begin()
            }
            transaction => transaction,
        };
        let transaction = Some(transaction.map_err(|source| shared.error("opening a snapshot", source))?);
        Ok(Snapshot { transaction, generation, shared })
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

impl<H: Deref<Target = Shared>> Drop for Snapshot<H> {
    fn drop(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.shared.pool.give_back(self.generation, transaction);
        }
    }
}

impl<H: Deref<Target = Shared>> ReadTransaction for Snapshot<H> {
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
        Ok(Box::new(Walk {
            transaction: self.transaction(),
            shared: &self.shared,
            tree,
            rest: None,
            done: false,
            start: Vec::new(),
        }))
    }
}

/// A cursor of the map, opened when first needed.
struct Walk<'t> {
    transaction: &'t ReadTxn,
    shared: &'t Shared,
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
                let rest = self.tree.range(self.transaction, &range);
                none.insert(rest.map_err(|source| self.shared.error("reading", source))?)
            }
        };
        match rest.next() {
            Some(pair) => pair.map(Some).map_err(|source| self.shared.error("reading", source)),
            None => {
                self.done = true;
                Ok(None)
            }
        }
    }
}
