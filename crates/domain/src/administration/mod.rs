//! What an administrator has words for, one use-case per file: all faces call these, and none of them holds a rule.
//!
//! Each use-case finds the objects it is about, states one list of changes and has the directory apply it, whole or not
//! at all. What is allowed and what is well formed the directory decides.

mod account_control;
mod add_member;
mod change_attributes;
mod change_password;
mod create_computer;
mod create_group;
mod create_unit;
mod create_user;
mod creation;
mod delete;
mod descriptor;
mod disable;
mod enable;
mod error;
mod guard;
mod host_administrator;
mod list;
mod move_to;
mod place;
mod remove_member;
mod rename;
mod right;
mod selector;
mod set_password;
mod show;
mod target;
mod unlock;

pub use account_control::AccountControl;
pub use add_member::add_member;
pub use change_attributes::{change_attributes, change_seen_attributes};
pub use change_password::change_password;
pub use create_computer::{NewComputer, create_computer};
pub use create_group::{GroupScope, NewGroup, create_group};
pub use create_unit::{NewUnit, create_unit};
pub use create_user::{NewUser, create_user};
pub use creation::Created;
pub use delete::delete;
pub use descriptor::{grant, read_descriptor, revoke};
pub use disable::disable;
pub use enable::enable;
pub use error::Error;
pub use guard::{Guard, Guarded, Standing, find_guarded_below, stand};
pub use host_administrator::host_administrator;
pub use list::{Listing, Page, list};
pub use move_to::move_to;
pub use place::{Domain, Place, domain, find_place};
pub use remove_member::remove_member;
pub use rename::rename;
pub use right::Right;
pub use selector::Selector;
pub use set_password::{NewPassword, set_password};
pub use show::show;
pub use target::{Kind, Target, find};
pub use unlock::unlock;
