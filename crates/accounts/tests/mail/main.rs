//! Letters in the outbox: what is due when, what is kept, and what is not.

use std::sync::Arc;

use bailiwick_accounts::mail::{
    ATTEMPTS_MAX, Counts, KEPT_DAYS_MAX, Letter, Outbox, OutboxError, REASON_OCTETS_MAX, State,
};
use bailiwick_accounts::{SPACES, open};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::Vault;
use bailiwick_store::{Memory, Store};
use zeroize::Zeroizing;

const START: FileTime = FileTime(133_000_000_000_000_000);

fn store() -> Arc<dyn Store> {
    let memory = Memory::open(SPACES);
    open(&memory).unwrap();
    Arc::new(memory)
}

fn outbox() -> Outbox {
    Outbox::new(store(), Vault::new(&[1; 32]))
}

fn letter(text: &str) -> Letter {
    Letter::new("ada@example.com", "A new password", Zeroizing::new(text.to_owned())).unwrap()
}

fn random(octets: &mut [u8]) {
    octets.fill(7);
}

fn put(outbox: &Outbox, text: &str) -> u64 {
    outbox.put(&letter(text), START, &random).unwrap()
}

fn seconds(seconds: u64) -> FileTime {
    START.after(Interval::from_seconds(seconds))
}

fn due(outbox: &Outbox, now: FileTime) -> Vec<u64> {
    outbox.due(now, 100).unwrap().letters.into_iter().map(|(number, _)| number).collect()
}

fn state(outbox: &Outbox, number: u64) -> State {
    outbox.list(number - 1, 1).unwrap().remove(0).state
}

#[test]
fn a_letter_waits_until_it_is_sent_and_then_its_text_is_gone() {
    let outbox = outbox();
    let number = put(&outbox, "the link");
    assert_eq!(outbox.due(START, 1).unwrap().letters, [(number, letter("the link"))]);
    assert_eq!(outbox.show(number).unwrap().1.text(), "the link");
    outbox.sent(number, seconds(1)).unwrap();
    assert!(due(&outbox, seconds(9999)).is_empty());
    assert!(matches!(outbox.show(number), Err(OutboxError::NoText)));
    assert_eq!(outbox.counts().unwrap(), Counts { waiting: 0, sent: 1, given_up: 0 });
}

#[test]
fn a_failed_letter_is_due_later_each_time_and_at_last_given_up() {
    let outbox = outbox();
    let number = put(&outbox, "the link");
    let mut now = START;
    for attempt in 1..ATTEMPTS_MAX {
        outbox.failed(number, "no route to host", now).unwrap();
        assert!(due(&outbox, now).is_empty(), "attempt {attempt}");
        let next = outbox.due(now, 1).unwrap().next.unwrap();
        assert!(next > now);
        now = next;
        assert_eq!(due(&outbox, now), [number]);
    }
    assert!(now < seconds(3 * 24 * 3600));
    outbox.failed(number, "no route to host", now).unwrap();
    assert!(matches!(state(&outbox, number), State::GivenUp { reason, .. } if reason == "no route to host"));
    assert!(matches!(outbox.retry(number, now), Err(OutboxError::NoText)));
}

#[test]
fn a_letter_that_waits_can_be_tried_at_once() {
    let outbox = outbox();
    let number = put(&outbox, "the link");
    outbox.failed(number, &"é".repeat(REASON_OCTETS_MAX), START).unwrap();
    assert!(due(&outbox, seconds(1)).is_empty());
    outbox.retry(number, seconds(1)).unwrap();
    assert_eq!(due(&outbox, seconds(1)), [number]);
}

#[test]
fn what_is_due_comes_in_the_order_it_was_written_and_not_more_than_asked_for() {
    let outbox = outbox();
    let numbers: Vec<u64> = (0..5).map(|_| put(&outbox, "x")).collect();
    assert_eq!(due(&outbox, START), numbers);
    let two = outbox.due(START, 2).unwrap();
    assert_eq!((two.letters.len(), two.next), (2, Some(START)));
}

#[test]
fn the_text_lies_sealed_in_the_file() {
    let store = store();
    let number = put(&Outbox::new(Arc::clone(&store), Vault::new(&[1; 32])), "only-for-ada");
    let transaction = store.read().unwrap();
    let letters = *SPACES.iter().find(|space| space.0 == "mail-letter").unwrap();
    let (_, value) = transaction.first_at_or_after(letters, &[]).unwrap().unwrap();
    assert!(!String::from_utf8_lossy(value).contains("only-for-ada"));
    drop(transaction);
    let other = Outbox::new(store, Vault::new(&[2; 32]));
    assert!(due(&other, START).is_empty());
    assert!(matches!(state(&other, number), State::GivenUp { .. }));
}

#[test]
fn numbers_are_given_once() {
    let outbox = outbox();
    let first = put(&outbox, "x");
    let second = put(&outbox, "x");
    assert!(second > first);
    outbox.remove(second).unwrap();
    assert!(matches!(outbox.remove(second), Err(OutboxError::NoSuchLetter)));
    assert!(put(&outbox, "x") > second);
}

#[test]
fn old_slips_go_and_letters_that_wait_stay() {
    let outbox = outbox();
    let (sent, waiting) = (put(&outbox, "x"), put(&outbox, "x"));
    outbox.sent(sent, START).unwrap();
    let later = START.after(Interval::from_days(KEPT_DAYS_MAX + 1));
    outbox.put(&letter("x"), later, &random).unwrap();
    let numbers: Vec<u64> = outbox.list(0, 9).unwrap().iter().map(|slip| slip.number).collect();
    assert_eq!(numbers, [waiting, waiting + 1]);
}
