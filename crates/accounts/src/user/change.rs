//! Making, changing and removing users. Whatever sets a password hashes on the thread of the caller, outside of the
//! transaction, so that it belongs into the bounded hashing pool.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_credential::{Cost, Password};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, WriteTransaction};

use super::credential::{CREDENTIAL, Credential};
use super::{Error, USERS_MAX, User, Users};
use crate::book::{counter, folded, next_number, write_counter};
use crate::expiry::Expiry;
use crate::group::Group;
use crate::name::{UsernamePolicy, check_user_name, is_description, is_email};
use crate::policy::{PasswordExpiry, PasswordFault, PasswordPolicy, Policy};
use crate::roster::{
    ADMIN_UID, ADMINISTRATORS_GID, GROUPS, GUEST_UID, HTTP_GID, MEMBERS, USERS, USERS_GID, is_last_administrator,
};

/// The counter of users' numbers.
const UID_COUNTER: &str = "uid";
/// How often a password is hashed anew because somebody else set one meanwhile.
const ATTEMPTS_MAX: usize = 8;

/// A user to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// What is said of him.
    pub description: String,
    /// E-mail addresses, separated by commas or semicolons.
    pub email: String,
    /// Until when he may sign in.
    pub expiry: Expiry,
    /// He may not change his password himself.
    pub cannot_change_password: bool,
    /// His password does not end.
    pub password_never_expires: bool,
    /// Further groups by name; those that are not there are passed over.
    pub groups: Vec<String>,
}

/// What to change of a user; none leaves it.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The name.
    pub new_name: Option<String>,
    /// What is said of him.
    pub description: Option<String>,
    /// E-mail addresses.
    pub email: Option<String>,
    /// Until when he may sign in.
    pub expiry: Option<Expiry>,
    /// He may not change his password himself.
    pub cannot_change_password: Option<bool>,
    /// His password does not end.
    pub password_never_expires: Option<bool>,
}

/// Who sets a password; the rules differ.
#[derive(Clone, Copy, Debug)]
pub enum Setter<'a> {
    /// An administrator, for somebody else.
    Administrator,
    /// The owner, who shows that he knows the old one.
    Owner {
        /// The old one.
        old: &'a Password,
    },
    /// The owner, whom a mail to his address has proven.
    Reset,
}

impl Users {
    /// Makes the users and groups that every host has, if they are not there: `admin` with this password, and `guest`,
    /// who cannot sign in. Whether they were made.
    ///
    /// # Errors
    /// `Cost`, and the store's.
    pub fn found(&self, context: &Context<'_>, admin_password: &Password) -> Result<bool, Error> {
        if USERS.get(self.store.read()?.as_ref(), ADMIN_UID)?.is_some() {
            return Ok(false);
        }
        let credential = self.hash(context, None, admin_password, &PasswordPolicy::default())?;
        self.store.transact(|transaction| {
            if USERS.get(transaction, ADMIN_UID)?.is_some() {
                return Ok(false);
            }
            for (gid, name, description) in [
                (USERS_GID, "users", "System default group"),
                (ADMINISTRATORS_GID, "administrators", "System default admin group"),
                (HTTP_GID, "http", "System group of web servers"),
            ] {
                GROUPS.put(transaction, &Group { gid, name: name.into(), description: description.into() }, None)?;
            }
            for (uid, name, description, expiry) in [
                (ADMIN_UID, "admin", "System default user", Expiry::Normal),
                (GUEST_UID, "guest", "Guest", Expiry::Now),
            ] {
                let user = User {
                    uid,
                    name: name.into(),
                    description: description.into(),
                    email: String::new(),
                    expiry,
                    cannot_change_password: false,
                    password_never_expires: true,
                    password_changed: context.now,
                    password_pending: false,
                };
                USERS.put(transaction, &user, None)?;
                MEMBERS.join(transaction, USERS_GID, uid)?;
            }
            MEMBERS.join(transaction, ADMINISTRATORS_GID, ADMIN_UID)?;
            transaction.put(CREDENTIAL, &ADMIN_UID.to_be_bytes(), &credential.to_octets())?;
            if counter(transaction, UID_COUNTER)? < u64::from(GUEST_UID) {
                write_counter(transaction, UID_COUNTER, u64::from(GUEST_UID))?;
            }
            Ok(true)
        })?
    }

    /// Makes a user, who is then a member of `users`. Hashes.
    ///
    /// # Errors
    /// `Name`, `Description`, `Email`, `Taken`, `Reserved`, `TooMany` and `Password`, in this order of looking.
    pub fn create(&self, context: &Context<'_>, new: &NewUser, password: &Password) -> Result<User, Error> {
        check_texts(Some(&new.name), Some(&new.description), Some(&new.email))?;
        let policy = {
            let transaction = self.store.read()?;
            if USERS.find(transaction.as_ref(), &new.name)?.is_some() {
                return Err(Error::Taken);
            }
            if UsernamePolicy::reserves(&new.name) {
                return Err(Error::Reserved);
            }
            if USERS.count(transaction.as_ref())? >= USERS_MAX {
                return Err(Error::TooMany);
            }
            PasswordPolicy::read(transaction.as_ref())?
        };
        policy.check(password, &new.name, &new.description)?;
        let credential = self.hash(context, None, password, &policy)?;
        self.store.transact(|transaction| {
            // Another may have been made while the password was hashed.
            if USERS.find(transaction, &new.name)?.is_some() {
                return Err(Error::Taken);
            }
            if USERS.count(transaction)? >= USERS_MAX {
                return Err(Error::TooMany);
            }
            let user = User {
                uid: next_number(transaction, UID_COUNTER, GUEST_UID + 1)?,
                name: new.name.clone(),
                description: new.description.clone(),
                email: new.email.clone(),
                expiry: new.expiry,
                cannot_change_password: new.cannot_change_password,
                password_never_expires: new.password_never_expires,
                password_changed: context.now,
                password_pending: policy.must_change,
            };
            USERS.put(transaction, &user, None)?;
            transaction.put(CREDENTIAL, &user.uid.to_be_bytes(), &credential.to_octets())?;
            MEMBERS.join(transaction, USERS_GID, user.uid)?;
            for name in &new.groups {
                if let Some(group) = GROUPS.find(transaction, name)? {
                    MEMBERS.join(transaction, group.gid, user.uid)?;
                }
            }
            Ok(user)
        })?
    }

    /// Changes a user, and sets his password if there is one: all of it, or nothing. Hashes when there is a password.
    ///
    /// # Errors
    /// `NoSuchUser`, `Name`, `Description`, `Email`, `BuiltIn`, `Taken`, `Reserved`, `LastAdministrator`, `Password`.
    pub fn change(
        &self,
        context: &Context<'_>,
        name: &str,
        change: &UserChange,
        password: Option<&Password>,
    ) -> Result<User, Error> {
        check_texts(change.new_name.as_deref(), change.description.as_deref(), change.email.as_deref())?;
        let Some(password) = password else {
            return self.store.transact(|transaction| {
                let former = USERS.find(transaction, name)?.ok_or(Error::NoSuchUser)?;
                let user = changed(transaction, context.now, &former, change)?;
                USERS.put(transaction, &user, Some(&former))?;
                Ok(user)
            })?;
        };
        self.with_new_password(context, name, change, password, Setter::Administrator)
    }

    /// Sets a user's password. Hashes.
    ///
    /// # Errors
    /// `NoSuchUser`, `Password`, `Contended`.
    pub fn set_password(
        &self,
        context: &Context<'_>,
        name: &str,
        password: &Password,
        setter: Setter<'_>,
    ) -> Result<User, Error> {
        self.with_new_password(context, name, &UserChange::default(), password, setter)
    }

    /// Removes a user. His number is never given again.
    ///
    /// # Errors
    /// `NoSuchUser`, `BuiltIn`, `LastAdministrator`.
    pub fn delete(&self, context: &Context<'_>, name: &str) -> Result<User, Error> {
        self.store.transact(|transaction| {
            let user = USERS.find(transaction, name)?.ok_or(Error::NoSuchUser)?;
            if user.is_built_in() {
                return Err(Error::BuiltIn);
            }
            if is_last_administrator(transaction, user.uid, context.now)? {
                return Err(Error::LastAdministrator);
            }
            MEMBERS.forget_member(transaction, user.uid)?;
            transaction.delete(CREDENTIAL, &user.uid.to_be_bytes())?;
            USERS.remove(transaction, &user)?;
            Ok(user)
        })?
    }

    fn with_new_password(
        &self,
        context: &Context<'_>,
        name: &str,
        change: &UserChange,
        password: &Password,
        setter: Setter<'_>,
    ) -> Result<User, Error> {
        for _ in 0..ATTEMPTS_MAX {
            let (user, former, policy) = {
                let transaction = self.store.read()?;
                let transaction = transaction.as_ref();
                let user = USERS.find(transaction, name)?.ok_or(Error::NoSuchUser)?;
                let policy = PasswordPolicy::read(transaction)?;
                if let Setter::Owner { .. } = setter {
                    may_change(&user, &PasswordExpiry::read(transaction)?, context.now)?;
                }
                let former = Credential::read(transaction, user.uid)?;
                (user, former, policy)
            };
            if let Setter::Owner { old } = setter
                && !former.as_ref().is_some_and(|former| former.hash.verify(old))
            {
                return Err(PasswordFault::WrongOld.into());
            }
            let name_then = change.new_name.as_deref().unwrap_or(&user.name);
            let description_then = change.description.as_deref().unwrap_or(&user.description);
            policy.check(password, name_then, description_then)?;
            let credential = self.hash(context, former.as_ref(), password, &policy)?;
            let written = self.store.transact(|transaction| {
                let current = USERS.get(transaction, user.uid)?.ok_or(Error::NoSuchUser)?;
                if Credential::read(transaction, user.uid)? != former {
                    return Ok(None);
                }
                let user = User {
                    password_changed: context.now,
                    password_pending: policy.must_change && matches!(setter, Setter::Administrator),
                    ..changed(transaction, context.now, &current, change)?
                };
                USERS.put(transaction, &user, Some(&current))?;
                transaction.put(CREDENTIAL, &user.uid.to_be_bytes(), &credential.to_octets())?;
                Ok::<_, Error>(Some(user))
            })??;
            if let Some(user) = written {
                return Ok(user);
            }
        }
        Err(Error::Contended)
    }

    fn hash(
        &self,
        context: &Context<'_>,
        former: Option<&Credential>,
        password: &Password,
        policy: &PasswordPolicy,
    ) -> Result<Credential, Error> {
        let cost: Cost = self.cost;
        Credential::replacing(former, password, policy, cost, context.random)
    }
}

/// The user as he is after the change, if he may be so.
fn changed(
    transaction: &dyn WriteTransaction,
    now: FileTime,
    former: &User,
    change: &UserChange,
) -> Result<User, Error> {
    let mut user = former.clone();
    if let Some(name) = change.new_name.as_deref().filter(|name| *name != former.name) {
        if former.is_built_in() {
            return Err(Error::BuiltIn);
        }
        if folded(name) != folded(&former.name) {
            if USERS.find(transaction, name)?.is_some() {
                return Err(Error::Taken);
            }
            if UsernamePolicy::reserves(name) {
                return Err(Error::Reserved);
            }
        }
        user.name = name.to_owned();
    }
    let set = |field: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            field.clone_from(value);
        }
    };
    set(&mut user.description, &change.description);
    set(&mut user.email, &change.email);
    user.cannot_change_password = change.cannot_change_password.unwrap_or(former.cannot_change_password);
    user.password_never_expires = change.password_never_expires.unwrap_or(former.password_never_expires);
    user.expiry = change.expiry.unwrap_or(former.expiry);
    let ends = user.expiry.is_over(now) && !former.expiry.is_over(now);
    if ends && is_last_administrator(transaction, former.uid, now)? {
        return Err(Error::LastAdministrator);
    }
    Ok(user)
}

fn check_texts(name: Option<&str>, description: Option<&str>, email: Option<&str>) -> Result<(), Error> {
    if let Some(name) = name {
        check_user_name(name)?;
    }
    if !description.is_none_or(is_description) {
        return Err(Error::Description);
    }
    if !email.is_none_or(is_email) {
        return Err(Error::Email);
    }
    Ok(())
}

fn may_change(user: &User, expiry: &PasswordExpiry, now: FileTime) -> Result<(), PasswordFault> {
    if user.cannot_change_password {
        return Err(PasswordFault::NotChangeable);
    }
    // A password that must be changed is never too young for it.
    if !user.password_pending && now < expiry.changeable_from(user.password_changed) {
        return Err(PasswordFault::TooYoung);
    }
    Ok(())
}

/// Keeps a credential that was hashed anew at another cost, if it is still the user's.
pub(super) fn keep_rehashed(
    transaction: &mut dyn WriteTransaction,
    uid: u32,
    former: &Credential,
    rehashed: &Credential,
) -> Result<(), StoreError> {
    if Credential::read(transaction, uid)?.as_ref() == Some(former) {
        transaction.put(CREDENTIAL, &uid.to_be_bytes(), &rehashed.to_octets())?;
    }
    Ok(())
}
