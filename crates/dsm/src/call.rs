//! One call of a method: found in the catalog, let in or not, and what it has at hand. Specification section 1.7.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bailiwick_accounts::Accounts;
use bailiwick_domain::{
    Action, Context, Directory, Error, Event, Face, Identity, Protection, Requester, in_hashing_pool,
};

use crate::catalog::{self, Family, Method, Privilege};
use crate::error_code::{
    BAD_REQUEST, Cause, Doing, Fault, NO_PERMISSION, NO_SUCH_API, NO_SUCH_METHOD, NO_SUCH_SESSION, NO_SUCH_VERSION,
};
use crate::exchange::{Exchange, SignedIn};
use crate::parameters::{Parameters, Secret};
use crate::reply::Reply;
use crate::service::Dsm;

/// What stands for a version that cannot be read.
const NO_VERSION: &str = "?";

/// One call of a method.
pub struct Call<'c> {
    /// The HTTP request that it came in.
    pub exchange: &'c Exchange<'c>,
    /// Its parameters.
    pub parameters: &'c Parameters,
    /// The version that was asked for.
    pub version: u32,
    /// How many compounds it lies in.
    pub depth: usize,
    /// Whose call it is; none for a method that anybody may call.
    signed_in: Option<&'c SignedIn>,
}

/// What came of a call.
pub(crate) struct Outcome {
    /// The API as it was asked for.
    pub api: String,
    /// The method in its own spelling, or else as it was asked for.
    pub method: String,
    /// The version; 0 when none was asked for.
    pub version: i64,
    /// How its errors are numbered.
    pub family: Family,
    /// The answer.
    pub result: Result<Reply, Fault>,
}

/// Runs what the parameters ask for. The order of the steps is part of the protocol.
pub(crate) fn dispatch(exchange: &Exchange<'_>, parameters: &Parameters, depth: usize) -> Outcome {
    let text = |name| parameters.text(name).ok().flatten().unwrap_or_default();
    // A version that is no text at all is one that there is not.
    let version = parameters.text("version").map_or(Some(NO_VERSION.to_owned()), |text| text).unwrap_or_default();
    let (api, method) = (text("api"), text("method"));
    let mut outcome = Outcome {
        version: version.trim().parse().unwrap_or_default(),
        family: Family::Other,
        result: Err(Fault::Code(BAD_REQUEST)),
        api,
        method,
    };
    if [&outcome.api, &outcome.method, &version].iter().any(|text| text.is_empty()) {
        return outcome;
    }
    let Some(found) = catalog::find(&outcome.api) else {
        outcome.result = Err(Fault::Code(NO_SUCH_API));
        return outcome;
    };
    outcome.family = found.family;
    let version = u32::try_from(outcome.version).ok().filter(|version| found.has_version(*version));
    let Some(version) = version else {
        outcome.result = Err(Fault::Code(NO_SUCH_VERSION));
        return outcome;
    };
    let Some(method) = found.method(&outcome.method, version) else {
        outcome.result = Err(Fault::Code(NO_SUCH_METHOD));
        return outcome;
    };
    outcome.method = method.name.to_owned();
    outcome.result = run(exchange, parameters, depth, method, version);
    outcome
}

fn run(
    exchange: &Exchange<'_>,
    parameters: &Parameters,
    depth: usize,
    method: &Method,
    version: u32,
) -> Result<Reply, Fault> {
    let signed_in = match method.privilege {
        Privilege::Anyone => None,
        Privilege::User | Privilege::Administrator => Some(exchange.signed_in().map_err(Fault::Code)?),
    };
    let is_let_in = match (method.privilege, signed_in) {
        (Privilege::Administrator, Some(signed_in)) => signed_in.is_administrator(),
        (Privilege::Administrator, None) => false,
        (Privilege::User | Privilege::Anyone, _) => true,
    };
    if !is_let_in {
        return Err(Fault::Code(NO_PERMISSION));
    }
    (method.run)(&Call { exchange, parameters, version, depth, signed_in })
}

impl<'c> Call<'c> {
    pub(crate) fn dsm(&self) -> &'c Dsm {
        self.exchange.dsm
    }

    /// The directory.
    pub fn directory(&self) -> &'c dyn Directory {
        self.exchange.dsm.directory.as_ref()
    }

    /// What the host keeps.
    pub fn accounts(&self) -> &'c Accounts {
        self.exchange.dsm.accounts.as_ref()
    }

    /// Whose session it is.
    ///
    /// # Errors
    /// Nobody's, in a method that anybody may call.
    pub fn signed_in(&self) -> Result<&'c SignedIn, Fault> {
        self.signed_in.ok_or(Fault::Code(NO_SUCH_SESSION))
    }

    /// Tells whoever keeps an audit what came of something that was done to the host's own accounts.
    ///
    /// # Errors
    /// That of the result, which is handed on.
    pub fn noted<T, E>(&self, use_case: &'static str, subject: &str, result: Result<T, E>) -> Result<T, E>
    where
        for<'e> Error: From<&'e E>,
    {
        if let Some(witness) = &self.exchange.dsm.witness {
            witness.witness(Event {
                at: self.exchange.dsm.process.now(),
                request_id: self.exchange.request_id,
                face: Face::Dsm,
                requester: self.requester().clone(),
                action: Action::Administer { use_case, subject: subject.to_owned() },
                result: result.as_ref().map(drop).map_err(Error::from),
            });
        }
        result
    }

    /// Makes sure that nobody on the way could read a password of the host.
    ///
    /// # Errors
    /// It came in the clear over a network.
    pub fn check_secret(&self, secret: &Secret) -> Result<(), Fault> {
        let dsm = self.exchange.dsm;
        match self.requester_with(secret.is_enveloped).protection {
            Protection::Encrypted => Ok(()),
            Protection::Local if !dsm.process.requires_encryption() => Ok(()),
            Protection::Local | Protection::None => Err(Fault::Code(NO_PERMISSION)),
        }
    }

    /// Who calls: nobody, for a method that anybody may call.
    pub fn requester(&self) -> &'c Requester {
        self.signed_in.map_or(self.exchange.from, |signed_in| &signed_in.requester)
    }

    /// The circumstances of an operation of whoever calls.
    pub fn context(&self) -> Context<'c> {
        self.context_of(self.requester())
    }

    /// The circumstances of an operation of somebody else.
    pub fn context_of<'a>(&self, requester: &'a Requester) -> Context<'a>
    where
        'c: 'a,
    {
        self.exchange.dsm.process.context(requester, self.exchange.request_id)
    }

    /// Runs a use-case that sets this password, in the pool for what takes long by design. A password that came in the
    /// envelope counts as one that nobody could read.
    ///
    /// # Errors
    /// Too much waits already.
    pub fn with_secret<T: Send + 'static>(
        &self,
        secret: &Secret,
        work: impl FnOnce(&dyn Directory, &Context<'_>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        self.in_hashing_pool(self.requester_with(secret.is_enveloped), work)
    }

    /// Runs a use-case that makes a password up.
    ///
    /// # Errors
    /// Too much waits already.
    pub fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Directory, &Context<'_>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        self.in_hashing_pool(self.requester().clone(), work)
    }

    /// Who calls, with the protection of the envelope around it if there is one.
    pub fn requester_with(&self, is_enveloped: bool) -> Requester {
        let requester = self.requester().clone();
        match is_enveloped {
            true => Requester { protection: Protection::Encrypted, ..requester },
            false => requester,
        }
    }

    fn in_hashing_pool<T: Send + 'static>(
        &self,
        requester: Requester,
        work: impl FnOnce(&dyn Directory, &Context<'_>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let dsm = self.dsm();
        let (directory, process, request_id) =
            (Arc::clone(&dsm.directory), Arc::clone(&dsm.process), self.exchange.request_id);
        let owner = owner(&requester);
        let work = move || work(directory.as_ref(), &process.context(&requester, request_id));
        in_hashing_pool(dsm.process.as_ref(), owner, work)
            .map_err(|error| Fault::Directory(Doing::Modify, Cause::of(&error)))
    }
}

/// Who takes turns in the hashing pool: accounts.
pub(crate) fn owner(requester: &Requester) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &requester.identity {
        Identity::Account { sid, .. } => sid.hash(&mut hasher),
        Identity::Anonymous | Identity::System => requester.address.hash(&mut hasher),
    }
    hasher.finish()
}
