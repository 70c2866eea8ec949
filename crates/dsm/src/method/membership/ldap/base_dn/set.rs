//! `SYNO.Core.Directory.LDAP.BaseDN` `set`: chooses the name below which the host looks. The host takes over the whole
//! domain, so no other name than the domain's is taken.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `base_dn` | DN | required |

use bailiwick_adtypes::dn::Dn;
use bailiwick_domain::administration::domain;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::membership::ldap::{BAD_NAME, NO_SUCH_OBJECT};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let name = call.parameters.required_text("base_dn")?;
    let name = Dn::parse(&name).map_err(|_| Fault::Code(BAD_NAME))?;
    let domain = domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?;
    match domain.base.equals_ignore_case(&name) {
        true => Ok(Reply::done()),
        false => Err(Fault::Code(NO_SUCH_OBJECT)),
    }
}
