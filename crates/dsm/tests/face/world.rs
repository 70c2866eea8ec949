//! The face on a founded domain in memory, with a clock that stands still until it is moved.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bailiwick_accounts::Accounts;
use bailiwick_accounts::audit::Retention;
use bailiwick_accounts::task::{IdForm, Stepped, Work};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{Cost, KEY_OCTETS, Password, Vault};
use bailiwick_directory::{Native, NewDomain, Options, provision};
use bailiwick_domain::{Context, Directory, Error, Event, Hashing, Limits, Process, Protection, Requester, Witness};
use bailiwick_dsm::{Dsm, Parts};
use bailiwick_store::{Memory, Store};
use parking_lot::Mutex;
use serde_json::Value;

/// When tests begin.
pub const START: i64 = 1_700_000_000;
/// The password of Administrator.
pub const PASSWORD: &str = "Secret-Adm1n!";
/// The password of the host's own admin.
pub const HOST_PASSWORD: &str = "Host-Secret-5";

/// The process that a test is.
pub struct TestProcess {
    seconds: AtomicI64,
    request: AtomicU64,
}

impl Process for TestProcess {
    fn now(&self) -> FileTime {
        FileTime::from_unix_seconds(self.seconds.load(Ordering::Relaxed))
    }

    fn random(&self) -> &(dyn Fn(&mut [u8]) + Sync) {
        &octets
    }

    fn next_request_id(&self) -> u64 {
        self.request.fetch_add(1, Ordering::Relaxed)
    }

    fn context<'a>(&'a self, requester: &'a Requester, request_id: u64) -> Context<'a> {
        Context { requester, now: self.now(), random: &octets, limits: Limits::default(), request_id }
    }

    fn requires_encryption(&self) -> bool {
        false
    }

    fn hash(&self, _owner: u64, work: Hashing) -> Result<(), Error> {
        work();
        Ok(())
    }
}

/// Octets that look random and are the same in every run.
fn octets(buffer: &mut [u8]) {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    for octet in buffer {
        let state = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        *octet = (mixed ^ (mixed >> 27)) as u8;
    }
}

/// A domain, a host and the face.
pub struct World {
    pub dsm: Dsm,
    pub process: Arc<TestProcess>,
    pub accounts: Arc<Accounts>,
    pub directory: Arc<dyn Directory>,
    host: Arc<dyn Store>,
    /// While this is set, tasks wait for [`World::step`].
    pub holds_tasks: Arc<AtomicBool>,
    told: Arc<Told>,
}

/// What the audit would hear of the host's own accounts.
#[derive(Default)]
struct Told(Mutex<Vec<Event>>);

impl Witness for Told {
    fn witness(&self, event: Event) {
        self.0.lock().push(event);
    }
}

/// A domain that was just founded. That takes long, so it is done once and copied.
fn founded() -> Memory {
    static FOUNDED: OnceLock<Memory> = OnceLock::new();
    let founded = FOUNDED.get_or_init(|| {
        let store = Memory::open(bailiwick_directory::SPACES);
        let new = NewDomain {
            dns_domain: "example.com".to_owned(),
            netbios: "EXAMPLE".to_owned(),
            host: "dc1".to_owned(),
            admin_password: Password::new(PASSWORD.as_bytes()),
            cost: Cost::CHEAP,
        };
        provision(&store, &new, FileTime::from_unix_seconds(START), &octets).expect("an empty store takes a domain");
        store
    });
    let copy = Memory::open(bailiwick_directory::SPACES);
    let (from, to): (&dyn Store, &dyn Store) = (founded, &copy);
    let copied = to.transact(|writer| {
        let transaction = from.read()?;
        for space in bailiwick_directory::SPACES {
            let mut cursor = transaction.cursor(*space)?;
            while let Some((key, value)) = cursor.next()? {
                writer.put(*space, key, value)?;
            }
        }
        Ok::<_, bailiwick_store::Error>(())
    });
    copied.and_then(|copied| copied).expect("memory does not fail");
    copy
}

/// Runs the host's tasks where they are asked for.
fn run_tasks(
    accounts: &Arc<Accounts>,
    directory: &Arc<dyn Directory>,
    process: &Arc<TestProcess>,
    holds: &Arc<AtomicBool>,
) {
    let holds = Arc::clone(holds);
    let (directory, process) = (Arc::clone(directory), Arc::clone(process));
    let sync = accounts.view.sync("EXAMPLE");
    // The host would keep itself alive otherwise.
    let accounts_then = Arc::downgrade(accounts);
    accounts.tasks.tell(move || {
        let Some(accounts) = accounts_then.upgrade() else { return };
        if holds.load(Ordering::Relaxed) {
            return;
        }
        let system = Requester::system();
        let context = process.context(&system, 0);
        while accounts.tasks.step(directory.as_ref(), &context, &sync).expect("memory does not fail") != Stepped::Idle {
        }
    });
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub cookies: Vec<String>,
}

impl Answer {
    /// The code of a failure; 0 for a success.
    pub fn code(&self) -> u64 {
        match self.body["success"] == true {
            true => 0,
            false => self.body["error"]["code"].as_u64().expect("a failure has a code"),
        }
    }
}

impl World {
    pub fn new() -> World {
        let process = Arc::new(TestProcess { seconds: AtomicI64::new(START), request: AtomicU64::new(1) });
        let directory = Native::open(Box::new(founded()), Options { cost: Cost::CHEAP });
        let directory = directory.expect("a founded domain opens");
        let host: Arc<dyn Store> = Arc::new(Memory::open(bailiwick_accounts::SPACES));
        World::of(process, Arc::new(directory), host)
    }

    fn of(process: Arc<TestProcess>, directory: Arc<dyn Directory>, host: Arc<dyn Store>) -> World {
        let retention = Retention { age_max: Interval::from_days(1), octets_max: 1 << 20 };
        let vault = Vault::new(&[7; KEY_OCTETS]);
        let accounts =
            Arc::new(Accounts::open(Arc::clone(&host), vault, retention, Cost::CHEAP).expect("an empty store opens"));
        let system = Requester::system();
        let context = process.context(&system, 0);
        accounts.users.found(&context, &Password::new(HOST_PASSWORD.as_bytes())).expect("an empty host takes an admin");
        let holds_tasks = Arc::default();
        run_tasks(&accounts, &directory, &process, &holds_tasks);
        let told = Arc::new(Told::default());
        let dsm = Dsm::new(Parts {
            directory: Arc::clone(&directory),
            process: Arc::<TestProcess>::clone(&process),
            accounts: Arc::clone(&accounts),
            witness: Some(Arc::<Told>::clone(&told)),
            background: Box::new(|work| work()),
            public_url: "https://dc1.example.com:5001".to_owned(),
        });
        World { dsm, process, accounts, directory, host, holds_tasks, told }
    }

    /// The same after a restart.
    pub fn restarted(self) -> World {
        World::of(self.process, self.directory, self.host)
    }

    /// Does the next slice of the task whose turn it is.
    pub fn step(&self) {
        let system = Requester::system();
        let context = self.process.context(&system, 0);
        let sync = self.accounts.view.sync("EXAMPLE");
        self.accounts.tasks.step(self.directory.as_ref(), &context, &sync).expect("memory does not fail");
    }

    /// What was told to the audit, beside what the directory tells it.
    pub fn told(&self) -> Vec<Event> {
        self.told.0.lock().clone()
    }

    /// Brings the view of the domain's accounts up to date.
    pub fn sync(&self) {
        let system = Requester::system();
        let context = self.process.context(&system, 0);
        self.accounts.tasks.start(&context, IdForm::DomainUpdate, Work::SyncDomain).expect("one sync is not too many");
    }

    /// The time.
    pub fn now(&self) -> FileTime {
        self.process.now()
    }

    /// Moves the clock.
    pub fn wait(&self, seconds: i64) {
        self.process.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Sends a request from loopback.
    pub fn send(&self, method: &str, target: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let here = Some("127.0.0.1".parse().expect("an address"));
        self.send_from(&Requester::anonymous(here, Protection::Local), method, target, body, headers)
    }

    /// Sends a request.
    pub fn send_from(
        &self,
        from: &Requester,
        method: &str,
        target: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = http::Request::builder().method(method).uri(target.replace(' ', "%20").replace('"', "%22"));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.as_bytes().to_vec()).expect("a request");
        let response = self.dsm.answer(&request, from);
        let cookies = response.headers().get_all("set-cookie").iter();
        Answer {
            status: response.status().as_u16(),
            cookies: cookies.map(|value| value.to_str().expect("text").to_owned()).collect(),
            body: serde_json::from_slice(response.body()).unwrap_or(Value::Null),
        }
    }

    /// A GET of `entry.cgi` with this query.
    pub fn get(&self, query: &str) -> Answer {
        self.send("GET", &format!("/webapi/entry.cgi?{query}"), "", &[])
    }

    /// Signs in, with further parameters.
    pub fn login(&self, account: &str, password: &str, more: &str) -> Answer {
        let body =
            format!("api=SYNO.API.Auth&version=7&method=login&account={account}&passwd={}&{more}", escaped(password));
        self.send("POST", "/webapi/auth.cgi", &body, &[])
    }

    /// The id of a session of Administrator.
    pub fn administrator(&self) -> String {
        self.sid("Administrator", PASSWORD)
    }

    /// The id of a session of a user that is made for it.
    pub fn user(&self, name: &str) -> String {
        let sid = self.administrator();
        let made = self.get(&format!(
            "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name={name}&password=Password123&_sid={sid}"
        ));
        assert_eq!(made.code(), 0, "{made:?}");
        self.sid(name, "Password123")
    }

    pub fn sid(&self, name: &str, password: &str) -> String {
        let answer = self.login(name, password, "format=sid");
        answer.body["data"]["sid"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }
}

/// A value for a form.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(octet)),
            octet => out.push_str(&format!("%{octet:02X}")),
        }
    }
    out
}
