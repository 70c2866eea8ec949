//! New values for the attributes of any object.

use bailiwick_adtypes::modification::Modification;

use super::{Error, Target};
use crate::{Change, Context, Directory, Seen};

/// Applies all modifications in their order, or none.
///
/// # Errors
/// The directory refuses.
pub fn change_attributes(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    modifications: Vec<Modification>,
) -> Result<(), Error> {
    directory
        .apply(context, &[Change::Modify { name: target.name(), modifications, permissive: false, sd_flags: None }])?;
    Ok(())
}

/// The same, if the object is still at the version at which it was seen.
///
/// # Errors
/// `Changed` when it is not; the directory refuses.
pub fn change_seen_attributes(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    usn: i64,
    modifications: Vec<Modification>,
) -> Result<(), Error> {
    let seen = Seen { name: target.name(), usn };
    let change = Change::Modify { name: target.name(), modifications, permissive: false, sd_flags: None };
    directory.apply_to_seen(context, &seen, &[change])?;
    Ok(())
}
