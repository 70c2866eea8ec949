//! Users of the domain.

use serde::Serialize;

use crate::form::Parameters;
use crate::secret::Secret;

/// A user to be created.
///
/// ```
/// use bailiwick_client::Secret;
/// use bailiwick_client::directory::NewUser;
///
/// let user = NewUser {
///     email: "jdoe@example.com".to_owned(),
///     ..NewUser::new("jdoe", "CN=Users,DC=example,DC=com", Secret::new("Swordfish-77"))
/// };
/// ```
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The logon name, which is also the object's name.
    pub logon_name: String,
    /// The DN of the container or unit in which it is to be.
    pub located_dn: String,
    /// The password.
    pub password: Secret,
    /// A mail address; may be empty.
    pub email: String,
    /// A description; may be empty.
    pub description: String,
    /// Whether nobody can sign in with it yet.
    pub account_is_disabled: bool,
    /// Whether only an administrator may change the password.
    pub cannot_change_password: bool,
    /// Whether the password must be changed at the first sign-in. Of no effect with `password_never_expire`.
    pub change_password_next_logon: bool,
    /// Whether the password never expires. The Python client says yes unless told otherwise; this one says no.
    pub password_never_expire: bool,
}

/// What is known of a user. `None` leaves a value as it is, an empty text takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInformation {
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The name to show. The object is not renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// A description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Initials, at most six letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
    /// An office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_delivery_office_name: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone_number: Option<String>,
    /// A web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
}

impl NewUser {
    /// An enabled user who may change the password.
    pub fn new(logon_name: impl Into<String>, located_dn: impl Into<String>, password: Secret) -> NewUser {
        NewUser {
            logon_name: logon_name.into(),
            located_dn: located_dn.into(),
            password,
            email: String::new(),
            description: String::new(),
            account_is_disabled: false,
            cannot_change_password: false,
            change_password_next_logon: false,
            password_never_expire: false,
        }
    }

    pub(super) fn parameters(&self) -> Parameters {
        Parameters::new()
            .json("logon_name", self.logon_name.as_str())
            .json("located_dn", self.located_dn.as_str())
            .secret("password", &self.password)
            .json("email", self.email.as_str())
            .json("description", self.description.as_str())
            .json("account_is_disabled", self.account_is_disabled)
            .json("cannot_change_password", self.cannot_change_password)
            .json("change_password_next_logon", self.change_password_next_logon)
            .json("password_never_expire", self.password_never_expire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_to_change_is_sent() {
        let information = UserInformation {
            first_name: Some("John".to_owned()),
            physical_delivery_office_name: Some(String::new()),
            ..UserInformation::default()
        };
        let text = serde_json::to_string(&information).unwrap();
        assert_eq!(text, r#"{"firstName":"John","physicalDeliveryOfficeName":""}"#);
        assert_eq!(serde_json::to_string(&UserInformation::default()).unwrap(), "{}");
    }

    #[test]
    fn a_new_user_does_not_print_the_password() {
        let user = NewUser::new("jdoe", "CN=Users", "hunter2".into());
        assert!(!format!("{user:?}").contains("hunter2"));
    }
}
