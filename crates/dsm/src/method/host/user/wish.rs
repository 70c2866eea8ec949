//! What `create`, `set` and `delete` have in common: how users and their expiry are named, and whom letters tell of it.

use bailiwick_accounts::expiry::Expiry;
use bailiwick_accounts::user::User;
use bailiwick_accounts::user::letter::{self, Occasion};
use bailiwick_domain::Requester;
use bailiwick_domain::administration::domain;

use crate::call::Call;
use crate::error_code::{Fault, NO_PERMISSION};
use crate::method::host::fault::{self, MALFORMED_NAMES, NO_SUCH_USER};
use crate::method::host::is_of_domain;
use crate::parameters::{Parameters, Secret, Wrong};

/// The names under `name`: one, or a list.
pub fn names(parameters: &Parameters) -> Result<Vec<String>, Fault> {
    let names = parameters.list("name").map_err(|_| Fault::Code(MALFORMED_NAMES))?;
    let names = names.unwrap_or_default();
    match names.iter().any(|name| !name.is_empty()) {
        true => Ok(names),
        false => Err(Wrong::required("name").into()),
    }
}

/// Makes sure that a user is the host's own. Those of the domain are changed in the domain.
pub fn check_local(call: &Call<'_>, name: &str) -> Result<(), Fault> {
    if !is_of_domain(name) {
        return Ok(());
    }
    let found = call.accounts().view.find_user(name).map_err(|error| fault::failed(&error))?;
    Err(Fault::Code(if found.is_some() { NO_PERMISSION } else { NO_SUCH_USER }))
}

/// What `expired` says; none when it is absent or empty.
pub fn expiry(parameters: &Parameters) -> Result<Option<Expiry>, Wrong> {
    let text = parameters.text("expired")?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| Wrong::condition("expired"))).transpose()
}

/// Writes to the user if `notify_by_email` says so, with the password if `send_password` does. What is done stays done
/// when no letter can be written.
pub fn notify(call: &Call<'_>, user: &User, occasion: Occasion, secret: Option<&Secret>) -> Result<(), Fault> {
    let flag = |name| call.parameters.flag(name).map(Option::unwrap_or_default);
    let (is_wanted, with_password) = (flag("notify_by_email")?, flag("send_password")?);
    if !is_wanted {
        return Ok(());
    }
    let system = Requester::system();
    let place = domain(call.directory(), &call.context_of(&system)).map(|domain| domain.dns_name());
    let password = secret.filter(|_| with_password).map(|secret| &secret.password);
    let outbox = &call.accounts().outbox;
    if let Err(error) =
        letter::write(outbox, &call.context(), user, occasion, &place.unwrap_or_default().to_lowercase(), password)
    {
        tracing::error!(%error, user = user.name, "a user is not told of the account");
    }
    Ok(())
}
