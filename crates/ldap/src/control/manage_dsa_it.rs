//! Treating referral objects as plain entries. RFC 3296 section 3.

use crate::malformed::Malformed;
use crate::value;

/// Objects that hold referrals are read and changed like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManageDsaIt;

impl ManageDsaIt {
    /// The OID of the control.
    pub const OID: &'static str = "2.16.840.1.113730.3.4.2";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
