//! `SYNO.Entry.Request` `request`: several calls in one, each with the rights of whoever calls. Specification section 3.3.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `compound` | list of objects | required; each names an `api`, a `method`, a `version` and their parameters |
//! | `mode` | string | `sequential`, which is the default, or `parallel` |
//! | `stop_when_error` | bool | in sequence, nothing follows the first call that fails |
//!
//! Parallel calls are run in their order too, which is one of the orders that they may be run in.

use serde_json::{Value, json};

use crate::call::{self, Call};
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::parameters::{Parameters, Wrong};
use crate::reply::{self, Reply};

/// The row for the catalog.
pub const METHOD: Method = Method { name: "request", since: 1, privilege: Privilege::Anyone, run };

/// The most calls in one request, those in nested compounds included.
const ITEMS_MAX: usize = 200;
/// How deep compounds may lie in compounds.
const DEPTH_MAX: usize = 3;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let items = call.parameters.objects("compound")?.ok_or(Wrong::required("compound"))?;
    if call.depth >= DEPTH_MAX || call.exchange.count_items(items.len()) > ITEMS_MAX {
        return Err(Wrong::condition("compound").into());
    }
    let is_parallel = match call.parameters.text("mode")?.as_deref() {
        None | Some("" | "sequential") => false,
        Some("parallel") => true,
        Some(_) => return Err(Wrong::condition("mode").into()),
    };
    let stops = !is_parallel && call.parameters.flag("stop_when_error")?.unwrap_or_default();
    let (mut results, mut cookies, mut has_fail) = (Vec::new(), Vec::new(), false);
    let is_enveloped = call.parameters.is_enveloped("compound");
    for members in items {
        let item = Parameters::Item { members, is_enveloped };
        let outcome = call::dispatch(call.exchange, &item, call.depth + 1);
        let mut members = reply::members(outcome.family, outcome.result.as_ref());
        members.insert("api".to_owned(), json!(outcome.api));
        members.insert("method".to_owned(), json!(outcome.method));
        members.insert("version".to_owned(), json!(outcome.version));
        results.push(Value::Object(members));
        match outcome.result {
            Ok(reply) => cookies.extend(reply.cookies),
            Err(_) => has_fail = true,
        }
        if has_fail && stops {
            break;
        }
    }
    Ok(Reply { data: Some(json!({ "has_fail": has_fail, "result": results })), cookies })
}
