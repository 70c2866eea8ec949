//! `SYNO.Core.User` `list`: users in an order, a page at a time. Specification section 3.10.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `type` | string | `local`, which is the default, `domain`, `ldap` or `all` |
//! | `offset`, `limit` | int | 0 and -1, which is all |
//! | `sort_by` | string | `name`, which is the default, `description`, `email`, `expired`, `uid` |
//! | `sort_direction` | string | `ASC`, which is the default, or `DESC` |
//! | `additional` | list | what to show beside the name |
//! | `domain_name` | string | the domain whose users are meant; another one than this has none |

use bailiwick_domain::Requester;
use bailiwick_domain::administration::describe_domain;
use serde_json::{Value, json};

use super::row::Rows;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::host::fault;
use crate::method::host::listing::{self, Store};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let store = Store::read(call.parameters)?;
    let wanted = listing::read(call.parameters)?;
    let rows = Rows::read(call, &[])?;
    let accounts = call.accounts();
    let (mut users, mut total): (Vec<Value>, u64) = (Vec::new(), 0);
    if matches!(store, Store::Local | Store::All) {
        let page = accounts.users.list(&wanted).map_err(|error| fault::failed(&error))?;
        total = page.total;
        for user in &page.entries {
            users.push(rows.local(user)?);
        }
    }
    if matches!(store, Store::Domain | Store::All) && is_of_this_domain(call)? {
        let behind = listing::behind(&wanted, total, users.len());
        let page = accounts.view.users(&behind).map_err(|error| fault::failed(&error))?;
        total += page.total;
        for user in &page.entries {
            users.push(rows.domain(user)?);
        }
    }
    Ok(Reply::data(json!({ "offset": wanted.offset, "total": total, "users": users })))
}

/// Whether `domain_name`, if it is there, names this domain by either of its names.
fn is_of_this_domain(call: &Call<'_>) -> Result<bool, Fault> {
    let Some(name) = call.parameters.text("domain_name")?.filter(|name| !name.is_empty()) else { return Ok(true) };
    let system = Requester::system();
    let domain = describe_domain(call.directory(), &call.context_of(&system)).map_err(Fault::of(Doing::Search))?;
    Ok([domain.dns_name, domain.netbios_name].iter().any(|own| own.eq_ignore_ascii_case(&name)))
}
