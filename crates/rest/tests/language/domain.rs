//! What the tests speak of: the schema of every domain, and a domain in memory.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_credential::{Cost, Password};
use bailiwick_directory::schema::Schema;
use bailiwick_directory::{Native, NewDomain, Options, SPACES, provision};
use bailiwick_domain::{
    AttributeType, Budget, Change, Collect, Context, Directory, Entry, Error, Limits, Requester, Scope, SearchOptions,
    SearchRequest,
};
use bailiwick_rest::json::{self, Value};
use bailiwick_store::Memory;

const NOW: FileTime = FileTime(133_000_000_000_000_000);
/// Where the tests make their objects.
pub const USERS: &str = "CN=Users,DC=contoso,DC=com";

/// The JSON of a test.
pub fn json(text: &str) -> Value {
    json::read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What the schema of a new domain says of an attribute.
pub fn attribute(name: &str) -> Option<AttributeType> {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::from_tables(1));
    SCHEMA.attribute_named(name).map(|attribute| AttributeType {
        name: attribute.name.to_string(),
        form: attribute.syntax.value_form(),
        single_valued: attribute.single_valued,
    })
}

/// Octets that look random and are the same in every run.
pub fn octets(buffer: &mut [u8]) {
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    for octet in buffer {
        let state = STATE.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        *octet = (mixed ^ (mixed >> 27)) as u8;
    }
}

/// A domain in memory, spoken to as the system.
pub struct Domain {
    pub directory: Native,
    pub requester: Requester,
}

impl Domain {
    /// A new domain `contoso.com`.
    pub fn founded() -> Domain {
        let domain = NewDomain {
            dns_domain: "contoso.com".to_owned(),
            netbios: "CONTOSO".to_owned(),
            host: "dc01".to_owned(),
            admin_password: Password::new(b"Secret-Adm1n!"),
            cost: Cost::CHEAP,
        };
        let store = Memory::open(SPACES);
        provision(&store, &domain, NOW, &octets).expect("an empty store takes a domain");
        let directory = Native::open(Box::new(store), Options { cost: Cost::CHEAP }).expect("a founded domain opens");
        Domain { directory, requester: Requester::system() }
    }

    /// The context of a request.
    pub fn context(&self) -> Context<'_> {
        Context { requester: &self.requester, now: NOW, random: &octets, limits: Limits::default(), request_id: 1 }
    }

    /// Makes an object of a class below [`USERS`], with `name: value` pairs.
    pub fn add(&self, class: &str, cn: &str, attributes: &[(&str, &str)]) -> String {
        let dn = format!("CN={cn},{USERS}");
        let mut gathered = vec![Attribute { name: "objectClass".to_owned(), values: vec![class.into()] }];
        for (name, value) in attributes {
            match gathered.iter_mut().find(|attribute| attribute.name == *name) {
                Some(attribute) => attribute.values.push(value.as_bytes().to_vec()),
                None => gathered.push(Attribute { name: (*name).to_owned(), values: vec![value.as_bytes().to_vec()] }),
            }
        }
        let change =
            Change::Add { name: ObjectName::parse(&dn).expect("a name"), attributes: gathered, sd_flags: None };
        self.directory.apply(&self.context(), &[change]).expect("the object is made");
        dn
    }

    /// Reads one object.
    pub fn read(&self, dn: &str) -> Result<Entry, Error> {
        let request = SearchRequest {
            base: ObjectName::parse(dn).expect("a name"),
            scope: Scope::Base,
            filter: bailiwick_adtypes::filter::Filter::any_object(),
            selection: Vec::new(),
            types_only: false,
            options: SearchOptions::default(),
        };
        let mut found = Collect::default();
        let budget = Budget { entries_examined: u32::MAX, entries_sent: 1 };
        self.directory.search(&self.context(), &request, None, budget, &mut found)?;
        Ok(found.entries.remove(0))
    }
}
