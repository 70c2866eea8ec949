//! `SYNO.API.Encryption` `getinfo`: the public key of the envelope, and the time to put into it. Specification section
//! 2.7.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `format` | string | `module` asks for the modulus in hexadecimal digits |

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::envelope::{self, public_key_text};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "getinfo", since: 1, privilege: Privilege::Anyone, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let exchange = call.exchange;
    let key = exchange.dsm.envelope_key(exchange.from, exchange.request_id)?;
    Ok(Reply::data(json!({
        "cipherkey": envelope::FIELD,
        "ciphertoken": envelope::TOKEN,
        "public_key": public_key_text(&key, call.parameters.text("format")?.as_deref()),
        "server_time": exchange.dsm.process.now().unix_seconds(),
    })))
}
