//! A directory of numbered entries: enough to drive every path of the drivers, with switches for the awkward ones.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_credential::{Cost, PasswordHash};
use bailiwick_domain::{
    Applied, Authentication, Budget, Change, Check, Context, Directory, Error, Flow, Identity, Limits, Password,
    Position, Progress, Refusal, Refused, Requester, SearchRequest, SignInFailure, Sink, Verdict,
};

/// Whose password is [`PASSWORD`].
pub const NAME: &str = "CN=Administrator";
pub const PASSWORD: &str = "secret";
/// Whose sign-in is decided without a check, with any password.
pub const REMEMBERED: &str = "CN=remembered";
/// Whose sign-in stays in the hashing pool until [`Fake::let_go`].
pub const HELD: &str = "CN=held";
/// The account of [`HELD`].
const HELD_ACCOUNT: u64 = 501;

/// Entries `CN=0` to `CN=entries-1`, each with a value of `value_octets`.
pub struct Fake {
    pub entries: u32,
    pub value_octets: usize,
    pub limits: Limits,
    /// Names that were added, in order.
    pub added: Mutex<Vec<String>>,
    /// How many entries searches have examined.
    pub examined: AtomicU32,
    /// How many sign-ins are held, and whether they are let go.
    pub held: (Mutex<(u32, bool)>, Condvar),
}

impl Fake {
    /// Waits until so many sign-ins are held in the pool.
    pub fn wait_for_held(&self, count: u32) {
        let (state, changed) = &self.held;
        drop(changed.wait_while(state.lock().unwrap(), |state| state.0 < count).unwrap());
    }

    /// Lets the held sign-ins go.
    pub fn let_go(&self) {
        self.held.0.lock().unwrap().1 = true;
        self.held.1.notify_all();
    }

    fn hold(&self) {
        let (state, changed) = &self.held;
        let mut state = state.lock().unwrap();
        state.0 += 1;
        changed.notify_all();
        drop(changed.wait_while(state, |state| !state.1).unwrap());
    }
}

fn signed_in(context: &Context<'_>) -> Requester {
    Requester {
        identity: Identity::Account {
            sid: "S-1-5-21-1-2-3-500".parse().unwrap(),
            groups: [].into(),
            name: "EXAMPLE\\Administrator".into(),
        },
        ..context.requester.clone()
    }
}

impl Default for Fake {
    fn default() -> Fake {
        Fake {
            entries: 10,
            value_octets: 1,
            limits: Limits::default(),
            added: Mutex::default(),
            examined: AtomicU32::new(0),
            held: Default::default(),
        }
    }
}

fn text(name: &ObjectName) -> String {
    match name {
        ObjectName::Dn(dn) => dn.to_string(),
        _ => String::new(),
    }
}

impl Directory for Fake {
    fn search(
        &self,
        context: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        if matches!(context.requester.identity, Identity::Anonymous) {
            return Err(Error::NotSignedIn);
        }
        if request.options.sort.iter().any(|key| key.attribute == "unsortable") {
            return Err(Error::CannotSort);
        }
        match text(&request.base).as_str() {
            "CN=missing" => return Err(Error::NoSuchObject { matched: "DC=example".into() }),
            "CN=trap" => panic!("a mistake in the directory, made on purpose"),
            _ => {}
        }
        let position = |next: u32| Progress::More(Position(next.to_be_bytes().to_vec()));
        let start = from.map_or(0, |from| u32::from_be_bytes(from.0.as_slice().try_into().unwrap()));
        let (mut examined, mut sent) = (0, 0);
        let value = vec![b'x'; self.value_octets];
        for number in start..self.entries {
            if examined == budget.entries_examined {
                return Ok(position(number));
            }
            examined += 1;
            self.examined.fetch_add(1, Ordering::Relaxed);
            let cn = number.to_string();
            if !matches(&request.filter, &cn) {
                continue;
            }
            if sent == budget.entries_sent {
                return Ok(position(number));
            }
            sent += 1;
            sink.begin(&format!("CN={cn}"));
            sink.attribute("cn");
            sink.value(cn.as_bytes());
            sink.attribute("description");
            if !request.types_only {
                sink.value(&value);
            }
            if sink.end() == Flow::Stop {
                return Ok(position(number + 1));
            }
        }
        Ok(Progress::Done)
    }

    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        let refused = |index, error| Refused { index, error };
        if matches!(context.requester.identity, Identity::Anonymous) {
            return Err(refused(0, Error::NotSignedIn));
        }
        for (index, change) in changes.iter().enumerate() {
            match change {
                Change::Add { name, .. } => {
                    let mut added = self.added.lock().unwrap();
                    let name = text(name);
                    match name.as_str() {
                        "CN=trap" => panic!("a mistake in the directory, made on purpose"),
                        _ if added.contains(&name) => return Err(refused(index, Error::AlreadyExists)),
                        _ => added.push(name),
                    }
                }
                Change::Modify { permissive: true, .. } | Change::Delete { tree: true, .. } => {}
                Change::Modify { .. } => return Err(refused(index, Error::InsufficientRights)),
                Change::Delete { .. } => return Err(refused(index, Error::HasChildren)),
                Change::Rename(rename) if rename.delete_old_rdn => {}
                Change::Rename(_) => return Err(refused(index, Error::Refused(Refusal::KeepOldRdn))),
            }
        }
        Ok(changes.iter().map(|_| Applied { guid: Guid::from_u128(1) }).collect())
    }

    fn compare(&self, _: &Context<'_>, _: &ObjectName, _: &str, value: &[u8]) -> Result<bool, Error> {
        Ok(value == b"yes")
    }

    fn authenticate(&self, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
        let account = match name {
            "CN=disabled" => return Authentication::Decided(Err(Error::SignIn(SignInFailure::AccountDisabled))),
            REMEMBERED => return Authentication::Decided(Ok(signed_in(context))),
            HELD => Some(HELD_ACCOUNT),
            NAME => Some(500),
            _ => None,
        };
        let hash = match account {
            Some(_) => PasswordHash::make(&Password::new(PASSWORD.as_bytes()), [0; 16], Cost::CHEAP).unwrap(),
            None => PasswordHash::unmatchable(Cost::CHEAP),
        };
        Authentication::Check(Check::new(password.clone(), hash, account))
    }

    fn finish(&self, context: &Context<'_>, check: Check, verdict: Verdict) -> Result<Requester, Error> {
        if check.account() == Some(HELD_ACCOUNT) {
            self.hold();
        }
        match (check.account(), verdict) {
            (None, _) => Err(Error::SignIn(SignInFailure::UnknownName)),
            (Some(_), Verdict::Wrong | Verdict::Former) => Err(Error::SignIn(SignInFailure::WrongPassword)),
            (Some(_), Verdict::Right) => Ok(signed_in(context)),
        }
    }

    fn root_dse(&self, _: &Context<'_>, named: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, Error> {
        let attribute = |name: &str, value: &str| Attribute { name: name.into(), values: vec![value.into()] };
        let mut attributes = vec![attribute("defaultNamingContext", "DC=example,DC=com")];
        if named("netlogon") {
            attributes.push(attribute("netlogon", "x"));
        }
        Ok(attributes)
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

fn matches(filter: &Filter, cn: &str) -> bool {
    match filter {
        Filter::Equality(assertion) => assertion.value == cn.as_bytes(),
        _ => true,
    }
}
