//! `SYNO.Core.NormalUser` `get`: what the caller's own account is like.
//!
//! Whether a user of the domain may change the password stands in rights that he may not read; it is left out for him.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{Kind, Selector, find, show};
use serde_json::{Value, json};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::method::host::fault::{self, NO_SUCH_USER};
use crate::method::host::has_second_factor;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::User, run };

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let signed_in = call.signed_in()?;
    let subject = signed_in.session.subject;
    let mut data = match subject {
        Subject::Host(uid) => of_host(call, uid)?,
        Subject::Domain(sid) => of_domain(call, sid)?,
    };
    data["OTP_enable"] = json!(has_second_factor(call, subject)?);
    let policy = call.accounts().policies.second_factor().map_err(|error| fault::failed(&error))?;
    data["OTP_enforced"] = json!(policy.demands(signed_in.is_administrator()));
    data["username"] = json!(&*signed_in.name);
    Ok(Reply::data(data))
}

fn of_host(call: &Call<'_>, uid: u32) -> Result<Value, Fault> {
    let user = call.accounts().users.get(uid).map_err(|error| fault::failed(&error))?;
    let user = user.ok_or(Fault::Code(NO_SUCH_USER))?;
    Ok(json!({
        "disallowchpasswd": user.cannot_change_password,
        "editable": true,
        "email": user.email,
        "fullname": user.description,
        "password_last_change": user.password_changed_day(),
    }))
}

fn of_domain(call: &Call<'_>, sid: Sid) -> Result<Value, Fault> {
    let (directory, context) = (call.directory(), call.context());
    let entry = find(directory, &context, Kind::User, &Selector::parse(&sid.to_string()))
        .and_then(|target| show(directory, &context, &target, &["mail", "displayName", "pwdLastSet"]))
        .map_err(Fault::of(Doing::Search))?;
    let changed = entry.text("pwdLastSet").and_then(|text| text.parse().ok()).unwrap_or_default();
    Ok(json!({
        "editable": false,
        "email": entry.text("mail").unwrap_or_default(),
        "fullname": entry.text("displayName").unwrap_or_default(),
        "password_last_change": FileTime(changed).unix_seconds().div_euclid(DAY_SECONDS).max(0),
    }))
}
