//! `SYNO.Core.Directory.LDAP.BaseDN` `list`: the names below which the host could look.

use bailiwick_domain::administration::domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let domain = domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    let names = [domain.base.to_string()];
    Ok(Reply::data(json!({ "base_dn": names, "total": names.len() })))
}
