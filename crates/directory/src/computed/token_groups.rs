//! tokenGroups: the SIDs of all security groups an account belongs to, nested ones and the primary group included.
//! [MS-ADTS] 3.1.1.4.5.19.

use std::collections::HashSet;
use std::ops::ControlFlow;

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Error;

use crate::record::index::Postings;
use crate::record::{EntryId, Record, Snapshot, index, link};

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

/// The security groups that principals known by their SIDs alone belong to, through the objects that stand for them.
/// One that no object stands for belongs to none.
pub(crate) fn of_principals(snapshot: Snapshot<'_>, sids: &[Sid]) -> Result<Vec<Sid>, Error> {
    let known = snapshot.schema.known();
    let Some(definition) = snapshot.schema.attribute(known.object_sid) else { return Ok(Vec::new()) };
    let mut open = Vec::new();
    let mut key = Vec::new();
    for sid in sids {
        key.clear();
        definition.key(&sid.to_bytes(), &mut key);
        // Several objects may stand for one: in the domain and in the configuration.
        let prefix = index::value_prefix(known.object_sid, &key);
        let mut postings = Postings::open(snapshot.transaction, prefix, EntryId::NONE)?;
        while let Some(id) = postings.peek() {
            open.push(id);
            postings.advance()?;
        }
    }
    let found = open.iter().copied().collect();
    above(snapshot, found, open, &|_| true)
}

fn groups(snapshot: Snapshot<'_>, record: &Record<'_>, counts: impl Fn(i64) -> bool) -> Result<Vec<Sid>, Error> {
    let known = snapshot.schema.known();
    let mut found = HashSet::from([record.id()]);
    let mut open = vec![record.id()];
    let mut sids = Vec::new();
    let primary = record
        .integer(known.primary_group_id)
        .and_then(|rid| sid_of(snapshot, record)?.domain()?.with_rid(u32::try_from(rid).ok()?));
    if let Some(primary) = primary
        && let Some(group) = snapshot.by_sid(&primary)?
        && found.insert(group)
    {
        open.push(group);
        sids.push(primary);
    }
    sids.extend(above(snapshot, found, open, &counts)?);
    Ok(sids)
}

/// The SIDs of the security groups above `open` that count. `found` are the objects met so far.
fn above(
    snapshot: Snapshot<'_>,
    mut found: HashSet<EntryId>,
    mut open: Vec<EntryId>,
    counts: &dyn Fn(i64) -> bool,
) -> Result<Vec<Sid>, Error> {
    let known = snapshot.schema.known();
    let mut sids = Vec::new();
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
                sids.extend(sid_of(snapshot, &record));
                open.push(group);
            }
        }
    }
    Ok(sids)
}

fn sid_of(snapshot: Snapshot<'_>, record: &Record<'_>) -> Option<Sid> {
    Sid::from_bytes(record.value(snapshot.schema.known().object_sid)?).ok()
}
