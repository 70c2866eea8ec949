//! The three layers against a plain map: what a work sees in the middle of a batch.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::battery::model::{Model, Step, play};
use crate::battery::{ONE, OTHER, SPACES};
use crate::{Committed, Memory, Stop, Store};

/// A snapshot behind the trait, as the layers want it.
struct Boxed<'s>(Box<dyn ReadTransaction + 's>);

impl ReadTransaction for Boxed<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<&[u8]>, Error> {
        self.0.get(space, key)
    }

    fn first_at_or_after(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        self.0.first_at_or_after(space, key)
    }

    fn last_before(&self, space: Space, key: &[u8]) -> Result<Option<Pair<'_>>, Error> {
        self.0.last_before(space, key)
    }

    fn cursor(&self, space: Space) -> Result<Box<dyn Cursor<'_> + '_>, Error> {
        self.0.cursor(space)
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(0_u8..4, 1..3)
}

/// A put, or a deletion.
fn change() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..2_usize, key(), vec(any::<u8>(), 0..3)).prop_map(|(space, key, value)| Step::Put { space, key, value }),
        (0..2_usize, key()).prop_map(|(space, key)| Step::Delete { space, key }),
    ]
}

fn read() -> impl Strategy<Value = Step> {
    let bound = || vec(0_u8..4, 0..3);
    prop_oneof![
        (0..2_usize, bound()).prop_map(|(space, key)| Step::Get { space, key }),
        (0..2_usize, bound()).prop_map(|(space, key)| Step::FirstAtOrAfter { space, key }),
        (0..2_usize, bound()).prop_map(|(space, key)| Step::LastBefore { space, key }),
        (0..2_usize, bound(), bound()).prop_map(|(space, from, to)| Step::Scan { space, from, to: Some(to) }),
        (0..2_usize, vec(bound(), 1..4)).prop_map(|(space, seeks)| Step::Walk { space, seeks }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    #[test]
    fn a_work_in_a_batch_sees_one_map(
        committed in vec(change(), 0..20),
        batched in vec(vec(change(), 0..10), 0..3),
        own in vec(prop_oneof![change(), read()], 0..30),
    ) {
        let mut model = Model::default();
        let store = Memory::open(&SPACES);
        let ended = store.write(&mut |t| {
            committed.iter().for_each(|step| play(t, &mut model, step));
            Ok::<(), Stop>(())
        });
        assert!(matches!(ended, Ok(Committed::Durable { .. })));
        let spaces = Spaces::new(&SPACES);
        let snapshot = Boxed(store.read().unwrap());
        let mut batch = Overlay::new(SPACES.len());
        for work in &batched {
            let mut transaction = Transaction::new(&spaces, &snapshot, &batch);
            work.iter().for_each(|step| play(&mut transaction, &mut model, step));
            let written = transaction.into_own();
            batch.absorb(written);
        }
        let mut transaction = Transaction::new(&spaces, &snapshot, &batch);
        for step in &own {
            play(&mut transaction, &mut model, step);
        }
        for space in 0..2 {
            play(&mut transaction, &mut model, &Step::Scan { space, from: Vec::new(), to: None });
        }
    }
}

#[test]
fn last_before_looks_behind_deletions_of_every_layer() {
    let store = Memory::open(&SPACES);
    let ended = store.write(&mut |t| (1..9).try_for_each(|n| t.put(ONE, &[n], b"").map_err(|_| Stop)));
    assert!(ended.is_ok());
    let spaces = Spaces::new(&SPACES);
    let snapshot = Boxed(store.read().unwrap());
    let mut batch = Overlay::new(SPACES.len());
    (4..7).for_each(|n| batch.set(0, &[n], None));
    let mut work = Transaction::new(&spaces, &snapshot, &batch);
    (6..9).for_each(|n| assert_eq!(work.delete(ONE, &[n]).unwrap(), n > 6));
    assert_eq!(work.last_before(ONE, &[9]).unwrap(), Some((&[3_u8][..], &b""[..])));
    assert_eq!(work.last_before(OTHER, &[9]).unwrap(), None);
}
