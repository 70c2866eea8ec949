//! `SYNO.Core.User.PasswordMeter` `evaluate`: how hard a password is to guess. Specification section 3.10.8.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `password` | string | required |

use bailiwick_accounts::policy::{Strength, strength};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "evaluate", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let secret = call.parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    call.check_secret(&secret)?;
    let word = match strength(&secret.password) {
        Strength::Weak => "weak",
        Strength::Medium => "medium",
        Strength::Strong => "strong",
    };
    Ok(Reply::data(json!({ "strength": word })))
}
