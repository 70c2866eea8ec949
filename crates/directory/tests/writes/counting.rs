//! How many keys a change touches: the work of an operation does not grow with the directory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick_adtypes::modification::Operation::{Add, Delete};
use bailiwick_credential::Cost;
use bailiwick_directory::{Native, Options, SPACES, provision};
use bailiwick_store::{Committed, Error, Memory, ReadTransaction, Store, Work};

use crate::domain::{BASE, NOW, add, new_domain, octets};
use crate::{apply, dn, group, modify, rename, unit};

/// People below the unit, and members of the group. A group of a hundred thousand is tested where links can be made
/// without their people, beside the modify operation.
const PEOPLE: usize = 1_000;
/// A handful of keys, each read, put or deleted counted.
const HANDFUL: usize = 60;

/// A store that remembers how many keys the last write touched.
struct Counting {
    inner: Memory,
    touched: Arc<AtomicUsize>,
}

impl Store for Counting {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        self.inner.read()
    }

    fn write(&self, work: &mut Work<'_>) -> Result<Committed, Error> {
        self.inner.write(&mut |transaction| {
            let outcome = work(transaction);
            let touched = transaction.touched();
            self.touched.store(touched.keys_read + touched.keys_put + touched.keys_deleted, Ordering::Relaxed);
            outcome
        })
    }
}

fn founded() -> (Native, Arc<AtomicUsize>) {
    let touched = Arc::new(AtomicUsize::new(0));
    let store = Counting { inner: Memory::open(SPACES), touched: Arc::clone(&touched) };
    provision(&store, &new_domain(), NOW, &octets).unwrap();
    (Native::open(Box::new(store), Options { cost: Cost::CHEAP }).unwrap(), touched)
}

#[test]
fn renaming_a_unit_costs_a_handful_of_keys_whatever_is_below_it() {
    let (directory, touched) = founded();
    apply(&directory, unit("People")).unwrap();
    let person = |number: usize| format!("CN=p{number},OU=People,{BASE}");
    let people: Vec<_> = (0..PEOPLE).map(|number| add(&person(number), &[("objectClass", "contact")])).collect();
    crate::domain::apply(&directory, &people).unwrap();
    apply(&directory, group("Everybody")).unwrap();
    let members: Vec<String> = (0..PEOPLE).map(person).collect();
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    apply(&directory, modify(&dn("Everybody"), &[(Add, "member", &members)])).unwrap();
    for change in [
        rename(&format!("OU=People,{BASE}"), "OU=Menschen", None),
        rename(&dn("Everybody"), "CN=All", None),
        modify(&dn("All"), &[(Delete, "member", &[&format!("CN=p7,OU=Menschen,{BASE}")])]),
    ] {
        let shown = format!("{change:?}");
        apply(&directory, change).unwrap();
        let touched = touched.load(Ordering::Relaxed);
        assert!(touched <= HANDFUL, "{shown} touched {touched} keys");
    }
}
