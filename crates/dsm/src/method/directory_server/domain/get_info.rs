//! `SYNO.DirectoryServer.Domain` `GetInfo`: the names of the domain. Specification section 3.5.3.

use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "GetInfo", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({
        "base_dn": domain.base.to_string(),
        "domain": domain.dns_name.to_lowercase(),
        "netbios_name": domain.netbios_name,
        "status": "running",
    })))
}
