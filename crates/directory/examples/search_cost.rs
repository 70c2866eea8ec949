//! What the access check costs a search: `cargo run --release -p bailiwick-directory --example search_cost [PEOPLE]`.
//!
//! The same searches run as the directory itself, which is asked nothing, as the Administrator and as somebody.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::{Cost, Password};
use bailiwick_directory::{Native, NewDomain, Options, SPACES, provision};
use bailiwick_domain::{
    Authentication, Budget, Change, Context, Directory, Flow, Identity, Limits, Protection, Requester, Scope,
    SearchOptions, SearchRequest, Sink,
};
use bailiwick_store::Embedded;

const PEOPLE: usize = 100_000;
const PEOPLE_A_UNIT: usize = 100;
const BATCH: usize = 500;
/// Requesters who ask once.
const STRANGERS: u32 = 500;
const BASE: &str = "DC=example,DC=com";
const NOW: FileTime = FileTime(133_000_000_000_000_000);
const WHOLE: Budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };

fn main() -> Result<(), Box<dyn Error>> {
    let people = std::env::args().nth(1).map_or(Ok(PEOPLE), |people| people.parse())?;
    let folder = std::env::temp_dir().join(format!("bailiwick-search-cost-{}", std::process::id()));
    let directory = founded(&folder)?;
    let start = Instant::now();
    let administrator = administrator(&directory)?;
    load(&directory, &administrator, people)?;
    println!("{people} people added by the Administrator in {:.1} s", start.elapsed().as_secs_f64());
    let requesters =
        [("directory", Requester::system()), ("Administrator", administrator), ("ordinary", ordinary(4000))];
    let searches = [
        ("one by its name", BASE, "(sAMAccountName=user4711)", 20_000),
        ("children of a unit", "OU=unit7,DC=example,DC=com", "(objectClass=user)", 500),
        ("scan, nothing found", BASE, "(roomNumber=none)", 3),
        ("scan, all found", BASE, "(!(roomNumber=none))", 3),
    ];
    for (what, base, filter, times) in searches {
        let request = request(base, filter)?;
        for (who, requester) in &requesters {
            let mut best = f64::MAX;
            let mut count = Count::default();
            for _ in 0..3 {
                count = Count::default();
                let start = processor_seconds();
                for _ in 0..times {
                    directory.search(&context(requester), &request, None, WHOLE, &mut count)?;
                }
                best = best.min((processor_seconds() - start) / times as f64);
            }
            println!(
                "{what:20} {who:14} {:10.2} us of processor a search, {} entries, {} values",
                best * 1e6,
                count.entries / times,
                count.values / times
            );
        }
    }
    let start = processor_seconds();
    for rid in 0..STRANGERS {
        let request = request(BASE, "(sAMAccountName=user4711)")?;
        directory.search(&context(&ordinary(10_000 + rid)), &request, None, WHOLE, &mut Count::default())?;
    }
    let each = (processor_seconds() - start) / f64::from(STRANGERS);
    println!("{:20} {:14} {:10.2} us of processor a search", "one by its name", "a stranger", each * 1e6);
    drop(directory);
    Ok(std::fs::remove_dir_all(&folder)?)
}

fn request(base: &str, filter: &str) -> Result<SearchRequest, Box<dyn Error>> {
    Ok(SearchRequest {
        base: ObjectName::parse(base)?,
        scope: Scope::Subtree,
        filter: Filter::parse(filter)?,
        selection: ["cn", "mail", "telephoneNumber", "memberOf", "objectSid"].map(str::to_owned).to_vec(),
        types_only: false,
        options: SearchOptions { domain_scope: true, ..SearchOptions::default() },
    })
}

/// The time that this thread had the processor, in seconds: other work on the machine does not count. Linux only.
fn processor_seconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = statistics.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default();
    nanoseconds / 1e9
}

fn founded(folder: &std::path::Path) -> Result<Native, Box<dyn Error>> {
    let store = Embedded::open(folder, SPACES, bailiwick_store::Options::default())?;
    let new = NewDomain {
        dns_domain: "example.com".to_owned(),
        netbios: "EXAMPLE".to_owned(),
        host: "dc1".to_owned(),
        admin_password: password(),
        cost: Cost::CHEAP,
    };
    provision(&store, &new, NOW, &octets)?;
    Ok(Native::open(Box::new(store), Options { cost: Cost::CHEAP })?)
}

fn password() -> Password {
    Password::new(b"Secret-Adm1n!")
}

fn administrator(directory: &Native) -> Result<Requester, Box<dyn Error>> {
    let nobody = Requester::anonymous(None, Protection::Local);
    match directory.authenticate(&context(&nobody), "Administrator", &password()) {
        Authentication::Check(check) => {
            let verified = check.run();
            Ok(directory.finish(&context(&nobody), check, verified)?)
        }
        Authentication::Decided(decided) => Ok(decided?),
    }
}

/// Somebody with as many groups as people usually have.
fn ordinary(rid: u32) -> Requester {
    let domain = Sid::new(5, &[21, 1, 2, 3]);
    let sid = |rid| domain.and_then(|domain| domain.with_rid(rid)).unwrap_or(Sid::NULL);
    let groups = (513..540).map(sid).chain([Sid::BUILTIN_USERS, Sid::BUILTIN_PRE_WINDOWS_2000_COMPATIBLE_ACCESS]);
    let identity = Identity::Account { sid: sid(rid), groups: groups.collect(), name: "EXAMPLE\\somebody".into() };
    Requester { identity, address: None, protection: Protection::Local }
}

fn load(directory: &Native, requester: &Requester, people: usize) -> Result<(), Box<dyn Error>> {
    let unit = |number: usize| format!("OU=unit{number},{BASE}");
    let mut changes = Vec::new();
    for number in 0..people {
        if number % PEOPLE_A_UNIT == 0 {
            changes.push(add(&unit(number / PEOPLE_A_UNIT), &[("objectClass", "organizationalUnit")])?);
        }
        let name = format!("user{number}");
        let mail = format!("{name}@example.com");
        let values = [
            ("objectClass", "user"),
            ("sAMAccountName", &*name),
            ("mail", &*mail),
            ("telephoneNumber", "+49 30 12345"),
            ("roomNumber", "some"),
        ];
        changes.push(add(&format!("CN={name},{}", unit(number / PEOPLE_A_UNIT)), &values)?);
        if changes.len() >= BATCH || number + 1 == people {
            directory.apply(&context(requester), &std::mem::take(&mut changes)).map_err(|refused| refused.error)?;
        }
    }
    Ok(())
}

fn add(name: &str, values: &[(&str, &str)]) -> Result<Change, Box<dyn Error>> {
    let attributes = values
        .iter()
        .map(|(name, value)| Attribute { name: (*name).to_owned(), values: vec![value.as_bytes().to_vec()] });
    Ok(Change::Add { name: ObjectName::parse(name)?, attributes: attributes.collect(), sd_flags: None })
}

fn context(requester: &Requester) -> Context<'_> {
    Context { requester, now: NOW, random: &octets, limits: Limits::default(), request_id: 1 }
}

/// Octets that look random and are the same in every run (SplitMix64).
fn octets(buffer: &mut [u8]) {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    for octet in buffer {
        let state = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        *octet = (mixed ^ (mixed >> 27)) as u8;
    }
}

/// Counts what is handed out.
#[derive(Default)]
struct Count {
    entries: usize,
    values: usize,
}

impl Sink for Count {
    fn begin(&mut self, _dn: &str) {
        self.entries += 1;
    }

    fn attribute(&mut self, _description: &str) {}

    fn value(&mut self, _value: &[u8]) {
        self.values += 1;
    }

    fn end(&mut self) -> Flow {
        Flow::Continue
    }

    fn reference(&mut self, _url: &str) {}
}
