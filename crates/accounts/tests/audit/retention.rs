//! How much is kept.

use std::sync::Arc;

use bailiwick_accounts::audit::{Audit, Page, Query, Record, Retention, search};
use bailiwick_accounts::{SPACES, open};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_store::{Memory, Store};

use crate::{NOON, failed_sign_in};

const DAY: i64 = 86_400;

fn day(number: i64) -> FileTime {
    FileTime::from_unix_seconds(NOON.unix_seconds() + number * DAY)
}

fn record(at: FileTime) -> Record {
    Record::of(&failed_sign_in(at, "ada"))
}

fn record_octets() -> u64 {
    record(NOON).to_octets().len() as u64 + 12
}

struct Host {
    store: Arc<dyn Store>,
}

impl Host {
    fn new() -> Host {
        let store: Arc<dyn Store> = Arc::new(Memory::open(SPACES));
        open(store.as_ref()).unwrap();
        Host { store }
    }

    fn audit(&self, days_max: u64, octets_max: u64) -> Audit {
        Audit::new(Arc::clone(&self.store), Retention { age_max: Interval::from_days(days_max), octets_max })
    }

    fn times(&self) -> Vec<FileTime> {
        let page: Page = search(self.store.read().unwrap().as_ref(), &Query::default(), None, 100_000).unwrap();
        assert_eq!(page.unreadable, 0);
        page.records.iter().map(|record| record.at.0).collect()
    }
}

#[test]
fn what_is_too_old_is_given_up() {
    let host = Host::new();
    let audit = host.audit(30, u64::MAX);
    let records: Vec<_> = (0..40).map(|number| record(day(number))).collect();
    let kept = audit.keep(&records, day(39)).unwrap();
    assert_eq!((kept.records, kept.given_up), (31, 9));
    assert_eq!(host.times().last(), Some(&day(9)));
    // Time alone passes.
    let kept = audit.keep(&[], day(50)).unwrap();
    assert_eq!((kept.records, kept.given_up), (20, 11));
    assert_eq!(audit.keep(&[], day(500)).unwrap().records, 0);
    assert_eq!(audit.keep(&[], day(500)).unwrap().octets, 0);
}

#[test]
fn what_is_too_much_is_given_up_from_the_oldest() {
    let host = Host::new();
    let audit = host.audit(36_500, 10 * record_octets());
    for number in 0..25 {
        let kept = audit.keep(&[record(day(number))], day(number)).unwrap();
        assert!(kept.records <= 10 && kept.octets <= 10 * record_octets());
        assert_eq!(kept.octets, kept.records * record_octets());
    }
    assert_eq!(host.times(), (15..25).rev().map(day).collect::<Vec<_>>());
}

#[test]
fn a_smaller_retention_catches_up_batch_by_batch() {
    let host = Host::new();
    let records: Vec<_> = (0..20_000).map(|_| record(NOON)).collect();
    assert_eq!(host.audit(1, u64::MAX).keep(&records, NOON).unwrap().records, 20_000);
    let audit = host.audit(1, record_octets());
    assert_eq!(audit.keep(&[], NOON).unwrap().given_up, 16_384);
    assert_eq!(audit.keep(&[], NOON).unwrap().records, 1);
}

#[test]
fn events_of_one_moment_are_all_kept_in_their_order() {
    let host = Host::new();
    let audit = host.audit(1, u64::MAX);
    for name in ["a", "b", "c"] {
        audit.keep(&[Record::of(&failed_sign_in(NOON, name))], NOON).unwrap();
    }
    let page = search(host.store.read().unwrap().as_ref(), &Query::default(), None, 10).unwrap();
    let names: Vec<_> = page.records.iter().map(Record::actor).collect();
    assert_eq!(names, ["c", "b", "a"]);
}
