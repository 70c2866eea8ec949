//! Search results in order. RFC 2891, [MS-ADTS] 3.1.1.3.4.1.13.

use crate::ber::Tag;
use crate::malformed::{Items, Malformed, count};
use crate::result_code::ResultCode;
use crate::value;

const ORDERING_RULE: Tag = Tag::context(0);
const REVERSE_ORDER: Tag = Tag::context(1);
const ATTRIBUTE_TYPE: Tag = Tag::context(0);

/// How many keys are read. AD itself sorts by one.
pub const SORT_KEYS_MAX: usize = 16;

/// The wanted order, the most significant key first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSideSort<'a> {
    /// The keys; at least one.
    pub keys: Vec<SortKey<'a>>,
}

/// One key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey<'a> {
    /// The attribute description.
    pub attribute: &'a str,
    /// The ordering rule, or in AD a locale; absent means the attribute's own.
    pub rule: Option<&'a str>,
    /// Whether the greatest comes first.
    pub reverse: bool,
}

impl<'a> ServerSideSort<'a> {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.473";

    /// Reads the control's value.
    ///
    /// # Errors
    /// `ValueMissing`, `Truncated` for no key, `TooMany`, and what else is wrong with the encoding.
    pub fn decode(value: Option<&'a [u8]>) -> Result<Self, Malformed> {
        let mut sequence = value::sequence(value)?;
        let mut keys = Vec::new();
        let mut left = SORT_KEYS_MAX;
        while keys.is_empty() || !sequence.is_empty() {
            count(&mut left, Items::SortKeys, SORT_KEYS_MAX)?;
            let mut key = sequence.constructed(Tag::SEQUENCE)?;
            keys.push(SortKey {
                attribute: key.string(Tag::OCTET_STRING)?,
                rule: key.optional_string(ORDERING_RULE)?,
                reverse: key.boolean_or_false(REVERSE_ORDER)?,
            });
            key.ignore_extensions()?;
        }
        Ok(Self { keys })
    }

    /// The control's value.
    pub fn encode(&self) -> Vec<u8> {
        value::sequence_of(|writer| {
            for key in &self.keys {
                let mark = writer.start(Tag::SEQUENCE);
                writer.string(Tag::OCTET_STRING, key.attribute);
                if let Some(rule) = key.rule {
                    writer.string(ORDERING_RULE, rule);
                }
                if key.reverse {
                    writer.boolean(REVERSE_ORDER, true);
                }
                writer.end(mark);
            }
        })
    }
}

/// Whether the results are in the wanted order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerSideSortResponse<'a> {
    /// Success, or why they are not.
    pub code: ResultCode,
    /// The key that was the reason.
    pub attribute: Option<&'a str>,
}

impl<'a> ServerSideSortResponse<'a> {
    /// The OID of the control.
    pub const OID: &'static str = "1.2.840.113556.1.4.474";

    /// Reads the control's value.
    ///
    /// # Errors
    /// `ValueMissing`, and what else is wrong with the encoding.
    pub fn decode(value: Option<&'a [u8]>) -> Result<Self, Malformed> {
        let mut sequence = value::sequence(value)?;
        let code = ResultCode::from_number(sequence.unsigned(Tag::ENUMERATED)?);
        let attribute = sequence.optional_string(ATTRIBUTE_TYPE)?;
        sequence.ignore_extensions()?;
        Ok(Self { code, attribute })
    }

    /// The control's value.
    pub fn encode(&self) -> Vec<u8> {
        value::sequence_of(|writer| {
            writer.integer(Tag::ENUMERATED, i64::from(self.code.number()));
            if let Some(attribute) = self.attribute {
                writer.string(ATTRIBUTE_TYPE, attribute);
            }
        })
    }
}
