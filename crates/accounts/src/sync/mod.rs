//! The domain's users and groups as accounts of the host: a view that [`Sync`] brings up to date and [`View`] shows.
//!
//! The directory hands out its changes in the order of their update sequence numbers, so that the first run and every
//! later one are the same walk, begun at the number after the last one seen. Wherever a run is cut, the next one goes on
//! there and comes to the same end.

mod account;
mod extrausers;
mod project;
mod run;
mod schedule;
mod view;

use bailiwick_store::Space;

pub use account::{DomainGroup, DomainUser, NUMBER_BASE};
pub use run::{Error, Progress, Step, Sync, Totals};
pub use schedule::{SCHEDULE_HOURS_MAX, Schedule, ScheduleError};
pub use view::View;

use crate::book::Book;
use crate::membership::Membership;

/// How far the view has come.
pub(crate) const STATE: Space = Space("sync-state");
/// The domain's users by number, their names, and who is in which of the domain's groups.
pub(crate) const USER: Space = Space("domain-user");
pub(crate) const USER_NAME: Space = Space("domain-user-name");
pub(crate) const GROUP: Space = Space("domain-group");
pub(crate) const GROUP_NAME: Space = Space("domain-group-name");
pub(crate) const MEMBER: Space = Space("domain-member");
pub(crate) const MEMBER_OF: Space = Space("domain-member-of");

pub(crate) const USERS: Book<DomainUser> = Book::new(USER, USER_NAME);
pub(crate) const GROUPS: Book<DomainGroup> = Book::new(GROUP, GROUP_NAME);
pub(crate) const MEMBERS: Membership = Membership::new(MEMBER, MEMBER_OF);
