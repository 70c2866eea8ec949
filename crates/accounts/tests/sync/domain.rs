//! A domain in memory, and a host beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick_accounts::listing::{Listing, Sort};
use bailiwick_accounts::sync::{Error, Progress, Step, Sync, View};
use bailiwick_adtypes::dn::{ObjectName, Rdn};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_credential::{Cost, Password};
use bailiwick_directory::{Native, NewDomain, Options, SPACES, provision};
use bailiwick_domain::{
    Applied, Authentication, Budget, Change, Check, Context, Directory, Error as DomainError, Flow, Limits, Position,
    Progress as SearchProgress, Refused, Rename, Requester, SearchRequest, Sink, Verdict,
};
use bailiwick_store::{Memory, Store};

pub const BASE: &str = "DC=example,DC=com";
pub const NOW: FileTime = FileTime(133_000_000_000_000_000);

/// Octets that look random and are the same in every run.
fn octets(buffer: &mut [u8]) {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    for octet in buffer {
        let state = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        *octet = (mixed ^ (mixed >> 27)) as u8;
    }
}

/// Runs something as the system.
pub fn as_system<T>(now: FileTime, work: impl FnOnce(&Context<'_>) -> T) -> T {
    let requester = Requester::system();
    work(&Context { requester: &requester, now, random: &octets, limits: Limits::default(), request_id: 1 })
}

/// A directory that counts what it hands out.
pub struct Domain {
    native: Native,
    handed_out: AtomicU64,
}

impl Domain {
    pub fn founded() -> Domain {
        let store = Memory::open(SPACES);
        let new = NewDomain {
            dns_domain: "example.com".to_owned(),
            netbios: "EXAMPLE".to_owned(),
            host: "dc1".to_owned(),
            admin_password: Password::new(b"Secret-Adm1n!"),
            cost: Cost::CHEAP,
        };
        provision(&store, &new, NOW, &octets).expect("an empty store takes a domain");
        let native = Native::open(Box::new(store), Options { cost: Cost::CHEAP }).expect("a founded domain opens");
        Domain { native, handed_out: AtomicU64::new(0) }
    }

    /// How many entries were handed out since this was last asked.
    pub fn handed_out(&self) -> u64 {
        self.handed_out.swap(0, Ordering::Relaxed)
    }

    /// Applies a change; whether it was taken.
    pub fn apply(&self, change: Change) -> bool {
        as_system(NOW, |context| self.native.apply(context, &[change])).is_ok()
    }

    pub fn add_user(&self, name: &str) -> bool {
        self.add(&user_dn(name), &[("objectClass", "user"), ("sAMAccountName", name), ("displayName", name)])
    }

    pub fn add_group(&self, name: &str) -> bool {
        self.add(&user_dn(name), &[("objectClass", "group"), ("sAMAccountName", name)])
    }

    pub fn add(&self, dn: &str, attributes: &[(&str, &str)]) -> bool {
        let attributes = attributes
            .iter()
            .map(|(name, value)| Attribute { name: (*name).to_owned(), values: vec![value.as_bytes().to_vec()] })
            .collect();
        self.apply(Change::Add { name: ObjectName::parse(dn).unwrap(), attributes, sd_flags: None })
    }

    pub fn set(&self, dn: &str, attribute: &str, value: &str) -> bool {
        self.modify(dn, Operation::Replace, attribute, value)
    }

    pub fn modify(&self, dn: &str, operation: Operation, attribute: &str, value: &str) -> bool {
        let values = vec![value.as_bytes().to_vec()];
        let modifications = vec![Modification { operation, attribute: attribute.to_owned(), values }];
        self.apply(Change::Modify {
            name: ObjectName::parse(dn).unwrap(),
            modifications,
            permissive: false,
            sd_flags: None,
        })
    }

    pub fn rename(&self, dn: &str, rdn: &str, superior: Option<&str>) -> bool {
        self.apply(Change::Rename(Rename {
            name: ObjectName::parse(dn).unwrap(),
            new_rdn: Rdn::parse(rdn).unwrap(),
            delete_old_rdn: true,
            new_superior: superior.map(|name| ObjectName::parse(name).unwrap()),
        }))
    }

    pub fn delete(&self, dn: &str) -> bool {
        self.apply(Change::Delete { name: ObjectName::parse(dn).unwrap(), tree: true })
    }
}

/// The name of an object below CN=Users.
pub fn user_dn(name: &str) -> String {
    format!("CN={name},CN=Users,{BASE}")
}

/// Takes an entry on, and counts it.
struct Counting<'a> {
    sink: &'a mut dyn Sink,
    handed_out: &'a AtomicU64,
}

impl Sink for Counting<'_> {
    fn begin(&mut self, dn: &str) {
        self.handed_out.fetch_add(1, Ordering::Relaxed);
        self.sink.begin(dn);
    }

    fn attribute(&mut self, description: &str) {
        self.sink.attribute(description);
    }

    fn value(&mut self, value: &[u8]) {
        self.sink.value(value);
    }

    fn end(&mut self) -> Flow {
        self.sink.end()
    }

    fn reference(&mut self, url: &str) {
        self.sink.reference(url);
    }
}

impl Directory for Domain {
    fn search(
        &self,
        context: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<SearchProgress, DomainError> {
        self.native.search(context, request, from, budget, &mut Counting { sink, handed_out: &self.handed_out })
    }

    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        self.native.apply(context, changes)
    }

    fn compare(
        &self,
        context: &Context<'_>,
        name: &ObjectName,
        attribute: &str,
        value: &[u8],
    ) -> Result<bool, DomainError> {
        self.native.compare(context, name, attribute, value)
    }

    fn authenticate(&self, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
        self.native.authenticate(context, name, password)
    }

    fn finish(&self, context: &Context<'_>, check: Check, verdict: Verdict) -> Result<Requester, DomainError> {
        self.native.finish(context, check, verdict)
    }

    fn root_dse(&self, context: &Context<'_>, named: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, DomainError> {
        self.native.root_dse(context, named)
    }

    fn limits(&self) -> Limits {
        self.native.limits()
    }
}

/// A store for a host.
pub fn host() -> Arc<dyn Store> {
    Arc::new(Memory::open(bailiwick_accounts::SPACES))
}

/// Runs a sync to its end.
pub fn sync(domain: &Domain, host: &Arc<dyn Store>) -> Progress {
    sync_at(NOW, domain, host).unwrap()
}

pub fn sync_at(now: FileTime, domain: &Domain, host: &Arc<dyn Store>) -> Result<Progress, Error> {
    let sync = Sync::new(Arc::clone(host), "EXAMPLE");
    loop {
        if let Step::Done(progress) = as_system(now, |context| sync.step(domain, context))? {
            return Ok(progress);
        }
    }
}

/// Everything that the view shows, one line for each account.
pub fn shown(host: &Arc<dyn Store>) -> Vec<String> {
    let view = View::new(Arc::clone(host));
    let listing = Listing { sort: Sort::Name, ..Listing::default() };
    let users = view.users(&listing).unwrap();
    let groups = view.groups(&listing).unwrap();
    assert_eq!((users.total, groups.total), (users.entries.len() as u64, groups.entries.len() as u64));
    let mut lines = Vec::new();
    for user in users.entries {
        let groups = view.groups_of(&user).unwrap().join(",");
        lines.push(format!(
            "user {} {} {} {:?} {} {} {groups}",
            user.uid, user.gid, user.name, user.description, user.expiry, user.password_changed
        ));
    }
    for group in groups.entries {
        let members = view.members(&group.name, &listing).unwrap().unwrap().entries;
        let members: Vec<_> = members.into_iter().map(|user| user.name).collect();
        lines.push(format!("group {} {} {:?} {}", group.gid, group.name, group.description, members.join(",")));
    }
    lines
}

/// What a host that has never seen the domain comes to: the oracle of all other ways.
pub fn from_scratch(domain: &Domain) -> Vec<String> {
    let fresh = host();
    sync(domain, &fresh);
    shown(&fresh)
}
