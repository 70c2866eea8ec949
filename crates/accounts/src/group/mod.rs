//! The local groups of the host: [`Groups`] makes, changes, lists and removes them, and says who is in them.

use std::sync::Arc;

use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, Store, WriteTransaction};
use serde::{Deserialize, Serialize};

use crate::book::{Named, Order, folded, next_number};
use crate::listing::{Listing, Page, Sort};
use crate::name::{NameFault, check_group_name, is_description};
use crate::roster::{ADMINISTRATORS_GID, GROUPS, HTTP_GID, MEMBERS, USERS, USERS_GID, administrators};
use crate::user::User;

/// The most local groups.
pub const GROUPS_MAX: u64 = 512;
/// The number of the first group that somebody makes.
const OWN_GID_FIRST: u32 = 65_536;
/// The counter of groups' numbers.
const GID_COUNTER: &str = "gid";

/// A group of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its number, which no other group ever has.
    pub gid: u32,
    /// Its name, as it is shown.
    pub name: String,
    /// What is said of it.
    #[serde(default)]
    pub description: String,
}

impl Group {
    /// Whether it came with the host: such a group can be neither renamed nor removed.
    pub fn is_built_in(&self) -> bool {
        [USERS_GID, ADMINISTRATORS_GID, HTTP_GID].contains(&self.gid)
    }
}

impl Named for Group {
    fn number(&self) -> u32 {
        self.gid
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// Why something was not done with a group. Nothing is changed then.
#[derive(Debug)]
pub enum Error {
    /// No group has the name.
    NoSuchGroup,
    /// A group has the name already.
    Taken,
    /// It is no name.
    Name(NameFault),
    /// The description is too long, or holds control characters.
    Description,
    /// There are as many groups as there may be.
    TooMany,
    /// The group came with the host and stays as it is.
    BuiltIn,
    /// Nobody could administer the host any more.
    LastAdministrator,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

impl From<NameFault> for Error {
    fn from(fault: NameFault) -> Error {
        Error::Name(fault)
    }
}

/// The local groups, in a store that was opened with [`crate::SPACES`].
#[derive(Clone)]
pub struct Groups {
    store: Arc<dyn Store>,
}

impl Groups {
    /// The groups in a store.
    pub fn new(store: Arc<dyn Store>) -> Groups {
        Groups { store }
    }

    /// The group of this name, in any case of letters.
    ///
    /// # Errors
    /// The store's.
    pub fn find(&self, name: &str) -> Result<Option<Group>, StoreError> {
        GROUPS.find(self.store.read()?.as_ref(), name)
    }

    /// A part of the list of groups, in the order of numbers or, for every other order that is asked for, of names.
    ///
    /// # Errors
    /// The store's.
    pub fn list(&self, listing: &Listing) -> Result<Page<Group>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let order = if listing.sort == Sort::Number { Order::Number } else { Order::Name };
        let limit = listing.limit.unwrap_or(u64::MAX);
        let entries = GROUPS.page(transaction, order, listing.descending, listing.offset, limit)?;
        Ok(Page { total: GROUPS.count(transaction)?, entries })
    }

    /// Makes a group.
    ///
    /// # Errors
    /// `Name`, `Description`, `Taken`, `TooMany`.
    pub fn create(&self, name: &str, description: &str) -> Result<Group, Error> {
        check(name, description)?;
        self.store.transact(|transaction| {
            if GROUPS.find(transaction, name)?.is_some() {
                return Err(Error::Taken);
            }
            if GROUPS.count(transaction)? >= GROUPS_MAX {
                return Err(Error::TooMany);
            }
            let gid = next_number(transaction, GID_COUNTER, OWN_GID_FIRST)?;
            let group = Group { gid, name: name.to_owned(), description: description.to_owned() };
            GROUPS.put(transaction, &group, None)?;
            Ok(group)
        })?
    }

    /// Renames a group or changes its description; none leaves it.
    ///
    /// # Errors
    /// `NoSuchGroup`, `Name`, `Description`, `BuiltIn`, `Taken`.
    pub fn change(&self, name: &str, new_name: Option<&str>, description: Option<&str>) -> Result<Group, Error> {
        check(new_name.unwrap_or(name), description.unwrap_or_default())?;
        self.store.transact(|transaction| {
            let former = GROUPS.find(transaction, name)?.ok_or(Error::NoSuchGroup)?;
            let mut group = former.clone();
            if let Some(new_name) = new_name.filter(|new_name| *new_name != former.name) {
                if former.is_built_in() {
                    return Err(Error::BuiltIn);
                }
                if folded(new_name) != folded(&former.name) && GROUPS.find(transaction, new_name)?.is_some() {
                    return Err(Error::Taken);
                }
                group.name = new_name.to_owned();
            }
            if let Some(description) = description {
                group.description = description.to_owned();
            }
            GROUPS.put(transaction, &group, Some(&former))?;
            Ok(group)
        })?
    }

    /// Removes a group. Its number is never given again.
    ///
    /// # Errors
    /// `NoSuchGroup`, `BuiltIn`.
    pub fn delete(&self, name: &str) -> Result<Group, Error> {
        self.store.transact(|transaction| {
            let group = GROUPS.find(transaction, name)?.ok_or(Error::NoSuchGroup)?;
            if group.is_built_in() {
                return Err(Error::BuiltIn);
            }
            MEMBERS.forget_group(transaction, group.gid)?;
            GROUPS.remove(transaction, &group)?;
            Ok(group)
        })?
    }

    /// A part of the list of a group's members, or of all users who are not, in the order of numbers.
    ///
    /// # Errors
    /// `NoSuchGroup`.
    pub fn members(&self, name: &str, are_members: bool, listing: &Listing) -> Result<Page<User>, Error> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let group = GROUPS.find(transaction, name)?.ok_or(Error::NoSuchGroup)?;
        let members = MEMBERS.members(transaction, group.gid)?;
        let mut uids = members.clone();
        if !are_members {
            uids.clear();
            USERS
                .each(transaction, |user| uids.extend(members.binary_search(&user.uid).is_err().then_some(user.uid)))?;
        }
        if listing.descending {
            uids.reverse();
        }
        let Page { total, entries } = Page::of(uids, listing);
        let mut users = Vec::with_capacity(entries.len());
        for uid in entries {
            users.extend(USERS.get(transaction, uid)?);
        }
        Ok(Page { total, entries: users })
    }

    /// Puts users into a group and takes users out of it, in one transaction. Names that nobody has are passed over, and
    /// nobody leaves `users`. Whoever is in both lists leaves.
    ///
    /// # Errors
    /// `NoSuchGroup`, `LastAdministrator`.
    pub fn change_members(
        &self,
        context: &Context<'_>,
        name: &str,
        join: &[String],
        leave: &[String],
    ) -> Result<(), Error> {
        self.store.transact(|transaction| {
            let group = GROUPS.find(transaction, name)?.ok_or(Error::NoSuchGroup)?;
            let before = has_administrator(transaction, context)?;
            for name in join {
                if let Some(user) = USERS.find(transaction, name)? {
                    MEMBERS.join(transaction, group.gid, user.uid)?;
                }
            }
            for name in leave.iter().filter(|_| group.gid != USERS_GID) {
                if let Some(user) = USERS.find(transaction, name)? {
                    MEMBERS.leave(transaction, group.gid, user.uid)?;
                }
            }
            keeps_administrator(transaction, context, before)
        })?
    }

    /// Puts one user into groups and takes him out of groups, in one transaction. Groups that are not there are passed
    /// over, and `users` is neither joined nor left. A group in both lists is left. Whether there is such a user.
    ///
    /// # Errors
    /// `LastAdministrator`.
    pub fn change_groups_of(
        &self,
        context: &Context<'_>,
        uid: u32,
        join: &[String],
        leave: &[String],
    ) -> Result<bool, Error> {
        self.store.transact(|transaction| {
            if USERS.get(transaction, uid)?.is_none() {
                return Ok(false);
            }
            let before = has_administrator(transaction, context)?;
            for (names, joins) in [(join, true), (leave, false)] {
                for name in names {
                    let Some(group) = GROUPS.find(transaction, name)?.filter(|group| group.gid != USERS_GID) else {
                        continue;
                    };
                    match joins {
                        true => MEMBERS.join(transaction, group.gid, uid)?,
                        false => MEMBERS.leave(transaction, group.gid, uid)?,
                    };
                }
            }
            keeps_administrator(transaction, context, before).map(|()| true)
        })?
    }

    /// Makes sure that a change of a user's groups would leave somebody who administers the host.
    ///
    /// # Errors
    /// `LastAdministrator`.
    pub fn check_leaving(&self, context: &Context<'_>, uid: u32, leave: &[String]) -> Result<(), Error> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let mut leaves = false;
        for name in leave {
            leaves |= GROUPS.find(transaction, name)?.is_some_and(|group| group.gid == ADMINISTRATORS_GID);
        }
        match leaves && crate::roster::is_last_administrator(transaction, uid, context.now)? {
            true => Err(Error::LastAdministrator),
            false => Ok(()),
        }
    }
}

fn has_administrator(transaction: &dyn WriteTransaction, context: &Context<'_>) -> Result<bool, Error> {
    Ok(!administrators(transaction, context.now)?.is_empty())
}

/// A host that had an administrator keeps one.
fn keeps_administrator(transaction: &dyn WriteTransaction, context: &Context<'_>, had: bool) -> Result<(), Error> {
    match had && !has_administrator(transaction, context)? {
        true => Err(Error::LastAdministrator),
        false => Ok(()),
    }
}

fn check(name: &str, description: &str) -> Result<(), Error> {
    check_group_name(name)?;
    match is_description(description) {
        true => Ok(()),
        false => Err(Error::Description),
    }
}
