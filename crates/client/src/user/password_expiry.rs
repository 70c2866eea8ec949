//! When passwords of the host's users expire.

use serde::Deserialize;

use crate::form::Parameters;

/// When passwords expire. What a server leaves out because it is off is `None`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
#[non_exhaustive]
pub struct PasswordExpiry {
    /// Whether they expire at all.
    pub password_expire_enable: bool,
    /// After how many days.
    pub max_age: Option<u32>,
    /// Whether they must be kept for a while.
    pub min_age_enable: bool,
    /// For how many days.
    pub min_age: Option<u32>,
    /// Whether users are told at sign-in before they expire.
    pub enable_login_prompt: bool,
    /// How many days before.
    pub login_prompt_days: Option<u32>,
    /// Whether users may change theirs after it expired.
    pub allow_reset_after_expired: bool,
    /// Whether users are told by mail before theirs expires.
    pub enable_mail_notification: bool,
    /// How many days before, such as `7,3,1`.
    pub mail_notification_days: String,
    /// Users whose passwords never expire.
    pub never_expired_list: Vec<String>,
}

/// What is to change on when passwords expire. `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordExpiryChange {
    /// As in [`PasswordExpiry`].
    pub password_expire_enable: Option<bool>,
    /// In days, from 1 to 999.
    pub max_age: Option<u32>,
    /// As in [`PasswordExpiry`].
    pub min_age_enable: Option<bool>,
    /// In days, from 1 to 998, and less than the age at which they expire.
    pub min_age: Option<u32>,
    /// As in [`PasswordExpiry`].
    pub enable_login_prompt: Option<bool>,
    /// In days, from 1 to 99.
    pub login_prompt_days: Option<u32>,
    /// As in [`PasswordExpiry`].
    pub allow_reset_after_expired: Option<bool>,
    /// As in [`PasswordExpiry`].
    pub enable_mail_notification: Option<bool>,
    /// As in [`PasswordExpiry`].
    pub mail_notification_days: Option<String>,
    /// As in [`PasswordExpiry`].
    pub never_expired_list: Option<Vec<String>>,
}

impl PasswordExpiryChange {
    pub(super) fn parameters(&self) -> Parameters {
        Parameters::new()
            .json_if_some("password_expire_enable", self.password_expire_enable)
            .json_if_some("max_age", self.max_age)
            .json_if_some("min_age_enable", self.min_age_enable)
            .json_if_some("min_age", self.min_age)
            .json_if_some("enable_login_prompt", self.enable_login_prompt)
            .json_if_some("login_prompt_days", self.login_prompt_days)
            .json_if_some("allow_reset_after_expired", self.allow_reset_after_expired)
            .json_if_some("enable_mail_notification", self.enable_mail_notification)
            .json_if_some("mail_notification_days", self.mail_notification_days.as_deref())
            .json_if_some("never_expired_list", self.never_expired_list.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_answer_of_the_page_is_read() {
        let expiry: PasswordExpiry = serde_json::from_value(json!({
            "allow_reset_after_expired": true, "enable_login_prompt": false, "enable_mail_notification": false,
            "mail_notification_days": "", "min_age_enable": false, "password_expire_enable": false,
        }))
        .unwrap();
        assert_eq!(expiry, PasswordExpiry { allow_reset_after_expired: true, ..PasswordExpiry::default() });
    }

    #[test]
    fn what_is_on_has_its_number() {
        let answer = json!({"password_expire_enable": true, "max_age": 30, "never_expired_list": ["bob"]});
        let expiry: PasswordExpiry = serde_json::from_value(answer).unwrap();
        assert_eq!((expiry.max_age, expiry.never_expired_list), (Some(30), vec!["bob".to_owned()]));
    }
}
