//! Whole histories against a plain map: an engine must not be told apart from it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{SPACES, Subject, pairs};
use crate::{Committed, ReadTransaction, Stop, WriteTransaction};

/// One call within a work. Spaces are numbers into [`SPACES`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the variants are the calls of the contract, with their arguments")]
pub enum Step {
    Put { space: usize, key: Vec<u8>, value: Vec<u8> },
    Delete { space: usize, key: Vec<u8> },
    Get { space: usize, key: Vec<u8> },
    FirstAtOrAfter { space: usize, key: Vec<u8> },
    LastBefore { space: usize, key: Vec<u8> },
    Scan { space: usize, from: Vec<u8>, to: Option<Vec<u8>> },
    Walk { space: usize, seeks: Vec<Vec<u8>> },
}

/// How a work ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It succeeds.
    Commit,
    /// It answers [`Stop`].
    Refuse,
    /// It panics.
    Panic,
    /// It succeeds, and the store is closed and opened again.
    CommitAndReopen,
}

/// A work of a history.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its calls, in order.
    pub steps: Vec<Step>,
    /// Its end.
    pub ending: Ending,
}

/// The map an engine is compared with.
pub type Model = [BTreeMap<Vec<u8>, Vec<u8>>; SPACES.len()];

/// Plays `history` on a new store and on a model, comparing every answer.
///
/// # Panics
/// At the first difference.
pub fn check<S: Subject>(history: &[Act]) {
    let mut subject = S::open();
    let mut model = Model::default();
    for act in history {
        let mut draft = model.clone();
        let ended = catch_unwind(AssertUnwindSafe(|| {
            subject.store().write(&mut |t| {
                draft.clone_from(&model);
                act.steps.iter().for_each(|step| play(t, &mut draft, step));
                match act.ending {
                    Ending::Commit | Ending::CommitAndReopen => Ok(()),
                    Ending::Refuse => Err(Stop),
                    Ending::Panic => std::panic::resume_unwind(Box::new(Ending::Panic)),
                }
            })
        }));
        match ended {
            Ok(ended) => match ended.expect("a store without faults commits") {
                Committed::Durable { .. } => model = draft,
                Committed::Refused => assert_eq!(act.ending, Ending::Refuse),
            },
            Err(panic) if panic.is::<Ending>() => {}
            Err(difference) => std::panic::resume_unwind(difference),
        }
        if act.ending == Ending::CommitAndReopen {
            subject = subject.reopen();
        }
        let snapshot = subject.store().read().expect("a store in order opens a snapshot");
        for (space, expected) in SPACES.into_iter().zip(&model) {
            let expected: Vec<_> = expected.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            assert_eq!(pairs(&*snapshot, space, &[], None), expected);
        }
        for step in &act.steps {
            compare(&*snapshot, &model, step);
        }
    }
}

/// One step on both sides.
pub fn play(transaction: &mut dyn WriteTransaction, model: &mut Model, step: &Step) {
    match step {
        Step::Put { space, key, value } => {
            transaction.put(SPACES[*space], key, value).expect("a key that fits");
            model[*space].insert(key.clone(), value.clone());
        }
        Step::Delete { space, key } => {
            let deleted = transaction.delete(SPACES[*space], key).expect("a declared space");
            assert_eq!(deleted, model[*space].remove(key).is_some(), "{step:?}");
        }
        _ => compare(&*transaction, model, step),
    }
}

/// One reading step on both sides; writing steps compare nothing.
fn compare(transaction: &(impl ReadTransaction + ?Sized), model: &Model, step: &Step) {
    let own = |pair: (&[u8], &[u8])| (pair.0.to_vec(), pair.1.to_vec());
    let of_model = |pair: (&Vec<u8>, &Vec<u8>)| (pair.0.clone(), pair.1.clone());
    match step {
        Step::Put { .. } | Step::Delete { .. } => {}
        Step::Get { space, key } => {
            let found = transaction.get(SPACES[*space], key).expect("a declared space");
            assert_eq!(found, model[*space].get(key).map(Vec::as_slice), "{step:?}");
        }
        Step::FirstAtOrAfter { space, key } => {
            let found = transaction.first_at_or_after(SPACES[*space], key).expect("a declared space");
            assert_eq!(found.map(own), model[*space].range(key.clone()..).next().map(of_model), "{step:?}");
        }
        Step::LastBefore { space, key } => {
            let found = transaction.last_before(SPACES[*space], key).expect("a declared space");
            assert_eq!(found.map(own), model[*space].range(..key.clone()).next_back().map(of_model), "{step:?}");
        }
        Step::Scan { space, from, to } => {
            let found = pairs(transaction, SPACES[*space], from, to.as_deref());
            let expected = model[*space].range(from.clone()..).map(of_model);
            let expected: Vec<_> = expected.take_while(|(key, _)| to.as_ref().is_none_or(|to| key < to)).collect();
            assert_eq!(found, expected, "{step:?}");
        }
        Step::Walk { space, seeks } => {
            let mut cursor = transaction.cursor(SPACES[*space]).expect("a declared space");
            for seek in seeks {
                cursor.seek(seek).expect("a store in order");
                let mut expected = model[*space].range(seek.clone()..);
                for _ in 0..3 {
                    let found = cursor.next().expect("a store in order");
                    assert_eq!(found.map(own), expected.next().map(of_model), "{step:?}");
                }
            }
        }
    }
}
