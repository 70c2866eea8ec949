//! `SYNO.ActiveDirectory.Group` and `SYNO.ActiveDirectory.Group.Member`.

pub mod conflict;
pub mod create;
pub mod member;
