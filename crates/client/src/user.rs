//! The host's own users: what the page "User" of the Python client has, under the same names.

mod account;
mod expiry;
mod membership;
mod password_expiry;
mod password_policy;

pub use account::{
    ChangedUser, CreatedUser, NewUser, User, UserChange, UserField, UserKind, UserOrder, UserPage, UserQuery,
};
pub use expiry::{Expiry, ExpiryFault};
pub use membership::MembershipTask;
pub use password_expiry::{PasswordExpiry, PasswordExpiryChange};
pub use password_policy::{PasswordPolicy, PasswordPolicyChange, StrongPassword, StrongPasswordChange};

use serde::Deserialize;

use crate::answer::AnswerFault;
use crate::error::Error;
use crate::form::Parameters;
use crate::secret::Secret;
use crate::session::Session;
use crate::task::{Started, TaskId, wait};
use account::{DeletedUsers, FoundUsers};

const USER: &str = "SYNO.Core.User";
const MEMBERSHIP: &str = "SYNO.Core.User.Group";
const PASSWORD_POLICY: &str = "SYNO.Core.User.PasswordPolicy";
const PASSWORD_EXPIRY: &str = "SYNO.Core.User.PasswordExpiry";
const PASSWORD_CONFIRM: &str = "SYNO.Core.User.PasswordConfirm";
const USERNAME_POLICY: &str = "SYNO.Core.User.UsernamePolicy";

/// The host's own users and what their passwords must be like, as an administrator sees them.
#[derive(Clone, Copy, Debug)]
pub struct Users<'s> {
    session: &'s Session,
}

impl<'s> Users<'s> {
    pub(crate) fn new(session: &'s Session) -> Users<'s> {
        Users { session }
    }

    /// Users, a page at a time.
    ///
    /// ```no_run
    /// # async fn example(session: &bailiwick_client::Session) -> Result<(), bailiwick_client::Error> {
    /// use bailiwick_client::user::{UserField, UserQuery};
    ///
    /// let query = UserQuery { additional: vec![UserField::Email, UserField::Expiry], ..UserQuery::default() };
    /// for user in session.users().get_users(&query).await?.users {
    ///     println!("{} {}", user.name, user.email.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn get_users(&self, query: &UserQuery) -> Result<UserPage, Error> {
        self.session.call_offered(USER, "list", 1, &query.parameters()).await
    }

    /// One user with the fields that are asked for.
    ///
    /// # Errors
    /// `NoSuchUser`; those of [`Session::call`].
    pub async fn get_user(&self, name: &str, additional: &[UserField]) -> Result<User, Error> {
        let parameters =
            Parameters::new().json("type", "local").json("name", name).json("additional", account::words(additional));
        let found: FoundUsers = self.session.call_offered(USER, "get", 1, &parameters).await?;
        let fault = Error::Answer { api: USER.to_owned(), method: "get".to_owned(), fault: AnswerFault::NoData };
        found.users.into_iter().next().ok_or(fault)
    }

    /// Creates a user.
    ///
    /// # Errors
    /// `UserExists`, `UserNameReserved`, `PasswordRefused`, `BadParameter` for a name that cannot be one,
    /// `TooManyUsers`; those of [`Session::call`].
    pub async fn create_user(&self, user: &NewUser) -> Result<CreatedUser, Error> {
        self.session.call_offered(USER, "create", 1, &user.parameters()).await
    }

    /// Changes a user. What is `None` stays as it is, unlike with the Python client, whose defaults overwrite.
    ///
    /// # Errors
    /// `NoSuchUser`, `LastAdministrator`, `DefaultAccount`, and those of [`create_user`](Users::create_user).
    pub async fn modify_user(&self, name: &str, change: &UserChange) -> Result<ChangedUser, Error> {
        self.session.call_offered(USER, "set", 1, &change.parameters(name)).await
    }

    /// Deletes a user, and gives the number that nobody will have again, where the server tells.
    ///
    /// # Errors
    /// `NoSuchUser`, `DefaultAccount`, `LastAdministrator`, `NotPermitted` for one's own account.
    pub async fn delete_user(&self, name: &str) -> Result<Option<u64>, Error> {
        let parameters = Parameters::new().json("name", name);
        let deleted: DeletedUsers = self.session.call_offered(USER, "delete", 1, &parameters).await?;
        Ok(deleted.number(USER)?)
    }

    /// Begins to put a user into groups and to take them out of others. Groups that are not there are passed over.
    ///
    /// # Errors
    /// `NoSuchUser`, `LastAdministrator`.
    pub async fn affect_groups(&self, name: &str, join: &[&str], leave: &[&str]) -> Result<TaskId, Error> {
        let parameters = Parameters::new().json("name", name).json("join_group", join).json("leave_group", leave);
        let started: Started = self.session.call_offered(MEMBERSHIP, "join", 1, &parameters).await?;
        Ok(started.task_id)
    }

    /// How far that has come.
    ///
    /// # Errors
    /// `NoSuchTask`.
    pub async fn affect_groups_status(&self, task: &TaskId) -> Result<MembershipTask, Error> {
        let parameters = Parameters::new().json("task_id", task.as_str());
        self.session.call_offered(MEMBERSHIP, "join_status", 1, &parameters).await
    }

    /// Waits until it is done.
    ///
    /// # Errors
    /// [`Error::TaskUnfinished`] after the client's time for tasks, and those of
    /// [`affect_groups_status`](Users::affect_groups_status). That it failed is told in the answer.
    pub async fn wait_for_groups(&self, task: &TaskId) -> Result<MembershipTask, Error> {
        let state = async || self.affect_groups_status(task).await;
        wait(task, self.session.client().task_max(), state, |state| state.finished).await
    }

    /// What passwords must be like.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn get_password_policy(&self) -> Result<PasswordPolicy, Error> {
        self.session.call_offered(PASSWORD_POLICY, "get", 1, &Parameters::new()).await
    }

    /// Changes what passwords must be like. What is `None` stays as it is.
    ///
    /// # Errors
    /// `BadParameter` for a number out of its range.
    pub async fn set_password_policy(&self, change: &PasswordPolicyChange) -> Result<(), Error> {
        self.session.run_offered(PASSWORD_POLICY, "set", 1, &change.parameters()).await
    }

    /// When passwords expire.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn get_password_expiry(&self) -> Result<PasswordExpiry, Error> {
        self.session.call_offered(PASSWORD_EXPIRY, "get", 1, &Parameters::new()).await
    }

    /// Changes when passwords expire. What is `None` stays as it is.
    ///
    /// # Errors
    /// `BadParameter` for a number out of its range.
    pub async fn set_password_expiry(&self, change: &PasswordExpiryChange) -> Result<(), Error> {
        self.session.run_offered(PASSWORD_EXPIRY, "set", 1, &change.parameters()).await
    }

    /// Proves that one still knows the password of the session's account. Some methods of a DSM want the token that
    /// comes back, as the parameter `SynoConfirmPWToken`.
    ///
    /// # Errors
    /// `WrongPassword`.
    pub async fn password_confirm(&self, password: &Secret) -> Result<Secret, Error> {
        #[derive(Deserialize)]
        struct Confirmed {
            #[serde(rename = "SynoConfirmPWToken")]
            token: Secret,
        }
        let parameters = Parameters::new().secret("password", password);
        let confirmed: Confirmed = self.session.call_offered(PASSWORD_CONFIRM, "auth", 2, &parameters).await?;
        Ok(confirmed.token)
    }

    /// The names that no new user may have.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn get_username_policy(&self) -> Result<Vec<String>, Error> {
        self.session.call_offered(USERNAME_POLICY, "list", 1, &Parameters::new()).await
    }
}
