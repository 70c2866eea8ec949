//! Claims about point reads, scans and snapshots.

use std::ops::ControlFlow;

use super::{ONE, OTHER, Subject, durable, keys, or_stop, pairs, put_all};
use crate::{Error, KEY_OCTETS_MAX, ReadTransaction, Space, Store};

fn open_with<S: Subject>(keys: &[&[u8]]) -> S {
    let subject = S::open();
    let pairs: Vec<(&[u8], &[u8])> = keys.iter().map(|key| (*key, *key)).collect();
    put_all(subject.store(), &pairs);
    subject
}

fn read(store: &dyn Store) -> Box<dyn ReadTransaction + '_> {
    store.read().expect("a store in order opens a snapshot")
}

pub fn an_absent_key_has_no_value<S: Subject>() {
    let subject = S::open();
    assert_eq!(read(subject.store()).get(ONE, b"absent").unwrap(), None);
    let subject = open_with::<S>(&[b"a", b"b"]);
    assert_eq!(read(subject.store()).get(ONE, b"aa").unwrap(), None);
}

pub fn an_empty_value_is_not_absent<S: Subject>() {
    let subject = S::open();
    put_all(subject.store(), &[(b"empty", b"")]);
    let snapshot = read(subject.store());
    assert_eq!(snapshot.get(ONE, b"empty").unwrap(), Some(&b""[..]));
    assert_eq!(pairs(&*snapshot, ONE, b"", None), [(b"empty".to_vec(), Vec::new())]);
}

pub fn spaces_do_not_mix<S: Subject>() {
    let subject = open_with::<S>(&[b"a"]);
    let snapshot = read(subject.store());
    assert_eq!(snapshot.get(OTHER, b"a").unwrap(), None);
    assert_eq!(snapshot.first_at_or_after(OTHER, b"").unwrap(), None);
}

pub fn an_undeclared_space_is_an_error<S: Subject>() {
    let subject = S::open();
    let space = Space("undeclared");
    let found = read(subject.store()).get(space, b"a").map(|_| ());
    assert!(matches!(found, Err(Error::NoSuchSpace { space: named }) if named == space), "{found:?}");
}

pub fn keys_order_as_unsigned_bytes<S: Subject>() {
    let subject = open_with::<S>(&[b"\xff", b"a", b"\x00", b"ab", b"\x00\x00", b"\x7f", b"\x80", b"b"]);
    let expected: [&[u8]; 8] = [b"\x00", b"\x00\x00", b"a", b"ab", b"b", b"\x7f", b"\x80", b"\xff"];
    assert_eq!(keys(&*read(subject.store())), expected);
}

pub fn first_at_or_after_finds_the_key_or_the_next<S: Subject>() {
    let subject = open_with::<S>(&[b"b", b"d", b"d1"]);
    let snapshot = read(subject.store());
    let first = |key: &[u8]| snapshot.first_at_or_after(ONE, key).unwrap().map(|(key, _)| key.to_vec());
    assert_eq!(first(b""), Some(b"b".to_vec()));
    assert_eq!(first(b"b"), Some(b"b".to_vec()));
    assert_eq!(first(b"b\x00"), Some(b"d".to_vec()));
    assert_eq!(first(b"d0"), Some(b"d1".to_vec()));
    assert_eq!(first(b"d2"), None);
}

pub fn last_before_finds_the_greatest_smaller_key<S: Subject>() {
    let subject = open_with::<S>(&[b"b", b"d", b"d1"]);
    let snapshot = read(subject.store());
    let last = |key: &[u8]| snapshot.last_before(ONE, key).unwrap().map(|(key, _)| key.to_vec());
    assert_eq!(last(b""), None);
    assert_eq!(last(b"b"), None);
    assert_eq!(last(b"c"), Some(b"b".to_vec()));
    assert_eq!(last(b"d"), Some(b"b".to_vec()));
    assert_eq!(last(b"d1"), Some(b"d".to_vec()));
    assert_eq!(last(b"\xff"), Some(b"d1".to_vec()));
    assert_eq!(snapshot.last_before(OTHER, b"\xff").unwrap(), None);
}

pub fn scan_takes_the_start_and_leaves_the_end<S: Subject>() {
    let subject = open_with::<S>(&[b"a", b"b", b"c"]);
    let snapshot = read(subject.store());
    let scan = |from: &[u8], to: Option<&[u8]>| {
        pairs(&*snapshot, ONE, from, to).into_iter().flat_map(|(key, _)| key).collect::<Vec<u8>>()
    };
    assert_eq!(scan(b"", None), b"abc");
    assert_eq!(scan(b"a", Some(b"c")), b"ab");
    assert_eq!(scan(b"a\x00", Some(b"c\x00")), b"bc");
    assert_eq!(scan(b"b", Some(b"b")), b"");
    assert_eq!(scan(b"c", Some(b"a")), b"");
    assert_eq!(scan(b"d", None), b"");
    assert_eq!(scan(b"", Some(b"")), b"");
}

pub fn scan_stops_when_told<S: Subject>() {
    let subject = open_with::<S>(&[b"a", b"b", b"c"]);
    let mut seen = 0;
    let mut visit = |_: &[u8], _: &[u8]| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    read(subject.store()).scan(ONE, b"", None, &mut visit).unwrap();
    assert_eq!(seen, 2);
}

pub fn reading_with_a_key_no_space_can_hold_finds_nothing<S: Subject>() {
    let subject = open_with::<S>(&[b"a", b"b"]);
    let snapshot = read(subject.store());
    let long = vec![b'a'; KEY_OCTETS_MAX + 1];
    assert_eq!(snapshot.get(ONE, b"").unwrap(), None);
    assert_eq!(snapshot.get(ONE, &long).unwrap(), None);
    // As a bound of a walk, any key will do.
    assert_eq!(snapshot.first_at_or_after(ONE, &long).unwrap(), Some((&b"b"[..], &b"b"[..])));
    assert_eq!(snapshot.last_before(ONE, &long).unwrap(), Some((&b"a"[..], &b"a"[..])));
    assert_eq!(pairs(&*snapshot, ONE, b"", Some(&long)).len(), 1);
}

pub fn a_snapshot_never_changes<S: Subject>() {
    let subject = open_with::<S>(&[b"a", b"b"]);
    let before = read(subject.store());
    let value = before.get(ONE, b"a").unwrap();
    for round in 0..20_u8 {
        let ended = subject.store().write(&mut |t| {
            or_stop(t.put(ONE, b"a", &[round; 3000]))?;
            or_stop(t.put(ONE, &[b'k', round], b"new"))?;
            or_stop(t.delete(ONE, b"b")).map(|_| ())
        });
        durable(ended);
    }
    assert_eq!(value, Some(&b"a"[..]));
    assert_eq!(keys(&*before), [b"a", b"b"]);
    assert_eq!(keys(&*read(subject.store())).len(), 21);
}

pub fn a_read_after_the_answer_sees_the_write<S: Subject>() {
    let subject = S::open();
    for round in 0..50_u8 {
        // An older snapshot that is still open must not be served again.
        let open = read(subject.store());
        put_all(subject.store(), &[(b"round", &[round])]);
        assert_eq!(read(subject.store()).get(ONE, b"round").unwrap(), Some(&[round][..]));
        drop(open);
        assert_eq!(read(subject.store()).get(ONE, b"round").unwrap(), Some(&[round][..]));
    }
}
