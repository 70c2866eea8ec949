//! An account that nobody may sign in to.

use super::enable::change_control;
use super::{AccountControl, Error, Target};
use crate::{Context, Directory};

/// Disables an account; one that is disabled stays so.
///
/// # Errors
/// `KeepsChanging`, or the directory refuses.
pub fn disable(directory: &dyn Directory, context: &Context<'_>, target: &Target) -> Result<(), Error> {
    change_control(directory, context, target, |control| control.with(AccountControl::DISABLED))
}
