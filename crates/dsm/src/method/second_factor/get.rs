//! `SYNO.Core.OTP` `get`: how far the caller's own codes have come.

use bailiwick_accounts::second_factor::Status;
use serde_json::json;

use super::fault;
use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::reply::Reply;
use crate::task::failed;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "get", since: 1, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (accounts, signed_in) = (call.accounts(), call.signed_in()?);
    let status = accounts.second_factors.status(&signed_in.session.subject).map_err(fault)?;
    let policy = accounts.policies.second_factor().map_err(|error| failed(&error))?;
    let recovery_codes = match status {
        Status::Active { recovery_codes, .. } => recovery_codes,
        Status::None | Status::Pending { .. } => 0,
    };
    Ok(Reply::data(json!({
        "OTP_enable": matches!(status, Status::Active { .. }),
        "OTP_enforced": policy.demands(signed_in.is_administrator()),
        "OTP_pending": matches!(status, Status::Pending { .. }),
        "recovery_codes": recovery_codes,
    })))
}
