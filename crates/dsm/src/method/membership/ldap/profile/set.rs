//! `SYNO.Core.Directory.LDAP.Profile` `set`: chooses a profile.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `profile` | string | required; `standard` |

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::membership::ldap::PROFILE;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    match call.parameters.required_text("profile")? == PROFILE {
        true => Ok(Reply::done()),
        false => Err(Wrong::condition("profile").into()),
    }
}
