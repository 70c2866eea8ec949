//! `SYNO.Core.User.Group` `get`: the groups of a user.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name`, or `user` | string | required |

use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault::{self, NO_SUCH_USER};
use crate::method::host::is_of_domain;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let text = |name| call.parameters.text(name).map(|text| text.filter(|text| !text.is_empty()));
    let name = match text("name")? {
        Some(name) => name,
        None => text("user")?.ok_or(Wrong::required("name"))?,
    };
    let (accounts, unknown) = (call.accounts(), Fault::Code(NO_SUCH_USER));
    let groups = match is_of_domain(&name) {
        true => {
            let user = accounts.view.find_user(&name).map_err(|error| fault::failed(&error))?.ok_or(unknown)?;
            accounts.view.groups_of(&user)
        }
        false => {
            let user = accounts.users.find(&name).map_err(|error| fault::failed(&error))?.ok_or(unknown)?;
            accounts.users.groups(user.uid)
        }
    };
    Ok(Reply::data(json!({ "groups": groups.map_err(|error| fault::failed(&error))? })))
}
