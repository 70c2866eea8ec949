//! `SYNO.API.Info` `query`: which APIs there are, from the table that dispatches. Specification section 3.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `query` | list | names, prefixes that end in a dot, or `all`, which is the default |

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::catalog::{Api, CATALOG, Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "query", since: 1, privilege: Privilege::Anyone, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let asked = call.parameters.list("query")?.filter(|names| !names.is_empty());
    let asked = asked.unwrap_or_else(|| vec!["all".to_owned()]);
    let is_asked = |api: &&Api| {
        asked.iter().any(|name| match name.as_str() {
            "all" => true,
            prefix if prefix.ends_with('.') => api.name.starts_with(prefix),
            name => api.name == name,
        })
    };
    let described = CATALOG.iter().filter(is_asked).map(|api| (api.name.to_owned(), description(api)));
    Ok(Reply::data(Value::Object(described.collect())))
}

fn description(api: &Api) -> Value {
    let mut members = Map::new();
    members.insert("path".to_owned(), json!("entry.cgi"));
    members.insert("minVersion".to_owned(), json!(api.versions.0));
    members.insert("maxVersion".to_owned(), json!(api.versions.1));
    if api.takes_json {
        members.insert("requestFormat".to_owned(), json!("JSON"));
    }
    Value::Object(members)
}
