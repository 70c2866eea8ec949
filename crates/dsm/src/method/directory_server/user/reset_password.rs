//! `SYNO.DirectoryServer.User` `ResetPassword`: a password that nobody chose, to be changed at the next sign-in.
//! Specification section 3.5.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `username` | string | required; an account name, `EXAMPLE\name`, `name@example.com` or a DN |

use bailiwick_domain::administration::{Kind, Selector, find, reset_password};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "ResetPassword", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let selector = Selector::parse(&call.parameters.required_text("username")?);
    let made = call.hashing(move |directory, context| {
        let target = find(directory, context, Kind::User, &selector)?;
        reset_password(directory, context, &target)
    })?;
    let made = made.map_err(Fault::of(Doing::Modify))?;
    Ok(Reply::data(json!({ "new_password": String::from_utf8_lossy(made.expose()) })))
}
