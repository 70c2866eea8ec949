//! `SYNO.Core.User.Group` `join`: a user joins groups and leaves others, while the caller asks how far it has come.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string | required |
//! | `join_group`, `leave_group` | list | names of groups; those that are not there are passed over |

use bailiwick_accounts::task::{IdForm, Work};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault::{self, NO_SUCH_USER};
use crate::method::host::is_of_domain;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "join", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (parameters, accounts) = (call.parameters, call.accounts());
    let name = parameters.required_text("name")?;
    let join = parameters.list("join_group")?.unwrap_or_default();
    let leave = parameters.list("leave_group")?.unwrap_or_default();
    let user = match is_of_domain(&name) {
        true => None,
        false => accounts.users.find(&name).map_err(|error| fault::failed(&error))?,
    };
    let user = user.ok_or(Fault::Code(NO_SUCH_USER))?;
    let context = call.context();
    let checked = accounts.groups.check_leaving(&context, user.uid, &leave);
    call.noted("host-user.groups", &name, checked).map_err(fault::of_group)?;
    let work = Work::ChangeGroups { users: vec![user.uid], name: user.name, join, leave };
    let task = accounts.tasks.start(&context, IdForm::GroupBatch, work).map_err(fault::of_task)?;
    Ok(Reply::data(json!({ "task_id": task.id.as_str() })))
}
