//! `SYNO.ActiveDirectory.Directory` `delete`: objects go, and what lies below them, while the caller asks how far it has
//! come. Specification section 3.6.3.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `dnList` | list of DN | required |

use bailiwick_accounts::task::{Error, IdForm, Wish, Work};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault};
use crate::parameters::Wrong;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "delete", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let names = call.parameters.names("dnList")?.ok_or(Wrong::required("dnList"))?;
    let work = Work::DeleteObjects { names, wish: Wish::of(call.requester()) };
    let task = call.accounts().tasks.start(&call.context(), IdForm::DirectoryDelete, work);
    let task = task.map_err(|error| match error {
        Error::TooMany => Fault::Code(BUSY),
        Error::TooLarge => Wrong::condition("dnList").into(),
        Error::Store(_) => failed(&error),
    })?;
    Ok(Reply::data(json!({ "task_id": task.id.as_str() })))
}
