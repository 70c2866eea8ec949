//! `SYNO.Core.OTP` `auth_tmp_code`: the first code of the caller's device puts it into force.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `code` | string | required |

use super::fault;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "auth_tmp_code", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let code = call.parameters.required_text("code")?;
    let subject = call.signed_in()?.session.subject;
    let confirmed = call.accounts().second_factors.confirm(&call.context(), &subject, &code);
    call.noted("second-factor.confirm", &subject.to_string(), confirmed).map_err(fault)?;
    Ok(Reply::done())
}
