//! `SYNO.ActiveDirectory.Info` `get`: the domain and its controllers. Specification section 3.6.1.

use bailiwick_domain::administration::{Controller, Role, describe_domain};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    let controllers: Vec<Value> = domain.controllers.iter().map(controller).collect();
    Ok(Reply::data(json!({
        "data": {
            "domainBasicInfo": { "realm": domain.dns_name.to_uppercase(), "workgroup": domain.netbios_name },
            "domainControllers": controllers,
        },
        "status": "running",
    })))
}

fn controller(controller: &Controller) -> Value {
    let roles: Vec<&str> = controller.roles.iter().copied().map(word).collect();
    json!({
        "cn": controller.name,
        "dn": controller.dn.to_string(),
        "dnshostname": controller.dns_name,
        "roles": roles,
    })
}

fn word(role: Role) -> &'static str {
    match role {
        Role::PrimaryController => "pdc",
        Role::RidMaster => "rid",
        Role::SchemaMaster => "schema",
        Role::NamingMaster => "naming",
        Role::Infrastructure => "infrastructure",
    }
}
