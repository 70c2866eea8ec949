//! `SYNO.Core.Directory.LDAP*`: the host as a client of an LDAP server, which is this server. Specification section 3.12.

pub mod base_dn;
pub mod get;
pub mod login_notify;
pub mod profile;
pub mod refresh;
pub mod user;

/// The one profile: the attributes are those of RFC 2307 and of Active Directory, by their own names.
const PROFILE: &str = "standard";
/// The account or the object is not there.
const NO_SUCH_OBJECT: u32 = 2712;
/// It is no distinguished name.
const BAD_NAME: u32 = 2714;
