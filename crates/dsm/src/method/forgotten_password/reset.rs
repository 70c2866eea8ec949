//! `SYNO.Auth.ForgotPwd` `reset`: a new password for a ticket. All sessions of the account end.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `ticket` | string | required |
//! | `password` | string | required |

use bailiwick_accounts::password_reset::RedeemError;
use bailiwick_domain::PasswordFault;
use serde_json::json;

use super::{NO_SUCH_TICKET, failed};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault};
use crate::method::host::fault;
use crate::page;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "reset", since: 1, privilege: Privilege::Anyone, run };

/// It is done.
const DONE: u32 = 0;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let ticket = call.parameters.required_text("ticket")?;
    let secret = call.parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    call.check_secret(&secret)?;
    let (dsm, exchange) = (call.dsm(), call.exchange);
    let redeemed = page::reset_password::redeem(dsm, exchange.from, exchange.request_id, ticket, secret.password);
    match redeemed.map_err(|_| Fault::Code(BUSY))? {
        Ok(()) => Ok(Reply::data(json!({ "msg": DONE }))),
        Err(RedeemError::NotGood) => Err(Fault::Code(NO_SUCH_TICKET)),
        Err(RedeemError::Host(broken)) => Err(Fault::Code(fault::of_password(broken))),
        Err(RedeemError::Domain(PasswordFault::InHistory)) => Err(Fault::Code(fault::PASSWORD_IN_HISTORY)),
        Err(RedeemError::Domain(_)) => Err(Fault::Code(fault::BAD_PASSWORD)),
        Err(RedeemError::Failed(error)) => Err(failed(&error)),
    }
}
