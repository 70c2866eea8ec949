//! The one site, this server in it, and how sites are linked. [MS-ADTS] 6.1.1.2.2.

use super::configuration::DISALLOW_DELETE;
use super::{BEHAVIOR_VERSION, INSTANCE_HEAD, INSTANCE_HEAD_BELOW, Object, Plan, SITE, below, dn_binary};

/// systemFlags: a deleted object stays where it is.
const DISALLOW_MOVE_ON_DELETE: i64 = 0x0200_0000;
/// systemFlags: may be moved between sites.
const ALLOW_LIMITED_MOVE: i64 = 0x1000_0000;
/// systemFlags: may be renamed.
const ALLOW_RENAME: i64 = 0x4000_0000;
/// options of nTDSDSA: serves the global catalogue.
const GLOBAL_CATALOGUE: i64 = 1;
/// Cost and minutes between replications of the first link.
const LINK_COST: i64 = 100;
const LINK_INTERVAL_MINUTES: i64 = 180;

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let sites = below(&plan.configuration, &["Sites"]);
    let site = below(&sites, &[SITE]);
    let servers = below(&site, &["Servers"]);
    let server = below(&servers, &[&plan.parameters.host.to_uppercase()]);
    let transports = below(&sites, &["Inter-Site Transports"]);
    let ip = below(&transports, &["IP"]);
    vec![
        Object::common(&plan.configuration, "Sites", "sitesContainer")
            .number("systemFlags", DISALLOW_DELETE | DISALLOW_MOVE_ON_DELETE),
        Object::common(&sites, "Subnets", "subnetContainer").number("systemFlags", DISALLOW_DELETE),
        Object::common(&sites, "Inter-Site Transports", "interSiteTransportContainer")
            .number("systemFlags", DISALLOW_DELETE),
        Object::common(&transports, "IP", "interSiteTransport")
            .text("transportDLLName", "ismip.dll")
            .text("transportAddressAttribute", "dNSHostName"),
        Object::common(&ip, "DEFAULTIPSITELINK", "siteLink")
            .number("systemFlags", ALLOW_RENAME)
            .number("cost", LINK_COST)
            .number("replInterval", LINK_INTERVAL_MINUTES)
            .name("siteList", &site),
        Object::common(&sites, SITE, "site").number("systemFlags", ALLOW_RENAME | DISALLOW_MOVE_ON_DELETE),
        Object::common(&site, "NTDS Site Settings", "nTDSSiteSettings")
            .number("options", 0)
            .name("interSiteTopologyGenerator", &plan.ntds_settings),
        Object::common(&site, "Servers", "serversContainer").number("systemFlags", DISALLOW_MOVE_ON_DELETE),
        Object::common(&servers, &plan.parameters.host.to_uppercase(), "server")
            .number("systemFlags", ALLOW_RENAME | ALLOW_LIMITED_MOVE | DISALLOW_MOVE_ON_DELETE)
            .text("dNSHostName", &plan.host_name)
            .name("serverReference", &plan.computer),
        ntds_settings(plan, Object::common(&server, "NTDS Settings", "nTDSDSA")),
    ]
}

fn ntds_settings(plan: &Plan<'_>, object: Object) -> Object {
    let contexts = [&plan.domain, &plan.configuration, &plan.schema_head];
    // The octets of instanceType, little-endian.
    let instantiated = contexts.map(|head| {
        let instance_type = if std::ptr::eq(head, &plan.domain) { INSTANCE_HEAD } else { INSTANCE_HEAD_BELOW };
        dn_binary(&format!("{instance_type:02X}000000"), head)
    });
    object
        .octets("objectGUID", *plan.ntds_guid.as_bytes())
        .octets("invocationId", *plan.invocation_id.as_bytes())
        .number("systemFlags", DISALLOW_MOVE_ON_DELETE)
        .number("options", GLOBAL_CATALOGUE)
        .number("msDS-Behavior-Version", BEHAVIOR_VERSION)
        .name("dMDLocation", &plan.schema_head)
        .names("hasMasterNCs", contexts)
        .names("msDS-hasMasterNCs", contexts)
        .name("msDS-HasDomainNCs", &plan.domain)
        .texts("msDS-HasInstantiatedNCs", instantiated)
}
