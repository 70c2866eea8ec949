//! Finding events again.

use std::sync::Arc;

use bailiwick_accounts::SPACES;
use bailiwick_accounts::audit::{Audit, Kind, Outcome, Page, Query, Record, Retention, search};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_adtypes::guid::Guid;
use bailiwick_domain::{Action, Error, Object};
use bailiwick_store::{Memory, Store};

use crate::{NOON, ada, event, failed_sign_in, sign_in};

fn at(seconds: i64) -> FileTime {
    FileTime::from_unix_seconds(NOON.unix_seconds() + seconds)
}

/// Six events, a second apart: a good sign-in, two bad ones, a delete that was done and one that was not, a move.
fn store() -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(Memory::open(SPACES));
    let object = |name: &str, guid| Object { name: name.into(), guid };
    let delete = |name: &str, guid| Action::Delete { object: object(name, guid), tree: false };
    let rename = Action::Rename {
        object: object("CN=Cy,OU=Old", Some(Guid::from_u128(0xC))),
        new_rdn: "CN=Cy".into(),
        new_superior: Some("OU=New".into()),
    };
    let events = [
        sign_in(at(0)),
        failed_sign_in(at(1), "EXAMPLE\\Bob"),
        failed_sign_in(at(2), "carol"),
        event(at(3), ada(), delete("CN=Dan,OU=Sales", Some(Guid::from_u128(0xDA))), Ok(())),
        event(at(4), ada(), delete("CN=Eve,OU=Sales", None), Err(Error::InsufficientRights)),
        event(at(5), ada(), rename, Ok(())),
    ];
    let records: Vec<_> = events.iter().map(Record::of).collect();
    let retention = Retention { age_max: Interval::from_days(1), octets_max: u64::MAX };
    Audit::new(Arc::clone(&store), retention).keep(&records, at(5)).unwrap();
    store
}

/// The seconds of what is found, and the same a record at a time.
#[track_caller]
fn check(query: Query, seconds: &[i64]) {
    let store = store();
    let transaction = store.read().unwrap();
    let of = |page: &Page| -> Vec<i64> {
        page.records.iter().map(|record| record.at.0.unix_seconds() - NOON.unix_seconds()).collect()
    };
    let whole = search(transaction.as_ref(), &query, None, 1000).unwrap();
    assert_eq!((of(&whole).as_slice(), whole.next), (seconds, None));
    let (mut found, mut position) = (Vec::new(), None);
    loop {
        let page = search(transaction.as_ref(), &query, position, 1).unwrap();
        found.extend(of(&page));
        position = page.next;
        if position.is_none() {
            break;
        }
    }
    assert_eq!(found, seconds);
}

fn who(text: &str) -> Query {
    Query { who: Some(text.into()), ..Query::default() }
}

fn object(text: &str) -> Query {
    Query { object: Some(text.into()), ..Query::default() }
}

fn outcome(outcome: Outcome) -> Query {
    Query { outcome: Some(outcome), ..Query::default() }
}

#[test]
fn without_conditions_everything_is_found_the_newest_first() {
    check(Query::default(), &[5, 4, 3, 2, 1, 0]);
}

#[test]
fn times_bound_from_the_first_moment_to_before_the_last() {
    check(Query { since: Some(at(2)), ..Query::default() }, &[5, 4, 3, 2]);
    check(Query { until: Some(at(2)), ..Query::default() }, &[1, 0]);
    check(Query { since: Some(at(1)), until: Some(at(3)), ..Query::default() }, &[2, 1]);
    check(Query { since: Some(at(9)), ..Query::default() }, &[]);
}

#[test]
fn who_is_an_account_a_given_name_a_sid_or_an_address() {
    check(who("ADA"), &[5, 4, 3, 0]);
    check(who("bob"), &[1]);
    check(who("s-1-5-21-1-2-3-1104"), &[5, 4, 3, 0]);
    check(who("192.0.2."), &[5, 4, 3, 2, 1, 0]);
    check(who("mallory"), &[]);
}

#[test]
fn an_object_is_found_by_its_names_and_its_guid() {
    check(object("ou=sales"), &[4, 3]);
    check(object("OU=Old"), &[5]);
    check(object("ou=new"), &[5]);
    check(object(&Guid::from_u128(0xDA).to_string()), &[3]);
}

#[test]
fn kinds_and_outcomes_are_told_apart() {
    check(Query { kind: Some(Kind::Delete), ..Query::default() }, &[4, 3]);
    check(outcome(Outcome::Success), &[5, 3, 0]);
    check(outcome(Outcome::Failure), &[4, 2, 1]);
    check(outcome(Outcome::Word("sign-in".into())), &[2, 1]);
    check(outcome(Outcome::Word("sign-in:wrong-password".into())), &[2, 1]);
    check(outcome(Outcome::Word("insufficient-rights".into())), &[4]);
    check(outcome(Outcome::Word("insufficient".into())), &[]);
}

#[test]
fn all_conditions_must_hold() {
    let query = Query { kind: Some(Kind::Delete), outcome: Some(Outcome::Success), ..who("ada") };
    check(query, &[3]);
}
