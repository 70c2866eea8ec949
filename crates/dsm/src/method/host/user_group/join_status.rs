//! `SYNO.Core.User.Group` `join_status`: how far a change of groups has come.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `task_id` | string | required |

use super::task;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::report;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "join_status", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(report(&task(call)?)))
}
