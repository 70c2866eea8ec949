//! Objects that stand for SIDs from elsewhere: one is made when such a SID becomes a member of a group.
//! [MS-SAMR] 3.1.1.8.9, [MS-ADTS] 6.1.1.4.10.
//!
//! Whoever may write the members of a group makes them, as the directory itself does it.

use std::collections::BTreeMap;

use bailiwick_adtypes::dn::{Dn, ObjectName, Rdn};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Change, Context, Error, Requester};

use crate::native::Native;
use crate::operation::apply::{Numbers, Writing};
use crate::operation::{add, target};
use crate::record::{EntryId, Fault, reference};
use crate::rule::{metadata, value};
use crate::schema::DnForm;

/// The well-known place of these objects, in the order of its octets. [MS-ADTS] 6.1.1.4.
const CONTAINER: Guid = Guid::from_bytes(0x22b7_0c67_d56e_4efb_91e9_300f_ca3d_c1aa_u128.to_be_bytes());

/// The numbers of objects that changes may make for SIDs from elsewhere. They are taken before the transaction.
pub(crate) type Strangers = BTreeMap<Sid, Numbers>;

/// Takes numbers for the SIDs from elsewhere that a change names as members and nothing stands for yet.
///
/// # Errors
/// `Unavailable`.
pub(crate) fn take_numbers(
    native: &Native,
    context: &Context<'_>,
    change: &Change,
    strangers: &mut Strangers,
) -> Result<(), Error> {
    let mut sids = member_values(native, change)
        .filter_map(|value| sid_of(value))
        .filter(|sid| is_foreign(native, sid))
        .peekable();
    if sids.peek().is_none() {
        return Ok(());
    }
    let mut missing = Vec::new();
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    for sid in sids {
        if !strangers.contains_key(&sid) && snapshot.living_by_sid(&sid)?.is_none() {
            missing.push(sid);
        }
    }
    // A lease has a transaction of its own.
    drop(transaction);
    for sid in missing {
        let id = native.entry_ids.take(native.store.as_ref())?;
        let id = id.map_err(|_| Error::Unavailable { reason: "there are no entry ids left".to_owned() })?;
        let guid = metadata::random_guid(context.random);
        strangers.insert(sid, Numbers { id: EntryId(id), rid: None, guid });
    }
    Ok(())
}

/// Makes the object for a value of `member` that is a SID from elsewhere; none for any other value.
///
/// # Errors
/// Those of an add.
pub(crate) fn make(writing: &mut Writing<'_>, value: &[u8]) -> Result<Option<EntryId>, Error> {
    let strangers = writing.strangers;
    let Some((sid, numbers)) = sid_of(value).and_then(|sid| strangers.get_key_value(&sid)) else { return Ok(None) };
    let snapshot = writing.snapshot();
    let head = Dn::parse(writing.native.base_dn()).map_err(|_| Error::InvalidName)?;
    let container = target::find(writing.native, snapshot, &ObjectName::WellKnown(CONTAINER, head))?;
    let container = snapshot.dn_text(container, &writing.native.contexts)?;
    let container = Dn::parse(&container).map_err(|_| Error::InvalidName)?;
    let name = container.child(Rdn { attribute: "CN".to_owned(), value: sid.to_string() });
    let classes =
        modification::Attribute { name: "objectClass".to_owned(), values: vec![b"foreignSecurityPrincipal".to_vec()] };
    let system = Requester::system();
    let context = Context { requester: &system, ..writing.context.clone() };
    let mut own = Writing {
        native: writing.native,
        context: &context,
        transaction: &mut *writing.transaction,
        is_stale: false,
        strangers,
    };
    let addition = add::Addition { name: &ObjectName::Dn(name), attributes: &[classes], parts: None };
    add::run(&mut own, addition, numbers, None)?;
    Ok(Some(numbers.id))
}

/// The values that a change gives to `member`.
fn member_values<'c>(native: &'c Native, change: &'c Change) -> impl Iterator<Item = &'c Vec<u8>> {
    let given: Vec<(&str, &[Vec<u8>])> = match change {
        Change::Add { attributes, .. } => {
            attributes.iter().map(|given| (given.name.as_str(), given.values.as_slice())).collect()
        }
        Change::Modify { modifications, .. } => modifications
            .iter()
            .filter(|modification| modification.operation != modification::Operation::Delete)
            .map(|modification| (modification.attribute.as_str(), modification.values.as_slice()))
            .collect(),
        Change::Rename(_) | Change::Delete { .. } => Vec::new(),
    };
    let member = native.schema.known().member;
    given
        .into_iter()
        .filter(move |(name, _)| {
            value::attribute_named(&native.schema, name).is_ok_and(|attribute| attribute.number == member)
        })
        .flat_map(|(_, values)| values)
}

fn sid_of(value: &[u8]) -> Option<Sid> {
    // Names are far more common, and this looks at each member of a large group.
    if !value.starts_with(b"<") {
        return None;
    }
    match reference::parse(DnForm::Plain, value)?.target {
        ObjectName::Sid(sid) => Some(sid),
        ObjectName::Dn(_) | ObjectName::Guid(_) | ObjectName::WellKnown(..) => None,
    }
}

/// Whether a SID is somebody's, and of neither the domain nor the built-in one, which know all of theirs.
fn is_foreign(native: &Native, sid: &Sid) -> bool {
    let own = native.facts.domain_sid;
    let is_here = |domain: Sid| domain == own || domain == Sid::BUILTIN;
    !is_here(*sid) && sid.domain().is_some_and(|domain| !is_here(domain))
}
