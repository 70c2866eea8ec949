//! Deleting an entry with all below it. [MS-ADTS] 3.1.1.3.4.1.15.

use crate::malformed::Malformed;
use crate::value;

/// A delete also removes what lies below the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeDelete;

impl TreeDelete {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.805";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
