//! What the host keeps, through its public face.

mod administration;
mod second_factor;
mod token;

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use bailiwick_accounts::audit::Retention;
use bailiwick_accounts::{Accounts, SPACES};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{Cost, Vault};
use bailiwick_domain::{Context, Event, Limits, Requester, Witness};
use bailiwick_store::{Memory, Store};

/// 2026-11-22T05:36:20Z.
pub(crate) const NOON: i64 = 1_795_325_780;

/// A host on a store of its own, with a clock that a test sets.
pub(crate) struct Host {
    pub store: Arc<dyn Store>,
    pub accounts: Accounts,
    requester: Requester,
}

impl Host {
    pub fn new() -> Host {
        let store: Arc<dyn Store> = Arc::new(Memory::open(SPACES));
        Host { accounts: open(&store, 1), store, requester: Requester::system() }
    }

    /// The circumstances of a request at a time.
    pub fn at(&self, unix_seconds: i64) -> Context<'_> {
        Context {
            requester: &self.requester,
            now: FileTime::from_unix_seconds(unix_seconds),
            random: &random,
            limits: Limits::default(),
            request_id: 7,
        }
    }
}

/// What is kept in the store, opened with the secret key of this number.
pub(crate) fn open(store: &Arc<dyn Store>, key: u8) -> Accounts {
    let retention = Retention { age_max: Interval::from_days(1), octets_max: 1 << 20 };
    Accounts::open(Arc::clone(store), Vault::new(&[key; 32]), retention, Cost::CHEAP).unwrap()
}

/// Octets that differ from call to call.
fn random(octets: &mut [u8]) {
    static NEXT: AtomicU8 = AtomicU8::new(0);
    octets.fill_with(|| NEXT.fetch_add(1, Ordering::Relaxed));
}

/// Remembers what it hears.
#[derive(Default)]
pub(crate) struct Heard(pub Mutex<Vec<Event>>);

impl Witness for Heard {
    fn witness(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}
