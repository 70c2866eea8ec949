//! Finding and listing users.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_store::Error as StoreError;

use super::{User, Users};
use crate::book::{Order, folded};
use crate::listing::{Listing, Page, Sort};
use crate::roster::{self, ADMINISTRATORS_GID, GROUPS, MEMBERS, USERS};

impl Users {
    /// The user of this name, in any case of letters.
    ///
    /// # Errors
    /// The store's.
    pub fn find(&self, name: &str) -> Result<Option<User>, StoreError> {
        USERS.find(self.store.read()?.as_ref(), name)
    }

    /// The user of this number.
    ///
    /// # Errors
    /// The store's.
    pub fn get(&self, uid: u32) -> Result<Option<User>, StoreError> {
        USERS.get(self.store.read()?.as_ref(), uid)
    }

    /// A part of the list of users. In the order of names or numbers only the part itself is read.
    ///
    /// # Errors
    /// The store's.
    pub fn list(&self, listing: &Listing) -> Result<Page<User>, StoreError> {
        let transaction = self.store.read()?;
        let transaction = transaction.as_ref();
        let order = match listing.sort {
            Sort::Name => Order::Name,
            Sort::Number => Order::Number,
            // There are few users, so the seldom asked orders have no index.
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
        Ok(Page { total: USERS.count(transaction)?, entries })
    }

    /// The names of the groups that a user is in, in order.
    ///
    /// # Errors
    /// The store's.
    pub fn groups(&self, uid: u32) -> Result<Vec<String>, StoreError> {
        let transaction = self.store.read()?;
        let mut names = Vec::new();
        for gid in MEMBERS.groups(transaction.as_ref(), uid)? {
            names.extend(GROUPS.get(transaction.as_ref(), gid)?.map(|group| group.name));
        }
        names.sort_by_cached_key(|name| folded(name));
        Ok(names)
    }

    /// Whether a user is in the group of administrators.
    ///
    /// # Errors
    /// The store's.
    pub fn is_administrator(&self, uid: u32) -> Result<bool, StoreError> {
        MEMBERS.holds(self.store.read()?.as_ref(), ADMINISTRATORS_GID, uid)
    }

    /// The administrators who may sign in.
    ///
    /// # Errors
    /// The store's.
    pub fn administrators(&self, now: FileTime) -> Result<Vec<User>, StoreError> {
        roster::administrators(self.store.read()?.as_ref(), now)
    }
}
