//! The configuration's head, its containers and the cross references of the naming contexts. [MS-ADTS] 6.1.1.1.2,
//! 6.1.1.2.1.

use bailiwick_adtypes::dn::Dn;

use super::domain::{TOMBSTONE_QUOTA_FACTOR, plain, rows, well_known_values};
use super::{BEHAVIOR_VERSION, INSTANCE_HEAD_BELOW, Object, Plan, accounts, below};

/// systemFlags: no deletion.
pub(super) const DISALLOW_DELETE: i64 = -0x8000_0000;
/// systemFlags of a crossRef: the naming context is of this forest.
const CROSS_REF_NC: i64 = 1;
/// systemFlags of a crossRef: the naming context is a domain.
const CROSS_REF_DOMAIN: i64 = 2;

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let mut objects = vec![head(plan)];
    objects.extend(rows("<configuration>").map(|row| {
        let object = plain(row, &plan.configuration);
        match row.name {
            "CN=Deleted Objects" => object.boolean("isDeleted", true),
            "CN=NTDS Quotas" => object.number("msDS-TombstoneQuotaFactor", TOMBSTONE_QUOTA_FACTOR),
            _ => object,
        }
    }));
    objects.push(
        Object::common(&plan.configuration, "DisplaySpecifiers", "container").number("systemFlags", DISALLOW_DELETE),
    );
    objects.push(
        Object::common(&plan.configuration, "Physical Locations", "physicalLocation").text("l", "Physical Locations"),
    );
    objects.extend(accounts::well_known_principals(plan));
    objects.extend(partitions(plan));
    objects
}

fn head(plan: &Plan<'_>) -> Object {
    Object::common(&plan.domain, "Configuration", "configuration")
        .number("instanceType", INSTANCE_HEAD_BELOW)
        .name("subRefs", &plan.schema_head)
        .texts("wellKnownObjects", well_known_values("<configuration>", &plan.configuration, "container"))
}

fn partitions(plan: &Plan<'_>) -> Vec<Object> {
    let parent = below(&plan.configuration, &["Partitions"]);
    let cross_ref = |name: &str, context: &Dn, flags: i64| {
        Object::common(&parent, name, "crossRef")
            .text("dnsRoot", &plan.parameters.dns_domain)
            .name("nCName", context)
            .number("systemFlags", flags)
    };
    vec![
        Object::common(&plan.configuration, "Partitions", "crossRefContainer")
            .number("systemFlags", DISALLOW_DELETE)
            .number("msDS-Behavior-Version", BEHAVIOR_VERSION)
            .name("fSMORoleOwner", &plan.ntds_settings)
            .boolean("showInAdvancedViewOnly", true),
        cross_ref("Enterprise Configuration", &plan.configuration, CROSS_REF_NC),
        cross_ref("Enterprise Schema", &plan.schema_head, CROSS_REF_NC),
        cross_ref(&plan.parameters.netbios, &plan.domain, CROSS_REF_NC | CROSS_REF_DOMAIN)
            .text("nETBIOSName", &plan.parameters.netbios)
            .number("nTMixedDomain", 0)
            .number("msDS-Behavior-Version", BEHAVIOR_VERSION),
    ]
}
