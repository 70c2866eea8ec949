//! `SYNO.Core.Directory.LDAP.Login.Notify` `check`: what the caller is told: in how many days the password ends, when that
//! is soon. Nothing otherwise.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_domain::Requester;
use bailiwick_domain::administration::{Kind, Selector, find, show};
use serde_json::json;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "check", since: 1, privilege: Privilege::User, run };

/// How many days before the end it is told; Windows has the same number.
const NOTICE_DAYS: u64 = 5;
/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;
/// When the password ends, by the policy that holds for the account.
const END: &str = "msDS-UserPasswordExpiryTimeComputed";

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let notice = call.accounts().policies.sign_in_notice().map_err(|error| failed(&error))?;
    let nothing = Ok(Reply::data(json!({})));
    let (true, Subject::Domain(sid)) = (notice.enabled, call.signed_in()?.session.subject) else { return nothing };
    let system = Requester::system();
    let (directory, context) = (call.directory(), call.context_of(&system));
    let entry = find(directory, &context, Kind::User, &Selector::parse(&sid.to_string()))
        .and_then(|target| show(directory, &context, &target, &[END]))
        .map_err(Fault::of(Doing::Search))?;
    let end = entry.text(END).and_then(|text| text.parse().ok()).map(FileTime);
    let Some(end) = end.filter(|end| *end > context.now && *end <= context.now.after(Interval::from_days(NOTICE_DAYS)))
    else {
        return nothing;
    };
    Ok(Reply::data(json!({ "password_expires_in_days": end.since(context.now).seconds() / DAY_SECONDS })))
}
