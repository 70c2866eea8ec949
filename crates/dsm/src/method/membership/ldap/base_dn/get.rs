//! `SYNO.Core.Directory.LDAP.BaseDN` `get`: the name below which the host looks.

use bailiwick_domain::administration::domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    Ok(Reply::data(json!({ "base_dn": domain.base.to_string() })))
}
