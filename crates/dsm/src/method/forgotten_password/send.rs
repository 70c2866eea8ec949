//! `SYNO.Auth.ForgotPwd` `send`: a letter with a link to a page where a new password can be chosen.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user` | string | required |
//!
//! The answer is the same for every name, and given before anything is looked up.

use serde_json::json;

use super::failed;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, NO_PERMISSION};
use crate::page;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "send", since: 1, privilege: Privilege::Anyone, run };

/// The request was taken, whatever comes of it.
const TAKEN: u32 = 3;
/// The longest name that is looked up, in octets.
const NAME_OCTETS_MAX: usize = 1024;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("user")?;
    if name.len() > NAME_OCTETS_MAX {
        return Err(Wrong::condition("user").into());
    }
    if !call.dsm().accounts.policies.password().map_err(|error| failed(&error))?.reset_by_email {
        return Err(Fault::Code(NO_PERMISSION));
    }
    page::reset_password::write_letter(call.dsm(), call.exchange.from, call.exchange.request_id, name);
    Ok(Reply::data(json!({ "msg": TAKEN })))
}
