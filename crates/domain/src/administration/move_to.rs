//! Another place under the same name.

use bailiwick_adtypes::dn::Dn;

use super::{Error, Place, Target, find_place};
use crate::{Change, Context, Directory, Rename};

/// Moves an object, with everything below it, and gives its new name.
///
/// # Errors
/// The place is not there, or the directory refuses.
pub fn move_to(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    place: Place<'_>,
) -> Result<Dn, Error> {
    let place = find_place(directory, context, place)?;
    let Some(rdn) = target.dn.rdn() else { return Err(Error::InvalidName { text: target.dn.to_string() }) };
    let rename = Rename {
        name: target.name(),
        new_rdn: rdn.clone(),
        delete_old_rdn: true,
        new_superior: Some(place.clone().into()),
    };
    directory.apply(context, &[Change::Rename(rename)])?;
    Ok(place.child(rdn.clone()))
}
