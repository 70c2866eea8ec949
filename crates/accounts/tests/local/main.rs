//! Local users, groups, sign-ins and tasks through their public faces.

mod groups;
mod passwords;
mod reminders;
mod sign_in;
mod users;

use std::sync::Arc;

use bailiwick_accounts::group::Groups;
use bailiwick_accounts::policy::Policies;
use bailiwick_accounts::user::{Error, NewUser, User, Users};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{Cost, Password};
use bailiwick_domain::{Context, Limits, Requester};
use bailiwick_store::{Memory, Store};

/// The first moment of 2027-01-01, in seconds.
const NEW_YEAR: i64 = 1_798_761_600;
const DAY: i64 = 86_400;

/// A host with `admin` and `guest`.
struct Host {
    store: Arc<dyn Store>,
    users: Users,
    groups: Groups,
    policies: Policies,
}

impl Host {
    fn new() -> Host {
        let store: Arc<dyn Store> = Arc::new(Memory::open(bailiwick_accounts::SPACES));
        let users = Users::new(Arc::clone(&store), Cost::CHEAP);
        let host =
            Host { users, groups: Groups::new(Arc::clone(&store)), policies: Policies::new(Arc::clone(&store)), store };
        assert!(at(0, |context| host.users.found(context, &password("Adm1n-secret"))).unwrap());
        host
    }

    fn create(&self, name: &str) -> Result<User, Error> {
        self.create_with(name, "Violet-7-harbour")
    }

    fn create_with(&self, name: &str, text: &str) -> Result<User, Error> {
        let new = NewUser { name: name.to_owned(), ..NewUser::default() };
        at(0, |context| self.users.create(context, &new, &password(text)))
    }

    /// Names of the users in the order of numbers, but for those that every host has.
    fn names(&self) -> Vec<String> {
        let listing = bailiwick_accounts::listing::Listing {
            sort: bailiwick_accounts::listing::Sort::Number,
            offset: 2,
            ..Default::default()
        };
        self.users.list(&listing).unwrap().entries.into_iter().map(|user| user.name).collect()
    }
}

fn password(text: &str) -> Password {
    Password::new(text.as_bytes())
}

/// Runs something so many seconds into 2027.
fn at<T>(seconds: i64, work: impl FnOnce(&Context<'_>) -> T) -> T {
    let requester = Requester::system();
    let random = |octets: &mut [u8]| octets.fill(7);
    work(&Context {
        requester: &requester,
        now: FileTime::from_unix_seconds(NEW_YEAR + seconds),
        random: &random,
        limits: Limits::default(),
        request_id: 1,
    })
}
