//! tokenGroups: the SIDs of all security groups an account belongs to, nested ones and the primary group included.
//! [MS-ADTS] 3.1.1.4.5.19.

use std::collections::HashSet;
use std::ops::ControlFlow;

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Error;

use crate::record::{EntryId, Record, Snapshot, link};

/// GROUP_TYPE_SECURITY_ENABLED. [MS-ADTS] 2.2.12.
const SECURITY_ENABLED: i64 = 0x8000_0000;
/// GROUP_TYPE_ACCOUNT_GROUP and GROUP_TYPE_UNIVERSAL_GROUP.
const GLOBAL_OR_UNIVERSAL: i64 = 0x2 | 0x8;
/// The most groups that a token may have.
const GROUPS_MAX: usize = 65_536;

/// All security groups.
pub(crate) fn all(snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<Vec<Sid>, Error> {
    groups(snapshot, record, |_| true)
}

/// The global and universal ones.
pub(crate) fn global_and_universal(snapshot: Snapshot<'_>, record: &Record<'_>) -> Result<Vec<Sid>, Error> {
    groups(snapshot, record, |group_type| group_type & GLOBAL_OR_UNIVERSAL != 0)
}

fn groups(snapshot: Snapshot<'_>, record: &Record<'_>, counts: impl Fn(i64) -> bool) -> Result<Vec<Sid>, Error> {
    let known = snapshot.schema.known();
    let sid_of = |record: &Record<'_>| record.value(known.object_sid).and_then(|octets| Sid::from_bytes(octets).ok());
    let mut found = HashSet::from([record.id()]);
    let mut open = vec![record.id()];
    let mut sids = Vec::new();
    let primary = record
        .integer(known.primary_group_id)
        .and_then(|rid| sid_of(record)?.domain()?.with_rid(u32::try_from(rid).ok()?));
    if let Some(primary) = primary
        && let Some(group) = snapshot.by_sid(&primary)?
        && found.insert(group)
    {
        open.push(group);
        sids.push(primary);
    }
    while let Some(member) = open.pop() {
        let mut containing: Vec<EntryId> = Vec::new();
        link::sources(snapshot.transaction, known.member, member, EntryId::NONE, &mut |group, _| {
            containing.push(group);
            if containing.len() > GROUPS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        for group in containing {
            if !found.insert(group) {
                continue;
            }
            if found.len() > GROUPS_MAX {
                return Err(Error::AdministrativeLimit);
            }
            let record = snapshot.existing(group)?;
            // A distribution group grants nothing, and neither does what it is a member of.
            let group_type = record.integer(known.group_type).unwrap_or_default();
            if group_type & SECURITY_ENABLED != 0 && counts(group_type) {
                sids.extend(sid_of(&record));
                open.push(group);
            }
        }
    }
    Ok(sids)
}
