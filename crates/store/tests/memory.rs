//! The memory engine: the battery, and its faults.

use std::collections::BTreeSet;

use bailiwick_store::battery::{ONE, OTHER, SPACES, Subject, TOO_MANY_OCTETS};
use bailiwick_store::{Committed, Error, Faults, Memory, Stop, Store};

struct InMemory(Memory);

impl Subject for InMemory {
    fn open() -> Self {
        InMemory(Memory::open(&SPACES))
    }

    fn open_tight() -> Self {
        let faults = Faults { batch_octets_max: TOO_MANY_OCTETS / 2, ..Faults::NONE };
        InMemory(Memory::with_faults(&SPACES, faults))
    }

    fn store(&self) -> &dyn Store {
        &self.0
    }

    fn reopen(self) -> Self {
        InMemory(self.0.restart())
    }
}

bailiwick_store::every_engine_passes!(InMemory);

/// The answers a store with these faults gives to works that each set one key in two spaces.
fn live(faults: Faults) -> (Vec<Result<Committed, Error>>, Memory) {
    let store = Memory::with_faults(&SPACES, faults);
    let mut answers = Vec::new();
    for n in 0..100_u32 {
        let key = n.to_be_bytes();
        answers.push(store.write(&mut |t| {
            t.put(ONE, &key, b"").map_err(|_| Stop)?;
            t.put(OTHER, &key, b"").map_err(|_| Stop)
        }));
    }
    (answers, store.restart())
}

#[test]
fn after_any_fault_acknowledged_works_are_there_and_others_whole_or_absent() {
    for seed in 0..300 {
        let faults =
            Faults { seed, refuse_per_mille: 50, die_before_per_mille: 10, die_after_per_mille: 10, ..Faults::NONE };
        let (answers, found) = live(faults);
        let snapshot = found.read().unwrap();
        let mut unacknowledged = BTreeSet::new();
        for (n, answer) in (0_u32..).zip(&answers) {
            let key = n.to_be_bytes();
            let is_there = snapshot.get(ONE, &key).unwrap().is_some();
            assert_eq!(is_there, snapshot.get(OTHER, &key).unwrap().is_some(), "seed {seed}: half of work {n}");
            match answer {
                Ok(_) => assert!(is_there, "seed {seed}: work {n} is lost"),
                Err(Error::DiskFull) => assert!(!is_there, "seed {seed}: refused work {n} is there"),
                Err(_) if is_there => assert!(unacknowledged.insert(n)),
                Err(_) => {}
            }
        }
        assert!(unacknowledged.len() <= 1, "seed {seed}: only the commit at the power loss is uncertain");
    }
}

#[test]
fn equal_seeds_give_equal_lives() {
    let faults =
        Faults { seed: 7, refuse_per_mille: 200, die_before_per_mille: 5, die_after_per_mille: 5, ..Faults::NONE };
    let answers = |seed| live(Faults { seed, ..faults }).0.iter().map(Result::is_ok).collect::<Vec<_>>();
    assert_eq!(answers(7), answers(7));
    assert_ne!(answers(7), answers(8));
}

#[test]
fn a_store_that_is_down_answers_nothing() {
    let store = Memory::with_faults(&SPACES, Faults { die_after_per_mille: 1000, ..Faults::NONE });
    let ended = store.write(&mut |t| t.put(ONE, b"a", b"1").map_err(|_| Stop));
    assert!(matches!(ended, Err(Error::Failed { .. })), "{ended:?}");
    assert!(matches!(store.read().err(), Some(Error::Failed { .. })));
    assert!(matches!(store.write(&mut |_| Ok(())), Err(Error::Failed { .. })));
    assert_eq!(store.restart().read().unwrap().get(ONE, b"a").unwrap(), Some(&b"1"[..]));
}
