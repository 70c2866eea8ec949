//! `SYNO.Core.OTP.EnforcePolicy` `set`: another policy, for sign-ins from now on.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `otp_enforce_option` | string | required: `none`, `admin` for administrators, `user` for everybody |
//!
//! Whoever sets one has codes himself: the policy would keep him out otherwise.

use bailiwick_accounts::policy::{Enforced, SecondFactorPolicy};
use bailiwick_accounts::second_factor::Status;

use super::WORDS;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::second_factor::{NOT_ENROLLED, fault};
use crate::parameters::Wrong;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let word = call.parameters.required_text("otp_enforce_option")?;
    let found = WORDS.iter().find(|(_, known)| *known == word).map(|(enforced, _)| *enforced);
    let enforced: Enforced = found.ok_or(Wrong::condition("otp_enforce_option"))?;
    let (accounts, signed_in) = (call.accounts(), call.signed_in()?);
    let status = accounts.second_factors.status(&signed_in.session.subject).map_err(fault)?;
    let keeps_out = SecondFactorPolicy { enforced }.demands(signed_in.is_administrator());
    if keeps_out && !matches!(status, Status::Active { .. }) {
        return Err(Fault::Code(NOT_ENROLLED));
    }
    let changed = accounts.policies.change_second_factor(|policy| policy.enforced = enforced);
    call.noted("policy.second-factor", &word, changed).map_err(|error| failed(&error))?;
    Ok(Reply::done())
}
