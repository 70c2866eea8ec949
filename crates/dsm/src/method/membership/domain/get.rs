//! `SYNO.Core.Directory.Domain` `get`: which domain the host belongs to.

use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    let controller = domain.controllers.first().map_or("", |controller| controller.dns_name.as_str());
    Ok(Reply::data(json!({
        "dc": controller,
        "dns": "",
        "domain_fqdn": domain.dns_name.to_lowercase(),
        "enable_domain": true,
        "ou": "",
        "status": "connected",
        "workgroup": domain.netbios_name,
    })))
}
