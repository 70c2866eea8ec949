//! The directory over an ordered store: what is fixed while the process runs, and the port's operations, each a
//! short call into `operation`.

use std::sync::Arc;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::{Cost, Vault};
use bailiwick_domain::{
    Applied, AttributeType, Authentication, Budget, Change, Check, Context, Directory, Error, Limits, ListOrder,
    ListRequest, Listed, Password, Position, Progress, Refused, Requester, SearchRequest, Seen, SignInFailure, Sink,
    Verdict, list_by_search,
};
use bailiwick_store::{ReadTransaction, Store};
use parking_lot::RwLock;

use crate::access::Memory;
use crate::founding::Facts;
use crate::opening;
use crate::operation;
use crate::record::name::NamingContexts;
use crate::record::sequence::Lease;
use crate::record::{Fault, Record, Snapshot, credential};
use crate::schema::Schema;
use crate::sign_ins::SignIns;

/// Key of the format number.
pub(crate) const META_FORMAT: &[u8] = b"format";
/// Key of the founding facts: lines of `key TAB value`, see `founding`.
pub(crate) const META_FACTS: &[u8] = b"facts";
/// Key of the numbers that attributes had at the founding: lines of `name TAB number`, enough to read the schema.
pub(crate) const META_BOOTSTRAP: &[u8] = b"schema-bootstrap";
/// Key of the counter of entry ids.
pub(crate) const META_ENTRY_ID: &[u8] = b"entry-id";
/// Key of the counter of RIDs.
pub(crate) const META_RID: &[u8] = b"rid";

/// A domain in a store of its own.
pub struct Native {
    pub(crate) store: Box<dyn Store>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) contexts: NamingContexts,
    pub(crate) facts: Facts,
    pub(crate) entry_ids: Lease,
    pub(crate) rids: Lease,
    /// What the policy object says now.
    limits: RwLock<Limits>,
    pub(crate) cost: Cost,
    pub(crate) vault: Option<Vault>,
    pub(crate) sign_ins: SignIns,
    pub(crate) access: Memory,
}

/// How a directory is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What a password hash costs.
    pub cost: Cost,
}

/// A store could not be opened as a directory.
#[derive(Debug)]
pub enum OpenError {
    /// There is no domain in it.
    NotProvisioned,
    /// A newer program wrote it.
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The store failed.
    Store(bailiwick_store::Error),
    /// What it holds cannot be read.
    Damaged {
        /// What is wrong, for the log.
        what: String,
    },
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OpenError::NotProvisioned => write!(f, "there is no domain in this folder"),
            OpenError::NewerFormat { found, known } => {
                write!(f, "the data has format {found}, this program knows formats up to {known}: use a newer program")
            }
            OpenError::Store(error) => write!(f, "the store cannot be read: {error}"),
            OpenError::Damaged { what } => write!(f, "the data is damaged: {what}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<bailiwick_store::Error> for OpenError {
    fn from(error: bailiwick_store::Error) -> OpenError {
        OpenError::Store(error)
    }
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> OpenError {
        match fault {
            Fault::Store(error) => OpenError::Store(error),
            damaged => OpenError::Damaged { what: damaged.to_string() },
        }
    }
}

impl Native {
    /// Opens the domain that `store` holds.
    ///
    /// # Errors
    /// See [`OpenError`]; the store is unchanged.
    pub fn open(store: Box<dyn Store>, options: Options) -> Result<Native, OpenError> {
        let opened = opening::read(store.as_ref())?;
        Ok(Native {
            contexts: opened.facts.naming_contexts(),
            schema: Arc::new(opened.schema),
            facts: opened.facts,
            entry_ids: opened.entry_ids,
            rids: opened.rids,
            limits: RwLock::new(opened.limits),
            cost: options.cost,
            vault: None,
            sign_ins: SignIns::default(),
            access: Memory::default(),
            store,
        })
    }

    /// Keeps secrets that must be readable again (Kerberos keys) in this vault. Without one they are not kept; they are
    /// made when their account next signs in with a vault at hand.
    pub fn with_vault(mut self, vault: Vault) -> Native {
        self.vault = Some(vault);
        self
    }

    /// The stored octets of what the account signs in with, for an export by the owner of the data folder: its hashes,
    /// and its Kerberos keys as they are sealed. None when it has no password. The directory itself takes them back as
    /// `supplementalCredentials`; no face shows them.
    ///
    /// # Errors
    /// `NoSuchObject`, and `Unavailable` when the store fails.
    pub fn stored_credential(&self, name: &ObjectName) -> Result<Option<Vec<u8>>, Error> {
        let transaction = self.store.read().map_err(Fault::Store)?;
        let id = operation::target::find(self, self.snapshot(transaction.as_ref()), name)?;
        Ok(credential::read(transaction.as_ref(), id)?.map(|credential| credential.to_octets()))
    }

    /// The domain's DNS name.
    pub fn domain_name(&self) -> &str {
        &self.facts.dns_name
    }

    /// The domain's NetBIOS name.
    pub fn netbios_name(&self) -> &str {
        &self.facts.netbios_name
    }

    /// This server's full DNS name.
    pub fn host_fqdn(&self) -> &str {
        &self.facts.host_fqdn
    }

    /// The name of the domain's head.
    pub fn base_dn(&self) -> &str {
        self.contexts.text_of(self.facts.domain).unwrap_or_default()
    }

    fn apply_changes(
        &self,
        context: &Context<'_>,
        seen: Option<&Seen>,
        changes: &[Change],
    ) -> Result<Vec<Applied>, Refused> {
        let applied = operation::apply::run(self, context, seen, changes)?;
        // The changes are durable whatever comes now: where the policy cannot be read, the limits stay as they were.
        let _followed = self.follow_policy(&applied);
        Ok(applied)
    }

    /// Takes over the limits of the policy object when a change was one of it.
    fn follow_policy(&self, applied: &[Applied]) -> Result<(), Fault> {
        let transaction = self.store.read()?;
        let snapshot = self.snapshot(transaction.as_ref());
        let policy = snapshot.existing(self.facts.query_policy)?;
        let guid = policy.value(self.schema.known().object_guid);
        if applied.iter().any(|applied| Some(applied.guid.as_bytes().as_slice()) == guid) {
            // Read behind the lock: of two changes at a time, whichever comes here last reads what both have left.
            let mut limits = self.limits.write();
            let transaction = self.store.read()?;
            *limits = opening::load_limits(self.snapshot(transaction.as_ref()), self.facts.query_policy)?;
        }
        Ok(())
    }

    /// The settings object of the forest, CN=Directory Service, which stands two above the policy of queries.
    pub(crate) fn settings<'t>(&self, snapshot: Snapshot<'t>) -> Result<Record<'t>, Fault> {
        let policies = snapshot.existing(self.facts.query_policy)?.parent();
        snapshot.existing(snapshot.existing(policies)?.parent())
    }

    /// The directory as `transaction` sees it.
    pub(crate) fn snapshot<'t>(&'t self, transaction: &'t dyn ReadTransaction) -> Snapshot<'t> {
        Snapshot { transaction, schema: &self.schema }
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        operation::logon::flush(self);
    }
}

impl Directory for Native {
    fn search(
        &self,
        context: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error> {
        let transaction = self.store.read().map_err(Fault::Store)?;
        operation::search::run(self, transaction.as_ref(), context, request, from, budget, sink)
    }

    fn list(&self, context: &Context<'_>, request: &ListRequest<'_>) -> Result<Listed, Error> {
        match request.order {
            ListOrder::Name => {
                let transaction = self.store.read().map_err(Fault::Store)?;
                operation::list::run(self, transaction.as_ref(), context, request)
            }
            // No index has whole paths in order.
            ListOrder::Path => list_by_search(self, context, request),
        }
    }

    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        self.apply_changes(context, None, changes)
    }

    fn apply_to_seen(&self, context: &Context<'_>, seen: &Seen, changes: &[Change]) -> Result<Vec<Applied>, Refused> {
        self.apply_changes(context, Some(seen), changes)
    }

    fn compare(&self, context: &Context<'_>, name: &ObjectName, attribute: &str, value: &[u8]) -> Result<bool, Error> {
        let transaction = self.store.read().map_err(Fault::Store)?;
        operation::compare::run(self, transaction.as_ref(), context, name, attribute, value)
    }

    fn authenticate(&self, context: &Context<'_>, name: &str, password: &Password) -> Authentication {
        operation::authenticate::begin(self, context, name, password)
    }

    fn finish(&self, context: &Context<'_>, check: Check, verdict: Verdict) -> Result<Requester, Error> {
        operation::authenticate::finish(self, context, &check, verdict)
    }

    fn account(&self, context: &Context<'_>, sid: &Sid) -> Result<Requester, Error> {
        operation::authenticate::account(self, context, sid)
    }

    fn authenticate_for_change(
        &self,
        context: &Context<'_>,
        name: &str,
        password: &Password,
    ) -> Result<Requester, Error> {
        operation::authenticate::for_change(self, context, name, password)
    }

    fn sign_in_decided(&self, context: &Context<'_>, _name: &str, result: &Result<Requester, Error>) {
        let is_guess = |failure: &SignInFailure| {
            matches!(failure, SignInFailure::UnknownName | SignInFailure::WrongPassword | SignInFailure::WrongCode)
        };
        if matches!(result, Err(Error::SignIn(failure)) if is_guess(failure)) {
            self.sign_ins.note_wrong_address(context.requester.address, context.now);
        }
    }

    fn may_try(&self, context: &Context<'_>) -> bool {
        self.sign_ins.may_try(context.requester.address, context.now)
    }

    fn conceals(&self, attribute: &str) -> bool {
        operation::conceal::conceals(self, attribute)
    }

    fn attribute_type(&self, name: &str) -> Option<AttributeType> {
        let attribute = self.schema.attribute_named(name).filter(|attribute| !attribute.defunct)?;
        Some(AttributeType {
            name: attribute.name.to_string(),
            form: attribute.syntax.value_form(),
            single_valued: attribute.single_valued,
        })
    }

    fn root_dse(&self, context: &Context<'_>, named: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, Error> {
        let transaction = self.store.read().map_err(Fault::Store)?;
        operation::root_dse::run(self, transaction.as_ref(), context, named)
    }

    fn limits(&self) -> Limits {
        *self.limits.read()
    }

    /// Writes the logons that wait in memory, and what is shown of the numbers of new accounts.
    fn tend(&self, now: FileTime) {
        operation::logon::flush(self);
        operation::rid_pool::show(self, now);
    }
}
