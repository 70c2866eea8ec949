//! Security descriptors of the first tree that are not those of its objects' classes. [MS-ADTS] 6.1.1.5.1, and what
//! domain controllers of Windows Server 2016 have.
//!
//! Audit lists are left out: nothing is audited by entries here.

use bailiwick_adtypes::dn::Dn;
use bailiwick_adtypes::sddl;
use bailiwick_adtypes::sid::Sid;

use super::{Object, Plan, below};

/// Containers of new accounts: account operators fill them.
const USERS: &str = "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;RPWPCRCCDCLCLORCWOWDSW;;;DA)\
    (OA;;CCDC;bf967aba-0de6-11d0-a285-00aa003049e2;;AO)(OA;;CCDC;bf967a9c-0de6-11d0-a285-00aa003049e2;;AO)\
    (OA;;CCDC;4828cc14-1437-45bc-9b07-ad6f015e5f28;;AO)(OA;;CCDC;bf967aa8-0de6-11d0-a285-00aa003049e2;;PO)\
    (A;;RPLCLORC;;;AU)";
/// As [`USERS`], for computers too.
const COMPUTERS: &str = "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;RPWPCRCCDCLCLORCWOWDSW;;;DA)\
    (OA;;CCDC;bf967a86-0de6-11d0-a285-00aa003049e2;;AO)(OA;;CCDC;bf967aba-0de6-11d0-a285-00aa003049e2;;AO)\
    (OA;;CCDC;bf967a9c-0de6-11d0-a285-00aa003049e2;;AO)(OA;;CCDC;4828cc14-1437-45bc-9b07-ad6f015e5f28;;AO)\
    (OA;;CCDC;bf967aa8-0de6-11d0-a285-00aa003049e2;;PO)(A;;RPLCLORC;;;AU)";
/// The unit of domain controllers, and containers that must stay.
const KEPT: &str = "D:(A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;RPWPCRCCLCLORCWOWDSW;;;DA)(A;;RPLCLORC;;;AU)\
    (A;;RPLCLORC;;;ED)";
/// Tombstones are the business of administrators.
const DELETED_OBJECTS: &str = "O:SYG:SYD:P(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)(A;;RPLC;;;BA)";
/// The head of the configuration.
const CONFIGURATION: &str = "O:EAG:EAD:(A;;RPLCLORC;;;AU)(A;CI;RPWPCRCCDCLCLORCWOWDSDDTSW;;;EA)\
    (A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;CIIO;RPWPCRCCLCLORCWOWDSDSW;;;DA)\
    (OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;ED)(OA;;CR;1131f6ab-9c07-11d1-f79f-00c04fc2dcd2;;ED)\
    (OA;;CR;1131f6ac-9c07-11d1-f79f-00c04fc2dcd2;;ED)(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;ED)\
    (OA;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;ED)(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;BA)\
    (OA;;CR;1131f6ab-9c07-11d1-f79f-00c04fc2dcd2;;BA)(OA;;CR;1131f6ac-9c07-11d1-f79f-00c04fc2dcd2;;BA)\
    (OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;BA)(OA;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;BA)\
    (OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;RO)";
/// The head of the schema. Its objects have no entries of their own: everybody reads the schema by these.
const SCHEMA: &str = "O:SAG:SAD:(A;CI;RPLCLORC;;;AU)(A;CI;RPWPCRCCLCLORCWOWDSW;;;SA)\
    (A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(OA;;CR;e12b56b6-0a95-11d1-adbb-00c04fd8d5cd;;SA)\
    (OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;ED)(OA;;CR;1131f6ab-9c07-11d1-f79f-00c04fc2dcd2;;ED)\
    (OA;;CR;1131f6ac-9c07-11d1-f79f-00c04fc2dcd2;;ED)(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;ED)\
    (OA;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;ED)(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;BA)\
    (OA;;CR;1131f6ab-9c07-11d1-f79f-00c04fc2dcd2;;BA)(OA;;CR;1131f6ac-9c07-11d1-f79f-00c04fc2dcd2;;BA)\
    (OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;BA)(OA;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;BA)\
    (OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;RO)";
/// The container of cross references: everybody finds the naming contexts by it.
const PARTITIONS: &str = "O:EAG:EAD:(A;;LCLORC;;;AU)(OA;;RP;e48d0154-bcf8-11d1-8702-00c04fb96050;;AU)\
    (OA;;RP;d31a8757-2447-4545-8081-3bb610cacbf2;;AU)(OA;;RP;66171887-8f3c-11d0-afda-00c04fd930c9;;AU)\
    (OA;;RP;032160bf-9824-11d1-aec0-0000f80367c1;;AU)(OA;;RP;789ee1eb-8c8e-4e4c-8cec-79b31b7617b5;;AU)\
    (OA;;RP;5706aeaf-b940-4fb2-bcfc-5268683ad9fe;;AU)(A;;RPWPCRCCLCLORCWOWDSW;;;EA)\
    (A;;RPWPCRCCDCLCLORCWOWDSDDTSW;;;SY)(A;;CC;;;ED)";
/// What guards administrators and their groups against those who manage other accounts, and AdminSDHolder itself.
const GUARDED: &str = "D:P(A;;LCRPLORC;;;AU)(A;;CCDCLCSWRPWPLOCRSDRCWDWO;;;BA)(A;;CCDCLCSWRPWPLOCRRCWDWO;;;EA)\
    (A;;CCDCLCSWRPWPLOCRRCWDWO;;;DA)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)\
    (OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;WD)(OA;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;PS)\
    (OA;;RP;037088f8-0ae1-11d2-b422-00a0c968f939;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)\
    (OA;;RP;037088f8-0ae1-11d2-b422-00a0c968f939;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;RP;4c164200-20c0-11d0-a768-00aa006e0529;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)\
    (OA;;RP;4c164200-20c0-11d0-a768-00aa006e0529;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;RP;59ba2f42-79a2-11d0-9020-00c04fc2d3cf;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)\
    (OA;;RP;59ba2f42-79a2-11d0-9020-00c04fc2d3cf;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;RP;5f202010-79a5-11d0-9020-00c04fc2d4cf;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)\
    (OA;;RP;5f202010-79a5-11d0-9020-00c04fc2d4cf;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;RP;bc0ac240-79a9-11d0-9020-00c04fc2d4cf;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)\
    (OA;;RP;bc0ac240-79a9-11d0-9020-00c04fc2d4cf;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;LCRPLORC;;4828cc14-1437-45bc-9b07-ad6f015e5f28;RU)(OA;;LCRPLORC;;bf967aba-0de6-11d0-a285-00aa003049e2;RU)\
    (OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;S-1-5-32-560)\
    (OA;;RPWP;bf967a7f-0de6-11d0-a285-00aa003049e2;;CA)\
    (OA;;RPWP;6db69a1c-9422-11d1-aebd-0000f80367c1;;S-1-5-32-561)\
    (OA;;RPWP;5805bc62-bdc9-4428-a5e2-856a0f4c185e;;S-1-5-32-561)\
    (OA;CI;RPWPCR;91e647de-d96f-4b70-9557-d63ff4f3ccd8;;PS)";

/// The descriptor of an object, as octets; none when it has the one of its class.
pub(super) fn descriptor(plan: &Plan<'_>, object: &Object) -> Option<Vec<u8>> {
    let text = text(plan, object)?;
    let domain_sid = &plan.parameters.domain_sid;
    let mut descriptor = sddl::parse(text, domain_sid, domain_sid).ok()?;
    let owner = domain_sid.with_rid(RID_DOMAIN_ADMINS).unwrap_or(Sid::SYSTEM);
    let owner = *descriptor.owner.get_or_insert(owner);
    descriptor.group.get_or_insert(owner);
    descriptor.to_bytes().ok()
}

/// RID of Domain Admins, which own what is founded.
const RID_DOMAIN_ADMINS: u32 = 512;

fn text(plan: &Plan<'_>, object: &Object) -> Option<&'static str> {
    // AdminSDHolder's own work, done once: accounts that are protected have its descriptor.
    if object.has("adminCount") {
        return Some(GUARDED);
    }
    let name = object.dn.to_string();
    let is = |dn: &Dn| name == dn.to_string();
    let is_below = |head: &Dn, names: &[&str]| is(&below(head, names));
    if is(&plan.configuration) {
        Some(CONFIGURATION)
    } else if is(&plan.schema_head) {
        Some(SCHEMA)
    } else if is_below(&plan.domain, &["Deleted Objects"]) || is_below(&plan.configuration, &["Deleted Objects"]) {
        Some(DELETED_OBJECTS)
    } else if is_below(&plan.domain, &["Users"]) || is_below(&plan.domain, &["Managed Service Accounts"]) {
        Some(USERS)
    } else if is_below(&plan.domain, &["Computers"]) {
        Some(COMPUTERS)
    } else if is_below(&plan.domain, &["Infrastructure"]) || plan.computer.parent().is_some_and(|unit| is(&unit)) {
        Some(KEPT)
    } else if is_below(&plan.domain, &["System", "AdminSDHolder"]) {
        Some(GUARDED)
    } else if is_below(&plan.configuration, &["Partitions"]) {
        Some(PARTITIONS)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_a_descriptor() {
        let domain: Sid = "S-1-5-21-1-2-3".parse().unwrap();
        for text in [USERS, COMPUTERS, KEPT, DELETED_OBJECTS, CONFIGURATION, SCHEMA, PARTITIONS, GUARDED] {
            let descriptor = sddl::parse(text, &domain, &domain);
            assert!(descriptor.is_ok_and(|descriptor| descriptor.to_bytes().is_ok()), "{text}");
        }
    }
}
