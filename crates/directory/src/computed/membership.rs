//! msds-memberTransitive and msds-memberOfTransitive: names at the other end of any chain of memberships.

use bailiwick_domain::Error;

use crate::native::Native;
use crate::query::chain::{self, Allowance};
use crate::record::{Record, Snapshot};

/// The names; `members`: downwards to members, else upwards to groups.
pub(crate) fn transitive(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
    members: bool,
) -> Result<Vec<Vec<u8>>, Error> {
    let member = snapshot.schema.known().member;
    let mut allowance = Allowance::whole();
    let ids = if members {
        chain::targets(snapshot.transaction, member, record.id(), &mut allowance)?
    } else {
        chain::sources(snapshot.transaction, member, record.id(), &mut allowance)?
    };
    ids.into_iter().map(|id| Ok(snapshot.dn_text(id, &native.contexts)?.into_bytes())).collect()
}
