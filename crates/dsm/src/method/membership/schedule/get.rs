//! `SYNO.Core.Directory.Domain.Schedule` `get`: the schedule that is in force.

use bailiwick_adtypes::file_time::Interval;
use serde_json::json;

use super::DATE_TYPE;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let every = call.accounts().schedule.every().map_err(|error| failed(&error))?;
    Ok(Reply::data(json!({
        "date_type": DATE_TYPE,
        "enable": every.is_some(),
        "repeat_hour": every.map_or(0, Interval::seconds) / 3600,
    })))
}
