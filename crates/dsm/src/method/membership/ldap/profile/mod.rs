//! `SYNO.Core.Directory.LDAP.Profile`: by which names the host reads attributes. There is one set of names.

pub mod get;
pub mod list;
pub mod set;
