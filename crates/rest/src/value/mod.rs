//! Values between JSON and the directory, by the schema in both directions; what needs no directory to decide.

mod exchange;
pub mod flags;
mod from_json;
mod instant;
mod to_json;

pub use from_json::{ValueFault, value, values};
pub use instant::{Zone, parse_instant, write_instant};
pub use to_json::{Presentation, present};

/// What the schema says of an attribute, by its name in any case: [`bailiwick_domain::Directory::attribute_type`].
pub type AttributeLookup<'a> = dyn Fn(&str) -> Option<bailiwick_domain::AttributeType> + 'a;
