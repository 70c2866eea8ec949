//! `SYNO.API.Auth.UIConfig` `get`: gives out the static key of the handshake, in a cookie. Specification section 2.8.1.
//!
//! The data is the list of plug-ins of the sign-in page, of which there are none.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Anyone, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let exchange = call.exchange;
    let key = exchange.dsm.responder(exchange.from, exchange.request_id)?.public_key();
    let secure = if exchange.is_encrypted() { "; Secure" } else { "" };
    Ok(Reply::data(json!([])).with_cookie(format!("_SSID={key}; path=/; HttpOnly{secure}")))
}
