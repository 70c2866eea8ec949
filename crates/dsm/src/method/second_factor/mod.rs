//! `SYNO.Core.OTP*`: the caller's own one-time codes, and whose accounts must have them. Specification section 3.15.
//!
//! A client that shows the password of an account without codes where the policy wants them is told 406. Codes are then
//! enrolled by `bailiwick user otp`; whoever is signed in enrols his own here.

pub mod auth_tmp_code;
pub mod get;
pub mod get_qrcode;
pub mod policy;
pub mod reset;

use bailiwick_accounts::second_factor::Error;

use crate::error_code::{Fault, NO_PERMISSION};
use crate::task::failed;

/// There are no codes, or none to confirm.
const NOT_ENROLLED: u32 = 4203;
/// The code is not right, as in a sign-in.
const WRONG_CODE: u32 = 404;
/// Too many codes were wrong, as in a sign-in.
const TOO_MANY_WRONG_CODES: u32 = 407;

/// The fault of something that was not done with the caller's codes.
fn fault(error: Error) -> Fault {
    Fault::Code(match error {
        Error::NotEnrolled => NOT_ENROLLED,
        Error::WrongCode => WRONG_CODE,
        Error::TooManyWrongCodes { .. } => TOO_MANY_WRONG_CODES,
        Error::AlreadyActive => NO_PERMISSION,
        Error::Unreadable | Error::Store(_) => return failed(&error),
    })
}
