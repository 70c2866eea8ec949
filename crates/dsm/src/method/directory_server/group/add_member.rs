//! `SYNO.DirectoryServer.Group` `AddMember`: who is a member already stays one. Specification section 3.5.2.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user_dn` | DN | required |
//! | `group_dn` | DN | required |

use bailiwick_domain::administration::add_members;

use super::group_and_member;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "AddMember", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (group, member) = group_and_member(call)?;
    add_members(call.directory(), &call.context(), &group, &[member]).map_err(Fault::of(Doing::Modify))?;
    Ok(Reply::done())
}
