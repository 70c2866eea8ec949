//! Where local users and groups lie, and what holds for both: who administers the host.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_store::{Error, ReadTransaction, Space};

use crate::book::Book;
use crate::group::Group;
use crate::membership::Membership;
use crate::user::User;

/// Local users by uid, their names, and who is in which local group.
pub(crate) const USER: Space = Space("host-user");
pub(crate) const USER_NAME: Space = Space("host-user-name");
pub(crate) const GROUP: Space = Space("host-group");
pub(crate) const GROUP_NAME: Space = Space("host-group-name");
pub(crate) const MEMBER: Space = Space("host-member");
pub(crate) const MEMBER_OF: Space = Space("host-member-of");

/// The local users.
pub(crate) const USERS: Book<User> = Book::new(USER, USER_NAME);
/// The local groups.
pub(crate) const GROUPS: Book<Group> = Book::new(GROUP, GROUP_NAME);
/// Who is in which.
pub(crate) const MEMBERS: Membership = Membership::new(MEMBER, MEMBER_OF);

/// The number of the group of all users.
pub const USERS_GID: u32 = 100;
/// The number of the group that administers the host.
pub const ADMINISTRATORS_GID: u32 = 101;
/// The number of the group that web servers run as.
pub const HTTP_GID: u32 = 1023;
/// The number of the user `admin`.
pub const ADMIN_UID: u32 = 1024;
/// The number of the user `guest`.
pub const GUEST_UID: u32 = 1025;

/// The administrators who may sign in, in the order of numbers.
pub(crate) fn administrators(transaction: &dyn ReadTransaction, now: FileTime) -> Result<Vec<User>, Error> {
    let mut found = Vec::new();
    for uid in MEMBERS.members(transaction, ADMINISTRATORS_GID)? {
        found.extend(USERS.get(transaction, uid)?.filter(|user| !user.expiry.is_over(now)));
    }
    Ok(found)
}

/// Whether somebody is an administrator who may sign in, and the only one.
pub(crate) fn is_last_administrator(transaction: &dyn ReadTransaction, uid: u32, now: FileTime) -> Result<bool, Error> {
    Ok(matches!(administrators(transaction, now)?.as_slice(), [only] if only.uid == uid))
}
