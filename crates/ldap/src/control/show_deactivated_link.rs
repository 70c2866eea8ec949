//! Links of and to deleted objects in sight. [MS-ADTS] 3.1.1.3.4.1.25.

use crate::malformed::Malformed;
use crate::value;

/// Link values that lead to deleted objects are visible; beside show deleted or show recycled, also those of deleted objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowDeactivatedLink;

impl ShowDeactivatedLink {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.2065";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
