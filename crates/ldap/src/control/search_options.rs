//! How a search treats naming contexts. [MS-ADTS] 3.1.1.3.4.1.12.

use crate::malformed::Malformed;
use crate::value;

/// Options of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// The flags as sent: the constants below, and bits without meaning.
    pub flags: u32,
}

impl SearchOptions {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.1340";
    /// SERVER_SEARCH_FLAG_DOMAIN_SCOPE: give no references to other naming contexts.
    pub const DOMAIN_SCOPE: u32 = 1;
    /// SERVER_SEARCH_FLAG_PHANTOM_ROOT: search all naming contexts below the base.
    pub const PHANTOM_ROOT: u32 = 2;

    /// Reads the control's value.
    ///
    /// # Errors
    /// `ValueMissing`, and what else is wrong with the encoding.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        value::flags(value).map(|flags| Self { flags })
    }

    /// The control's value.
    pub fn encode(self) -> Vec<u8> {
        value::of_flags(self.flags)
    }
}
