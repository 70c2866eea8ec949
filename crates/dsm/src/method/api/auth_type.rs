//! `SYNO.API.Auth.Type` `get`: how an account can sign in. The answer is the same for every name, so that it tells nobody
//! which accounts there are. Specification section 3.2.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Anyone, run };

fn run(_call: &Call<'_>) -> Result<Reply, Fault> {
    Ok(Reply::data(json!([{ "type": "passwd" }])))
}
