//! A new password by somebody who knows the old one.

use bailiwick_credential::Password;

use super::{Error, Target};
use crate::{Change, Context, Directory};

/// Changes the password of an account from `old` to `new`.
///
/// # Errors
/// The directory refuses: the old password is wrong, or the policy does not take the new one.
pub fn change_password(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    old: &Password,
    new: &Password,
) -> Result<(), Error> {
    directory.apply(context, &[Change::change_password(target.name(), old, new)?])?;
    Ok(())
}
