//! `SYNO.Core.NormalUser`: the caller's own account. Specification section 3.8.

pub mod get;
pub mod set;
