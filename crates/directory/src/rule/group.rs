//! Groups: their types, what these may become, and who may be a member of whom. [MS-SAMR] 2.2.1.11 and 3.1.1.8.9,
//! [MS-ADTS] 2.2.12.
//!
//! The scopes hold for distribution groups as for security groups. What is no account and no group (a contact) may be in
//! any of them. There is one domain, so members of others are those that stand for SIDs from elsewhere.

use std::ops::ControlFlow;

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error, GroupFault};

use crate::record::{Draft, EntryId, Record, Snapshot, link};
use crate::schema::Schema;

/// The bits of groupType that say how far a group reaches.
const GLOBAL: u32 = 2;
const LOCAL: u32 = 4;
const UNIVERSAL: u32 = 8;
/// GROUP_TYPE_BUILTIN_LOCAL_GROUP: made at the founding only.
const BUILTIN: u32 = 1;
/// GROUP_TYPE_SECURITY_ENABLED.
const SECURITY_ENABLED: u32 = 0x8000_0000;

/// groupType of a group whose client gives none: a global security group.
pub(crate) const TYPE_DEFAULT: u32 = SECURITY_ENABLED | GLOBAL;

/// sAMAccountType. [MS-SAMR] 2.2.1.9.
const ACCOUNT_GLOBAL_SECURITY: u32 = 0x1000_0000;
const ACCOUNT_GLOBAL_DISTRIBUTION: u32 = 0x1000_0001;
const ACCOUNT_LOCAL_SECURITY: u32 = 0x2000_0000;
const ACCOUNT_LOCAL_DISTRIBUTION: u32 = 0x2000_0001;

/// How far a group reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Global,
    Universal,
    Local,
    /// Domain local, and of CN=Builtin.
    Builtin,
}

impl Reach {
    fn of(group_type: u32) -> Option<Reach> {
        match group_type & !SECURITY_ENABLED {
            GLOBAL => Some(Reach::Global),
            UNIVERSAL => Some(Reach::Universal),
            LOCAL => Some(Reach::Local),
            reach if reach == LOCAL | BUILTIN => Some(Reach::Builtin),
            _ => None,
        }
    }

    fn of_draft(schema: &Schema, draft: &Draft) -> Option<Reach> {
        Reach::of(draft.integer(schema.known().group_type)? as u32)
    }
}

/// What the scopes see in a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Group(Reach),
    /// A SID from elsewhere.
    Foreign,
    /// An account, or something without a SID.
    Any,
}

impl Kind {
    fn of(schema: &Schema, record: &Record<'_>) -> Kind {
        let known = schema.known();
        let Some(class) = schema.class(record.class()) else { return Kind::Any };
        if class.is_a(known.class_foreign_security_principal) {
            return Kind::Foreign;
        }
        let reach = record.integer(known.group_type).and_then(|group_type| Reach::of(group_type as u32));
        reach.filter(|_| class.is_a(known.class_group)).map_or(Kind::Any, Kind::Group)
    }
}

/// sAMAccountType of a group; none for a groupType that no group has. Only the directory itself makes built-in ones.
pub(crate) fn account_type(group_type: u32, restoring: bool) -> Option<u32> {
    let is_security = group_type & SECURITY_ENABLED != 0;
    match Reach::of(group_type)? {
        Reach::Global | Reach::Universal if is_security => Some(ACCOUNT_GLOBAL_SECURITY),
        Reach::Global | Reach::Universal => Some(ACCOUNT_GLOBAL_DISTRIBUTION),
        Reach::Local if is_security => Some(ACCOUNT_LOCAL_SECURITY),
        Reach::Local => Some(ACCOUNT_LOCAL_DISTRIBUTION),
        Reach::Builtin => (is_security && restoring).then_some(ACCOUNT_LOCAL_SECURITY),
    }
}

/// Whether a group of one type may become one of another, its members aside: it changes its reach by way of universal
/// only, and built-in groups keep theirs.
pub(crate) fn may_become(before: u32, after: u32) -> bool {
    match (Reach::of(before), Reach::of(after)) {
        (None, _) | (_, None) | (Some(Reach::Builtin), _) | (_, Some(Reach::Builtin)) => false,
        (Some(Reach::Global), Some(Reach::Local)) | (Some(Reach::Local), Some(Reach::Global)) => false,
        (Some(_), Some(_)) => true,
    }
}

/// Whether the group counts where rights are given.
pub(crate) fn is_security(schema: &Schema, group: &Record<'_>) -> bool {
    group.integer(schema.known().group_type).is_some_and(|group_type| group_type as u32 & SECURITY_ENABLED != 0)
}

/// Refuses members that the reach of the group keeps out. `group` is the group as it will be; `name` is what the client
/// called the attribute.
///
/// # Errors
/// `Group`.
pub(crate) fn check_members(
    snapshot: Snapshot<'_>,
    group: &Draft,
    members: impl IntoIterator<Item = EntryId>,
    name: &str,
) -> Result<(), Error> {
    let Some(reach) = Reach::of_draft(snapshot.schema, group) else { return Ok(()) };
    for member in members {
        if member == group.id {
            return Err(Error::attribute(name, AttributeFault::Group(GroupFault::Itself)));
        }
        let kind = Kind::of(snapshot.schema, &snapshot.existing(member)?);
        nest(reach, kind).map_err(|fault| Error::attribute(name, AttributeFault::Group(fault)))?;
    }
    Ok(())
}

/// Refuses a new groupType that the group's members, the groups that hold it, or the accounts whose primary group it is
/// rule out. `name` is what the client called the attribute.
///
/// # Errors
/// `Group`.
pub(crate) fn check_change(snapshot: Snapshot<'_>, before: &Draft, after: &Draft, name: &str) -> Result<(), Error> {
    let schema = snapshot.schema;
    let known = schema.known();
    let refused = |fault| Error::attribute(name, AttributeFault::Group(fault));
    let (Some(old), Some(new)) = (Reach::of_draft(schema, before), Reach::of_draft(schema, after)) else {
        return Ok(());
    };
    let is_security =
        |draft: &Draft| draft.integer(known.group_type).unwrap_or_default() as u32 & SECURITY_ENABLED != 0;
    if is_security(before) && !is_security(after) && is_primary(snapshot, after)? {
        return Err(refused(GroupFault::PrimaryMembers));
    }
    // Whoever may be in a global group may be in any, and whoever may be in a universal one in a local one.
    let narrows = matches!((old, new), (Reach::Universal, Reach::Global) | (Reach::Local, Reach::Universal));
    if narrows {
        let mut outcome = Ok(());
        link::targets(snapshot.transaction, known.member, after.id, EntryId::NONE, &mut |member, _| {
            outcome = check_members(snapshot, after, [member], name);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome?;
    }
    if old == new {
        return Ok(());
    }
    let mut outcome = Ok(());
    link::sources(snapshot.transaction, known.member, after.id, EntryId::NONE, &mut |holder, _| {
        outcome = snapshot.existing(holder).map_err(Error::from).and_then(|holder| match Kind::of(schema, &holder) {
            Kind::Group(reach) => nest(reach, Kind::Group(new)).map_err(refused),
            Kind::Foreign | Kind::Any => Ok(()),
        });
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome
}

/// The matrix of scopes.
fn nest(outer: Reach, member: Kind) -> Result<(), GroupFault> {
    match (outer, member) {
        (_, Kind::Group(Reach::Builtin)) => Err(GroupFault::BuiltinMember),
        (Reach::Global, Kind::Group(Reach::Universal)) => Err(GroupFault::UniversalInGlobal),
        (Reach::Global, Kind::Group(Reach::Local)) => Err(GroupFault::LocalInGlobal),
        (Reach::Global, Kind::Foreign) => Err(GroupFault::ForeignInGlobal),
        (Reach::Universal, Kind::Group(Reach::Local)) => Err(GroupFault::LocalInUniversal),
        (Reach::Universal, Kind::Foreign) => Err(GroupFault::ForeignInUniversal),
        (Reach::Global, Kind::Any | Kind::Group(Reach::Global))
        | (Reach::Universal, Kind::Any | Kind::Group(Reach::Global | Reach::Universal))
        | (Reach::Local | Reach::Builtin, _) => Ok(()),
    }
}

/// Whether the group is the primary group of a living account.
fn is_primary(snapshot: Snapshot<'_>, group: &Draft) -> Result<bool, Error> {
    let known = snapshot.schema.known();
    let rid = group.value(known.object_sid).and_then(|octets| Sid::from_bytes(octets).ok()?.rid());
    let Some(rid) = rid else { return Ok(false) };
    let stored = rid.to_string();
    let found = snapshot.first_with(known.primary_group_id, stored.as_bytes(), |record| !record.is_deleted())?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_changes_its_reach_by_way_of_universal() {
        for (before, after, expected) in [
            (GLOBAL, UNIVERSAL, true),
            (UNIVERSAL, LOCAL, true),
            (UNIVERSAL, GLOBAL, true),
            (LOCAL, UNIVERSAL, true),
            (GLOBAL | SECURITY_ENABLED, GLOBAL, true),
            (GLOBAL, LOCAL, false),
            (LOCAL, GLOBAL | SECURITY_ENABLED, false),
            (LOCAL | BUILTIN, UNIVERSAL, false),
            (LOCAL, LOCAL | BUILTIN, false),
            (GLOBAL, GLOBAL | LOCAL, false),
        ] {
            assert_eq!(may_become(before, after), expected, "{before} {after}");
        }
    }

    #[test]
    fn built_in_groups_are_for_the_directory_itself() {
        let built_in = SECURITY_ENABLED | LOCAL | BUILTIN;
        assert_eq!(account_type(built_in, false), None);
        assert_eq!(account_type(built_in, true), Some(ACCOUNT_LOCAL_SECURITY));
        assert_eq!(account_type(LOCAL | BUILTIN, true), None);
    }

    #[test]
    fn scopes_hold_what_reaches_as_far_or_further() {
        use Reach::{Builtin, Global, Local, Universal};
        let members = [
            Kind::Any,
            Kind::Group(Global),
            Kind::Group(Universal),
            Kind::Group(Local),
            Kind::Group(Builtin),
            Kind::Foreign,
        ];
        for (outer, expected) in [
            (Global, [true, true, false, false, false, false]),
            (Universal, [true, true, true, false, false, false]),
            (Local, [true, true, true, true, false, true]),
            (Builtin, [true, true, true, true, false, true]),
        ] {
            let found = members.map(|member| nest(outer, member).is_ok());
            assert_eq!(found, expected, "{outer:?}");
        }
    }
}
