//! The domain: what the page "DirectoryServer" of the Python client has, under the same names.

mod deletion;
mod group;
mod information;
mod object;
mod user;

pub use deletion::{DeletedObject, Deletion};
pub use group::{GroupScope, GroupType, NewGroup};
pub use information::{Controller, DirectoryInfo, DomainInfo};
pub use object::{DirectoryObject, NewObject, ObjectCategory, ObjectPage, ObjectQuery, ObjectScope};
pub use user::{NewUser, UserInformation};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::compound::{Compound, CompoundAnswer, InnerCall, Mode};
use crate::error::Error;
use crate::form::Parameters;
use crate::secret::Secret;
use crate::session::Session;
use crate::task::{Started, TaskId, wait};
use information::DirectoryAnswer;

const INFO: &str = "SYNO.ActiveDirectory.Info";
const DIRECTORY: &str = "SYNO.ActiveDirectory.Directory";
const USER: &str = "SYNO.ActiveDirectory.User";
const GROUP: &str = "SYNO.ActiveDirectory.Group";
const MEMBER: &str = "SYNO.ActiveDirectory.Group.Member";
const POLLING: &str = "SYNO.ActiveDirectory.Polling";
const DOMAIN: &str = "SYNO.Core.Directory.Domain";
const FORGOTTEN_PASSWORD: &str = "SYNO.Auth.ForgotPwd";

/// The domain, as an administrator sees it.
///
/// Names of objects are distinguished names, such as `CN=jdoe,CN=Users,DC=example,DC=com`, escaped as RFC 4514 wants.
/// Where the directory itself refuses, the error is [`Refusal::DirectoryFailed`](crate::Refusal::DirectoryFailed).
#[derive(Clone, Copy, Debug)]
pub struct Directory<'s> {
    session: &'s Session,
}

/// How far the host's copy of the domain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateStatus {
    /// Not everything is there yet.
    Updating,
    /// Everything is there.
    Finished,
}

impl<'s> Directory<'s> {
    pub(crate) fn new(session: &'s Session) -> Directory<'s> {
        Directory { session }
    }

    /// The domain's names and controllers.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn get_directory_info(&self) -> Result<DirectoryInfo, Error> {
        let answer: DirectoryAnswer = self.session.call_offered(INFO, "get", 3, &Parameters::new()).await?;
        Ok(answer.into())
    }

    /// Objects below `base_dn`, a page at a time.
    ///
    /// ```no_run
    /// # async fn example(session: &bailiwick_client::Session) -> Result<(), bailiwick_client::Error> {
    /// use bailiwick_client::directory::{ObjectCategory, ObjectQuery};
    ///
    /// let query = ObjectQuery { categories: vec![ObjectCategory::Person], limit: 100, ..ObjectQuery::default() };
    /// let page = session.directory().list_directory_objects("CN=Users,DC=example,DC=com", &query).await?;
    /// println!("{} of {}", page.objects.len(), page.total);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `DirectoryFailed` when the base is not there; those of [`Session::call`].
    pub async fn list_directory_objects(&self, base_dn: &str, query: &ObjectQuery) -> Result<ObjectPage, Error> {
        self.session.call_offered(DIRECTORY, "list", 3, &query.parameters(base_dn)).await
    }

    /// Creates a user.
    ///
    /// # Errors
    /// `DirectoryFailed`: the name is taken, the place is not there, or the password breaks the domain's policy.
    pub async fn create_new_user(&self, user: &NewUser) -> Result<NewObject, Error> {
        self.session.call_offered(USER, "create", 1, &user.parameters()).await
    }

    /// Asks the server to mail a user a link to a new password.
    ///
    /// The answer is the same for users that are not there, so that nobody learns who is. The number that comes back
    /// is 3 when the request was taken; no other is known.
    ///
    /// # Errors
    /// `NotPermitted`: the server does not let users do that.
    pub async fn reset_password(&self, username: &str) -> Result<i64, Error> {
        #[derive(Deserialize)]
        struct Sent {
            msg: i64,
        }
        let parameters = Parameters::new().json("user", username);
        let sent: Sent = self.session.call_offered(FORGOTTEN_PASSWORD, "send", 1, &parameters).await?;
        Ok(sent.msg)
    }

    /// Sets a user's password, without asking for the old one, and unlocks the account.
    ///
    /// # Errors
    /// `DirectoryFailed`: there is no such user, or the password breaks the domain's policy.
    pub async fn change_user_password(&self, user_dn: &str, password: &Secret) -> Result<(), Error> {
        #[derive(Serialize)]
        struct NewPassword<'a> {
            dn: &'a str,
            enbl_change_password: bool,
            password: &'a str,
        }
        let user = NewPassword { dn: user_dn, enbl_change_password: true, password: password.expose() };
        self.set_user(user, true).await
    }

    /// Creates a group.
    ///
    /// # Errors
    /// `DirectoryFailed`: the name is taken, or the place is not there.
    pub async fn create_new_group(&self, group: &NewGroup) -> Result<NewObject, Error> {
        self.session.call_offered(GROUP, "create", 1, &group.parameters()).await
    }

    /// Makes a user a member of a group, and gives the members as the server read them. That it is one already is no
    /// error.
    ///
    /// # Errors
    /// `DirectoryFailed`: one of the two is not there.
    pub async fn add_user_to_group(&self, user_dn: &str, group_dn: &str) -> Result<Vec<String>, Error> {
        #[derive(Deserialize)]
        struct Added {
            members: Vec<String>,
        }
        let parameters = json!({"dn": group_dn, "members": [user_dn]});
        let mode = Mode::UpToFailure;
        let call = InnerCall { api: MEMBER, method: "add", version: 1, mode, holds_secret: false, parameters };
        let added: Added = self.session.call_within(call).await?;
        Ok(added.members)
    }

    /// Whether a user, group or computer has this name already, ignoring case. Despite the page's name for it, a
    /// distinguished name is not what it looks for.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn does_dn_exist(&self, name: &str) -> Result<bool, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Conflict {
            is_conflict: bool,
        }
        let parameters = Parameters::new().json("name", name);
        let conflict: Conflict = self.session.call_offered(GROUP, "conflict", 1, &parameters).await?;
        Ok(conflict.is_conflict)
    }

    /// Changes what is known of a user. What is `None` stays as it is.
    ///
    /// # Errors
    /// `DirectoryFailed`: there is no such user, or a value is not allowed.
    pub async fn modify_user_info(&self, user_dn: &str, information: &UserInformation) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Changed<'a> {
            dn: &'a str,
            #[serde(flatten)]
            information: &'a UserInformation,
        }
        self.set_user(Changed { dn: user_dn, information }, false).await
    }

    /// Calls a method in version 2 with one object as the only element of a list, such as `set` of
    /// `SYNO.ActiveDirectory.User` with `userList`. That the call failed is told in the answer.
    ///
    /// # Errors
    /// Those of [`Session::call`] for the request as a whole.
    pub async fn set_entry_request(
        &self,
        api: &str,
        method: &str,
        name: &str,
        object: Value,
    ) -> Result<CompoundAnswer, Error> {
        let compound = Compound::new(Mode::UpToFailure).call(api, method, 2, json!({name: [object]}));
        self.session.compound(&compound).await
    }

    /// Begins to bring the host's copy of the domain's users and groups up to date.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn update_domain_records(&self) -> Result<TaskId, Error> {
        let parameters = Parameters::new().json("domain_name", "@all");
        let started: Started = self.session.call_offered(DOMAIN, "update_start", 1, &parameters).await?;
        Ok(started.task_id)
    }

    /// How far that has come.
    ///
    /// # Errors
    /// `NoSuchTask`, `TaskFailed`.
    pub async fn get_task_status(&self, task: &TaskId) -> Result<UpdateStatus, Error> {
        #[derive(Deserialize)]
        struct Status {
            status: String,
        }
        let parameters = Parameters::new().json("task_id", task.as_str());
        let status: Status = self.session.call_offered(DOMAIN, "update_status", 1, &parameters).await?;
        Ok(if status.status == "updating" { UpdateStatus::Updating } else { UpdateStatus::Finished })
    }

    /// Waits until the host's copy is up to date.
    ///
    /// # Errors
    /// [`Error::TaskUnfinished`] after the client's time for tasks, and those of
    /// [`get_task_status`](Directory::get_task_status).
    pub async fn wait_for_update(&self, task: &TaskId) -> Result<(), Error> {
        let status = async || self.get_task_status(task).await;
        wait(task, self.session.client().task_max(), status, |status| *status == UpdateStatus::Finished).await?;
        Ok(())
    }

    /// Deletes objects, containers with all that is in them, and waits until that is done. Each object is deleted or
    /// not for itself: the answer tells.
    ///
    /// # Errors
    /// [`Error::TaskUnfinished`] after the client's time for tasks; those of [`Session::call`].
    pub async fn delete_items(&self, dns: &[&str]) -> Result<Deletion, Error> {
        let task = self.start_deletion(dns).await?;
        let state = async || self.entry_request(&task).await;
        wait(&task, self.session.client().task_max(), state, |deletion| deletion.finished).await
    }

    /// Deletes one object, as [`delete_items`](Directory::delete_items) does.
    ///
    /// # Errors
    /// Those of [`delete_items`](Directory::delete_items).
    pub async fn delete_item(&self, dn: &str) -> Result<Deletion, Error> {
        self.delete_items(&[dn]).await
    }

    /// Begins to delete objects. [`entry_request`](Directory::entry_request) tells how far that has come.
    ///
    /// # Errors
    /// Those of [`Session::call`].
    pub async fn start_deletion(&self, dns: &[&str]) -> Result<TaskId, Error> {
        let parameters = Parameters::new().json("dnList", dns);
        let started: Started = self.session.call_offered(DIRECTORY, "delete", 2, &parameters).await?;
        Ok(started.task_id)
    }

    /// How far a deletion has come.
    ///
    /// # Errors
    /// `NoSuchTask`; those of [`Session::call`].
    pub async fn entry_request(&self, task: &TaskId) -> Result<Deletion, Error> {
        let (mode, parameters) = (Mode::Parallel, json!({"task_id": task}));
        let call = InnerCall { api: POLLING, method: "get", version: 1, mode, holds_secret: false, parameters };
        self.session.call_within(call).await
    }

    async fn set_user(&self, user: impl Serialize, holds_secret: bool) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Users<T> {
            user_list: [T; 1],
        }
        let (mode, parameters) = (Mode::UpToFailure, Users { user_list: [user] });
        let call = InnerCall { api: USER, method: "set", version: 2, mode, holds_secret, parameters };
        // The data says in words that a record was updated, and so no more than that the call succeeded.
        let _: Value = self.session.call_within(call).await?;
        Ok(())
    }
}
