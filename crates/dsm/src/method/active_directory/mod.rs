//! `SYNO.ActiveDirectory.*`: the objects of the domain, as the package's own pages manage them. Specification section 3.6.

pub mod directory;
pub mod group;
pub mod info;
pub mod polling;
pub mod user;

use bailiwick_domain::Context;
use bailiwick_domain::Directory;
use bailiwick_domain::administration::{Error, describe_domain};

/// The name by which DSM knows an account of the domain: `EXAMPLE\name`.
fn account_name(directory: &dyn Directory, context: &Context<'_>, name: &str) -> Result<String, Error> {
    Ok(format!("{}\\{name}", describe_domain(directory, context)?.netbios_name))
}
