//! `SYNO.Core.Directory.LDAP.Refresh`: the host takes over the users and groups of the directory. It is the same work as
//! that of `SYNO.Core.Directory.Domain`, and DSM and its clients have each two names for it.

mod begin;
mod status;

pub use begin::{SET, START};
pub use status::{GET, GET_STATUS};
