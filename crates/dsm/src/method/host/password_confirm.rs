//! `SYNO.Core.User.PasswordConfirm` `auth`: the owner of a session shows his password once more. Specification section
//! 3.10.6. A wrong one is counted as a sign-in that failed.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `password` | string | required |

use bailiwick_domain::{Error, Refusal};
use serde_json::json;

use super::fault::{self, BAD_PASSWORD};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault, NO_PERMISSION, NO_SUCH_SESSION};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "auth", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let secret = call.parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    let signed_in = call.signed_in()?;
    let from = call.requester_with(secret.is_enveloped);
    let shown = call.dsm().gate().sign_in(&from, call.exchange.request_id, &signed_in.name, &secret.password);
    let account = shown.map_err(|error| {
        Fault::Code(match error {
            Error::Busy | Error::Unavailable { .. } => BUSY,
            Error::Refused(Refusal::ConfidentialityRequired) => NO_PERMISSION,
            _ => BAD_PASSWORD,
        })
    })?;
    // Another account may have taken the name over.
    if account.subject != signed_in.session.subject {
        return Err(Fault::Code(BAD_PASSWORD));
    }
    let session = call.exchange.shown_id().ok_or(Fault::Code(NO_SUCH_SESSION))?;
    let token = call.accounts().confirmations.issue(&call.context(), session);
    Ok(Reply::data(json!({ "SynoConfirmPWToken": token.map_err(|error| fault::failed(&error))? })))
}
