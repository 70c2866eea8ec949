//! What passwords of the host's users must be like.

use serde::{Deserialize, Serialize};

use crate::form::Parameters;

/// What passwords must be like.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordPolicy {
    /// Whether users who forgot theirs may have a link mailed.
    #[serde(default)]
    pub enable_reset_passwd_by_email: bool,
    /// Whether one that an administrator set must be changed at the next sign-in.
    #[serde(default)]
    pub password_must_change: bool,
    /// The rules.
    pub strong_password: StrongPassword,
}

/// The rules for passwords. What a server leaves out is off.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
#[non_exhaustive]
pub struct StrongPassword {
    /// The user's name and description must not be in it.
    pub exclude_username: bool,
    /// A digit must be in it, and a letter.
    pub included_numeric_char: bool,
    /// A punctuation mark must be in it.
    pub included_special_char: bool,
    /// Letters of both cases must be in it.
    pub mixed_case: bool,
    /// It must have [`min_length`](StrongPassword::min_length) letters.
    pub min_length_enable: bool,
    /// How many letters.
    pub min_length: u32,
    /// It must not be one that many people use.
    pub exclude_common_password: bool,
    /// It must not be one of the last [`history_num`](StrongPassword::history_num).
    pub exclude_history: bool,
    /// How many.
    pub history_num: u32,
}

/// What is to change on the policy. `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordPolicyChange {
    /// As in [`PasswordPolicy`].
    pub enable_reset_passwd_by_email: Option<bool>,
    /// As in [`PasswordPolicy`].
    pub password_must_change: Option<bool>,
    /// The rules.
    pub strong_password: StrongPasswordChange,
}

/// What is to change on the rules. `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StrongPasswordChange {
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_username: Option<bool>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included_numeric_char: Option<bool>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included_special_char: Option<bool>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed_case: Option<bool>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length_enable: Option<bool>,
    /// From 6 to 127.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_common_password: Option<bool>,
    /// As in [`StrongPassword`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_history: Option<bool>,
    /// From 0 to 24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_num: Option<u32>,
}

impl PasswordPolicyChange {
    pub(super) fn parameters(&self) -> Parameters {
        let rules = serde_json::to_value(&self.strong_password).expect("flags and numbers are JSON");
        let rules = Some(rules).filter(|rules| rules.as_object().is_some_and(|rules| !rules.is_empty()));
        Parameters::new()
            .json_if_some("enable_reset_passwd_by_email", self.enable_reset_passwd_by_email)
            .json_if_some("password_must_change", self.password_must_change)
            .json_if_some("strong_password", rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_answer_of_the_page_is_read() {
        let policy: PasswordPolicy = serde_json::from_value(json!({
            "enable_reset_passwd_by_email": false, "password_must_change": false,
            "strong_password": {"exclude_username": true, "history_num": 0, "included_numeric_char": true,
                "included_special_char": false, "min_length": 8, "min_length_enable": true, "mixed_case": true},
        }))
        .unwrap();
        let strong_password = StrongPassword {
            exclude_username: true,
            included_numeric_char: true,
            min_length: 8,
            min_length_enable: true,
            mixed_case: true,
            ..StrongPassword::default()
        };
        assert_eq!(policy, PasswordPolicy { strong_password, ..PasswordPolicy::default() });
    }

    #[test]
    fn rules_are_sent_as_one_object_or_not_at_all() {
        let texts = |change: &PasswordPolicyChange| -> Vec<String> {
            let parameters = change.parameters();
            let text = |field: &crate::form::Field| String::from_utf8(field.text.as_ref().to_vec()).unwrap();
            parameters.fields().iter().map(|field| format!("{}={}", field.name, text(field))).collect()
        };
        assert!(texts(&PasswordPolicyChange::default()).is_empty());
        let mut change = PasswordPolicyChange { password_must_change: Some(true), ..PasswordPolicyChange::default() };
        change.strong_password.min_length = Some(12);
        change.strong_password.mixed_case = Some(false);
        let expected = ["password_must_change=true", r#"strong_password={"min_length":12,"mixed_case":false}"#];
        assert_eq!(texts(&change), expected);
    }
}
