//! `SYNO.Core.Directory.LDAP.Profile` `get`: the profile in force.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::membership::ldap::PROFILE;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(_call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(json!({ "profile": PROFILE })))
}
