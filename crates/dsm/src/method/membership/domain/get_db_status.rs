//! `SYNO.Core.Directory.Domain` `get_db_status`: whether the host is taking over the domain's accounts.

use bailiwick_accounts::task::Work;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get_db_status", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let tasks = call.accounts().tasks.unfinished("").map_err(|error| failed(&error))?;
    let is_updating = tasks.iter().any(|task| task.work == Work::SyncDomain);
    Ok(Reply::data(json!({ "status": if is_updating { "updating" } else { "finish" } })))
}
