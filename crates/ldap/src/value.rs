//! The values of controls and extended operations: mostly one SEQUENCE, packed into an OCTET STRING.

use crate::ber::{Reader, Tag, Writer};
use crate::malformed::Malformed;

/// Opens the SEQUENCE that is the whole value.
///
/// # Errors
/// `ValueMissing`, `TrailingOctets`, and what else is wrong with the encoding.
pub(crate) fn sequence(value: Option<&[u8]>) -> Result<Reader<'_>, Malformed> {
    let mut reader = Reader::new(value.ok_or(Malformed::ValueMissing)?);
    let sequence = reader.constructed(Tag::SEQUENCE)?;
    reader.end()?;
    Ok(sequence)
}

/// Makes a value that is one SEQUENCE.
pub(crate) fn sequence_of(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut value = Vec::with_capacity(16);
    let mut writer = Writer::new(&mut value);
    let sequence = writer.start(Tag::SEQUENCE);
    write(&mut writer);
    writer.end(sequence);
    value
}

/// Reads the SEQUENCE of one number that several AD controls have as their value.
///
/// # Errors
/// As [`sequence`]; `IntegerRange` beyond 32 bits.
pub(crate) fn flags(value: Option<&[u8]>) -> Result<u32, Malformed> {
    let mut sequence = sequence(value)?;
    let flags = sequence.flags(Tag::INTEGER)?;
    sequence.ignore_extensions()?;
    Ok(flags)
}

/// Makes the value that [`flags`] reads. As in AD the number is a signed one of 32 bits.
pub(crate) fn of_flags(flags: u32) -> Vec<u8> {
    sequence_of(|writer| writer.integer(Tag::INTEGER, i64::from(flags.cast_signed())))
}

/// Checks that what is defined without a value has none. An empty one is taken for none, as AD takes it.
///
/// # Errors
/// `ValueUnexpected`.
pub(crate) const fn none(value: Option<&[u8]>) -> Result<(), Malformed> {
    match value {
        None | Some([]) => Ok(()),
        Some(_) => Err(Malformed::ValueUnexpected),
    }
}
