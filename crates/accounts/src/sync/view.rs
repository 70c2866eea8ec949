//! The domain's accounts as the host last saw them.

use std::sync::Arc;

use bailiwick_store::{Error as StoreError, Store};

use super::account::{DomainGroup, DomainUser};
use super::{GROUPS, MEMBERS, Sync, USERS, extrausers};
use crate::book::{Order, folded};
use crate::listing::{Listing, Page, Sort};

/// The most users that are put in an order that has no index. Beyond, names stand in for it.
const SORTED_IN_MEMORY_MAX: u64 = 100_000;

/// The domain's accounts, in a store that was opened with [`crate::SPACES`]. Nothing in it can be changed but by
/// [`super::Sync`].
#[derive(Clone)]
pub struct View {
    store: Arc<dyn Store>,
}

impl View {
    /// The view in a store.
    pub fn new(store: Arc<dyn Store>) -> View {
        View { store }
    }

    /// What brings the view up to date, for a domain with this NetBIOS name.
    pub fn sync(&self, netbios: &str) -> Sync {
        Sync::new(Arc::clone(&self.store), netbios)
    }

    /// Hands out the view as lines of the files that `libnss-extrausers` reads, each with its line feed and all of one
    /// moment: those of `passwd` to the first, those of `group` to the second.
    ///
    /// # Errors
    /// The store's.
    pub fn lines(&self, passwd: impl FnMut(&str), group: impl FnMut(&str)) -> Result<(), StoreError> {
        let transaction = self.store.read()?;
        extrausers::passwd(transaction.as_ref(), passwd)?;
        extrausers::group(transaction.as_ref(), group)
    }

    /// The user of this name, which is `NETBIOS\name`, in any case of letters.
    ///
    /// # Errors
    /// The store's.
    pub fn find_user(&self, name: &str) -> Result<Option<DomainUser>, StoreError> {
        USERS.find(self.store.read()?.as_ref(), name)
    }

    /// The group of this name, which is `NETBIOS\name`, in any case of letters.
    ///
    /// # Errors
    /// The store's.
    pub fn find_group(&self, name: &str) -> Result<Option<DomainGroup>, StoreError> {
        GROUPS.find(self.store.read()?.as_ref(), name)
    }

    /// A part of the list of users. In the order of names or numbers only the part itself is read.
    ///
    /// # Errors
    /// The store's.
    pub fn users(&self, listing: &Listing) -> Result<Page<DomainUser>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let total = USERS.count(transaction)?;
        let order = match listing.sort {
            Sort::Number => Order::Number,
            Sort::Name => Order::Name,
            _ if total > SORTED_IN_MEMORY_MAX => Order::Name,
            Sort::Description | Sort::Email | Sort::Expired => {
                let mut all = Vec::new();
                USERS.each(transaction, |user| all.push(user))?;
                match listing.sort {
                    Sort::Description => all.sort_by_cached_key(|user| folded(&user.description)),
                    Sort::Email => all.sort_by_cached_key(|user| folded(&user.email)),
                    _ => all.sort_by_key(|user| user.expiry),
                }
                if listing.descending {
                    all.reverse();
                }
                return Ok(Page::of(all, listing));
            }
        };
        let limit = listing.limit.unwrap_or(u64::MAX);
        let entries = USERS.page(transaction, order, listing.descending, listing.offset, limit)?;
        Ok(Page { total, entries })
    }

    /// A part of the list of groups, in the order of numbers or, for every other order that is asked for, of names.
    ///
    /// # Errors
    /// The store's.
    pub fn groups(&self, listing: &Listing) -> Result<Page<DomainGroup>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let order = if listing.sort == Sort::Number { Order::Number } else { Order::Name };
        let limit = listing.limit.unwrap_or(u64::MAX);
        let entries = GROUPS.page(transaction, order, listing.descending, listing.offset, limit)?;
        Ok(Page { total: GROUPS.count(transaction)?, entries })
    }

    /// A part of the list of the users in a group, in the order of numbers; none when there is no such group. Groups in
    /// the group are not looked into.
    ///
    /// # Errors
    /// The store's.
    pub fn members(&self, name: &str, listing: &Listing) -> Result<Option<Page<DomainUser>>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let Some(group) = GROUPS.find(transaction, name)? else { return Ok(None) };
        let mut users = Vec::new();
        for uid in MEMBERS.members(transaction, group.gid)? {
            users.extend(USERS.get(transaction, uid)?);
        }
        if listing.descending {
            users.reverse();
        }
        Ok(Some(Page::of(users, listing)))
    }

    /// The names of the groups that a user is in, his primary one included, in order.
    ///
    /// # Errors
    /// The store's.
    pub fn groups_of(&self, user: &DomainUser) -> Result<Vec<String>, StoreError> {
        let transaction = self.store.read()?;
        let mut names = Vec::new();
        let mut gids = MEMBERS.groups(transaction.as_ref(), user.uid)?;
        if !gids.contains(&user.gid) {
            gids.push(user.gid);
        }
        for gid in gids {
            names.extend(GROUPS.get(transaction.as_ref(), gid)?.map(|group| group.name));
        }
        names.sort_by_cached_key(|name| folded(name));
        Ok(names)
    }
}
