//! Group commit: works run one after another on their own threads, and share a sync.
//!
//! The batch is locked while a work runs and while the batch commits, so every work of a batch
//! sees the same snapshot and the writes of the works before it. Whoever leaves the lock last
//! commits for all: a thread that sees another one waiting for the lock may leave the commit to
//! it, because that one will look at the batch in its turn, whatever becomes of its own work.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};

use crate::overlay::Overlay;
use crate::spaces::Spaces;
use crate::transaction::Transaction;
use crate::{Committed, Error, ReadTransaction, Work};

/// A batch with this many works is committed though others wait.
pub(crate) const BATCH_WORKS_MAX: usize = 256;
/// A batch that has grown to this many octets is committed though others wait. One work alone may exceed it.
pub(crate) const BATCH_OCTETS_MAX: usize = 8 << 20;

/// What an engine gives to group commit.
pub(crate) trait Engine {
    /// A snapshot of everything applied so far.
    type Snapshot: ReadTransaction + Send;

    fn snapshot(&self) -> Result<Self::Snapshot, Error>;

    /// Makes every change of `overlay` durable and visible at once, or none.
    fn apply(&self, overlay: &Overlay) -> Result<(), Error>;
}

/// The place where writers meet.
pub(crate) struct GroupCommit<S> {
    spaces: Spaces,
    /// Threads on their way to the lock. Each of them will look after the batch.
    waiting: AtomicUsize,
    open: Mutex<Batch<S>>,
}

/// The works since the last commit. Whatever way it goes out of use, its members get a verdict.
struct Batch<S> {
    snapshot: Option<S>,
    overlay: Overlay,
    works: usize,
    verdict: Arc<Verdict>,
}

/// What became of a batch; its members wait here.
#[derive(Default)]
struct Verdict {
    result: Mutex<Option<Result<usize, Error>>>,
    settled: Condvar,
}

impl<S: ReadTransaction + Send> GroupCommit<S> {
    pub(crate) fn new(spaces: Spaces) -> Self {
        let open = Mutex::new(Batch::new(spaces.len()));
        GroupCommit { spaces, waiting: AtomicUsize::new(0), open }
    }

    pub(crate) fn write<E: Engine<Snapshot = S>>(&self, engine: &E, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut open = self.open.lock();
        self.waiting.fetch_sub(1, Ordering::SeqCst);

        // 1. The work runs over what its batch has written so far.
        let Batch { snapshot, overlay, .. } = &mut *open;
        let snapshot = match snapshot {
            Some(snapshot) => snapshot,
            // Only a batch without members has no snapshot, so nobody is left behind on an error.
            none => none.insert(engine.snapshot()?),
        };
        let mut transaction = Transaction::new(&self.spaces, snapshot, overlay);
        // A panic is held back until the batch is looked after; the work's writes are dropped.
        let answer = catch_unwind(AssertUnwindSafe(|| work(&mut transaction)));
        let own = transaction.into_own();
        if let Ok(Ok(())) = answer
            && !own.is_empty()
        {
            open.overlay.absorb(own);
            open.works += 1;
        }

        // 2. Somebody commits: this thread, or one that is waiting for the lock.
        let verdict = if open.works == 0 {
            open.snapshot = None;
            drop(open);
            None
        } else {
            let verdict = Arc::clone(&open.verdict);
            let full = open.works >= BATCH_WORKS_MAX || open.overlay.octets() >= BATCH_OCTETS_MAX;
            if full || self.waiting.load(Ordering::SeqCst) == 0 {
                let batch = mem::replace(&mut *open, Batch::new(self.spaces.len()));
                // The lock is held through the sync: newcomers queue up and make the next batch.
                batch.commit(engine);
            }
            drop(open);
            Some(verdict)
        };

        // 3. A refusal may rest on what a neighbour wrote, so it too waits for the sync.
        let answer = answer.unwrap_or_else(|panic| resume_unwind(panic));
        let batch_works = verdict.map_or(Ok(0), |verdict| verdict.wait())?;
        match answer {
            Ok(()) => Ok(Committed::Durable { batch_works }),
            Err(_) => Ok(Committed::Refused),
        }
    }
}

impl<S> Batch<S> {
    fn new(spaces: usize) -> Self {
        Batch { snapshot: None, overlay: Overlay::new(spaces), works: 0, verdict: Arc::default() }
    }

    fn commit<E: Engine<Snapshot = S>>(mut self, engine: &E) {
        // The snapshot would keep the engine from using replaced pages again.
        self.snapshot = None;
        let result = engine.apply(&self.overlay).map(|()| self.works);
        self.verdict.settle(result);
    }
}

impl<S> Drop for Batch<S> {
    /// An engine that panics in `apply` must not leave the members waiting for ever.
    fn drop(&mut self) {
        self.verdict.settle(Err(Error::Failed { doing: "committing" }));
    }
}

impl Verdict {
    /// The first verdict counts.
    fn settle(&self, verdict: Result<usize, Error>) {
        let mut result = self.result.lock();
        if result.is_none() {
            *result = Some(verdict);
            self.settled.notify_all();
        }
    }

    fn wait(&self) -> Result<usize, Error> {
        let mut result = self.result.lock();
        loop {
            if let Some(verdict) = &*result {
                return verdict.clone();
            }
            self.settled.wait(&mut result);
        }
    }
}

#[cfg(test)]
mod tests;
