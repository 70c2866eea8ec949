//! `SYNO.DirectoryServer.Domain`.

pub mod get_info;
pub mod list;
