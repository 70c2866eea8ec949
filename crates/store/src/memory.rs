//! The engine for tests: the same contract in memory, with faults drawn from a seed.

mod faults;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::Mutex;

pub use faults::Faults;
use faults::{Fate, Generator};

use crate::group_commit::{Engine, GroupCommit};
use crate::overlay::Overlay;
use crate::spaces::Spaces;
use crate::{Committed, Cursor, Error, Pair, ReadTransaction, Space, Store, Work};

/// One space. Keys and values are shared between versions of the map.
type Tree = BTreeMap<Arc<[u8]>, Arc<[u8]>>;

/// Every space at one moment. Cloning shares the trees; the next change copies only the trees
/// that a snapshot still holds.
type Trees = Vec<Arc<Tree>>;

/// A store in memory. Its "disk" is memory too: [`Memory::restart`] shows what a new process
/// would find there.
pub struct Memory {
    engine: Heap,
    writers: GroupCommit<Snapshot>,
}

impl Memory {
    /// An empty store that never fails.
    pub fn open(spaces: &[Space]) -> Self {
        Self::with_faults(spaces, Faults::NONE)
    }

    /// An empty store whose commits fail as `faults` says.
    pub fn with_faults(spaces: &[Space], faults: Faults) -> Self {
        let spaces = Spaces::new(spaces);
        let trees = (0..spaces.len()).map(|_| Arc::default()).collect();
        Self::over(spaces, trees, Generator::new(faults))
    }

    /// What a process finds that opens the store after this one is gone: all that is durable, and
    /// no faults any more. This store answers nothing from now on.
    pub fn restart(&self) -> Self {
        self.restart_with_faults(Faults::NONE)
    }

    /// As [`Memory::restart`], with faults for the life that begins.
    pub fn restart_with_faults(&self, faults: Faults) -> Self {
        let mut disk = self.engine.disk.lock();
        disk.is_down = true;
        Self::over(self.engine.spaces.clone(), disk.durable.clone(), Generator::new(faults))
    }

    fn over(spaces: Spaces, trees: Trees, fates: Generator) -> Self {
        let disk = Mutex::new(Disk { durable: trees, is_down: false, fates });
        Memory { engine: Heap { spaces: spaces.clone(), disk }, writers: GroupCommit::new(spaces) }
    }
}

impl Store for Memory {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        Ok(Box::new(self.engine.snapshot()?))
    }

    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.writers.write(&self.engine, work)
    }
}

struct Heap {
    spaces: Spaces,
    disk: Mutex<Disk>,
}

/// What survives. While the store is up, what is durable is also what readers see: a commit
/// becomes both at once or takes the store down.
struct Disk {
    durable: Trees,
    is_down: bool,
    fates: Generator,
}

impl Engine for Heap {
    type Snapshot = Snapshot;

    fn snapshot(&self) -> Result<Snapshot, Error> {
        let disk = self.disk.lock();
        if disk.is_down {
            return Err(Error::Failed { doing: "opening a snapshot" });
        }
        Ok(Snapshot { spaces: self.spaces.clone(), trees: disk.durable.clone() })
    }

    fn apply(&self, overlay: &Overlay) -> Result<(), Error> {
        let mut disk = self.disk.lock();
        if disk.is_down {
            return Err(Error::Failed { doing: "committing" });
        }
        let fate = disk.fates.next(overlay.octets());
        if matches!(fate, Fate::Commit | Fate::DieAfter) {
            for (place, key, change) in overlay.changes() {
                let tree = Arc::make_mut(&mut disk.durable[place]);
                match change {
                    Some(value) => tree.insert(key.into(), value.into()),
                    None => tree.remove(key),
                };
            }
        }
        match fate {
            Fate::Commit => Ok(()),
            Fate::Refuse => Err(Error::DiskFull),
            Fate::DieBefore | Fate::DieAfter => {
                disk.is_down = true;
                Err(Error::Failed { doing: "committing" })
            }
        }
    }
}

/// The trees of one moment.
struct Snapshot {
    spaces: Spaces,
    trees: Trees,
}

impl Snapshot {
    fn tree(&self, space: Space) -> Result<&Tree, Error> {
        self.spaces.place(space).map(|place| &*self.trees[place])
    }
}

impl ReadTransaction for Snapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        Ok(self.tree(space)?.get(key).map(|value| &**value))
    }

    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        Ok(from(self.tree(space)?, key).next().map(|(key, value)| (&**key, &**value)))
    }

    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        let mut before = self.tree(space)?.range::<[u8], _>((Bound::Unbounded, Bound::Excluded(key)));
        Ok(before.next_back().map(|(key, value)| (&**key, &**value)))
    }

    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error> {
        let tree = self.tree(space)?;
        Ok(Box::new(Walk { tree, rest: from(tree, &[]) }))
    }
}

type Range<'t> = std::collections::btree_map::Range<'t, Arc<[u8]>, Arc<[u8]>>;

fn from<'t>(tree: &'t Tree, key: &[u8]) -> Range<'t> {
    tree.range::<[u8], _>((Bound::Included(key), Bound::Unbounded))
}

struct Walk<'t> {
    tree: &'t Tree,
    rest: Range<'t>,
}

impl<'t> Cursor<'t> for Walk<'t> {
    fn seek(&mut self, key: &[u8]) -> Result<(), Error> {
        self.rest = from(self.tree, key);
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Pair<'t>>, Error> {
        Ok(self.rest.next().map(|(key, value)| (&**key, &**value)))
    }
}
