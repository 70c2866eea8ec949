//! What the commands of administration share: where the domain is, what people type for values, and how objects are
//! shown.

mod folder;
mod show;
mod table;
mod value;

pub use folder::{At, SELECTORS, find};
pub use show::{as_json, columns, object, objects, say};
pub use table::Table;
pub use value::{Assignment, PasswordSource, attributes, modifications};
