//! `SYNO.Core.Directory.LDAP.Login.Notify` `set`: whether they are told, from now on.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `enable` | bool | required |

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::parameters::Wrong;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let enabled = call.parameters.flag("enable")?.ok_or(Wrong::required("enable"))?;
    let changed = call.accounts().policies.change_sign_in_notice(|notice| notice.enabled = enabled);
    call.noted("policy.sign-in-notice", "", changed).map_err(|error| failed(&error))?;
    Ok(Reply::done())
}
