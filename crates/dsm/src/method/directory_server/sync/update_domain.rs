//! `SYNO.DirectoryServer.Sync` `UpdateDomain`: the host takes over the domain's users and groups, while the caller asks how
//! far it has come.

use bailiwick_accounts::task::IdForm;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::start_sync;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "UpdateDomain", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let task = start_sync(call, IdForm::Sync)?;
    Ok(Reply::data(json!({ "task_id": task.id.as_str() })))
}
