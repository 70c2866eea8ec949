//! `SYNO.Core.User.Group` `join_list`: the changes of groups that wait or are under way.

use serde_json::{Value, json};

use super::TASK_PREFIX;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "join_list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let tasks = call.accounts().tasks.unfinished(TASK_PREFIX).map_err(|error| fault::failed(&error))?;
    let ids: Vec<Value> = tasks.iter().map(|task| json!(task.id.as_str())).collect();
    Ok(Reply::data(json!({ "tasks": ids })))
}
