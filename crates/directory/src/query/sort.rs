//! Server-side sort: one composed key an object, compared as octets. RFC 2891, [MS-ADTS] 3.1.1.3.4.1.13.

use bailiwick_adtypes::attribute_name::AttributeDescription;
use bailiwick_domain::{Error, SortKey};

use crate::access::View;
use crate::record::Record;
use crate::schema::{Attribute, Schema};

/// Stands before the key of a value.
const HAS_VALUE: u8 = 0;
/// Stands for an absent value, which comes last (RFC 2891 section 2.2).
const NO_VALUE: u8 = 1;

/// The attributes to sort by, looked up.
pub(crate) struct Order<'s> {
    keys: Vec<(&'s Attribute, bool)>,
}

impl<'s> Order<'s> {
    /// Looks the sort keys up.
    ///
    /// # Errors
    /// `CannotSort` for an attribute that is unknown, secret, computed or without an order.
    pub fn new(schema: &'s Schema, keys: &[SortKey]) -> Result<Order<'s>, Error> {
        let keys = keys
            .iter()
            .map(|key| {
                AttributeDescription::parse(&key.attribute)
                    .ok()
                    .and_then(|description| schema.attribute_named(description.base))
                    .filter(|attribute| !attribute.is_constructed() && attribute.link.is_none() && !attribute.is_dn())
                    .filter(|attribute| !attribute.is_secret())
                    .map(|attribute| (attribute, key.reverse))
                    .ok_or(Error::CannotSort)
            })
            .collect::<Result<_, _>>()?;
        Ok(Order { keys })
    }

    /// The composed key of an object. Of several values the least counts; one that may not be read is as absent.
    pub fn key(&self, view: &View, record: &Record<'_>) -> Vec<u8> {
        let mut composed = Vec::new();
        let mut key = Vec::new();
        for (attribute, reverse) in &self.keys {
            let start = composed.len();
            let mut least: Option<Vec<u8>> = None;
            let values = view.reads(attribute.number).then(|| record.values(attribute.number));
            for value in values.into_iter().flatten() {
                key.clear();
                attribute.key(value, &mut key);
                if least.as_ref().is_none_or(|least| key < *least) {
                    least = Some(key.clone());
                }
            }
            match least {
                Some(least) => {
                    composed.push(HAS_VALUE);
                    for octet in least {
                        composed.push(octet);
                        // A zero is doubled, so that the single zero pair at the end stays the least.
                        if octet == 0 {
                            composed.push(0xff);
                        }
                    }
                    composed.extend_from_slice(&[0, 0]);
                }
                None => composed.push(NO_VALUE),
            }
            if *reverse {
                composed[start..].iter_mut().for_each(|octet| *octet = !*octet);
            }
        }
        composed
    }
}
