//! Claims about cursors.

use super::{ONE, Subject, put_all};
use crate::Cursor;

fn open<S: Subject>() -> S {
    let subject = S::open();
    put_all(subject.store(), &[(b"a", b"1"), (b"c", b"2"), (b"e", b"3")]);
    subject
}

fn next_key(cursor: &mut dyn Cursor<'_>) -> Option<Vec<u8>> {
    cursor.next().expect("a store in order has a next pair or an end").map(|(key, _)| key.to_vec())
}

/// From the first key to the end, which stays the end.
pub fn a_cursor_walks_in_order_and_stays_at_the_end<S: Subject>() {
    let subject = open::<S>();
    let snapshot = subject.store().read().unwrap();
    let mut cursor = snapshot.cursor(ONE).unwrap();
    for expected in [Some("a"), Some("c"), Some("e"), None, None] {
        assert_eq!(next_key(&mut *cursor).as_deref(), expected.map(str::as_bytes));
    }
}

/// Seeking positions before the key or the next one, also after the end was reached.
pub fn a_cursor_seeks_forwards_and_backwards<S: Subject>() {
    let subject = open::<S>();
    let snapshot = subject.store().read().unwrap();
    let mut cursor = snapshot.cursor(ONE).unwrap();
    for (key, expected) in [("d", Some("e")), ("c", Some("c")), ("f", None), ("b", Some("c")), ("", Some("a"))] {
        cursor.seek(key.as_bytes()).unwrap();
        assert_eq!(next_key(&mut *cursor).as_deref(), expected.map(str::as_bytes), "seek {key:?}");
    }
    assert_eq!(next_key(&mut *cursor).as_deref(), Some(&b"c"[..]));
}

/// Pairs belong to the transaction, not to the cursor.
pub fn a_cursor_answers_values_that_outlive_its_moves<S: Subject>() {
    let subject = open::<S>();
    let snapshot = subject.store().read().unwrap();
    let collected = {
        let mut cursor = snapshot.cursor(ONE).unwrap();
        let mut collected = Vec::new();
        while let Some(pair) = cursor.next().unwrap() {
            collected.push(pair);
        }
        collected
    };
    assert_eq!(collected, [(&b"a"[..], &b"1"[..]), (b"c", b"2"), (b"e", b"3")]);
}
