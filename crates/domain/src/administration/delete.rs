//! An object goes.

use super::{Error, Target};
use crate::{Change, Context, Directory};

/// Deletes an object; with `tree` everything below it too, without it an object that has children is refused.
///
/// # Errors
/// The directory refuses.
pub fn delete(directory: &dyn Directory, context: &Context<'_>, target: &Target, tree: bool) -> Result<(), Error> {
    directory.apply(context, &[Change::Delete { name: target.name(), tree }])?;
    Ok(())
}
