//! `SYNO.ActiveDirectory.Directory`: objects of every category.

pub mod delete;
pub mod list;
