//! `SYNO.Core.Directory.Domain` `update_start`: the host takes over the domain's users and groups, while the caller asks
//! how far it has come.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `domain_name` | string | `@all`, which is the default, or a name of the domain |

use bailiwick_accounts::task::IdForm;
use bailiwick_domain::administration::describe_domain;
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;
use crate::task::start_sync;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "update_start", since: 1, privilege: Privilege::Administrator, run };

/// There is no domain of the name.
const NO_SUCH_DOMAIN: u32 = 2601;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.text("domain_name")?.unwrap_or_default();
    if !["", "@all"].contains(&name.as_str()) {
        let domain = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
        if ![&domain.netbios_name, &domain.dns_name].iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            return Err(Fault::Code(NO_SUCH_DOMAIN));
        }
    }
    let task = start_sync(call, IdForm::DomainUpdate)?;
    Ok(Reply::data(json!({ "task_id": task.id.as_str() })))
}
