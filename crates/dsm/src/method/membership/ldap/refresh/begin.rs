//! `SYNO.Core.Directory.LDAP.Refresh` `start`, or `set`: the host takes over users and groups.

use bailiwick_accounts::task::IdForm;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::start_sync;

/// The row for the catalog.
pub const START: Method = Method { name: "start", since: 1, privilege: Privilege::Administrator, run };
/// The row of its other name.
pub const SET: Method = Method { name: "set", ..START };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let task = start_sync(call, IdForm::LdapRefresh)?;
    Ok(Reply::data(json!({ "task_id": task.id.as_str() })))
}
