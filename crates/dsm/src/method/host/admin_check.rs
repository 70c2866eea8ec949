//! `SYNO.Core.Group` and `SYNO.Core.Group.Member` `admin_check`: whether the caller is an administrator.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "admin_check", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(json!({ "is_admin": call.signed_in()?.is_administrator() })))
}
