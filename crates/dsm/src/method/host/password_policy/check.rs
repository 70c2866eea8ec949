//! `SYNO.Core.User.PasswordPolicy` `check`: whether a password could be a user's, as far as it can be told by looking at it.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `password` | string | required |
//! | `username`, `description` | string | whose it would be |

use bailiwick_accounts::policy::PasswordFault;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "check", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let text = |name| call.parameters.text(name).map(Option::unwrap_or_default);
    let secret = call.parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    call.check_secret(&secret)?;
    let policy = call.accounts().policies.password().map_err(|error| fault::failed(&error))?;
    match policy.check(&secret.password, &text("username")?, &text("description")?) {
        Ok(()) => Ok(Reply::data(json!({ "valid": true }))),
        Err(fault) => Ok(Reply::data(json!({ "reasons": [rule(fault)], "valid": false }))),
    }
}

/// The rule that a password breaks, as the policy's own members are called.
fn rule(fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::Malformed => "length",
        PasswordFault::TooShort { .. } => "min_length",
        PasswordFault::HoldsUserName => "exclude_username",
        PasswordFault::NoDigitOrLetter => "included_numeric_char",
        PasswordFault::NotMixedCase => "mixed_case",
        PasswordFault::NoSpecial => "included_special_char",
        PasswordFault::Common => "exclude_common_password",
        PasswordFault::InHistory => "exclude_history",
        PasswordFault::TooYoung => "min_age",
        PasswordFault::NotChangeable => "cannot_chg_passwd",
        PasswordFault::WrongOld => "old_password",
    }
}
