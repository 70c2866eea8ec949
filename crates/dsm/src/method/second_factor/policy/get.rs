//! `SYNO.Core.OTP.EnforcePolicy` `get`: the policy in force.

use serde_json::json;

use super::WORDS;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let policy = call.accounts().policies.second_factor().map_err(|error| failed(&error))?;
    let word = WORDS.iter().find(|(enforced, _)| *enforced == policy.enforced).map(|(_, word)| *word);
    Ok(Reply::data(json!({ "otp_enforce_option": word })))
}
