//! `SYNO.Core.Directory.LDAP.Profile` `list`: the profiles that there are. A DSM has others for servers of other kinds;
//! this host has no other server.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::membership::ldap::PROFILE;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(_call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(json!({ "profiles": [PROFILE] })))
}
