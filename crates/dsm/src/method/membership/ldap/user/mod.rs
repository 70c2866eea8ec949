//! `SYNO.Core.Directory.LDAP.User`: the users of the directory as the host knows them since it last took them over.

pub mod get;
pub mod list;
pub mod set;
pub mod set_pwd;

use bailiwick_accounts::sync::{DomainUser, NUMBER_BASE};
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{Error, Kind, Selector, domain, find};
use serde_json::{Value, json};

use crate::call::Call;
use crate::error_code::{Doing, Fault};

/// The SID of the domain.
fn domain_sid(call: &Call<'_>) -> Result<Sid, Fault> {
    let context = call.context();
    domain(call.directory(), &context)
        .and_then(|domain| domain.sid(call.directory(), &context))
        .map_err(Fault::of(Doing::Search))
}

/// A user as a row; its name in the directory is empty when he has gone from there meanwhile.
fn row(call: &Call<'_>, domain: &Sid, user: &DomainUser) -> Result<Value, Fault> {
    let context = call.context();
    let dn = match user.uid.checked_sub(NUMBER_BASE).and_then(|rid| domain.with_rid(rid)) {
        Some(sid) => match find(call.directory(), &context, Kind::User, &Selector::parse(&sid.to_string())) {
            Ok(target) => target.dn.to_string(),
            Err(Error::NoSuchObject { .. }) => String::new(),
            Err(error) => return Err(Fault::of(Doing::Search)(error)),
        },
        None => String::new(),
    };
    Ok(json!({
        "descr": user.description,
        "disabled": if user.expiry.is_over(context.now) { "Disabled" } else { "Normal" },
        "dn": dn,
        "email": user.email,
        "name": plain(&user.name),
    }))
}

/// A name without the domain in front.
fn plain(name: &str) -> &str {
    name.rsplit_once('\\').map_or(name, |(_, name)| name)
}
