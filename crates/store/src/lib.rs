//! Ordered bytes in named spaces, with transactions: the whole contract on one screen.
//!
//! The store knows spaces, keys and values. What they mean (entries, links, indexes) is the
//! caller's affair. Engines: [`Embedded`] (LMDB, one process) and [`Memory`] (for tests, with
//! faults by seed). Every engine passes the same `battery`.

#[cfg(feature = "battery")]
pub mod battery;
mod embedded;
mod error;
mod group_commit;
mod memory;
mod overlay;
mod spaces;
mod transaction;

use std::ops::ControlFlow;

pub use embedded::{Beside, Embedded, Options};
pub use error::Error;
pub use memory::{Faults, Memory};

/// A named, ordered set of keys. An engine is opened with the spaces it shall have; the name is
/// what lies on disk, so it never changes once used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Space(pub &'static str);

/// The longest key, in octets. Keys have at least one octet and order as unsigned bytes.
pub const KEY_OCTETS_MAX: usize = 511;

/// The longest value, in octets. A value may be empty, which differs from absent.
pub const VALUE_OCTETS_MAX: usize = 1 << 30;

/// A key and its value, borrowed from the transaction they were read in.
pub type Pair<'t> = (&'t [u8], &'t [u8]);

/// Ordered bytes that change only in durable, serializable transactions.
pub trait Store: Send + Sync {
    /// Opens a snapshot of everything committed so far. It never changes and never blocks writers,
    /// but keeps replaced pages alive: hold it for a request, not for a session.
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error>;

    /// Runs `work` as if alone and, when it succeeds, returns after its writes are durable.
    ///
    /// Concurrent works share one commit. `work` may run again, so it has no effect outside the
    /// transaction but what its last run leaves in its closure. A work that answers [`Stop`], or
    /// panics, leaves nothing behind and harms no neighbour. It never starts another write: that
    /// would wait for itself.
    ///
    /// # Errors
    /// When the commit fails, every work of the batch gets the error and none is visible. A failing
    /// disk ([`Error::Io`]) can bring the store down for good: everything then answers
    /// [`Error::Failed`], and only opening the store anew tells whether that batch was kept: whole,
    /// or not at all.
    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error>;
}

/// What [`Store::write`] runs. It keeps results and errors of its own in what it captures.
pub type Work<'w> = dyn FnMut(&mut dyn WriteTransaction) -> Result<(), Stop> + Send + 'w;

impl dyn Store + '_ {
    /// [`Store::write`] for a work with a value or an error of its own: `Err` of the outer result
    /// is the engine's, `Err` of the inner one is the work's, whose writes were then dropped.
    pub fn transact<T: Send, E: Send>(
        &self,
        mut work: impl FnMut(&mut dyn WriteTransaction) -> Result<T, E> + Send,
    ) -> Result<Result<T, E>, Error> {
        let mut answer = None;
        let _ended = self.write(&mut |transaction| {
            let result = work(transaction);
            let verdict = result.as_ref().map(|_| ()).map_err(|_| Stop);
            answer = Some(result);
            verdict
        })?;
        Ok(answer.expect("an engine that answers has run the work"))
    }
}

/// Reads of one snapshot. Borrowed values live as long as the borrow of the transaction.
pub trait ReadTransaction {
    /// The value of `key`. A key no space can hold (empty, too long) is simply absent.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error>;

    /// The pair with the least key that is equal to `key` or greater. An empty `key` asks for the first.
    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error>;

    /// The pair with the greatest key that is less than `key`.
    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error>;

    /// A cursor before the first key of `space`.
    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error>;

    /// Visits the pairs with `from <= key < to` in key order until `visit` breaks; `None` is the end of the space.
    fn scan(&self, space: Space, from: &[u8], to: Option<&[u8]>, visit: &mut Visit<'_>) -> Result<(), Error> {
        let mut cursor = self.cursor(space)?;
        cursor.seek(from)?;
        while let Some((key, value)) = cursor.next()? {
            if to.is_some_and(|to| key >= to) || visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// What [`ReadTransaction::scan`] calls with each key and value.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

/// A walk through one space of one transaction, in key order.
pub trait Cursor<'t> {
    /// Moves so that [`Cursor::next`] answers the first pair at or after `key`; backwards too.
    fn seek(&mut self, key: &[u8]) -> Result<(), Error>;

    /// The next pair, or `None` at the end of the space, again and again.
    fn next(&mut self) -> Result<Option<Pair<'t>>, Error>;
}

/// Reads that see this transaction's own writes, and the writes themselves.
pub trait WriteTransaction: ReadTransaction {
    /// Sets `key` to `value`. [`Error::KeyLength`] and [`Error::ValueLength`] refuse what no space can hold.
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), Error>;

    /// Removes `key`; false when it was absent.
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<bool, Error>;

    /// What this transaction has touched so far, for tests that bound the work of an operation.
    fn touched(&self) -> Touched;
}

/// How many keys a transaction has asked for, walked over, put and deleted; repeats count again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Touched {
    /// Point reads, and pairs handed out by cursors and scans.
    pub keys_read: usize,
    /// Calls of `put`.
    pub keys_put: usize,
    /// Calls of `delete`.
    pub keys_deleted: usize,
}

/// A work's refusal of itself: its writes are dropped. It carries nothing, because the caller
/// keeps the reason in its closure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stop;

/// How a write ended.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Committed {
    /// The writes are on disk, in one sync with `batch_works` works (this one included).
    /// Zero when nothing needed a sync.
    Durable {
        /// Works that shared the commit.
        batch_works: usize,
    },
    /// The work answered [`Stop`]; what it had read, its neighbours' writes included, is durable.
    Refused,
}
