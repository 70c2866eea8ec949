//! `SYNO.Core.Directory.LDAP.User` `list`: the users, in the order of their names.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `offset` | int | how many to pass over; 0 is the default |
//! | `limit` | int | how many at most, up to 1000; 100 is the default |

use bailiwick_accounts::listing::Listing;
use serde_json::{Value, json};

use super::{domain_sid, row};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::parameters::Wrong;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

/// How many users are listed when nobody says.
const LIMIT_USUAL: i64 = 100;
/// The most users of one answer: each costs a look into the directory.
const LIMIT_MAX: u64 = 1000;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let number = |name, usual| {
        let number = call.parameters.integer(name)?.unwrap_or(usual);
        u64::try_from(number).map_err(|_| Wrong::condition(name))
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", LIMIT_USUAL)?);
    if limit > LIMIT_MAX {
        return Err(Wrong::condition("limit").into());
    }
    let listing = Listing { offset, limit: Some(limit), ..Listing::default() };
    let page = call.accounts().view.users(&listing).map_err(|error| failed(&error))?;
    let domain = domain_sid(call)?;
    let items = page.entries.iter().map(|user| row(call, &domain, user)).collect::<Result<Vec<Value>, Fault>>()?;
    Ok(Reply::data(json!({ "items": items, "total": page.total })))
}
