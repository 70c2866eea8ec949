//! `SYNO.ActiveDirectory.Group.Member`.

pub mod add;
