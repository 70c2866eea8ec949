//! The password of an account of the domain, changed by its owner in a session of his.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{Error, Kind, Selector, change_password, find};

use crate::call::Call;
use crate::error_code::{Fault, UNKNOWN};
use crate::exchange::SignedIn;
use crate::parameters::Secret;

/// Changes the password of the caller, who is the account of the domain with this SID. His other sessions end, and this
/// one goes on. The inner error is why the directory does not take it.
pub(crate) fn change_in_domain(
    call: &Call<'_>,
    signed_in: &SignedIn,
    sid: Sid,
    old: Secret,
    new: &Secret,
) -> Result<Result<(), Error>, Fault> {
    let result = {
        let secret = new.clone();
        call.with_secret(new, move |directory, context| {
            let target = find(directory, context, Kind::User, &Selector::parse(&sid.to_string()))?;
            change_password(directory, context, &target, &old.password, &secret.password)
        })?
    };
    if result.is_err() {
        return Ok(result);
    }
    let subject = Subject::Domain(sid);
    let exchange = call.exchange;
    let account = call.dsm().gate().account(exchange.from, exchange.request_id, subject, &signed_in.name);
    let (sessions, own) = (&call.accounts().sessions, &signed_in.session);
    if let Some(account) = account.ok().flatten() {
        sessions.restamp(own, account.stamp).map_err(|error| failed(&error))?;
    }
    sessions.end_all_of(subject, Some(own)).map_err(|error| failed(&error))?;
    Ok(Ok(()))
}

fn failed(error: &dyn std::fmt::Debug) -> Fault {
    tracing::error!(?error, "sessions cannot be reached");
    Fault::Code(UNKNOWN)
}
