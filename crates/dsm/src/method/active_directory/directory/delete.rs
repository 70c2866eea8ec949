//! `SYNO.ActiveDirectory.Directory` `delete`: objects go, and what lies below them, while the caller asks how far it has
//! come. Specification section 3.6.3.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `dnList` | list of DN | required |

use std::sync::Arc;

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::{self, Kind, Selector, find};
use bailiwick_domain::{Context, Directory};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Cause, Doing, Fault, record_refused};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "delete", since: 1, privilege: Privilege::Administrator, run };

/// What the ids of these tasks begin with.
const TASK_PREFIX: &str = "Synoads_SYNO.ActiveDirectory.Directory_delete";

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = call.parameters.names("dnList")?.ok_or(Wrong::required("dnList"))?;
    let dsm = call.dsm();
    let task = dsm.tasks.begin(TASK_PREFIX, names.len(), dsm.process.now(), dsm.process.random());
    let task = task.ok_or(Fault::Code(BUSY))?;
    let id = task.id.clone();
    let (directory, process) = (Arc::clone(&dsm.directory), Arc::clone(&dsm.process));
    let (requester, request_id) = (call.requester().clone(), call.exchange.request_id);
    (dsm.background)(Box::new(move || {
        for name in names {
            let status = delete(directory.as_ref(), &process.context(&requester, request_id), &name);
            task.step(json!({ "dn": name, "status": status }));
        }
        task.finish(process.now());
    }));
    Ok(Reply::data(json!({ "task_id": id })))
}

/// Deletes one object; what came of it, which is nothing when it is gone.
fn delete(directory: &dyn Directory, context: &Context<'_>, name: &str) -> Value {
    let deleted = match Dn::parse(name) {
        Ok(dn) => find(directory, context, Kind::Any, &Selector::from(dn))
            .and_then(|target| administration::delete(directory, context, &target, target.kind.holds_objects())),
        Err(_) => Err(administration::Error::InvalidName { text: name.to_owned() }),
    };
    match deleted {
        Ok(()) => json!({}),
        Err(error) => record_refused(Doing::Delete, Some(Cause::of_use_case(&error))),
    }
}
