//! `SYNO.Core.Directory.LDAP.User` `set_pwd`: an account of the domain changes its own password.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `old_password`, `password` | string | required |

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::membership::set_own_password;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set_pwd", since: 1, privilege: Privilege::User, run };

/// The old password is not right.
const BAD_CREDENTIALS: u32 = 2706;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    set_own_password(call, BAD_CREDENTIALS)?;
    Ok(Reply::done())
}
