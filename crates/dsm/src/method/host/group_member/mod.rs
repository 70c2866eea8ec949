//! `SYNO.Core.Group.Member`: who is in a group of the host. Specification section 3.11.2.

pub mod add;
pub mod change;
pub mod list;
pub mod remove;

use super::{fault, group};
use crate::call::Call;
use crate::error_code::Fault;
use crate::reply::Reply;

/// Changes the members of the group that `group` names, all of it or nothing.
fn changed(call: &Call<'_>, join: &[String], leave: &[String]) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("group")?;
    group::check_local(call, &name)?;
    let changed = call.accounts().groups.change_members(&call.context(), &name, join, leave);
    call.noted("host-group.members", &name, changed).map_err(fault::of_group)?;
    Ok(Reply::data(serde_json::json!({})))
}
