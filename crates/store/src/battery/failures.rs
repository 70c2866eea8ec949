//! Claims about commits that fail.

use std::thread;

use super::{ONE, OTHER, Subject, TOO_MANY_OCTETS, keys, or_stop, put_all};
use crate::{Committed, Error};

/// The error is clear, the data is as before, and a smaller work succeeds.
pub fn a_failed_commit_leaves_nothing_and_the_store_goes_on<S: Subject>() {
    let subject = S::open_tight();
    put_all(subject.store(), &[(b"before", b"1")]);
    let large = vec![1; TOO_MANY_OCTETS];
    let ended = subject.store().write(&mut |t| {
        or_stop(t.put(ONE, b"small", b"1"))?;
        or_stop(t.put(ONE, b"large", &large))
    });
    assert!(matches!(ended, Err(Error::MapFull { .. } | Error::DiskFull)), "{ended:?}");
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"before"]);
    put_all(subject.store(), &[(b"after", b"1")]);
    let subject = subject.reopen();
    assert_eq!(keys(&*subject.store().read().unwrap()), [&b"after"[..], b"before"]);
}

/// Acknowledged works are there whole; works that got the error have left nothing.
pub fn works_of_a_failed_batch_all_hear_of_it<S: Subject>() {
    const THREADS: u8 = 6;
    const ROUNDS: u8 = 8;
    let subject = S::open_tight();
    let store = subject.store();
    let large = vec![1; TOO_MANY_OCTETS];
    let answers: Vec<([u8; 2], bool)> = thread::scope(|scope| {
        let threads = (0..THREADS).map(|thread| {
            let large = &large;
            scope.spawn(move || {
                let round = |round: u8| {
                    let key = [thread, round];
                    let ended = store.write(&mut |t| {
                        or_stop(t.put(ONE, &key, b"1"))?;
                        or_stop(t.put(OTHER, &key, b"1"))?;
                        if (thread + round).is_multiple_of(4) { or_stop(t.put(OTHER, b"large", large)) } else { Ok(()) }
                    });
                    (key, matches!(ended, Ok(Committed::Durable { .. })))
                };
                (0..ROUNDS).map(round).collect::<Vec<_>>()
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let subject = subject.reopen();
    let snapshot = subject.store().read().unwrap();
    for (key, acknowledged) in answers {
        assert_eq!(snapshot.get(ONE, &key).unwrap().is_some(), acknowledged, "{key:?}");
        assert_eq!(snapshot.get(OTHER, &key).unwrap().is_some(), acknowledged, "{key:?}");
        assert!(!acknowledged || !(key[0] + key[1]).is_multiple_of(4), "a work too large was acknowledged");
    }
    assert_eq!(snapshot.get(OTHER, b"large").unwrap(), None);
}
