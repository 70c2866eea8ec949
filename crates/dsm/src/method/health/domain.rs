//! The domain itself: it has a name, controllers, one holder of each role, and an administrator who is enabled.

use bailiwick_domain::administration::{AccountControl, Kind, Role, Selector, describe_domain, domain, find, show};

use super::{Check, answered};
use crate::call::Call;
use crate::error_code::Fault;

/// The roles that one controller has.
const ROLES: [(Role, &str); 5] = [
    (Role::PrimaryController, "role_pdc"),
    (Role::RidMaster, "role_rid"),
    (Role::SchemaMaster, "role_schema"),
    (Role::NamingMaster, "role_naming"),
    (Role::Infrastructure, "role_infrastructure"),
];
/// The RID of the domain's own Administrator.
const ADMINISTRATOR: u32 = 500;

pub fn checks(call: &Call<'_>) -> Result<Vec<Check>, Fault> {
    let (directory, context) = (call.directory(), call.context());
    let described = answered(describe_domain(directory, &context))?;
    let mut checks = vec![Check::new("domain", described.is_some(), "the domain cannot be read")];
    if let Some(described) = described {
        let controllers = &described.controllers;
        let has_names = !controllers.is_empty() && controllers.iter().all(|one| !one.dns_name.is_empty());
        checks.push(Check::new("controllers", has_names, "there is no controller, or one without a DNS name"));
        for (role, name) in ROLES {
            let is_held = controllers.iter().any(|controller| controller.roles.contains(&role));
            checks.push(Check::new(name, is_held, "no controller of the domain holds the role"));
        }
    }
    let control = domain(directory, &context)
        .and_then(|domain| domain.sid(directory, &context))
        .map(|sid| sid.with_rid(ADMINISTRATOR).map(|sid| sid.to_string()).unwrap_or_default())
        .and_then(|sid| find(directory, &context, Kind::User, &Selector::parse(&sid)))
        .and_then(|target| show(directory, &context, &target, &["userAccountControl"]));
    let control = answered(control)?
        .and_then(|entry| entry.text("userAccountControl").and_then(AccountControl::parse))
        .is_some_and(|control| !control.contains(AccountControl::DISABLED));
    checks.push(Check::new("administrator", control, "the domain's own administrator is disabled or not there"));
    Ok(checks)
}
