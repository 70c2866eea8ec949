//! `SYNO.Core.User.PasswordPolicy` `set`: what is absent stays.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `enable_reset_passwd_by_email` | bool | whoever lost the password can set a new one by e-mail |
//! | `password_must_change` | bool | a password that an administrator sets must be changed at the next sign-in |
//! | `strong_password` | object | the rules; passed over when it is no object |
//! | a rule by its own name | | as a member of `strong_password`, which comes first |

use bailiwick_accounts::policy::{HISTORY_LENGTH_USUAL, PasswordPolicy};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::parameters::{Parameters, Wrong};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

/// What is to be changed; none stays.
struct Wish {
    reset_by_email: Option<bool>,
    must_change: Option<bool>,
    exclude_user_name: Option<bool>,
    include_digit: Option<bool>,
    include_special: Option<bool>,
    mixed_case: Option<bool>,
    exclude_common: Option<bool>,
    min_length_enabled: Option<bool>,
    min_length: Option<u8>,
    exclude_history: Option<bool>,
    history_length: Option<u8>,
}

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let wish = Wish::read(call.parameters)?;
    let changed = call.accounts().policies.change_password(|policy| wish.grant(policy));
    call.noted("host-policy.password", "password", changed).map_err(fault::of_policy)?;
    Ok(Reply::data(json!({})))
}

impl Wish {
    fn read(parameters: &Parameters) -> Result<Wish, Wrong> {
        let rules = parameters.object("strong_password").unwrap_or_default();
        let rules = Parameters::Item { members: rules, is_enveloped: false };
        let rule = |name| match rules.flag(name)? {
            Some(flag) => Ok(Some(flag)),
            None => parameters.flag(name),
        };
        let number = |name| {
            let number = match rules.integer(name)? {
                Some(number) => Some(number),
                None => parameters.integer(name)?,
            };
            number.map(|number| u8::try_from(number).map_err(|_| Wrong::condition(name))).transpose()
        };
        Ok(Wish {
            reset_by_email: parameters.flag("enable_reset_passwd_by_email")?,
            must_change: parameters.flag("password_must_change")?,
            exclude_user_name: rule("exclude_username")?,
            include_digit: rule("included_numeric_char")?,
            include_special: rule("included_special_char")?,
            mixed_case: rule("mixed_case")?,
            exclude_common: rule("exclude_common_password")?,
            min_length_enabled: rule("min_length_enable")?,
            min_length: number("min_length")?,
            exclude_history: rule("exclude_history")?,
            history_length: number("history_num")?,
        })
    }

    fn grant(&self, policy: &mut PasswordPolicy) {
        for (wish, rule) in [
            (self.reset_by_email, &mut policy.reset_by_email),
            (self.must_change, &mut policy.must_change),
            (self.exclude_user_name, &mut policy.exclude_user_name),
            (self.include_digit, &mut policy.include_digit),
            (self.include_special, &mut policy.include_special),
            (self.mixed_case, &mut policy.mixed_case),
            (self.exclude_common, &mut policy.exclude_common),
            (self.min_length_enabled, &mut policy.min_length_enabled),
            (self.exclude_history, &mut policy.exclude_history),
        ] {
            *rule = wish.unwrap_or(*rule);
        }
        policy.min_length = self.min_length.unwrap_or(policy.min_length);
        policy.history_length = self.history_length.unwrap_or(policy.history_length);
        if policy.exclude_history && policy.history_length == 0 {
            policy.history_length = HISTORY_LENGTH_USUAL;
        }
    }
}
