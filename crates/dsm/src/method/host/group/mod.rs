//! `SYNO.Core.Group`: the groups of the host. Specification section 3.11.1.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod set;

use bailiwick_accounts::group::Group;
use bailiwick_accounts::sync::DomainGroup;
use serde_json::{Value, json};

use super::fault::{self, NO_SUCH_GROUP};
use super::is_of_domain;
use crate::call::Call;
use crate::error_code::{Fault, NO_PERMISSION};

/// What is shown of a group of the host.
fn local_row(group: &Group) -> Value {
    json!({ "description": group.description, "gid": group.gid, "name": group.name })
}

/// What is shown of a group of the domain.
fn domain_row(group: &DomainGroup) -> Value {
    json!({ "description": group.description, "gid": group.gid, "name": group.name })
}

/// Makes sure that a group is the host's own. Those of the domain are changed in the domain.
pub(super) fn check_local(call: &Call<'_>, name: &str) -> Result<(), Fault> {
    if !is_of_domain(name) {
        return Ok(());
    }
    let found = call.accounts().view.find_group(name).map_err(|error| fault::failed(&error))?;
    Err(Fault::Code(if found.is_some() { NO_PERMISSION } else { NO_SUCH_GROUP }))
}
