//! `SYNO.ActiveDirectory.User`.

pub mod create;
pub mod set;
