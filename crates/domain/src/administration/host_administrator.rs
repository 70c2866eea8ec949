//! Who an administrator of this machine is to the directory.

use std::sync::Arc;

use bailiwick_adtypes::sid::Sid;

use super::{Error, domain};
use crate::{Context, Directory, Identity, Protection, Requester};

/// RIDs of Domain Admins, Schema Admins and Enterprise Admins.
const ADMINISTRATIVE_RIDS: [u32; 3] = [512, 518, 519];

/// The owner of the data folder, or whoever signed in to the host as an administrator: BUILTIN\Administrators, with
/// the groups of the domain's own Administrator. The rules of the directory hold for it, which they do not for
/// [`Identity::System`].
///
/// # Errors
/// `Unsaid` when `context`, which is the system's, may not read the domain's SID.
pub fn host_administrator(directory: &dyn Directory, context: &Context<'_>) -> Result<Requester, Error> {
    let domain = domain(directory, context)?.sid(directory, context)?;
    let groups = [Sid::BUILTIN_ADMINISTRATORS]
        .into_iter()
        .chain(ADMINISTRATIVE_RIDS.iter().filter_map(|&rid| domain.with_rid(rid)))
        .chain([Sid::AUTHENTICATED_USERS, Sid::EVERYONE]);
    let identity = Identity::Account {
        sid: Sid::BUILTIN_ADMINISTRATORS,
        groups: groups.collect(),
        name: Arc::from("BUILTIN\\Administrators"),
    };
    Ok(Requester { identity, address: None, protection: Protection::Local })
}
