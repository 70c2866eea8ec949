//! `SYNO.Core.User.UsernamePolicy` `list`, which is also known as `get`: the names that users are not given.
//! Specification section 3.10.7.

use bailiwick_accounts::name::UsernamePolicy;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The rows for the catalog.
pub const LIST: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };
/// The same by the name that one client's pages have for it.
pub const GET: Method = Method { name: "get", ..LIST };

fn run(_call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(json!(UsernamePolicy::names())))
}
