//! `SYNO.Entry.Request.Polling` `list`: the ids of background tasks.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id_prefix` | string | required; how the ids begin, with or without their owner in front |
//! | `extra_group_tasks` | list | whose tasks; those of `admin`, which are all, unless others are named |

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault};
use crate::reply::Reply;
use crate::task::GROUP;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let prefix = call.parameters.required_text("task_id_prefix")?;
    let groups = call.parameters.list("extra_group_tasks")?.filter(|groups| !groups.is_empty());
    let is_asked = groups.is_none_or(|groups| groups.iter().any(|group| group == GROUP));
    let mut data = Map::new();
    if is_asked && call.signed_in()?.is_administrator() {
        let mut ids = call.accounts().tasks.ids("").map_err(|_| Fault::Code(BUSY))?;
        ids.retain(|id| id.starts_with(&prefix) || id.split_once('/').is_some_and(|(_, id)| id.starts_with(&prefix)));
        if !ids.is_empty() {
            data.insert(GROUP.to_owned(), json!(ids));
        }
    }
    Ok(Reply::data(Value::Object(data)))
}
