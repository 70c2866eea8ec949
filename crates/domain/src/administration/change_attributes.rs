//! New values for the attributes of any object.

use bailiwick_adtypes::modification::Modification;

use super::{Error, Target};
use crate::{Change, Context, Directory};

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
