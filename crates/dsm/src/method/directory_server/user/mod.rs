//! `SYNO.DirectoryServer.User`. Specification section 3.5.1.

pub mod change_password;
pub mod create;
pub mod delete;
pub mod modify;
pub mod reset_password;
