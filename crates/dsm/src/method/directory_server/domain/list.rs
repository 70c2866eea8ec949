//! `SYNO.DirectoryServer.Domain` `List`: the objects below a place. Specification section 3.5.3.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `basedn` | DN | required |
//! | `offset`, `limit` | int | 0 and 100; a limit of -1 is none |

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{Browsing, Category, Selector, browse};
use bailiwick_domain::{Entry, ListOrder, Scope};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "List", since: 1, privilege: Privilege::Administrator, run };

/// How many objects are listed when nobody says how many.
const LIMIT: i64 = 100;
/// What is listed.
const CATEGORIES: [Category; 5] =
    [Category::Person, Category::Group, Category::OrganizationalUnit, Category::Computer, Category::Container];
/// Classes that every object has, or that tell nothing.
const CLASSES_PASSED_OVER: [&str; 2] = ["top", "organizationalPerson"];

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let parameters = call.parameters;
    let base = Selector::from(parameters.dn("basedn")?);
    let offset = parameters.integer("offset")?.unwrap_or_default();
    let entries_max = match parameters.integer("limit")?.unwrap_or(LIMIT) {
        -1 => None,
        limit => Some(usize::try_from(limit).map_err(|_| Wrong::condition("limit"))?),
    };
    let browsing = Browsing {
        base: &base,
        scope: Scope::Subtree,
        categories: &CATEGORIES,
        plain_view: true,
        order: ListOrder::Path,
        offset: usize::try_from(offset).map_err(|_| Wrong::condition("offset"))?,
        entries_max,
        attributes: &["objectClass", "mail"],
    };
    let browsed = browse(call.directory(), &call.context(), &browsing).map_err(Fault::of(Doing::Search))?;
    let objects: Vec<Value> = browsed.entries.iter().map(|(dn, entry)| object(dn, entry)).collect();
    Ok(Reply::data(json!({ "objects": objects, "total": browsed.total })))
}

fn object(dn: &Dn, entry: &Entry) -> Value {
    // The directory has the most general class first.
    let classes = entry.values("objectClass").iter().rev().filter_map(|class| std::str::from_utf8(class).ok());
    let classes: Vec<&str> = classes.filter(|class| !CLASSES_PASSED_OVER.contains(class)).collect();
    json!({
        "cn": dn.rdn().map(|rdn| rdn.value.as_str()).unwrap_or_default(),
        "dn": entry.dn,
        "mail": entry.text("mail").unwrap_or_default(),
        "objectClass": classes,
    })
}
