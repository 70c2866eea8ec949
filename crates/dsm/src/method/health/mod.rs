//! `SYNO.Core.DirectoryServiceCheck.*`: whether the directory, its LDAP side and the host's view of it are well. Each call
//! looks anew. Specification section 3.14, which knows the names of the APIs and not what they answer.

mod domain;
mod ldap;
mod service;

use bailiwick_domain::administration::Error;
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault};
use crate::reply::Reply;

/// `SYNO.Core.DirectoryServiceCheck.Common` `get`: every check.
pub const COMMON: Method = Method { name: "get", since: 1, privilege: Privilege::Administrator, run: common };
/// `SYNO.Core.DirectoryServiceCheck.Domain` `get`: the domain itself.
pub const DOMAIN: Method = Method { run: |call| report(domain::checks(call)?), ..COMMON };
/// `SYNO.Core.DirectoryServiceCheck.LDAP` `get`: what clients of LDAP need.
pub const LDAP: Method = Method { run: |call| report(ldap::checks(call)?), ..COMMON };
/// `SYNO.Core.DirectoryServiceCheck.DomainService` `get`: the host's part.
pub const DOMAIN_SERVICE: Method = Method { run: |call| report(service::checks(call)?), ..COMMON };

fn common(call: &Call<'_>) -> Result<Reply, Fault> {
    let mut checks = domain::checks(call)?;
    checks.extend(ldap::checks(call)?);
    checks.extend(service::checks(call)?);
    report(checks)
}

/// One thing that was looked at.
struct Check {
    name: &'static str,
    /// What is not well; none when it is.
    problem: Option<String>,
}

impl Check {
    fn new(name: &'static str, is_well: bool, problem: impl Into<String>) -> Check {
        Check { name, problem: (!is_well).then(|| problem.into()) }
    }
}

fn report(checks: Vec<Check>) -> Result<Reply, Fault> {
    let word = |is_well: bool| if is_well { "pass" } else { "fail" };
    let is_well = checks.iter().all(|check| check.problem.is_none());
    let rows = checks.into_iter().map(|check| match check.problem {
        None => json!({ "name": check.name, "result": word(true) }),
        Some(problem) => json!({ "name": check.name, "problem": problem, "result": word(false) }),
    });
    Ok(Reply::data(json!({ "checks": rows.collect::<Vec<Value>>(), "result": word(is_well) })))
}

/// What was found, or none when it is not there. A directory that does not answer is the fault of no single check.
fn answered<T>(result: Result<T, Error>) -> Result<Option<T>, Fault> {
    use bailiwick_domain::Error as DirectoryError;
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::Directory(DirectoryError::Busy | DirectoryError::Unavailable { .. })) => Err(Fault::Code(BUSY)),
        Err(_) => Ok(None),
    }
}
