//! What can be done with objects of several kinds, one verb per file; `user`, `group`, `unit` and `computer` offer them.

mod delete;
mod list;
mod member;
mod move_to;
mod rename;
mod set;
mod show;
mod switch;

pub use delete::Delete;
pub use list::List;
pub use member::Member;
pub use move_to::Move;
pub use rename::Rename;
pub use set::Set;
pub use show::Show;
pub use switch::{Switch, Switched};
