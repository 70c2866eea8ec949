//! Which parts of a security descriptor are read or written. [MS-ADTS] 3.1.1.3.4.1.11.

use crate::malformed::Malformed;
use crate::value;

/// The parts of `nTSecurityDescriptor` that the operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SdFlags {
    /// The flags as sent: the constants below, and bits without meaning.
    pub flags: u32,
}

impl SdFlags {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.801";
    /// OWNER_SECURITY_INFORMATION.
    pub const OWNER: u32 = 1;
    /// GROUP_SECURITY_INFORMATION.
    pub const GROUP: u32 = 2;
    /// DACL_SECURITY_INFORMATION.
    pub const DACL: u32 = 4;
    /// SACL_SECURITY_INFORMATION.
    pub const SACL: u32 = 8;

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
