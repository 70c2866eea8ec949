//! Modifies that are content when nothing is left to do. [MS-ADTS] 3.1.1.3.4.1.8.

use crate::malformed::Malformed;
use crate::value;

/// Adding a value that is there, or removing one that is not, succeeds without effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissiveModify;

impl PermissiveModify {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.1413";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
