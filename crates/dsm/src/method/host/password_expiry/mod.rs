//! `SYNO.Core.User.PasswordExpiry`: when passwords of the host's users end. Specification section 3.10.5.

pub mod get;
pub mod set;
