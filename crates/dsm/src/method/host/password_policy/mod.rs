//! `SYNO.Core.User.PasswordPolicy`: what passwords of the host's users must be like. Specification section 3.10.4.

pub mod check;
pub mod get;
pub mod set;
