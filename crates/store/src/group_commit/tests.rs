//! Batches made on purpose: a work that holds the lock until its neighbours wait for it.

use std::sync::atomic::AtomicBool;
use std::thread;

use super::*;
use crate::battery::{ONE, SPACES, or_stop};
use crate::{Memory, Stop, Store, WriteTransaction};

/// An engine that counts its commits and fails them as told.
struct Scripted {
    memory: Memory,
    commits: Mutex<Vec<usize>>,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Commit,
    Fail,
    Panic,
}

/// An owned snapshot that has nothing in it: these tests read only what the batch wrote.
struct Empty;

impl ReadTransaction for Empty {
    fn get(&self, _: crate::Space, _: &[u8]) -> Result<Option<&[u8]>, Error> {
        Ok(None)
    }

    fn first_at_or_after(&self, _: crate::Space, _: &[u8]) -> Result<Option<crate::Pair<'_>>, Error> {
        Ok(None)
    }

    fn last_before(&self, _: crate::Space, _: &[u8]) -> Result<Option<crate::Pair<'_>>, Error> {
        Ok(None)
    }

    fn cursor(&self, _: crate::Space) -> Result<Box<dyn crate::Cursor<'_> + '_>, Error> {
        Err(Error::Failed { doing: "walking through nothing" })
    }
}

impl Engine for Scripted {
    type Snapshot = Empty;

    fn snapshot(&self) -> Result<Empty, Error> {
        Ok(Empty)
    }

    fn apply(&self, overlay: &Overlay) -> Result<(), Error> {
        self.commits.lock().push(overlay.changes().count());
        match self.outcome {
            Outcome::Commit => self
                .memory
                .write(&mut |t| {
                    overlay.changes().try_for_each(|(_, key, change)| or_stop(t.put(ONE, key, change.unwrap_or(b""))))
                })
                .map(|_| ()),
            Outcome::Fail => Err(Error::DiskFull),
            Outcome::Panic => resume_unwind(Box::new("an engine that panics")),
        }
    }
}

/// What a member of the batch does after putting its own key.
#[derive(Clone, Copy)]
enum Member {
    Keep,
    Refuse,
    Panic,
    Nothing,
}

/// How a member's write ended.
#[derive(Clone, Debug, PartialEq)]
enum Ended {
    Durable(usize),
    Refused,
    Failed,
    Panicked,
}

/// Runs a first work that holds the lock until all `members` wait for it, so that they and it
/// make one batch. The first one's end comes first.
fn batch(outcome: Outcome, members: &[Member]) -> (Vec<Ended>, Vec<usize>) {
    let engine = Scripted { memory: Memory::open(&SPACES), commits: Mutex::default(), outcome };
    let group = GroupCommit::new(Spaces::new(&SPACES));
    let put = |t: &mut dyn WriteTransaction, key: usize| or_stop(t.put(ONE, &key.to_be_bytes(), b""));
    let ended = |write: &mut Work<'_>| match catch_unwind(AssertUnwindSafe(|| group.write(&engine, write))) {
        Ok(Ok(Committed::Durable { batch_works })) => Ended::Durable(batch_works),
        Ok(Ok(Committed::Refused)) => Ended::Refused,
        Ok(Err(_)) => Ended::Failed,
        Err(_) => Ended::Panicked,
    };
    let holds_the_lock = AtomicBool::new(false);
    let ends = thread::scope(|scope| {
        let first = scope.spawn(|| {
            ended(&mut |t| {
                holds_the_lock.store(true, Ordering::SeqCst);
                while group.waiting.load(Ordering::SeqCst) < members.len() {
                    thread::yield_now();
                }
                put(t, usize::MAX)
            })
        });
        // The first must hold the lock before a member can take it.
        while !holds_the_lock.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        let members: Vec<_> = members
            .iter()
            .enumerate()
            .map(|(key, member)| {
                let (put, ended) = (&put, &ended);
                scope.spawn(move || {
                    ended(&mut |t| match member {
                        Member::Keep => put(t, key),
                        Member::Refuse => put(t, key).and(Err(Stop)),
                        Member::Panic => put(t, key).map(|()| resume_unwind(Box::new("a work that panics"))),
                        Member::Nothing => Ok(()),
                    })
                })
            })
            .collect();
        [first].into_iter().chain(members).map(|member| member.join().unwrap()).collect()
    });
    (ends, engine.commits.into_inner())
}

#[test]
fn works_that_wait_for_one_another_share_a_commit() {
    let (ends, commits) = batch(Outcome::Commit, &[Member::Keep; 7]);
    assert_eq!(ends, vec![Ended::Durable(8); 8]);
    assert_eq!(commits, [8]);
}

#[test]
fn a_lone_work_commits_at_once() {
    assert_eq!(batch(Outcome::Commit, &[]), (vec![Ended::Durable(1)], vec![1]));
}

#[test]
fn a_batch_has_a_largest_number_of_works() {
    let (ends, commits) = batch(Outcome::Commit, &[Member::Keep; BATCH_WORKS_MAX + 3]);
    assert_eq!(ends.iter().filter(|end| **end == Ended::Durable(BATCH_WORKS_MAX)).count(), BATCH_WORKS_MAX);
    assert_eq!(commits, [BATCH_WORKS_MAX, 4]);
}

#[test]
fn members_that_refuse_panic_or_write_nothing_leave_no_trace_and_strand_nobody() {
    // Whichever of them comes last has to commit for the first.
    for member in [Member::Refuse, Member::Panic, Member::Nothing] {
        let (ends, commits) = batch(Outcome::Commit, &[member; 3]);
        let expected = match member {
            Member::Refuse => Ended::Refused,
            Member::Panic => Ended::Panicked,
            Member::Keep | Member::Nothing => Ended::Durable(1),
        };
        assert_eq!(ends[0], Ended::Durable(1));
        assert_eq!(ends[1..], vec![expected; 3]);
        assert_eq!(commits, [1]);
    }
}

#[test]
fn a_failed_commit_fails_every_member_even_those_that_only_read() {
    let (ends, commits) = batch(Outcome::Fail, &[Member::Keep, Member::Refuse, Member::Nothing, Member::Panic]);
    assert_eq!(ends, [Ended::Failed, Ended::Failed, Ended::Failed, Ended::Failed, Ended::Panicked]);
    assert_eq!(commits, [2]);
}

#[test]
fn an_engine_that_panics_fails_the_members_and_not_the_next_batch() {
    let (ends, _) = batch(Outcome::Panic, &[Member::Keep; 4]);
    assert_eq!(ends.iter().filter(|end| **end == Ended::Panicked).count(), 1);
    assert_eq!(ends.iter().filter(|end| **end == Ended::Failed).count(), 4);
}
