//! Claims about one work at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{ONE, OTHER, Subject, durable, keys, number, or_stop, pairs, put_all};
use crate::{Committed, Error, KEY_OCTETS_MAX, Stop, Touched};

/// Point reads, neighbours, scans and cursors show puts and hide deletions of the same work.
pub fn a_work_sees_its_own_writes_in_every_kind_of_read<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"old"), (b"b", b"old"), (b"d", b"old")]);
    let ended = subject.store().write(&mut |t| {
        t.put(ONE, b"a", b"new").unwrap();
        t.put(ONE, b"c", b"new").unwrap();
        assert!(t.delete(ONE, b"b").unwrap());
        assert!(t.delete(ONE, b"d").unwrap());
        assert_eq!(t.get(ONE, b"a").unwrap(), Some(&b"new"[..]));
        assert_eq!(t.get(ONE, b"b").unwrap(), None);
        assert_eq!(t.first_at_or_after(ONE, b"b").unwrap(), Some((&b"c"[..], &b"new"[..])));
        assert_eq!(t.first_at_or_after(ONE, b"d").unwrap(), None);
        assert_eq!(t.last_before(ONE, b"z").unwrap(), Some((&b"c"[..], &b"new"[..])));
        assert_eq!(t.last_before(ONE, b"c").unwrap(), Some((&b"a"[..], &b"new"[..])));
        assert_eq!(keys(t), [b"a", b"c"]);
        Ok(())
    });
    assert_eq!(ended.unwrap(), Committed::Durable { batch_works: 1 });
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"a", b"c"]);
}

/// Neither in this snapshot nor after reopening.
pub fn a_refused_work_leaves_nothing<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"1")]);
    let ended = subject.store().write(&mut |t| {
        or_stop(t.put(ONE, b"b", b"1"))?;
        or_stop(t.delete(ONE, b"a"))?;
        Err(Stop)
    });
    assert_eq!(ended.unwrap(), Committed::Refused);
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"a"]);
    let subject = subject.reopen();
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"a"]);
}

/// The panic reaches the caller of the write.
pub fn a_panicking_work_leaves_nothing_and_the_store_goes_on<S: Subject>() {
    let subject = S::open();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        subject.store().write(&mut |t| {
            or_stop(t.put(ONE, b"a", b"1"))?;
            std::panic::resume_unwind(Box::new("a work that panics"));
        })
    }));
    assert!(panicked.is_err());
    assert!(keys(&*subject.store().read().unwrap()).is_empty());
    put_all(subject.store(), &[(b"b", b"1")]);
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"b"]);
}

/// Of committed keys, own keys and keys already deleted.
pub fn deleting_tells_whether_the_key_was_there<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"1")]);
    let ended = subject.store().write(&mut |t| {
        t.put(ONE, b"own", b"").unwrap();
        let deleted = [&b"a"[..], b"a", b"own", b"own", b"absent", b""].map(|key| t.delete(ONE, key).unwrap());
        assert_eq!(deleted, [true, false, true, false, false, false]);
        Ok(())
    });
    durable(ended);
    assert!(keys(&*subject.store().read().unwrap()).is_empty());
}

/// In the same work and in the next.
pub fn a_deleted_key_can_be_put_again<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"1")]);
    let ended = subject.store().write(&mut |t| {
        or_stop(t.delete(ONE, b"a"))?;
        or_stop(t.put(ONE, b"a", b"2"))
    });
    durable(ended);
    assert_eq!(subject.store().read().unwrap().get(ONE, b"a").unwrap(), Some(&b"2"[..]));
}

/// So that one careless work cannot fail its whole batch.
pub fn long_and_empty_keys_are_refused_before_the_commit<S: Subject>() {
    let subject = S::open();
    let long = [b'k'; KEY_OCTETS_MAX + 1];
    let ended = subject.store().write(&mut |t| {
        assert!(matches!(t.put(ONE, &long, b""), Err(Error::KeyLength { octets }) if octets == long.len()));
        assert!(matches!(t.put(ONE, b"", b""), Err(Error::KeyLength { octets: 0 })));
        or_stop(t.put(ONE, b"a", b""))
    });
    assert_eq!(ended.unwrap(), Committed::Durable { batch_works: 1 });
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"a"]);
}

/// [`KEY_OCTETS_MAX`] octets exactly.
pub fn the_longest_key_is_stored<S: Subject>() {
    let subject = S::open();
    let longest = [b'k'; KEY_OCTETS_MAX];
    put_all(subject.store(), &[(&longest, b"v")]);
    assert_eq!(subject.store().read().unwrap().get(ONE, &longest).unwrap(), Some(&b"v"[..]));
}

/// Many megabytes in one work, and single values of many pages.
pub fn large_values_and_large_works_are_stored<S: Subject>() {
    const KEYS: u32 = 20_000;
    let subject = S::open();
    let large = vec![7; 3 << 20];
    let ended = subject.store().write(&mut |t| {
        for n in 0..KEYS {
            or_stop(t.put(ONE, &n.to_be_bytes(), &[n as u8; 300]))?;
        }
        or_stop(t.put(OTHER, b"large", &large))
    });
    durable(ended);
    let subject = subject.reopen();
    let snapshot = subject.store().read().unwrap();
    assert_eq!(snapshot.get(OTHER, b"large").unwrap(), Some(&*large));
    let found = pairs(&*snapshot, ONE, b"", None);
    assert_eq!(found.len(), KEYS as usize);
    assert!((0..KEYS).zip(&found).all(|(n, (key, value))| *key == n.to_be_bytes() && *value == [n as u8; 300]));
}

/// Point reads, walked pairs, puts and deletions.
pub fn touched_keys_are_counted<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b""), (b"b", b"")]);
    let ended = subject.store().write(&mut |t| {
        t.get(ONE, b"a").unwrap();
        assert_eq!(keys(t).len(), 2);
        t.put(ONE, b"c", b"").unwrap();
        t.delete(ONE, b"a").unwrap();
        assert_eq!(t.touched(), Touched { keys_read: 3, keys_put: 1, keys_deleted: 1 });
        Ok(())
    });
    durable(ended);
}

/// Puts and deletions alike.
pub fn a_reopened_store_has_its_data<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"1"), (b"b", b"2")]);
    let subject = subject.reopen();
    durable(subject.store().write(&mut |t| or_stop(t.delete(ONE, b"a")).map(|_| ())));
    let subject = subject.reopen();
    assert_eq!(pairs(&*subject.store().read().unwrap(), ONE, b"", None), [(b"b".to_vec(), b"2".to_vec())]);
}

/// A value with the writes, an error without them.
pub fn transact_hands_over_value_and_error<S: Subject>() {
    let subject = S::open();
    let value = subject.store().transact(|t| t.put(ONE, b"a", &7_u64.to_be_bytes()).map(|()| "done"));
    assert_eq!(value.unwrap().unwrap(), "done");
    let error = subject.store().transact::<(), _>(|t| {
        assert_eq!(number(t, b"a").unwrap(), 7);
        t.put(ONE, b"b", b"").unwrap();
        Err("a reason of its own")
    });
    assert_eq!(error.unwrap(), Err("a reason of its own"));
    assert_eq!(keys(&*subject.store().read().unwrap()), [b"a"]);
}
