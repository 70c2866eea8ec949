//! `SYNO.Core.OTP.EnforcePolicy`: whose accounts must have one-time codes.

pub mod get;
pub mod set;

use bailiwick_accounts::policy::Enforced;

/// The words for it.
const WORDS: [(Enforced, &str); 3] =
    [(Enforced::Nobody, "none"), (Enforced::Administrators, "admin"), (Enforced::Everybody, "user")];
