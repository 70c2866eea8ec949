//! Searches without references to other naming contexts. [MS-ADTS] 3.1.1.3.4.1.4.

use crate::malformed::Malformed;
use crate::value;

/// A search gives no references to other naming contexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomainScope;

impl DomainScope {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.1339";

    /// Reads the control's value, which must be absent or empty.
    ///
    /// # Errors
    /// `ValueUnexpected`.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::none(value).map(|()| Self)
    }
}
