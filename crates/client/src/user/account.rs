//! Accounts of the host: in lists, to be created, to be changed.

use serde::Deserialize;
use serde_json::Value;

use crate::form::Parameters;
use crate::refusal::Refused;
use crate::secret::Secret;
use crate::user::expiry::Expiry;

/// Which users to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// Where they come from; the host itself unless said.
    pub kind: UserKind,
    /// How many to leave out at the beginning.
    pub offset: u64,
    /// How many at most; all unless said.
    pub limit: Option<u64>,
    /// By what they are sorted; the name unless said.
    pub sort_by: UserOrder,
    /// Whether the last comes first.
    pub descending: bool,
    /// What is wanted beside the names.
    pub additional: Vec<UserField>,
}

/// Where users come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserKind {
    /// The host itself.
    #[default]
    Local,
    /// The domain, as of the last update of the host's copy.
    Domain,
    /// A directory that the host is a client of.
    Ldap,
    /// All of them.
    All,
}

/// By what users are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserOrder {
    /// The name.
    #[default]
    Name,
    /// The description.
    Description,
    /// The mail address.
    Email,
    /// Until when it may be used.
    Expiry,
    /// The number.
    Uid,
}

/// What may be asked for beside a user's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserField {
    /// [`User::uid`].
    Uid,
    /// [`User::description`].
    Description,
    /// [`User::email`].
    Email,
    /// [`User::expiry`].
    Expiry,
    /// [`User::cannot_change_password`].
    CannotChangePassword,
    /// [`User::password_never_expires`].
    PasswordNeverExpires,
    /// [`User::password_last_change`].
    PasswordLastChange,
    /// [`User::is_password_pending`].
    IsPasswordPending,
    /// [`User::groups`].
    Groups,
    /// [`User::has_second_factor`].
    SecondFactor,
}

/// Some users of all that match.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserPage {
    /// How many were left out before them.
    #[serde(default)]
    pub offset: u64,
    /// How many match in all.
    #[serde(default)]
    pub total: u64,
    /// The users of this page.
    pub users: Vec<User>,
}

/// A user, with what was asked for; the rest is `None`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The name.
    pub name: String,
    /// The number, which nobody has after them.
    #[serde(default)]
    pub uid: Option<u64>,
    /// A description.
    #[serde(default)]
    pub description: Option<String>,
    /// Mail addresses, with commas or semicolons between them.
    #[serde(default)]
    pub email: Option<String>,
    /// Until when the account may be used.
    #[serde(default, rename = "expired")]
    pub expiry: Option<Expiry>,
    /// Whether only an administrator may change the password.
    #[serde(default, rename = "cannot_chg_passwd")]
    pub cannot_change_password: Option<bool>,
    /// Whether the password never expires.
    #[serde(default, rename = "passwd_never_expire")]
    pub password_never_expires: Option<bool>,
    /// The day of the last change of the password, in days since 1970.
    #[serde(default)]
    pub password_last_change: Option<u64>,
    /// Whether the password must be changed at the next sign-in.
    #[serde(default)]
    pub is_password_pending: Option<bool>,
    /// The groups.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
    /// Whether a second factor is set up.
    #[serde(default, rename = "2fa_status")]
    pub has_second_factor: Option<bool>,
}

/// A user to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// A description; may be empty.
    pub description: String,
    /// Mail addresses, with commas between them; may be empty.
    pub email: String,
    /// Until when the account may be used.
    pub expiry: Expiry,
    /// Whether only an administrator may change the password.
    pub cannot_change_password: bool,
    /// Whether the password never expires; yes unless said, as on a DSM.
    pub password_never_expires: bool,
    /// Whether the user is told by mail.
    pub notify_by_email: bool,
    /// Whether that mail tells the password.
    pub send_password: bool,
}

/// What is to change on a user. `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// A new name.
    pub new_name: Option<String>,
    /// A new password.
    pub password: Option<Secret>,
    /// A description.
    pub description: Option<String>,
    /// Mail addresses.
    pub email: Option<String>,
    /// Until when the account may be used.
    pub expiry: Option<Expiry>,
    /// Whether only an administrator may change the password.
    pub cannot_change_password: Option<bool>,
    /// Whether the password never expires.
    pub password_never_expires: Option<bool>,
    /// Whether the user is told by mail.
    pub notify_by_email: Option<bool>,
    /// Whether that mail tells the password.
    pub send_password: Option<bool>,
}

/// A user that was created.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedUser {
    /// The name.
    pub name: String,
    /// The number.
    pub uid: u64,
}

/// A user that was changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedUser {
    /// The name after the change.
    pub name: String,
    /// The number.
    pub uid: u64,
    /// The day of the last change of the password, in days since 1970.
    #[serde(default)]
    pub password_last_change: Option<u64>,
}

/// What `get` answers.
#[derive(Deserialize)]
pub(super) struct FoundUsers {
    pub users: Vec<User>,
}

/// What `delete` answers: the user, or a list of those that could not be deleted.
#[derive(Deserialize)]
pub(super) struct DeletedUsers {
    #[serde(default)]
    uid: Option<u64>,
    #[serde(default)]
    errors: Vec<NotDeleted>,
}

#[derive(Deserialize)]
struct NotDeleted {
    code: i64,
}

impl UserQuery {
    pub(super) fn parameters(&self) -> Parameters {
        /// Stands for no limit.
        const ALL: i64 = -1;
        let kind = match self.kind {
            UserKind::Local => "local",
            UserKind::Domain => "domain",
            UserKind::Ldap => "ldap",
            UserKind::All => "all",
        };
        let sort_by = match self.sort_by {
            UserOrder::Name => "name",
            UserOrder::Description => "description",
            UserOrder::Email => "email",
            UserOrder::Expiry => "expired",
            UserOrder::Uid => "uid",
        };
        Parameters::new()
            .json("type", kind)
            .json("offset", self.offset)
            .json("limit", self.limit.map_or(Value::from(ALL), Value::from))
            .json("sort_by", sort_by)
            .json("sort_direction", if self.descending { "DESC" } else { "ASC" })
            .json("additional", words(&self.additional))
    }
}

impl UserField {
    fn word(self) -> &'static str {
        match self {
            UserField::Uid => "uid",
            UserField::Description => "description",
            UserField::Email => "email",
            UserField::Expiry => "expired",
            UserField::CannotChangePassword => "cannot_chg_passwd",
            UserField::PasswordNeverExpires => "passwd_never_expire",
            UserField::PasswordLastChange => "password_last_change",
            UserField::IsPasswordPending => "is_password_pending",
            UserField::Groups => "groups",
            UserField::SecondFactor => "2fa_status",
        }
    }
}

/// The words of fields, as they are asked for.
pub(super) fn words(fields: &[UserField]) -> Vec<&'static str> {
    fields.iter().map(|field| field.word()).collect()
}

impl NewUser {
    /// A user who may sign in for ever and is told nothing.
    pub fn new(name: impl Into<String>, password: Secret) -> NewUser {
        NewUser {
            name: name.into(),
            password,
            description: String::new(),
            email: String::new(),
            expiry: Expiry::Normal,
            cannot_change_password: false,
            password_never_expires: true,
            notify_by_email: false,
            send_password: false,
        }
    }

    pub(super) fn parameters(&self) -> Parameters {
        Parameters::new()
            .json("name", self.name.as_str())
            .secret("password", &self.password)
            .json("description", self.description.as_str())
            .json("email", self.email.as_str())
            .json("expired", self.expiry.to_string())
            .json("cannot_chg_passwd", self.cannot_change_password)
            .json("passwd_never_expire", self.password_never_expires)
            .json("notify_by_email", self.notify_by_email)
            .json("send_password", self.send_password)
    }
}

impl UserChange {
    pub(super) fn parameters(&self, name: &str) -> Parameters {
        let parameters = Parameters::new()
            .json("name", name)
            .json_if_some("new_name", self.new_name.as_deref())
            .json_if_some("description", self.description.as_deref())
            .json_if_some("email", self.email.as_deref())
            .json_if_some("expired", self.expiry.map(|expiry| expiry.to_string()))
            .json_if_some("cannot_chg_passwd", self.cannot_change_password)
            .json_if_some("passwd_never_expire", self.password_never_expires)
            .json_if_some("notify_by_email", self.notify_by_email)
            .json_if_some("send_password", self.send_password);
        match &self.password {
            Some(password) => parameters.secret("password", password),
            None => parameters,
        }
    }
}

impl DeletedUsers {
    /// The number of the one user that was to be deleted.
    pub(super) fn number(self, api: &str) -> Result<Option<u64>, Refused> {
        match self.errors.first() {
            Some(NotDeleted { code }) => Err(Refused::read(api, "delete", *code, None)),
            None => Ok(self.uid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;
    use serde_json::json;

    #[test]
    fn a_user_has_what_was_asked_for() {
        let page: UserPage = serde_json::from_value(json!({"offset": 0, "total": 5, "users": [
            {"description": "System default user", "email": "", "expired": "now", "name": "admin", "passwd_never_expire": true},
            {"2fa_status": false, "cannot_chg_passwd": false, "expired": "2027/3/9", "groups": ["users"],
             "is_password_pending": false, "name": "bob", "password_last_change": 19789, "uid": 1027},
        ]}))
        .unwrap();
        let [admin, bob] = page.users.try_into().unwrap();
        let expected = User {
            name: "admin".to_owned(),
            description: Some("System default user".to_owned()),
            email: Some(String::new()),
            expiry: Some(Expiry::Now),
            password_never_expires: Some(true),
            ..User::default()
        };
        assert_eq!(admin, expected);
        let expected = User {
            name: "bob".to_owned(),
            uid: Some(1027),
            expiry: Some(Expiry::On { year: 2027, month: 3, day: 9 }),
            cannot_change_password: Some(false),
            password_last_change: Some(19789),
            is_password_pending: Some(false),
            groups: Some(vec!["users".to_owned()]),
            has_second_factor: Some(false),
            ..User::default()
        };
        assert_eq!(bob, expected);
    }

    #[test]
    fn both_answers_to_a_deletion_are_understood() {
        let read = |answer| serde_json::from_value::<DeletedUsers>(answer).unwrap().number("SYNO.Core.User");
        assert_eq!(read(json!({"name": "toto", "uid": 1030})).unwrap(), Some(1030));
        assert_eq!(read(json!({"errors": []})).unwrap(), None);
        let refused = read(json!({"errors": [{"code": 3106, "name": "toto"}]})).unwrap_err();
        assert!(matches!(refused.refusal, Refusal::NoSuchUser));
    }

    #[test]
    fn only_what_is_to_change_is_sent() {
        let names = |change: &UserChange| -> Vec<String> {
            change.parameters("bob").fields().iter().map(|field| field.name.clone()).collect()
        };
        assert_eq!(names(&UserChange::default()), ["name"]);
        let change = UserChange { password: Some("pw".into()), email: Some(String::new()), ..UserChange::default() };
        assert_eq!(names(&change), ["name", "email", "password"]);
    }
}
