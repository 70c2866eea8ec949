//! `SYNO.Core.OTP` `get_qrcode`: a seed for the caller's device, and recovery codes. They are shown once, and count when
//! `auth_tmp_code` has confirmed them.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `account` | string | the caller's own name, if it says anything |

use bailiwick_accounts::second_factor::Enrolment;
use bailiwick_domain::Protection;
use bailiwick_domain::administration::describe_domain;
use serde_json::{Value, json};

use super::fault;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault, NO_PERMISSION};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get_qrcode", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let signed_in = call.signed_in()?;
    let plain = signed_in.name.rsplit_once('\\').map_or(&*signed_in.name, |(_, name)| name);
    if let Some(account) = call.parameters.text("account")?.filter(|account| !account.is_empty())
        && ![plain, &signed_in.name].iter().any(|own| own.eq_ignore_ascii_case(&account))
    {
        return Err(Wrong::condition("account").into());
    }
    // The envelope covers requests alone: over a network the answer could be read on the way.
    if call.requester().protection == Protection::None {
        return Err(Fault::Code(NO_PERMISSION));
    }
    let issuer = describe_domain(call.directory(), &call.context()).map_err(Fault::of(Doing::Search))?.dns_name;
    let subject = signed_in.session.subject;
    let enrolled = call.accounts().second_factors.enrol(&call.context(), &subject);
    let enrolled = call.noted("second-factor.enrol", &subject.to_string(), enrolled).map_err(fault)?;
    let Enrolment { seed, recovery_codes } = enrolled;
    let codes: Vec<Value> = recovery_codes.iter().map(|code| json!(code.expose())).collect();
    Ok(Reply::data(json!({
        "qr_code_url": *seed.uri(&issuer.to_lowercase(), &signed_in.name),
        "recovery_codes": codes,
        "secret": *seed.to_base32(),
    })))
}
