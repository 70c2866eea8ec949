//! What clients of LDAP need: the root DSE, the head of the domain, and an index that finds what it is asked for.

use bailiwick_domain::administration::{Kind, Selector, domain, find};

use super::{Check, answered};
use crate::call::Call;
use crate::error_code::Fault;

/// What the root DSE must say.
const ROOT_ATTRIBUTES: [&str; 4] =
    ["defaultNamingContext", "configurationNamingContext", "schemaNamingContext", "highestCommittedUSN"];

pub fn checks(call: &Call<'_>) -> Result<Vec<Check>, Fault> {
    let (directory, context) = (call.directory(), call.context());
    let named = |name: &str| ROOT_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name));
    let said = answered(directory.root_dse(&context, &named).map_err(Into::into))?.unwrap_or_default();
    let missing: Vec<&str> = ROOT_ATTRIBUTES
        .into_iter()
        .filter(|name| !said.iter().any(|one| one.name.eq_ignore_ascii_case(name) && !one.values.is_empty()))
        .collect();
    let mut checks = vec![Check::new("root_dse", missing.is_empty(), missing.join(", "))];
    let head = answered(domain(directory, &context))?;
    let found = match &head {
        Some(head) => answered(find(directory, &context, Kind::Place, &Selector::parse(&head.base.to_string())))?,
        None => None,
    };
    checks.push(Check::new("base", found.is_some(), "the head of the domain cannot be read"));
    let sid = match &head {
        Some(head) => answered(head.sid(directory, &context))?,
        None => None,
    };
    // The same account by its SID, and by its name, which go different ways through the directory.
    let by_sid = match sid.and_then(|sid| sid.with_rid(DOMAIN_ADMINS)) {
        Some(sid) => answered(find(directory, &context, Kind::Group, &Selector::parse(&sid.to_string())))?,
        None => None,
    };
    let by_name = match &by_sid {
        Some(target) => answered(find(directory, &context, Kind::Group, &Selector::from(target.dn.clone())))?,
        None => None,
    };
    let is_same = by_sid.zip(by_name).is_some_and(|(one, other)| one.guid == other.guid);
    checks.push(Check::new("index", is_same, "Domain Admins is not found alike by SID and by name"));
    Ok(checks)
}

/// The RID of Domain Admins.
const DOMAIN_ADMINS: u32 = 512;
