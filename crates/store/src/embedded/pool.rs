//! Idle LMDB read transactions, so that opening a snapshot is cheap.

use std::cell::Cell;
use std::mem;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use heed::{RoTxn, WithoutTls};
use parking_lot::Mutex;

/// Parts of the pool. Threads are spread over them, so that readers on different processors do
/// not fight for one lock.
const PARTS: usize = 16;
/// The most idle transactions of one part.
const IDLE_MAX: usize = 8;

pub(super) type ReadTxn = RoTxn<'static, WithoutTls>;

/// Idle read transactions of the newest commit.
///
/// Beginning an LMDB transaction takes a lock shared between processes and looks every space up
/// anew; between two commits all snapshots are alike, so one that is done serves the next reader.
/// A commit empties the pool: an idle transaction never keeps replaced pages alive.
#[derive(Default)]
pub(super) struct Pool {
    commits: AtomicU64,
    parts: [Part; PARTS],
}

/// Alone on its cache lines.
#[derive(Default)]
#[repr(align(128))]
struct Part(Mutex<Idle>);

#[derive(Default)]
struct Idle {
    generation: Generation,
    transactions: Vec<ReadTxn>,
}

/// The number of the commit that a transaction sees, or an older one.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Generation(u64);

impl Pool {
    /// An idle transaction of the newest commit, if there is one. The generation is for giving it
    /// back; a transaction begun now may be given back under it as well: when a commit comes in
    /// between, it only looks older than it is and is not used again.
    pub(super) fn take(&self) -> (Generation, Option<ReadTxn>) {
        let mut idle = self.part().lock();
        (idle.generation, idle.transactions.pop())
    }

    /// Keeps a transaction that is done for the next reader, or ends it.
    pub(super) fn give_back(&self, generation: Generation, transaction: ReadTxn) {
        let mut idle = self.part().lock();
        if idle.generation == generation && idle.transactions.len() < IDLE_MAX {
            idle.transactions.push(transaction);
        }
    }

    /// Forgets the transactions of before a commit. After that none of them is handed out.
    pub(super) fn renew(&self) {
        let generation = Generation(self.commits.fetch_add(1, Ordering::SeqCst) + 1);
        for part in &self.parts {
            let stale = {
                let mut idle = part.0.lock();
                idle.generation = generation;
                mem::take(&mut idle.transactions)
            };
            drop(stale);
        }
    }

    fn part(&self) -> &Mutex<Idle> {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static THREAD: Cell<usize> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed));
        }
        // While a thread ends its number is gone, and any part will do.
        let thread = THREAD.try_with(Cell::get).unwrap_or_default();
        &self.parts[thread % PARTS].0
    }
}
