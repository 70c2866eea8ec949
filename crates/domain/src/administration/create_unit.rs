//! A new organizational unit.

use bailiwick_adtypes::modification::Attribute;

use super::creation::Draft;
use super::{Created, Error, Place, find_place};
use crate::{Context, Directory};

/// What a new unit is to be.
pub struct NewUnit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where.
    pub place: Place<'a>,
    /// Whatever else.
    pub attributes: Vec<Attribute>,
}

/// Makes a unit.
///
/// # Errors
/// The place is not there, or the directory refuses.
pub fn create_unit(directory: &dyn Directory, context: &Context<'_>, new: NewUnit<'_>) -> Result<Created, Error> {
    let place = find_place(directory, context, new.place)?;
    Draft::new("organizationalUnit", new.attributes).create(directory, context, "OU", new.name, &place)
}
