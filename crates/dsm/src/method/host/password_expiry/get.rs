//! `SYNO.Core.User.PasswordExpiry` `get`: what is in force. A number is shown where its switch is on.

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let policy = call.accounts().policies.password_expiry().map_err(|error| fault::failed(&error))?;
    let mut never_expiring = Vec::new();
    for uid in &policy.never_expiring {
        let user = call.accounts().users.get(*uid).map_err(|error| fault::failed(&error))?;
        // Whoever is gone is on no list any more.
        never_expiring.extend(user.map(|user| user.name));
    }
    let days: Vec<String> = policy.mail_days.iter().map(ToString::to_string).collect();
    let mut data = json!({
        "allow_reset_after_expired": policy.change_after_end,
        "enable_login_prompt": policy.login_prompt,
        "enable_mail_notification": policy.mail_notification,
        "mail_notification_days": days.join(","),
        "min_age_enable": policy.min_age_enabled,
        "password_expire_enable": policy.expires,
    });
    for (is_shown, name, value) in [
        (policy.expires, "max_age", json!(policy.age_days_max)),
        (policy.min_age_enabled, "min_age", json!(policy.age_days_min)),
        (policy.login_prompt, "login_prompt_days", json!(policy.login_prompt_days)),
        (!never_expiring.is_empty(), "never_expired_list", json!(never_expiring)),
    ] {
        if is_shown {
            data[name] = value;
        }
    }
    Ok(Reply::data(data))
}
