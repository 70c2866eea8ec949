//! This server as a domain controller: its computer object, its service principal names and its block of RIDs.
//! [MS-ADTS] 6.1.2.1, 6.1.5.3.

use super::accounts::unused;
use super::{Object, Plan, RID_BLOCK_FIRST, RID_BLOCK_RIDS, below, description};

/// The RID of the first domain controller.
const RID_FIRST_CONTROLLER: u32 = 1000;
/// sAMAccountType of a computer. [MS-SAMR] 2.2.1.9.
const SAM_COMPUTER: i64 = 0x3000_0001;
/// userAccountControl: a domain controller that is trusted for delegation. [MS-ADTS] 2.2.16.
const CONTROLLER_ACCOUNT: i64 = 0x2000 | 0x8_0000;
/// RID of Domain Controllers.
const RID_DOMAIN_CONTROLLERS: i64 = 516;
/// msDS-SupportedEncryptionTypes: AES with 128 and with 256 bits. [MS-KILE] 2.2.7.
const AES: i64 = 0x18;
/// The server's first block of RIDs, 1100 to 1599, the upper end in the high half.
const RID_BLOCK: i64 = ((RID_BLOCK_FIRST + RID_BLOCK_RIDS - 1) << 32) | RID_BLOCK_FIRST;
/// The RID before the first of the block: the last that counts as given.
const RID_LAST_GIVEN: i64 = RID_BLOCK_FIRST - 1;
/// The service class of directory replication. [MS-DRSR] 2.2.3.2.
const REPLICATION_SERVICE: &str = "E3514235-4B06-11D1-AB04-00C04FC2DCD2";

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    vec![computer(plan), rid_set(plan)]
}

fn computer(plan: &Plan<'_>) -> Object {
    let parameters = plan.parameters;
    let name = parameters.host.to_uppercase();
    let parent = plan.computer.parent().unwrap_or_default();
    let object = Object::common(&parent, &name, "computer")
        .text("sAMAccountName", &format!("{name}$"))
        .number("sAMAccountType", SAM_COMPUTER)
        .number("userAccountControl", CONTROLLER_ACCOUNT)
        .number("primaryGroupID", RID_DOMAIN_CONTROLLERS)
        .number("pwdLastSet", parameters.now.0)
        .number("localPolicyFlags", 0)
        .number("msDS-SupportedEncryptionTypes", AES)
        .boolean("isCriticalSystemObject", true)
        .text("dNSHostName", &plan.host_name)
        .texts("servicePrincipalName", service_principal_names(plan))
        .name("rIDSetReferences", &below(&plan.computer, &["RID Set"]));
    let object = unused(object.text("description", description::CONTROLLER));
    match parameters.domain_sid.with_rid(RID_FIRST_CONTROLLER) {
        Some(sid) => object.sid(sid),
        None => object,
    }
}

/// The names under which clients ask for tickets to this server.
fn service_principal_names(plan: &Plan<'_>) -> Vec<String> {
    let host = plan.parameters.host.to_uppercase();
    let (full, domain, netbios) = (&plan.host_name, &plan.parameters.dns_domain, &plan.parameters.netbios);
    let mut names = Vec::new();
    for service in ["HOST", "ldap"] {
        names.push(format!("{service}/{host}"));
        names.push(format!("{service}/{full}"));
        names.push(format!("{service}/{host}/{netbios}"));
        names.push(format!("{service}/{full}/{netbios}"));
        names.push(format!("{service}/{full}/{domain}"));
    }
    names.push(format!("ldap/{}._msdcs.{domain}", plan.ntds_guid));
    names.push(format!("GC/{full}/{domain}"));
    names.push(format!("RestrictedKrbHost/{host}"));
    names.push(format!("RestrictedKrbHost/{full}"));
    names.push(format!("{REPLICATION_SERVICE}/{}/{domain}", plan.ntds_guid));
    names
}

fn rid_set(plan: &Plan<'_>) -> Object {
    Object::common(&plan.computer, "RID Set", "rIDSet")
        .number("rIDAllocationPool", RID_BLOCK)
        .number("rIDPreviousAllocationPool", RID_BLOCK)
        .number("rIDUsedPool", 0)
        .number("rIDNextRID", RID_LAST_GIVEN)
}
