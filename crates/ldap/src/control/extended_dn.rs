//! Names that show GUID and SID too. [MS-ADTS] 3.1.1.3.4.1.5.

use crate::ber::Tag;
use crate::malformed::Malformed;
use crate::value;

/// Every DN in the results has the form `<GUID=…>;<SID=…>;DN`; this says how the first two are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendedDn {
    /// As hexadecimal octets; what a control without a value asks for.
    Hexadecimal,
    /// In their usual text forms.
    Text,
}

impl ExtendedDn {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.529";

    /// Reads the control's value, which may be absent.
    ///
    /// # Errors
    /// `UnknownEnumerated` for a form that is not defined, and what else is wrong with the encoding.
    pub fn decode(value: Option<&[u8]>) -> Result<Self, Malformed> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(Self::Hexadecimal);
        };
        let mut sequence = value::sequence(Some(value))?;
        let form = sequence.integer(Tag::INTEGER)?;
        sequence.ignore_extensions()?;
        match form {
            0 => Ok(Self::Hexadecimal),
            1 => Ok(Self::Text),
            _ => Err(Malformed::UnknownEnumerated(form)),
        }
    }

    /// The control's value.
    pub fn encode(self) -> Vec<u8> {
        let form = match self {
            Self::Hexadecimal => 0,
            Self::Text => 1,
        };
        value::sequence_of(|writer| writer.integer(Tag::INTEGER, form))
    }
}
