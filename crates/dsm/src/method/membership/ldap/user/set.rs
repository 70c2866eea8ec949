//! `SYNO.Core.Directory.LDAP.User` `set`: changes what is said of a user in the directory. The host knows of it when it
//! next takes the accounts over.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user` | object | required: his `name`, and of `descr` and `email` what is to be changed; an empty one goes |

use bailiwick_domain::administration::{Error, Kind, Selector, UserEdit, edit_user, find};

use super::plain;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::membership::ldap::NO_SUCH_OBJECT;
use crate::parameters::{Parameters, Wrong};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let members = call.parameters.object("user").ok_or(Wrong::required("user"))?;
    let wish = Parameters::Item { members, is_enveloped: false };
    let name = wish.required_text("name")?;
    let mut edit = UserEdit::default();
    for (member, attribute) in [("descr", "description"), ("email", "mail")] {
        if let Some(value) = wish.text(member)? {
            edit.attributes.push((attribute, Some(value).filter(|value| !value.is_empty())));
        }
    }
    let (directory, context) = (call.directory(), call.context());
    find(directory, &context, Kind::User, &Selector::parse(plain(&name)))
        .and_then(|target| edit_user(directory, &context, &target, &edit))
        .map_err(|error| match error {
            Error::NoSuchObject { .. } => Fault::Code(NO_SUCH_OBJECT),
            error => Fault::of(Doing::Modify)(error),
        })?;
    Ok(Reply::done())
}
