//! The edit language of `PUT /edit`: operations on attributes become one list of modifications, which the directory
//! applies whole or not at all. Section 6 of the reference.
//!
//! Reading needs the schema only. Addresses (`proxyAddresses`) are worked out against those that the object has, so the
//! caller reads these in between: [`Edits::read`], [`Edits::touches_addresses`], [`Edits::modifications`].

mod error;
mod keyword;
mod proxy_addresses;
mod read;

use bailiwick_adtypes::modification::Modification;
use bailiwick_domain::AttributeFault;

use crate::json::Value;
use crate::value::AttributeLookup;
use proxy_addresses::{AddressEdit, Addresses};

pub use error::EditError;
pub use keyword::Keyword;

/// The attribute whose values are addresses.
pub const PROXY_ADDRESSES: &str = "proxyAddresses";

/// The operations of one request, in their order; at least one.
#[derive(Debug)]
pub struct Edits {
    steps: Vec<Step>,
}

/// One operation on one attribute.
#[derive(Debug)]
struct Step {
    keyword: Keyword,
    /// In the schema's own case.
    attribute: String,
    act: Act,
}

#[derive(Debug)]
enum Act {
    /// What the directory can do by itself, in its own order.
    Modify(Vec<Modification>),
    /// What depends on the addresses that are there.
    Addresses(AddressEdit),
}

impl Edits {
    /// Reads the value of `edits`; none when the body has none.
    ///
    /// # Errors
    /// See [`EditError`]; `NoEdits` when nothing is left to do.
    pub fn read(edits: Option<&Value>, attributes: &AttributeLookup<'_>) -> Result<Edits, EditError> {
        let steps = read::steps(edits, attributes)?;
        match steps.is_empty() {
            true => Err(EditError::NoEdits),
            false => Ok(Edits { steps }),
        }
    }

    /// Whether [`Edits::modifications`] needs the values of [`PROXY_ADDRESSES`] that the object has.
    pub fn touches_addresses(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.act, Act::Addresses(_)))
    }

    /// The attributes that change, in the schema's own case; one stands as often as there are operations on it.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.attribute.as_str())
    }

    /// The modifications, at least one, in the order of the operations; those on addresses together, in the place of the
    /// first. `stored` are the values of [`PROXY_ADDRESSES`] now.
    ///
    /// # Errors
    /// `NoSuchAddress` when an address to remove is not there.
    pub fn modifications(&self, stored: &[Vec<u8>]) -> Result<Vec<Modification>, EditError> {
        let mut modifications = Vec::new();
        let mut addresses = Addresses::stored(stored);
        let mut place = None;
        for step in &self.steps {
            match &step.act {
                Act::Modify(own) => modifications.extend_from_slice(own),
                Act::Addresses(edit) => {
                    addresses.apply(step.keyword, edit)?;
                    place.get_or_insert(modifications.len());
                }
            }
        }
        if let Some(place) = place {
            modifications.splice(place..place, addresses.modifications(stored));
        }
        Ok(modifications)
    }

    /// Which operation is to blame when the directory finds fault with an attribute; none when no operation is on it.
    pub fn blame(&self, attribute: &str, fault: AttributeFault) -> Option<Keyword> {
        let on_it = || self.steps.iter().filter(|step| step.attribute.eq_ignore_ascii_case(attribute));
        let likely: &[Keyword] = match fault {
            AttributeFault::NotPresent => &[Keyword::Remove, Keyword::Replace],
            AttributeFault::ValueExists => &[Keyword::Add, Keyword::Replace],
            _ => &[Keyword::Add, Keyword::Set, Keyword::Replace],
        };
        let blamed = on_it().find(|step| likely.contains(&step.keyword)).or_else(|| on_it().next());
        blamed.map(|step| step.keyword)
    }
}
