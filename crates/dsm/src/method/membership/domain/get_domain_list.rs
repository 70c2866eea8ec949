//! `SYNO.Core.Directory.Domain` `get_domain_list`: the domains whose accounts the host knows.

use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get_domain_list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({ "domain_list": [domain.netbios_name] })))
}
