//! Claims about many threads at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{ONE, OTHER, Subject, durable, number, or_stop};
use crate::{Committed, Stop};

const THREADS: u64 = 8;
const ROUNDS: u64 = 40;

/// Serializability: what a work reads is what it overwrites.
pub fn increments_from_many_threads_are_not_lost<S: Subject>() {
    let subject = S::open();
    let store = subject.store();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let ended = store.write(&mut |t| {
                        let next = or_stop(number(t, b"counter"))? + 1;
                        or_stop(t.put(ONE, b"counter", &next.to_be_bytes()))
                    });
                    assert!(matches!(ended, Ok(Committed::Durable { .. })), "{ended:?}");
                }
            });
        }
    });
    let expected = (THREADS * ROUNDS).to_be_bytes();
    assert_eq!(store.read().unwrap().get(ONE, b"counter").unwrap(), Some(&expected[..]));
}

/// Every third work refuses after writing, every seventh panics; the rest add up.
pub fn refusals_and_panics_harm_no_neighbour<S: Subject>() {
    let subject = S::open();
    let store = subject.store();
    let kept: u64 = thread::scope(|scope| {
        let threads = (0..THREADS).map(|thread| {
            scope.spawn(move || {
                let mut kept = 0;
                for round in 0..ROUNDS {
                    let turn = thread + round;
                    let ended = catch_unwind(AssertUnwindSafe(|| {
                        store.write(&mut |t| {
                            let next = or_stop(number(t, b"counter"))? + 1;
                            or_stop(t.put(ONE, b"counter", &next.to_be_bytes()))?;
                            if turn % 7 == 0 {
                                std::panic::resume_unwind(Box::new("a work that panics"));
                            }
                            if turn % 3 == 0 { Err(Stop) } else { Ok(()) }
                        })
                    }));
                    match ended {
                        Ok(Ok(Committed::Durable { .. })) => kept += 1,
                        Ok(Ok(Committed::Refused)) => assert_eq!(turn % 3, 0),
                        Ok(Err(error)) => panic!("{error}"),
                        Err(_) => assert_eq!(turn % 7, 0),
                    }
                }
                kept
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(store.read().unwrap().get(ONE, b"counter").unwrap(), Some(&kept.to_be_bytes()[..]));
}

/// Two spaces that every work sets alike are alike in every snapshot.
pub fn readers_see_whole_works_only<S: Subject>() {
    let subject = S::open();
    let store = subject.store();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let snapshot = store.read().unwrap();
                        assert_eq!(snapshot.get(ONE, b"twin").unwrap(), snapshot.get(OTHER, b"twin").unwrap());
                    }
                })
            })
            .collect();
        for round in 0..ROUNDS {
            let ended = store.write(&mut |t| {
                or_stop(t.put(ONE, b"twin", &round.to_be_bytes()))?;
                or_stop(t.put(OTHER, b"twin", &round.to_be_bytes()))
            });
            durable(ended);
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
}

/// It costs space, not progress.
pub fn a_long_snapshot_does_not_stop_writers<S: Subject>() {
    let subject = S::open();
    let store = subject.store();
    durable(store.write(&mut |t| or_stop(t.put(ONE, b"k", b"old"))));
    let held = store.read().unwrap();
    for round in 0..100_u32 {
        durable(store.write(&mut |t| or_stop(t.put(ONE, b"k", &round.to_be_bytes()))));
    }
    assert_eq!(held.get(ONE, b"k").unwrap(), Some(&b"old"[..]));
}
