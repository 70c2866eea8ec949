//! Deleted objects in sight. [MS-ADTS] 3.1.1.3.4.1.14.

use crate::malformed::Malformed;
use crate::value;

/// Tombstones and deleted objects are visible to the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowDeleted;

impl ShowDeleted {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.417";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
