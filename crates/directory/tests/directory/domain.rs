//! A founded domain in memory, for tests that speak through the port.

use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_credential::{Cost, Password};
use bailiwick_directory::{Native, NewDomain, Options, SPACES, provision};
use bailiwick_domain::{
    Authentication, Budget, Change, Collect, Context, Directory, Entry, Error, Limits, Progress, Protection, Requester,
    Scope, SearchOptions, SearchRequest,
};
use bailiwick_store::Memory;

/// The time of every request.
pub const NOW: FileTime = FileTime(133_000_000_000_000_000);

/// The name of the domain's head.
pub const BASE: &str = "DC=example,DC=com";

/// Octets that look random and are the same in every run.
pub fn octets(buffer: &mut [u8]) {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    for octet in buffer {
        let state = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        *octet = (mixed ^ (mixed >> 27)) as u8;
    }
}

/// What the domain of the tests is called.
pub fn new_domain() -> NewDomain {
    NewDomain {
        dns_domain: "example.com".to_owned(),
        netbios: "EXAMPLE".to_owned(),
        host: "dc1".to_owned(),
        admin_password: Password::new(b"Secret-Adm1n!"),
        cost: Cost::CHEAP,
    }
}

/// A new domain in memory.
pub fn founded() -> Native {
    let store = Memory::open(SPACES);
    provision(&store, &new_domain(), NOW, &octets).expect("an empty store takes a domain");
    Native::open(Box::new(store), Options { cost: Cost::CHEAP }).expect("a founded domain opens")
}

/// The context of a request by `requester`.
pub fn context(requester: &Requester) -> Context<'_> {
    Context { requester, now: NOW, random: &octets, limits: Limits::default(), request_id: 1 }
}

/// The domain's Administrator, signed in, with everything that it belongs to.
pub fn signed_in_administrator(directory: &Native) -> Requester {
    let nobody = Requester::anonymous(None, Protection::Local);
    let context = context(&nobody);
    match directory.authenticate(&context, "Administrator", &new_domain().admin_password) {
        Authentication::Check(check) => {
            let verified = check.run();
            directory.finish(&context, check, verified).expect("the password is right")
        }
        Authentication::Decided(decided) => decided.expect("a password is checked"),
    }
}

/// An add of an object with these attributes, as `name: value` pairs.
pub fn add(name: &str, attributes: &[(&str, &str)]) -> Change {
    let mut gathered: Vec<Attribute> = Vec::new();
    for (name, value) in attributes {
        match gathered.iter_mut().find(|attribute| attribute.name == *name) {
            Some(attribute) => attribute.values.push(value.as_bytes().to_vec()),
            None => gathered.push(Attribute { name: (*name).to_owned(), values: vec![value.as_bytes().to_vec()] }),
        }
    }
    Change::Add { name: ObjectName::parse(name).expect("a name"), attributes: gathered, sd_flags: None }
}

/// Applies changes as the system.
pub fn apply(directory: &Native, changes: &[Change]) -> Result<(), Error> {
    let requester = Requester::system();
    directory.apply(&context(&requester), changes).map(drop).map_err(|refused| refused.error)
}

/// A subtree search request below `base`.
pub fn request(base: &str, scope: Scope, filter: Filter, selection: &[&str]) -> SearchRequest {
    SearchRequest {
        base: ObjectName::parse(base).expect("a name"),
        scope,
        filter,
        selection: selection.iter().map(|name| (*name).to_owned()).collect(),
        types_only: false,
        options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
    }
}

/// Runs a search to its end, in slices of `budget`.
pub fn run(directory: &Native, request: &SearchRequest, budget: Budget) -> Result<Vec<Entry>, Error> {
    let requester = Requester::system();
    let mut found = Collect::default();
    let mut position = None;
    loop {
        match directory.search(&context(&requester), request, position.as_ref(), budget, &mut found)? {
            Progress::Done => return Ok(found.entries),
            Progress::More(next) => position = Some(next),
        }
    }
}

/// All that a search finds, in one slice.
pub fn find(directory: &Native, base: &str, scope: Scope, filter: &str, selection: &[&str]) -> Vec<Entry> {
    let filter = Filter::parse(filter).expect("a filter");
    let budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };
    run(directory, &request(base, scope, filter, selection), budget).expect("the search succeeds")
}
