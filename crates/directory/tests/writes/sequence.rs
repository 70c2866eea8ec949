//! Numbers that never repeat: SIDs, GUIDs and USNs.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick_credential::Cost;
use bailiwick_directory::{Native, Options, SPACES, provision};
use bailiwick_domain::Scope;
use bailiwick_store::{Committed, Error, Memory, ReadTransaction, Store, Work};

use crate::domain::{BASE, NOW, find, founded, new_domain, octets};
use crate::{apply, dn, sid, user, value};

const THREADS: usize = 16;
const USERS_EACH: usize = 8;

#[test]
fn parallel_adds_have_distinct_sids_and_guids() {
    let directory = founded();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let directory = &directory;
            scope.spawn(move || {
                for number in 0..USERS_EACH {
                    apply(directory, user(&format!("u{thread}-{number}"))).unwrap();
                }
            });
        }
    });
    let filter = "(&(objectClass=user)(sAMAccountName=u*-*))";
    let found = find(&directory, BASE, Scope::Subtree, filter, &["objectSid", "objectGUID", "uSNCreated"]);
    assert_eq!(found.len(), THREADS * USERS_EACH);
    for attribute in ["objectSid", "objectGUID", "uSNCreated"] {
        let distinct: BTreeSet<_> = found.iter().map(|entry| entry.values(attribute)[0].clone()).collect();
        assert_eq!(distinct.len(), THREADS * USERS_EACH, "{attribute}");
    }
}

/// A store that the test keeps while a directory has it, as a disk stays when a process dies.
struct Kept(Arc<Memory>);

impl Store for Kept {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        self.0.read()
    }

    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.0.write(work)
    }
}

fn opened(store: &Arc<Memory>) -> Native {
    Native::open(Box::new(Kept(Arc::clone(store))), Options { cost: Cost::CHEAP }).unwrap()
}

#[test]
fn a_crash_between_lease_and_use_never_repeats_a_rid() {
    let mut store = Arc::new(Memory::open(SPACES));
    provision(store.as_ref(), &new_domain(), NOW, &octets).unwrap();
    let mut last = 0;
    for life in 0..5 {
        let directory = opened(&store);
        // A refused add takes a number and uses none; the last of each life is such a one.
        for number in 0..3 {
            let name = format!("l{life}n{number}");
            apply(&directory, user(&name)).unwrap();
            let rid = sid(&directory, &dn(&name)).rid().unwrap();
            assert!(rid > last, "RID {rid} after {last}");
            last = rid;
            assert!(apply(&directory, user(&name)).is_err());
        }
        store = Arc::new(store.restart());
    }
}

#[test]
fn usns_are_in_commit_order_and_refusals_take_none() {
    let directory = founded();
    apply(&directory, user("a")).unwrap();
    let first: u64 = value(&directory, &dn("a"), "uSNCreated").parse().unwrap();
    assert!(apply(&directory, user("a")).is_err());
    apply(&directory, user("b")).unwrap();
    let second: u64 = value(&directory, &dn("b"), "uSNCreated").parse().unwrap();
    assert_eq!(second, first + 1);
}
