//! Generated histories: both engines against a plain map.

use bailiwick_store::battery::model::{Act, Ending, Step, check};
use bailiwick_store::battery::{SPACES, Subject};
use bailiwick_store::{Embedded, Memory, Options, Store};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tempfile::TempDir;

/// Few octets, so that histories meet the same keys and prefixes again and again.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => vec(prop_oneof![Just(0_u8), Just(b'a'), Just(b'b'), Just(0xff_u8)], 1..4),
        1 => vec(Just(b'a'), 500..512),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let space = 0..SPACES.len();
    let value = prop_oneof![8 => vec(any::<u8>(), 0..4), 1 => vec(any::<u8>(), 5000..5001)];
    let bound = || prop_oneof![4 => key(), 1 => Just(Vec::new())];
    prop_oneof![
        4 => (space.clone(), key(), value).prop_map(|(space, key, value)| Step::Put { space, key, value }),
        3 => (space.clone(), key()).prop_map(|(space, key)| Step::Delete { space, key }),
        1 => (space.clone(), bound()).prop_map(|(space, key)| Step::Get { space, key }),
        1 => (space.clone(), bound()).prop_map(|(space, key)| Step::FirstAtOrAfter { space, key }),
        1 => (space.clone(), bound()).prop_map(|(space, key)| Step::LastBefore { space, key }),
        1 => (space.clone(), bound(), option::of(bound())).prop_map(|(space, from, to)| Step::Scan { space, from, to }),
        1 => (space, vec(bound(), 1..4)).prop_map(|(space, seeks)| Step::Walk { space, seeks }),
    ]
}

fn history(acts: usize) -> impl Strategy<Value = Vec<Act>> {
    let ending = prop_oneof![
        6 => Just(Ending::Commit),
        2 => Just(Ending::Refuse),
        1 => Just(Ending::Panic),
        1 => Just(Ending::CommitAndReopen),
    ];
    vec((vec(step(), 0..25), ending).prop_map(|(steps, ending)| Act { steps, ending }), 1..acts)
}

struct InMemory(Memory);

impl Subject for InMemory {
    fn open() -> Self {
        InMemory(Memory::open(&SPACES))
    }

    fn open_tight() -> Self {
        Self::open()
    }

    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn reopen(self) -> Self {
        InMemory(self.0.restart())
    }
}

struct InFolder(Embedded, TempDir);

impl Subject for InFolder {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        InFolder(Embedded::open(folder.path(), &SPACES, Options::default()).unwrap(), folder)
    }

    fn open_tight() -> Self {
        Self::open()
    }

    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn reopen(self) -> Self {
        let InFolder(store, folder) = self;
        drop(store);
        InFolder(Embedded::open(folder.path(), &SPACES, Options::default()).unwrap(), folder)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn the_memory_engine_is_a_map(history in history(12)) {
        check::<InMemory>(&history);
    }
}

proptest! {
    // Every act is a sync to the disk, so there are fewer cases.
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn the_embedded_engine_is_a_map(history in history(8)) {
        check::<InFolder>(&history);
    }
}
