//! `SYNO.Core.User`: the users of the host. Specification section 3.10.1.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
mod row;
pub mod set;
mod wish;
