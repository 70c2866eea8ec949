//! A list of changes in one transaction: all of them, or none. [MS-ADTS] 3.1.1.5.1.4.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Applied, AttributeFault, Change, Context, Error, Identity, Refusal, Refused, Seen};
use bailiwick_store::{ReadTransaction, WriteTransaction};

use crate::access::Access;
use crate::native::Native;
use crate::operation::foreign_principal::{self, Strangers};
use crate::operation::password::{self, Prepared};
use crate::operation::{add, delete, modify, rename, target};
use crate::record::{EntryId, Fault, Snapshot, reference};
use crate::rule::descriptor_parts::Parts;
use crate::rule::linked_attributes::Reference;
use crate::rule::{machine_quota, metadata, object_class, security_descriptor, security_id, value};
use crate::schema::Attribute;
use crate::schema::object_class::ObjectClasses;

/// How often a list of changes begins anew because a password that it sets was set at the same time.
const REPETITIONS_MAX: usize = 3;

/// Applies the changes in their order, each on what those before it left; none of them if `seen` is no longer as it was.
pub(crate) fn run(
    native: &Native,
    context: &Context<'_>,
    seen: Option<&Seen>,
    changes: &[Change],
) -> Result<Vec<Applied>, Refused> {
    // 1  Numbers come from leases, which have transactions of their own: the work below may run more than once and must
    //    find the same ones again.
    let mut numbers = Vec::with_capacity(changes.len());
    let mut strangers = Strangers::new();
    for (index, change) in changes.iter().enumerate() {
        let taken = may_take_numbers(native, context, &changes[..index], change)
            .and_then(|()| foreign_principal::take_numbers(native, context, change, &mut strangers))
            .and_then(|()| take_numbers(native, context, change));
        numbers.push(taken.map_err(|error| Refused { index, error })?);
    }
    let mut repetitions = 0;
    loop {
        // 2  Passwords are taken out of the changes and hashed, which takes too long for a transaction.
        let mut prepared = Vec::with_capacity(changes.len());
        for (index, (change, numbers)) in changes.iter().zip(&numbers).enumerate() {
            let id = numbers.as_ref().map(|numbers| numbers.id);
            prepared.push(password::prepare(native, context, change, id).map_err(|error| Refused { index, error })?);
        }
        // 3  The changes. The first refusal drops them all.
        let mut is_stale = false;
        let outcome = native.store.transact(|transaction| {
            let mut writing = Writing { native, context, transaction, is_stale: false, strangers: &strangers };
            let outcome = match seen.map_or(Ok(()), |seen| writing.require_seen(seen)) {
                Ok(()) => write(&mut writing, &prepared, &numbers),
                Err(error) => Err(Refused { index: 0, error }),
            };
            is_stale = writing.is_stale;
            outcome
        });
        if !is_stale || repetitions == REPETITIONS_MAX {
            return outcome.map_err(|error| Refused { index: 0, error: Fault::Store(error).into() })?;
        }
        repetitions += 1;
    }
}

fn write(
    writing: &mut Writing<'_>,
    changes: &[Prepared<'_>],
    numbers: &[Option<Numbers>],
) -> Result<Vec<Applied>, Refused> {
    changes
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(index, (Prepared { change, password }, numbers))| {
            let applied = match (&**change, numbers) {
                (Change::Add { name, attributes, sd_flags }, Some(numbers)) => {
                    let added = add::Addition { name, attributes, parts: sd_flags.map(Parts::of) };
                    add::run(writing, added, numbers, password.as_ref())
                }
                (Change::Add { .. }, None) => Err(Error::InvalidName),
                (Change::Modify { name, modifications, permissive, sd_flags }, _) => {
                    let options = modify::Options { permissive: *permissive, parts: sd_flags.map(Parts::of) };
                    modify::run(writing, name, modifications, options, password.as_ref())
                }
                (Change::Rename(rename), _) => rename::run(writing, rename),
                (Change::Delete { name, tree }, _) => delete::run(writing, name, *tree),
            };
            applied.map(|guid| Applied { guid }).map_err(|error| Refused { index, error })
        })
        .collect()
}

/// What a new object is known by, taken before its transaction.
pub(crate) struct Numbers {
    /// Its entry id.
    pub id: EntryId,
    /// The RID of its SID, for a security principal.
    pub rid: Option<u32>,
    /// Its GUID, unless the directory brings one back.
    pub guid: Guid,
}

/// Refuses accounts that the requester may not create before RIDs are leased for them: those are a finite stock, and
/// refusals must not use it up. Whatever is let through here is checked again in its transaction.
fn may_take_numbers(native: &Native, context: &Context<'_>, before: &[Change], change: &Change) -> Result<(), Error> {
    let Change::Add { name: ObjectName::Dn(name), attributes, .. } = change else { return Ok(()) };
    let (Some(classes), Some(parent)) = (principal_classes(native, attributes), name.parent()) else { return Ok(()) };
    if matches!(context.requester.identity, Identity::System) {
        return Ok(());
    }
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let access = Access::reading(native, snapshot, context.requester)?;
    match target::find(native, snapshot, &ObjectName::Dn(parent)) {
        Ok(parent) => match access.require_create(&snapshot.existing(parent)?, classes.structural) {
            Err(Error::InsufficientRights) => {
                machine_quota::admit(native, snapshot, context.requester, parent, &classes).map(drop)
            }
            decided => decided,
        },
        // An earlier change of the list makes the parent, perhaps.
        Err(Error::NoSuchObject { .. }) if before.iter().any(|change| !matches!(change, Change::Delete { .. })) => {
            Ok(())
        }
        Err(error) => Err(access.concealed(error)),
    }
}

fn take_numbers(native: &Native, context: &Context<'_>, change: &Change) -> Result<Option<Numbers>, Error> {
    let Change::Add { attributes, .. } = change else { return Ok(None) };
    let store = native.store.as_ref();
    let exhausted = |what: &str| Error::Unavailable { reason: format!("there are no {what} left") };
    let id = native.entry_ids.take(store)?.map_err(|_| exhausted("entry ids"))?;
    let rid = match restored_sid(native, context, attributes) {
        Some(sid) => {
            // New accounts must not get the number that this one brings.
            if let Some(rid) = sid.rid().filter(|_| sid.domain() == Some(native.facts.domain_sid)) {
                native.rids.pass(store, rid.into())?;
            }
            None
        }
        None if principal_classes(native, attributes).is_some() => {
            let rid = native.rids.take(store)?.map_err(|_| exhausted("RIDs"))?;
            Some(u32::try_from(rid).map_err(|_| exhausted("RIDs"))?)
        }
        None => None,
    };
    Ok(Some(Numbers { id: EntryId(id), rid, guid: metadata::random_guid(context.random) }))
}

/// The SID that the directory itself gives a new object.
fn restored_sid(native: &Native, context: &Context<'_>, attributes: &[modification::Attribute]) -> Option<Sid> {
    let stored = |attribute: &modification::Attribute| {
        let definition = native.schema.attribute(native.schema.known().object_sid)?;
        let stored = definition.store(&native.schema, attribute.values.first()?).ok()?;
        Sid::from_bytes(&stored).ok()
    };
    let given = attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case("objectSid"));
    given.filter(|_| matches!(context.requester.identity, Identity::System)).and_then(stored)
}

/// The classes that a client sends, when they are those of a security principal. What is wrong with them is said later.
fn principal_classes(native: &Native, attributes: &[modification::Attribute]) -> Option<ObjectClasses> {
    let schema = &native.schema;
    let is_class = |attribute: &&modification::Attribute| {
        value::attribute_named(schema, &attribute.name).is_ok_and(|found| found.number == schema.known().object_class)
    };
    let classes = attributes.iter().find(is_class)?;
    let classes = object_class::resolve(schema, &classes.values).ok()?;
    security_id::is_security_principal(schema, &classes).then_some(classes)
}

/// A transaction in which changes are being applied, and for whom.
pub(crate) struct Writing<'w> {
    /// The directory.
    pub native: &'w Native,
    /// The request.
    pub context: &'w Context<'w>,
    /// The transaction.
    pub transaction: &'w mut dyn WriteTransaction,
    /// A password was set since it was read for the change at hand: the list begins anew.
    pub is_stale: bool,
    /// The numbers for objects that stand for SIDs from elsewhere.
    pub strangers: &'w Strangers,
}

impl Writing<'_> {
    /// The directory as the changes so far left it.
    pub fn snapshot(&self) -> Snapshot<'_> {
        let transaction: &dyn ReadTransaction = &*self.transaction;
        self.native.snapshot(transaction)
    }

    /// The requester's rights, as the changes so far left them.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub fn access(&self) -> Result<Access<'_>, Error> {
        Access::writing(self.native, self.snapshot(), self.context.requester)
    }

    /// Refuses when the object has changed since it was read.
    fn require_seen(&self, seen: &Seen) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let record = snapshot.existing(self.living(&seen.name)?)?;
        self.access()?.require_visible(&record)?;
        match record.integer(snapshot.schema.known().usn_changed) == Some(seen.usn) {
            true => Ok(()),
            false => Err(Error::Changed),
        }
    }

    /// Whether the directory itself writes, which may bring back what clients may not set.
    pub fn is_restoring(&self) -> bool {
        matches!(self.context.requester.identity, Identity::System)
    }

    /// Who owns what this request makes.
    pub fn owner(&self) -> Sid {
        security_descriptor::owner_of_new(self.context.requester, &self.native.facts.domain_sid)
    }

    /// Whom the requester may make the owner of something: itself, and the administrators that it is one of.
    pub fn capacities(&self) -> Vec<Sid> {
        match &self.context.requester.identity {
            Identity::Account { sid, .. } => vec![*sid, self.owner()],
            Identity::System | Identity::Anonymous => Vec::new(),
        }
    }

    /// The living object with this name.
    ///
    /// # Errors
    /// `NoSuchObject`, for tombstones too; `Referral`; `RootDse` for the empty name.
    pub fn living(&self, name: &ObjectName) -> Result<EntryId, Error> {
        if let ObjectName::Dn(name) = name
            && name.is_root()
        {
            return Err(Error::Refused(Refusal::RootDse));
        }
        let snapshot = self.snapshot();
        let id = match target::find(self.native, snapshot, name) {
            Ok(id) => id,
            Err(error) => return Err(self.access()?.concealed(error)),
        };
        match snapshot.existing(id)?.is_deleted() {
            true => Err(Error::NoSuchObject { matched: String::new() }),
            false => Ok(id),
        }
    }

    /// A client's value of an attribute that names objects. What it names must be there and alive.
    ///
    /// # Errors
    /// `InvalidSyntax`, `OutOfRange` and `NoSuchTarget`, under the name that the client wrote.
    pub fn reference(&self, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Reference, Error> {
        let reference = self.named_object(attribute, name, value)?;
        match self.snapshot().existing(reference.target)?.is_deleted() {
            true => Err(Error::attribute(name, AttributeFault::NoSuchTarget)),
            false => Ok(reference),
        }
    }

    /// As [`Writing::reference`], for a value of `member`: a SID from elsewhere gets an object that stands for it.
    ///
    /// # Errors
    /// As [`Writing::reference`].
    pub fn member(&mut self, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Reference, Error> {
        match self.reference(attribute, name, value) {
            Err(Error::Attribute { fault: AttributeFault::NoSuchTarget, name }) => {
                match foreign_principal::make(self, value)? {
                    Some(target) => Ok(Reference { target, data: Vec::new() }),
                    None => Err(Error::Attribute { fault: AttributeFault::NoSuchTarget, name }),
                }
            }
            found => found,
        }
    }

    /// As [`Writing::reference`], for a value that goes: what it names may be a tombstone.
    ///
    /// # Errors
    /// `InvalidSyntax`, `OutOfRange` and `NoSuchTarget`, under the name that the client wrote.
    pub fn named_object(&self, attribute: &Attribute, name: &str, value: &[u8]) -> Result<Reference, Error> {
        let invalid = || Error::attribute(name, AttributeFault::InvalidSyntax);
        let form = attribute.dn_form().ok_or_else(invalid)?;
        let parts = reference::parse(form, value).ok_or_else(invalid)?;
        attribute.check_dn_data(&parts.data).map_err(|error| value::fault(name, error))?;
        match target::find(self.native, self.snapshot(), &parts.target) {
            Ok(target) => Ok(Reference { target, data: parts.data }),
            Err(Error::NoSuchObject { .. } | Error::Referral { .. }) => {
                Err(Error::attribute(name, AttributeFault::NoSuchTarget))
            }
            Err(error) => Err(error),
        }
    }
}
