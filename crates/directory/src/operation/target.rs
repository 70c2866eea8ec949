//! Finding the object that a request names.

use bailiwick_adtypes::dn::{Dn, ObjectName};
use bailiwick_domain::Error;

use crate::native::Native;
use crate::record::name::Resolved;
use crate::record::{EntryId, Snapshot};

/// The object with this name, deleted ones included.
///
/// # Errors
/// `NoSuchObject` with the closest ancestor, `Referral` for a name outside all naming contexts.
pub(crate) fn find(native: &Native, snapshot: Snapshot<'_>, name: &ObjectName) -> Result<EntryId, Error> {
    let missing = || Error::NoSuchObject { matched: String::new() };
    match name {
        ObjectName::Dn(name) => find_dn(native, snapshot, name),
        ObjectName::Guid(guid) => snapshot.by_guid(guid)?.ok_or_else(missing),
        ObjectName::Sid(sid) => snapshot.by_sid(sid)?.ok_or_else(missing),
        ObjectName::WellKnown(guid, container) => {
            let container = snapshot.existing(find_dn(native, snapshot, container)?)?;
            let known = snapshot.schema.known();
            [known.well_known_objects, known.other_well_known_objects]
                .into_iter()
                .flat_map(|attribute| container.values(attribute))
                // The stored value is the target's id, then the GUID.
                .find(|value| value.get(8..) == Some(guid.as_bytes()))
                .and_then(EntryId::read)
                .ok_or_else(missing)
        }
    }
}

fn find_dn(native: &Native, snapshot: Snapshot<'_>, name: &Dn) -> Result<EntryId, Error> {
    match snapshot.resolve(name, &native.contexts)? {
        Resolved::Found(id) => Ok(id),
        Resolved::Missing(Some(ancestor)) => {
            Err(Error::NoSuchObject { matched: snapshot.dn_text(ancestor, &native.contexts)? })
        }
        Resolved::Missing(None) => Err(outside(native, name)),
    }
}

/// The answer to a name outside all naming contexts. [MS-ADTS] 3.1.1.4.6: below a DNS-like suffix, a referral
/// to that domain; otherwise there is no such object.
fn outside(native: &Native, name: &Dn) -> Error {
    let labels: Vec<&str> = name
        .rdns()
        .iter()
        .rev()
        .take_while(|rdn| rdn.attribute.eq_ignore_ascii_case("dc"))
        .map(|rdn| rdn.value.as_str())
        .collect();
    if labels.is_empty() || native.base_dn().is_empty() {
        return Error::NoSuchObject { matched: String::new() };
    }
    let host: Vec<&str> = labels.into_iter().rev().collect();
    Error::Referral { url: format!("ldap://{}/{name}", host.join(".")) }
}
