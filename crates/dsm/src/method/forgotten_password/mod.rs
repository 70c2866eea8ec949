//! `SYNO.Auth.ForgotPwd`: a new password by a letter. Specification section 3.7.

pub mod get;
pub mod reset;
pub mod send;

use crate::error_code::{Fault, UNKNOWN};

/// No ticket, or one that is not good.
const NO_SUCH_TICKET: u32 = 404;

/// Something failed on this side.
fn failed(error: &dyn std::fmt::Debug) -> Fault {
    tracing::error!(?error, "a forgotten password cannot be replaced");
    Fault::Code(UNKNOWN)
}
