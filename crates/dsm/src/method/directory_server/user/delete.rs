//! `SYNO.DirectoryServer.User` `Delete`: a user goes. Specification section 3.5.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `dn` | DN | required |

use bailiwick_domain::administration::{Kind, Selector, delete, find};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "Delete", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let selector = Selector::from(call.parameters.dn("dn")?);
    let (directory, context) = (call.directory(), call.context());
    find(directory, &context, Kind::User, &selector)
        .and_then(|user| delete(directory, &context, &user, false))
        .map_err(Fault::of(Doing::Delete))?;
    Ok(Reply::done())
}
