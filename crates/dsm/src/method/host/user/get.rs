//! `SYNO.Core.User` `get`: users by name. Specification section 3.10.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `name` | string or list | required |
//! | `additional` | list | what to show beside name and number |

use serde_json::{Value, json};

use super::row::Rows;
use super::wish;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault::{self, NO_SUCH_USER};
use crate::method::host::is_of_domain;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = wish::names(call.parameters)?;
    let rows = Rows::read(call, &["uid"])?;
    let (mut users, mut errors): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for name in &names {
        match row(call, &rows, name)? {
            Some(row) => users.push(row),
            None => errors.push(json!({ "code": NO_SUCH_USER, "name": name })),
        }
    }
    match (users.is_empty(), errors.is_empty()) {
        (true, _) => Err(Fault::Code(NO_SUCH_USER)),
        (false, true) => Ok(Reply::data(json!({ "users": users }))),
        (false, false) => Ok(Reply::data(json!({ "errors": errors, "users": users }))),
    }
}

fn row(call: &Call<'_>, rows: &Rows<'_>, name: &str) -> Result<Option<Value>, Fault> {
    match is_of_domain(name) {
        true => {
            let user = call.accounts().view.find_user(name).map_err(|error| fault::failed(&error))?;
            user.map(|user| rows.domain(&user)).transpose()
        }
        false => {
            let user = call.accounts().users.find(name).map_err(|error| fault::failed(&error))?;
            user.map(|user| rows.local(&user)).transpose()
        }
    }
}
