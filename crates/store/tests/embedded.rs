//! The embedded engine: the battery, and what only files have.

use std::fs;

use bailiwick_store::battery::{ONE, SPACES, Subject};
use bailiwick_store::{Committed, Embedded, Error, Options, Space, Stop, Store};
use tempfile::TempDir;

struct InFolder {
    store: Embedded,
    options: Options,
    folder: TempDir,
}

impl InFolder {
    fn open_with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Embedded::open(folder.path(), &SPACES, options.clone()).unwrap();
        InFolder { store, options, folder }
    }
}

impl Subject for InFolder {
    fn open() -> Self {
        Self::open_with(Options::default())
    }

    fn open_tight() -> Self {
        Self::open_with(Options { map_octets: 4 << 20, ..Options::default() })
    }

    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn reopen(self) -> Self {
        let InFolder { store, options, folder } = self;
        drop(store);
        let store = Embedded::open(folder.path(), &SPACES, options.clone()).unwrap();
        InFolder { store, options, folder }
    }
}

bailiwick_store::every_engine_passes!(InFolder);
