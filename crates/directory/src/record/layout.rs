//! The stored form of an object: a fixed header, an offset table, then the values.
//!
//! ```text
//! 0  version u8 | flags u8 | attribute count u16
//! 4  class u32 | descriptor u32 | RDN attribute u32
//! 16 parent u64 | naming context u64
//! 32 attribute count × (attribute u32, end of its values u32)
//! …  for each value: length as a variable-length number, octets
//! ```
//!
//! Numbers are little-endian, except inside values. A filter is tested and attributes are copied without
//! building an owned object. Values are in the form clients see, so that an answer is one copy; the value of an
//! attribute with a name syntax is the target's entry id (8 octets, big-endian) and what the syntax carries beside it.

use std::collections::BTreeMap;

use crate::record::{DescriptorId, EntryId, Fault};
use crate::schema::{AttributeNumber, ClassNumber};

const VERSION: u8 = 1;
const HEADER_OCTETS: usize = 32;
const TABLE_ROW_OCTETS: usize = 8;
/// The object is a tombstone.
const FLAG_DELETED: u8 = 1;

/// A stored object, borrowed from the mapped page.
#[derive(Clone, Copy)]
pub(crate) struct Record<'t> {
    id: EntryId,
    octets: &'t [u8],
    count: usize,
}

impl<'t> Record<'t> {
    /// Checks the frame of a record: after this, reads stay inside it.
    pub fn new(id: EntryId, octets: &'t [u8]) -> Result<Record<'t>, Fault> {
        let damaged = Fault::Damaged { what: "record", id: id.0 };
        if octets.len() < HEADER_OCTETS || octets[0] != VERSION {
            return Err(damaged);
        }
        let count = usize::from(u16::from_le_bytes([octets[2], octets[3]]));
        if octets.len() < HEADER_OCTETS + count * TABLE_ROW_OCTETS {
            return Err(damaged);
        }
        Ok(Record { id, octets, count })
    }

    /// Its number.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// Whether it is a tombstone.
    pub fn is_deleted(&self) -> bool {
        self.octets[1] & FLAG_DELETED != 0
    }

    /// Its structural class.
    pub fn class(&self) -> ClassNumber {
        ClassNumber(self.u32_at(4))
    }

    /// Its explicit security descriptor.
    pub fn descriptor(&self) -> DescriptorId {
        DescriptorId(self.u32_at(8))
    }

    /// The attribute that names it.
    pub fn rdn_attribute(&self) -> AttributeNumber {
        AttributeNumber(self.u32_at(12))
    }

    /// Its parent; [`EntryId::NONE`] for the head of a naming context.
    pub fn parent(&self) -> EntryId {
        EntryId(self.u64_at(16))
    }

    /// The head of its naming context.
    pub fn naming_context(&self) -> EntryId {
        EntryId(self.u64_at(24))
    }

    /// The value of its RDN.
    pub fn rdn_value(&self) -> &'t [u8] {
        self.values(self.rdn_attribute()).next().unwrap_or_default()
    }

    /// The values of an attribute, in stored order; none when it is not there.
    pub fn values(&self, attribute: AttributeNumber) -> Values<'t> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = (low + high) / 2;
            match self.u32_at(HEADER_OCTETS + middle * TABLE_ROW_OCTETS).cmp(&attribute.0) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.values_at(middle),
            }
        }
        Values { octets: &[] }
    }

    /// The first value of an attribute.
    pub fn value(&self, attribute: AttributeNumber) -> Option<&'t [u8]> {
        self.values(attribute).next()
    }

    /// Whether the attribute has a value.
    pub fn has(&self, attribute: AttributeNumber) -> bool {
        self.value(attribute).is_some()
    }

    /// The first value as a number, for attributes of an integer syntax.
    pub fn integer(&self, attribute: AttributeNumber) -> Option<i64> {
        std::str::from_utf8(self.value(attribute)?).ok()?.parse().ok()
    }

    /// All attributes with their values, by attribute number.
    pub fn attributes(&self) -> impl Iterator<Item = (AttributeNumber, Values<'t>)> + use<'t> {
        let record = *self;
        (0..self.count).map(move |row| {
            (AttributeNumber(record.u32_at(HEADER_OCTETS + row * TABLE_ROW_OCTETS)), record.values_at(row))
        })
    }

    fn values_at(&self, row: usize) -> Values<'t> {
        let area = &self.octets[HEADER_OCTETS + self.count * TABLE_ROW_OCTETS..];
        let end_of = |row: usize| self.u32_at(HEADER_OCTETS + row * TABLE_ROW_OCTETS + 4) as usize;
        let start = if row == 0 { 0 } else { end_of(row - 1) };
        Values { octets: area.get(start..end_of(row)).unwrap_or_default() }
    }

    fn u32_at(&self, at: usize) -> u32 {
        let octets = &self.octets[at..at + 4];
        u32::from_le_bytes([octets[0], octets[1], octets[2], octets[3]])
    }

    fn u64_at(&self, at: usize) -> u64 {
        u64::from(self.u32_at(at)) | u64::from(self.u32_at(at + 4)) << 32
    }
}

/// The values of one attribute, borrowed from the mapped page.
#[derive(Clone, Copy)]
pub(crate) struct Values<'t> {
    octets: &'t [u8],
}

impl<'t> Iterator for Values<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let (length, rest) = read_length(self.octets)?;
        let (value, rest) = rest.split_at_checked(length)?;
        self.octets = rest;
        Some(value)
    }
}

/// An object being made or changed: the owned twin of [`Record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Its number.
    pub id: EntryId,
    /// Its parent.
    pub parent: EntryId,
    /// The head of its naming context.
    pub naming_context: EntryId,
    /// Its structural class.
    pub class: ClassNumber,
    /// The attribute that names it.
    pub rdn_attribute: AttributeNumber,
    /// Its explicit security descriptor.
    pub descriptor: DescriptorId,
    /// Whether it is a tombstone.
    pub deleted: bool,
    /// Values in stored form. An attribute with an empty list is not there.
    pub attributes: BTreeMap<AttributeNumber, Vec<Vec<u8>>>,
}

impl Draft {
    /// An owned copy of a record.
    pub fn of(record: &Record<'_>) -> Draft {
        Draft {
            id: record.id(),
            parent: record.parent(),
            naming_context: record.naming_context(),
            class: record.class(),
            rdn_attribute: record.rdn_attribute(),
            descriptor: record.descriptor(),
            deleted: record.is_deleted(),
            attributes: record
                .attributes()
                .map(|(attribute, values)| (attribute, values.map(<[u8]>::to_vec).collect()))
                .collect(),
        }
    }

    /// The values of an attribute; empty when it is not there.
    pub fn values(&self, attribute: AttributeNumber) -> &[Vec<u8>] {
        self.attributes.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The first value of an attribute.
    pub fn value(&self, attribute: AttributeNumber) -> Option<&[u8]> {
        self.values(attribute).first().map(Vec::as_slice)
    }

    /// The first value as a number, for attributes of an integer syntax.
    pub fn integer(&self, attribute: AttributeNumber) -> Option<i64> {
        std::str::from_utf8(self.value(attribute)?).ok()?.parse().ok()
    }

    /// Whether the attribute has a value.
    pub fn has(&self, attribute: AttributeNumber) -> bool {
        !self.values(attribute).is_empty()
    }

    /// Sets an attribute to one value.
    pub fn set(&mut self, attribute: AttributeNumber, value: impl Into<Vec<u8>>) {
        self.attributes.insert(attribute, vec![value.into()]);
    }

    /// Sets an attribute to one value unless it has one already.
    pub fn set_default(&mut self, attribute: AttributeNumber, value: impl Into<Vec<u8>>) {
        if !self.has(attribute) {
            self.set(attribute, value);
        }
    }

    /// The value of its RDN.
    pub fn rdn_value(&self) -> &[u8] {
        self.value(self.rdn_attribute).unwrap_or_default()
    }

    /// The stored form.
    pub fn to_octets(&self) -> Vec<u8> {
        let rows: Vec<_> = self.attributes.iter().filter(|(_, values)| !values.is_empty()).collect();
        let mut octets = Vec::with_capacity(512);
        octets.push(VERSION);
        octets.push(if self.deleted { FLAG_DELETED } else { 0 });
        octets.extend_from_slice(&(rows.len() as u16).to_le_bytes());
        octets.extend_from_slice(&self.class.0.to_le_bytes());
        octets.extend_from_slice(&self.descriptor.0.to_le_bytes());
        octets.extend_from_slice(&self.rdn_attribute.0.to_le_bytes());
        octets.extend_from_slice(&self.parent.0.to_le_bytes());
        octets.extend_from_slice(&self.naming_context.0.to_le_bytes());
        let area = HEADER_OCTETS + rows.len() * TABLE_ROW_OCTETS;
        octets.resize(area, 0);
        for (row, (attribute, values)) in rows.into_iter().enumerate() {
            for value in values {
                write_length(value.len(), &mut octets);
                octets.extend_from_slice(value);
            }
            let end = (octets.len() - area) as u32;
            let at = HEADER_OCTETS + row * TABLE_ROW_OCTETS;
            octets[at..at + 4].copy_from_slice(&attribute.0.to_le_bytes());
            octets[at + 4..at + 8].copy_from_slice(&end.to_le_bytes());
        }
        octets
    }
}

/// Reads a variable-length number: seven bits an octet, least significant first, the top bit says that more follow.
pub(crate) fn read_length(octets: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = read_number(octets)?;
    Some((usize::try_from(number).ok()?, rest))
}

/// Writes a variable-length number.
pub(crate) fn write_length(length: usize, out: &mut Vec<u8>) {
    write_number(length as u64, out);
}

/// Reads a variable-length number of up to 64 bits.
pub(crate) fn read_number(octets: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (place, octet) in octets.iter().take(10).enumerate() {
        number |= u64::from(octet & 0x7f).checked_shl(7 * place as u32)?;
        if octet & 0x80 == 0 {
            return Some((number, &octets[place + 1..]));
        }
    }
    None
}

/// Writes a variable-length number of up to 64 bits.
pub(crate) fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            id: EntryId(77),
            parent: EntryId(5),
            naming_context: EntryId(u64::MAX - 1),
            class: ClassNumber(9),
            rdn_attribute: AttributeNumber(3),
            descriptor: DescriptorId(4),
            deleted: false,
            attributes: BTreeMap::from([
                (AttributeNumber(3), vec![b"Ada".to_vec()]),
                (AttributeNumber(8), vec![]),
                (AttributeNumber(12), vec![vec![], vec![1; 300], b"x".to_vec()]),
            ]),
        }
    }

    #[test]
    fn a_record_reads_back_what_the_draft_held() {
        let octets = draft().to_octets();
        let record = Record::new(EntryId(77), &octets).unwrap();
        let mut expected = draft();
        expected.attributes.remove(&AttributeNumber(8));
        assert_eq!(Draft::of(&record), expected);
        assert_eq!(record.rdn_value(), b"Ada");
        assert!(!record.has(AttributeNumber(8)) && !record.has(AttributeNumber(4)));
    }

    #[test]
    fn no_cut_of_a_record_panics() {
        let octets = draft().to_octets();
        for length in 0..octets.len() {
            if let Ok(record) = Record::new(EntryId(1), &octets[..length]) {
                for (_, values) in record.attributes() {
                    values.for_each(drop);
                }
            }
        }
    }

    #[test]
    fn numbers_of_every_length_read_back() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut octets = Vec::new();
            write_number(number, &mut octets);
            assert_eq!(read_number(&octets), Some((number, &[][..])));
        }
        assert_eq!(read_number(&[0x80; 11]), None);
    }
}
