//! `SYNO.Core.User.PasswordPolicy` `get`: what is in force.

use bailiwick_accounts::policy::PasswordPolicy;
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let policy = call.accounts().policies.password().map_err(|error| fault::failed(&error))?;
    Ok(Reply::data(shown(&policy)))
}

fn shown(policy: &PasswordPolicy) -> Value {
    let mut rules = json!({
        "exclude_username": policy.exclude_user_name,
        "history_num": policy.history_length,
        "included_numeric_char": policy.include_digit,
        "included_special_char": policy.include_special,
        "min_length": policy.min_length,
        "min_length_enable": policy.min_length_enabled,
        "mixed_case": policy.mixed_case,
    });
    // These two are shown only where they are on.
    if policy.exclude_common {
        rules["exclude_common_password"] = json!(true);
    }
    if policy.exclude_history {
        rules["exclude_history"] = json!(true);
    }
    json!({
        "enable_reset_passwd_by_email": policy.reset_by_email,
        "password_must_change": policy.must_change,
        "strong_password": rules,
    })
}
