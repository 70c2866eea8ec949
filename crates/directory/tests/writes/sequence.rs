//! Numbers that never repeat: SIDs, GUIDs and USNs.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick_credential::Cost;
use bailiwick_directory::{Native, Options, SPACES, provision};
use bailiwick_domain::{Directory, Scope};
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
fn the_rid_set_and_the_rid_manager_show_what_was_given() {
    const FIRST_POOL: [&str; 2] = ["6867652707404", "4611686014132422208"];
    let directory = founded();
    let set = format!("CN=RID Set,CN=DC1,OU=Domain Controllers,{BASE}");
    let manager = format!("CN=RID Manager$,CN=System,{BASE}");
    let shown = || {
        directory.tend(NOW);
        let pool = value(&directory, &set, "rIDAllocationPool");
        assert_eq!(value(&directory, &set, "rIDPreviousAllocationPool"), pool);
        let pools = [pool, value(&directory, &manager, "rIDAvailablePool")];
        (value(&directory, &set, "rIDNextRID"), pools, value(&directory, &set, "uSNChanged"))
    };
    let (last, pools, usn) = shown();
    assert_eq!((last.as_str(), pools.each_ref().map(String::as_str)), ("1099", FIRST_POOL));
    apply(&directory, user("a")).unwrap();
    let after = (sid(&directory, &dn("a")).rid().unwrap().to_string(), pools, usn);
    assert_eq!(shown(), after);
    // What an import brings moves the counter past itself.
    let stranger = format!("{}-{}", sid(&directory, BASE), 1700);
    let attributes = [("objectClass", "user"), ("sAMAccountName", "b"), ("objectSid", &*stranger)];
    crate::domain::apply(&directory, &[crate::domain::add(&dn("b"), &attributes)]).unwrap();
    let (last, pools, usn) = shown();
    assert_eq!(last, "1700");
    assert_eq!(pools, [(2099_i64 << 32 | 1600).to_string(), (0x3FFF_FFFF_i64 << 32 | 2100).to_string()]);
    assert_ne!(usn, after.2, "pools are replicated");
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
