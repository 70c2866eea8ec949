//! The host's part: its data can be read, and its view of the domain's accounts is as fresh as the schedule wants it.

use bailiwick_adtypes::file_time::Interval;
use bailiwick_domain::administration::describe_domain;

use super::{Check, answered};
use crate::call::Call;
use crate::error_code::Fault;
use crate::task::failed;

/// So many schedules long may the last sync be past.
const LATE_AFTER: u64 = 2;

pub fn checks(call: &Call<'_>) -> Result<Vec<Check>, Fault> {
    let (accounts, context) = (call.accounts(), call.context());
    let tasks = accounts.tasks.unfinished("").map_err(|error| failed(&error))?;
    let every = accounts.schedule.every().map_err(|error| failed(&error))?;
    let netbios = answered(describe_domain(call.directory(), &context))?.map(|domain| domain.netbios_name);
    let sync = accounts.view.sync(netbios.as_deref().unwrap_or_default());
    let ended = sync.ended_at().map_err(|error| failed(&error))?;
    let oldest = every.map(|every| context.now.before(Interval::from_seconds(every.seconds() * LATE_AFTER)));
    let (is_fresh, problem) = match (ended, oldest) {
        (None, _) => (false, "no sync of the domain's accounts has ended yet"),
        (Some(ended), Some(oldest)) => (ended >= oldest, "the last sync of the domain's accounts is long past"),
        (Some(_), None) => (true, ""),
    };
    let stuck =
        tasks.iter().find(|task| task.created < context.now.before(STUCK_AFTER)).map(|task| task.id.to_string());
    Ok(vec![
        Check::new("sync", is_fresh, problem),
        Check::new("tasks", stuck.is_none(), format!("not done for a day: {}", stuck.unwrap_or_default())),
    ])
}

/// A task that has not ended after this is stuck.
const STUCK_AFTER: Interval = Interval::from_days(1);
