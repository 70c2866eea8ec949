//! `SYNO.API.Auth` `logout`: ends the session that the request shows, and is content when it shows none: one common
//! client signs out without saying who it is. Specification section 2.6.

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, UNKNOWN};
use crate::exchange::SESSION_COOKIE;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "logout", since: 1, privilege: Privilege::Anyone, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let Some(id) = call.exchange.shown_id() else { return Ok(Reply::done()) };
    let ended = call.dsm().accounts.sessions.end(id).map_err(|error| {
        tracing::error!(%error, "a session cannot be ended");
        Fault::Code(UNKNOWN)
    })?;
    Ok(match ended {
        true => Reply::done().with_cookie(format!("{SESSION_COOKIE}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/")),
        false => Reply::done(),
    })
}
