//! `SYNO.DirectoryServer.User` `Modify`: names and addresses of a user. Specification section 3.5.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user_dn` | DN | required |
//! | `first_name`, `last_name`, `email`, `description` | string | what is absent stays, what is empty is taken away |

use bailiwick_domain::administration::{Kind, Selector, UserEdit, edit_user, find};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "Modify", since: 1, privilege: Privilege::Administrator, run };

/// The parameters, and the attributes that they are.
const ATTRIBUTES: [(&str, &str); 4] =
    [("first_name", "givenName"), ("last_name", "sn"), ("email", "mail"), ("description", "description")];

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let selector = Selector::from(call.parameters.dn("user_dn")?);
    let mut edit = UserEdit::default();
    for (parameter, attribute) in ATTRIBUTES {
        if let Some(value) = call.parameters.text(parameter)? {
            edit.attributes.push((attribute, Some(value).filter(|value| !value.is_empty())));
        }
    }
    let (directory, context) = (call.directory(), call.context());
    find(directory, &context, Kind::User, &selector)
        .and_then(|target| edit_user(directory, &context, &target, &edit))
        .map_err(Fault::of(Doing::Modify))?;
    Ok(Reply::done())
}
