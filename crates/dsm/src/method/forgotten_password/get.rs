//! `SYNO.Auth.ForgotPwd` `get`: whose password a ticket is for.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `ticket` | string | required |

use serde_json::json;

use super::{NO_SUCH_TICKET, failed};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::page;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Anyone, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let ticket = call.parameters.required_text("ticket")?;
    let whose = page::reset_password::whose(call.dsm(), call.exchange.from, call.exchange.request_id, &ticket);
    let name = whose.map_err(|error| failed(&error))?.ok_or(Fault::Code(NO_SUCH_TICKET))?;
    Ok(Reply::data(json!({ "user": name })))
}
