//! A new organizational unit.

use bailiwick_adtypes::modification::Attribute;

use super::creation::Draft;
use super::{Created, Error, Kind, Place, Selector, descriptor, find, find_place, grant};
use crate::{Context, Directory};

/// What a new unit is to be.
pub struct NewUnit<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where.
    pub place: Place<'a>,
    /// It is protected from accidental deletion.
    pub protected: bool,
    /// Whatever else.
    pub attributes: Vec<Attribute>,
}

/// Makes a unit. Protection is part of the one change that makes it. Where the requester may do that, the right over
/// the parent's children is denied too, which would get around it; where not, that part is left out.
///
/// # Errors
/// The place is not there, or the directory refuses.
pub fn create_unit(directory: &dyn Directory, context: &Context<'_>, new: NewUnit<'_>) -> Result<Created, Error> {
    let place = find_place(directory, context, new.place)?;
    let mut draft = Draft::new("organizationalUnit", new.attributes);
    if new.protected {
        draft.set(descriptor::DESCRIPTOR, descriptor::of_protected_unit(directory, context)?);
    }
    let created = draft.create(directory, context, "OU", new.name, &place)?;
    if new.protected
        && let Ok(parent) = find(directory, context, Kind::Place, &Selector::from(place))
    {
        let _ = grant(directory, context, &parent, &[descriptor::denial_of_child_deletion()]);
    }
    Ok(created)
}
