//! `SYNO.Core.Directory.LDAP.BaseDN`: below which name the host looks for accounts.

pub mod get;
pub mod list;
pub mod set;
