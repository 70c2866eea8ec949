//! `SYNO.Core.Directory.Domain.Schedule` `set`: another schedule, from now on.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `enable` | bool | whether there is one; what is not said stays |
//! | `repeat_hour` | int | hours from one run to the next, 1 to 8760; 24 when one begins without |
//! | `date_type` | int | 0 |

use bailiwick_accounts::sync::{SCHEDULE_HOURS_MAX, ScheduleError};
use serde_json::json;

use super::DATE_TYPE;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::parameters::Wrong;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

/// A schedule that begins without a number.
const HOURS_USUAL: u16 = 24;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (parameters, schedule) = (call.parameters, &call.accounts().schedule);
    let every = schedule.every().map_err(|error| failed(&error))?;
    let enabled = parameters.flag("enable")?.unwrap_or(every.is_some());
    if parameters.integer("date_type")?.is_some_and(|kind| kind != DATE_TYPE) {
        return Err(Wrong::condition("date_type").into());
    }
    let hours = match parameters.integer("repeat_hour")? {
        Some(hours) => u16::try_from(hours).ok().filter(|hours| (1..=SCHEDULE_HOURS_MAX).contains(hours)),
        None => Some(every.and_then(|every| u16::try_from(every.seconds() / 3600).ok()).unwrap_or(HOURS_USUAL)),
    };
    let hours = hours.ok_or(Wrong::condition("repeat_hour"))?;
    let set = schedule.set(if enabled { hours } else { 0 });
    call.noted("domain.sync-schedule", &json!({ "enable": enabled, "hours": hours }).to_string(), set).map_err(
        |error| match error {
            ScheduleError::OutOfRange => Wrong::condition("repeat_hour").into(),
            ScheduleError::Store(_) => failed(&error),
        },
    )?;
    call.accounts().tasks.ring();
    Ok(Reply::done())
}
