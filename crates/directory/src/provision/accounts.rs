//! The default users and groups, foreign principals, and who belongs to what. [MS-ADTS] 6.1.1.4, 6.1.1.6.

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::sid::Sid;

use super::domain::parent;
use super::{Object, Plan, below, description};
use crate::schema::{WELL_KNOWN, WellKnownRow};

/// sAMAccountType of a user. [MS-SAMR] 2.2.1.9.
const SAM_USER: i64 = 0x3000_0000;
/// sAMAccountType of a global or universal security group.
const SAM_GROUP: i64 = 0x1000_0000;
/// sAMAccountType of a domain local or builtin security group.
const SAM_ALIAS: i64 = 0x2000_0000;
/// groupType: a domain local group.
const GROUP_TYPE_RESOURCE: i32 = 4;
/// accountExpires of an account that never does.
const NEVER: i64 = i64::MAX;
/// userAccountControl: the account is disabled.
const ACCOUNT_DISABLE: i32 = 2;
/// RID of krbtgt.
const RID_KRBTGT: u32 = 502;

/// RIDs in the domain, and in BUILTIN, whose descriptors are guarded. [MS-ADTS] 3.1.1.6.1.2.
const PROTECTED_RIDS: [u32; 7] = [500, RID_KRBTGT, 512, 516, 518, 519, 521];
const PROTECTED_BUILTIN_RIDS: [u32; 6] = [544, 548, 549, 550, 551, 552];

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let rows = WELL_KNOWN.iter().filter_map(|row| Some((row, sid(plan, row)?)));
    rows.filter_map(|(row, sid)| match row.kind {
        "user" => Some(user(plan, row, sid)),
        "group" => Some(group(plan, row, sid)),
        "foreign principal" => Some(foreign(&parent(row, &plan.domain), row, sid)),
        _ => None,
    })
    .collect()
}

/// CN=WellKnown Security Principals of the configuration. [MS-ADTS] 6.1.1.2.6.
pub(super) fn well_known_principals(plan: &Plan<'_>) -> Vec<Object> {
    let rows = WELL_KNOWN.iter().filter(|row| row.kind == "well-known principal");
    rows.filter_map(|row| Some(foreign(&parent(row, &plan.configuration), row, row.sid.parse().ok()?))).collect()
}

/// The SID that a row states; none where the next free RID would be taken, as by the DNS server's groups, which come
/// with that server.
fn sid(plan: &Plan<'_>, row: &WellKnownRow) -> Option<Sid> {
    match row.sid.rsplit_once("domain-") {
        Some((_, rid)) => plan.parameters.domain_sid.with_rid(rid.parse().ok()?),
        None => row.sid.parse().ok(),
    }
}

fn user(plan: &Plan<'_>, row: &WellKnownRow, sid: Sid) -> Object {
    let control = row.user_account_control.unwrap_or_default();
    // krbtgt is disabled, and yet its keys are made on the first day.
    let has_password = control & ACCOUNT_DISABLE == 0 || sid.rid() == Some(RID_KRBTGT);
    let mut object = principal(plan, row, sid)
        .number("sAMAccountType", SAM_USER)
        .number("userAccountControl", control.into())
        .number("primaryGroupID", row.primary_group_id.unwrap_or_default().into())
        .number("pwdLastSet", if has_password { plan.parameters.now.0 } else { 0 });
    object = unused(object);
    if sid.rid() == Some(RID_KRBTGT) {
        object = object.text("servicePrincipalName", "kadmin/changepw").boolean("showInAdvancedViewOnly", true);
    }
    object
}

/// The attributes of an account that nobody used yet. [MS-SAMR] 3.1.1.8.1.
pub(super) fn unused(object: Object) -> Object {
    object
        .number("accountExpires", NEVER)
        .number("badPasswordTime", 0)
        .number("badPwdCount", 0)
        .number("codePage", 0)
        .number("countryCode", 0)
        .number("lastLogoff", 0)
        .number("lastLogon", 0)
        .number("logonCount", 0)
}

fn group(plan: &Plan<'_>, row: &WellKnownRow, sid: Sid) -> Object {
    let group_type = row.group_type.unwrap_or_default();
    let members: Vec<Dn> = WELL_KNOWN
        .iter()
        .filter(|member| matches!(member.kind, "user" | "group" | "foreign principal"))
        .filter(|member| member.member_of.split("; ").any(|name| name == row.name))
        .map(|member| below(&parent(member, &plan.domain), &[member.name]))
        .collect();
    principal(plan, row, sid)
        .number("groupType", group_type.into())
        .number("sAMAccountType", if group_type & GROUP_TYPE_RESOURCE != 0 { SAM_ALIAS } else { SAM_GROUP })
        .names("member", &members)
}

fn principal(plan: &Plan<'_>, row: &WellKnownRow, sid: Sid) -> Object {
    let mut object =
        Object::common(&parent(row, &plan.domain), row.name, row.class).sid(sid).text("sAMAccountName", row.name);
    if let Some(flags) = row.system_flags {
        object = object.number("systemFlags", flags.into());
    }
    if row.critical {
        object = object.boolean("isCriticalSystemObject", true);
    }
    if is_protected(plan, sid) {
        object = object.number("adminCount", 1);
    }
    match description::of_principal(row.name) {
        Some(text) => object.text("description", text),
        None => object,
    }
}

fn foreign(parent: &Dn, row: &WellKnownRow, sid: Sid) -> Object {
    Object::common(parent, row.name, "foreignSecurityPrincipal").sid(sid)
}

fn is_protected(plan: &Plan<'_>, sid: Sid) -> bool {
    let rids: &[u32] = match sid.domain() {
        Some(domain) if domain == plan.parameters.domain_sid => &PROTECTED_RIDS,
        Some(domain) if domain == Sid::BUILTIN => &PROTECTED_BUILTIN_RIDS,
        _ => &[],
    };
    sid.rid().is_some_and(|rid| rids.contains(&rid))
}
