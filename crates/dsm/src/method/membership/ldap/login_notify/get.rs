//! `SYNO.Core.Directory.LDAP.Login.Notify` `get`: whether they are told.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let notice = call.accounts().policies.sign_in_notice().map_err(|error| failed(&error))?;
    Ok(Reply::data(json!({ "enable": notice.enabled })))
}
