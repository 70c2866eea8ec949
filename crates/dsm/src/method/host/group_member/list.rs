//! `SYNO.Core.Group.Member` `list`: the users in a group, or those of the host who are not in it.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `group` | string | required |
//! | `ingroup`, or `in_group` | bool | `true`, which is the default: those in it. Of a group of the domain nothing else is known |
//! | `offset`, `limit` | int | 0 and -1, which is all |

use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault::{self, NO_SUCH_GROUP};
use crate::method::host::{is_of_domain, listing};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (parameters, accounts) = (call.parameters, call.accounts());
    let name = parameters.required_text("group")?;
    let are_members = match parameters.flag("ingroup")? {
        Some(flag) => flag,
        None => parameters.flag("in_group")?.unwrap_or(true),
    };
    let wanted = listing::read(parameters)?;
    let row = |description: &str, name: &str, uid: u32| json!({ "description": description, "name": name, "uid": uid });
    let (total, users): (u64, Vec<Value>) = match (is_of_domain(&name), are_members) {
        (true, true) => {
            let page = accounts.view.members(&name, &wanted).map_err(|error| fault::failed(&error))?;
            let page = page.ok_or(Fault::Code(NO_SUCH_GROUP))?;
            (page.total, page.entries.iter().map(|user| row(&user.description, &user.name, user.uid)).collect())
        }
        (true, false) => return Err(Wrong::condition("ingroup").into()),
        (false, _) => {
            let page = accounts.groups.members(&name, are_members, &wanted).map_err(fault::of_group)?;
            (page.total, page.entries.iter().map(|user| row(&user.description, &user.name, user.uid)).collect())
        }
    };
    Ok(Reply::data(json!({ "offset": wanted.offset, "total": total, "users": users })))
}
