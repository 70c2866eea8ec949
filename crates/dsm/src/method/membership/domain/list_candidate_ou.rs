//! `SYNO.Core.Directory.Domain` `list_candidate_ou`: the organizational units of the domain.

use bailiwick_domain::administration::{Kind, Listing, list};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "list_candidate_ou", since: 1, privilege: Privilege::Administrator, run };

/// The most units of one answer.
const UNITS_MAX: u32 = 10_000;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let listing = Listing {
        kind: Kind::Unit,
        place: None,
        filter: None,
        attributes: &["1.1"],
        sort: Vec::new(),
        entries_max: UNITS_MAX,
    };
    let page = list(call.directory(), &call.context(), &listing, None).map_err(Fault::of(Doing::Search))?;
    let units: Vec<Value> = page.entries.iter().map(|entry| json!(entry.dn)).collect();
    Ok(Reply::data(json!({ "ou_list": units })))
}
