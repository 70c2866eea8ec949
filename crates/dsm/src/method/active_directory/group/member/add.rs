//! `SYNO.ActiveDirectory.Group.Member` `add`: makes members of a group, all of them or none. Specification section 3.6.9.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `dn` | DN | required; the group |
//! | `members` | list of DN | required; who is a member already stays one |

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{Kind, Selector, add_members, find};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "add", since: 1, privilege: Privilege::Administrator, run };

/// The most members of one call.
const MEMBERS_MAX: usize = 10_000;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let group = Selector::from(call.parameters.dn("dn")?);
    let names = call.parameters.names("members")?.ok_or(Wrong::required("members"))?;
    if names.len() > MEMBERS_MAX {
        return Err(Wrong::condition("members").into());
    }
    let (directory, context, modify) = (call.directory(), call.context(), Fault::of(Doing::Modify));
    let group = find(directory, &context, Kind::Group, &group).map_err(&modify)?;
    let mut members = Vec::with_capacity(names.len());
    for name in &names {
        let dn = Dn::parse(name).map_err(|_| Wrong::condition("members"))?;
        members.push(find(directory, &context, Kind::Any, &Selector::from(dn)).map_err(&modify)?);
    }
    add_members(directory, &context, &group, &members).map_err(&modify)?;
    Ok(Reply::data(json!({ "members": names })))
}
