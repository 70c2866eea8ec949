//! `SYNO.Core.Group` `list`: groups by name, a page at a time.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `type` | string | `local`, which is the default, `domain`, `ldap` or `all` |
//! | `offset`, `limit` | int | 0 and -1, which is all |
//! | `name_only` | bool | nothing but names |

use serde_json::{Value, json};

use super::{domain_row, local_row};
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::method::host::listing::{self, Store};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let store = Store::read(call.parameters)?;
    let wanted = listing::read(call.parameters)?;
    let name_only = call.parameters.flag("name_only")?.unwrap_or_default();
    let accounts = call.accounts();
    let (mut groups, mut total): (Vec<Value>, u64) = (Vec::new(), 0);
    if matches!(store, Store::Local | Store::All) {
        let page = accounts.groups.list(&wanted).map_err(|error| fault::failed(&error))?;
        total = page.total;
        groups.extend(page.entries.iter().map(local_row));
    }
    if matches!(store, Store::Domain | Store::All) {
        let behind = listing::behind(&wanted, total, groups.len());
        let page = accounts.view.groups(&behind).map_err(|error| fault::failed(&error))?;
        total += page.total;
        groups.extend(page.entries.iter().map(domain_row));
    }
    if name_only {
        groups = groups.iter().map(|group| json!({ "name": group["name"] })).collect();
    }
    Ok(Reply::data(json!({ "groups": groups, "offset": wanted.offset, "total": total })))
}
