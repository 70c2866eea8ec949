//! The domain's head, its containers and CN=System. [MS-ADTS] 6.1.1.1.4, 6.1.1.4, 6.1.1.5.

use bailiwick_adtypes::dn::{Dn, Rdn};
use bailiwick_adtypes::sid::Sid;

use super::{
    BEHAVIOR_VERSION, INSTANCE_HEAD, Object, Plan, RID_BLOCK_FIRST, RID_BLOCK_RIDS, below, description, dn_binary,
};
use crate::schema::{WELL_KNOWN, WellKnownRow};

/// systemFlags of the head. [MS-ADTS] 6.1.1.1.4: no deletion, renaming or moving.
const HEAD_SYSTEM_FLAGS: i64 = -1_946_157_056;
/// The RIDs that are left for blocks after this server took the first: 1600 to 2^30 - 1, the upper one in the high half.
const RID_AVAILABLE_POOL: i64 = (0x3FFF_FFFF << 32) | (RID_BLOCK_FIRST + RID_BLOCK_RIDS);
/// nextRid of a domain whose accounts get their RIDs from blocks; only Windows NT read it.
const NEXT_RID: i64 = 1001;
/// The level of domain-wide updates of Windows Server 2016, and the last of 2003.
const DOMAIN_UPDATE_REVISIONS: [(&str, i64); 2] = [("ActiveDirectoryUpdate", 16), ("Windows2003Update", 9)];
/// Part of the quota that a tombstone takes, in percent.
pub(super) const TOMBSTONE_QUOTA_FACTOR: i64 = 100;

/// pwdProperties: DOMAIN_PASSWORD_COMPLEX.
const PASSWORD_COMPLEX: i64 = 1;

/// How long passwords live and how guessing is slowed, in steps of 100 ns where it is a time.
struct AccountPolicy {
    lockout: i64,
    max_pwd_age: i64,
    min_pwd_age: i64,
    min_pwd_length: i64,
    pwd_history_length: i64,
    pwd_properties: i64,
    next_rid: i64,
}

/// The policy of a new domain: 42 days, 1 day, 7 characters, 24 remembered, complex.
const DOMAIN_POLICY: AccountPolicy = AccountPolicy {
    lockout: -18_000_000_000,
    max_pwd_age: -36_288_000_000_000,
    min_pwd_age: -864_000_000_000,
    min_pwd_length: 7,
    pwd_history_length: 24,
    pwd_properties: PASSWORD_COMPLEX,
    next_rid: NEXT_RID,
};

/// What the policy wants of passwords: the least length, and whether they must be complex.
pub(super) fn password_quality() -> (usize, bool) {
    let length_min = usize::try_from(DOMAIN_POLICY.min_pwd_length).unwrap_or_default();
    (length_min, DOMAIN_POLICY.pwd_properties & PASSWORD_COMPLEX != 0)
}

/// CN=Builtin has accounts of its own in theory only.
const BUILTIN_POLICY: AccountPolicy = AccountPolicy {
    lockout: -18_000_000_000,
    max_pwd_age: -37_108_517_437_440,
    min_pwd_age: 0,
    min_pwd_length: 0,
    pwd_history_length: 0,
    pwd_properties: 0,
    next_rid: 1000,
};

/// Containers that appear in the plain view of consoles although their class hides.
const SHOWN: [&str; 5] =
    ["CN=Builtin", "CN=Computers", "CN=ForeignSecurityPrincipals", "CN=Managed Service Accounts", "CN=Users"];

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let mut objects = vec![head(plan)];
    objects.extend(rows("<domain>").map(|row| container(plan, row)));
    objects
}

/// The containers and system objects of the naming context that the table calls `context`.
pub(super) fn rows(context: &'static str) -> impl Iterator<Item = &'static WellKnownRow> {
    WELL_KNOWN.iter().filter(move |row| {
        (row.kind.starts_with("container") || row.kind == "system object") && row.parent.ends_with(context)
    })
}

/// wellKnownObjects and otherWellKnownObjects of a head, from the table.
pub(super) fn well_known_values(context: &'static str, head: &Dn, kind: &str) -> Vec<String> {
    rows(context)
        .filter(|row| row.kind == kind && !row.well_known_guid.is_empty())
        .map(|row| dn_binary(row.well_known_guid, &dn(row, head)))
        .collect()
}

/// The parent that a row states, below the head of its naming context.
pub(super) fn parent(row: &WellKnownRow, head: &Dn) -> Dn {
    let names: Vec<&str> = row.parent.split(',').filter_map(|part| part.strip_prefix("CN=")).rev().collect();
    below(head, &names)
}

fn dn(row: &WellKnownRow, head: &Dn) -> Dn {
    let (attribute, value) = rdn(row);
    parent(row, head).child(Rdn { attribute: attribute.to_owned(), value: value.to_owned() })
}

fn rdn(row: &WellKnownRow) -> (&'static str, &'static str) {
    row.name.split_once('=').unwrap_or(("CN", row.name))
}

/// The object of a row, with what the table says and no more.
pub(super) fn plain(row: &WellKnownRow, head: &Dn) -> Object {
    let (attribute, value) = rdn(row);
    let attribute = if attribute == "OU" { "ou" } else { "cn" };
    let mut object = Object::new(&parent(row, head), attribute, value, row.class);
    if let Some(flags) = row.system_flags {
        object = object.number("systemFlags", flags.into());
    }
    if row.critical {
        object = object.boolean("isCriticalSystemObject", true);
    }
    if let Some(text) = description::of_container(value) {
        object = object.text("description", text);
    }
    object
}

fn head(plan: &Plan<'_>) -> Object {
    let parameters = plan.parameters;
    let label = parameters.dns_domain.split('.').next().unwrap_or_default();
    let object = Object {
        dn: plan.domain.clone(),
        class: "domainDNS",
        attributes: Vec::new(),
        sid: Some(parameters.domain_sid),
        defines: None,
    };
    let object = object
        .text("dc", label)
        .number("instanceType", INSTANCE_HEAD)
        .number("systemFlags", HEAD_SYSTEM_FLAGS)
        .boolean("isCriticalSystemObject", true)
        .number("msDS-Behavior-Version", BEHAVIOR_VERSION)
        .number("nTMixedDomain", 0)
        .name("fSMORoleOwner", &plan.ntds_settings)
        .name("rIDManagerReference", &below(&plan.domain, &["System", "RID Manager$"]))
        .name("subRefs", &plan.configuration)
        .texts("wellKnownObjects", well_known_values("<domain>", &plan.domain, "container"))
        .texts(
            "otherWellKnownObjects",
            well_known_values("<domain>", &plan.domain, "container (otherWellKnownObjects)"),
        )
        .number("ms-DS-MachineAccountQuota", 10)
        .number("msDS-PerUserTrustQuota", 1)
        .number("msDS-AllUsersTrustQuota", 1000)
        .number("msDS-PerUserTrustTombstonesQuota", 10)
        .boolean("msDS-ExpirePasswordsOnSmartCardOnlyAccounts", true);
    account_policy(object, &DOMAIN_POLICY, plan)
}

fn account_policy(object: Object, policy: &AccountPolicy, plan: &Plan<'_>) -> Object {
    object
        .number("creationTime", plan.parameters.now.0)
        .number("forceLogoff", i64::MIN)
        .number("lockoutDuration", policy.lockout)
        .number("lockOutObservationWindow", policy.lockout)
        .number("lockoutThreshold", 0)
        .number("maxPwdAge", policy.max_pwd_age)
        .number("minPwdAge", policy.min_pwd_age)
        .number("minPwdLength", policy.min_pwd_length)
        .number("pwdHistoryLength", policy.pwd_history_length)
        .number("pwdProperties", policy.pwd_properties)
        .number("nextRid", policy.next_rid)
        .number("modifiedCount", 1)
        .number("modifiedCountAtLastProm", 0)
        .number("serverState", 1)
        .number("uASCompat", 1)
}

fn container(plan: &Plan<'_>, row: &WellKnownRow) -> Object {
    let mut object = plain(row, &plan.domain);
    if SHOWN.contains(&row.name) {
        object = object.boolean("showInAdvancedViewOnly", false);
    }
    match row.name {
        "CN=Builtin" => account_policy(object.sid(Sid::BUILTIN), &BUILTIN_POLICY, plan),
        "CN=Deleted Objects" => object.boolean("isDeleted", true),
        "CN=Infrastructure" => object.name("fSMORoleOwner", &plan.ntds_settings),
        "CN=NTDS Quotas" => object.number("msDS-TombstoneQuotaFactor", TOMBSTONE_QUOTA_FACTOR),
        "CN=RID Manager$" => {
            object.name("fSMORoleOwner", &plan.ntds_settings).number("rIDAvailablePool", RID_AVAILABLE_POOL)
        }
        name => match DOMAIN_UPDATE_REVISIONS.iter().find(|(update, _)| name.strip_prefix("CN=") == Some(*update)) {
            Some((_, revision)) => object.number("revision", *revision),
            None => object,
        },
    }
}
