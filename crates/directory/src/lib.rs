//! Active Directory semantics: the native implementation of [`bailiwick_domain::Directory`].
//!
//! No LDAP message, no HTTP type, no async and no storage engine: requests come in through the port, and the
//! store is ordered bytes behind a trait.

mod access;
mod change;
mod computed;
mod founding;
mod native;
mod opening;
mod operation;
mod policy;
pub mod provision;
mod query;
mod record;
mod rule;
pub mod schema;
mod sign_ins;

pub use founding::{NewDomain, NewName, ProvisionError, provision};
pub use native::{Native, OpenError, Options};
pub use record::SPACES;
