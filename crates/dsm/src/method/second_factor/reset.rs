//! `SYNO.Core.OTP` `reset`: no codes are asked of the caller any more. A last one is, so that a session that was left open
//! is not enough; and the policy must not want them.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `code` | string | required; a recovery code does too |

use super::fault;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Fault, NO_PERMISSION};
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "reset", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let code = call.parameters.required_text("code")?;
    let (accounts, signed_in) = (call.accounts(), call.signed_in()?);
    let policy = accounts.policies.second_factor().map_err(|error| failed(&error))?;
    if policy.demands(signed_in.is_administrator()) {
        return Err(Fault::Code(NO_PERMISSION));
    }
    let (factors, subject) = (&accounts.second_factors, signed_in.session.subject);
    let removed = factors.verify(&call.context(), &subject, &code).and_then(|_| factors.remove(&subject));
    call.noted("second-factor.remove", &subject.to_string(), removed).map_err(fault)?;
    Ok(Reply::done())
}
