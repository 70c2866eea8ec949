//! An account that may be signed in to again.

use bailiwick_adtypes::modification::{Modification, Operation};

use super::{AccountControl, Error, Target, show};
use crate::{AttributeFault, Change, Context, Directory};

/// How often flags are read again when somebody else changes them at the same time.
pub(super) const TRIES_MAX: usize = 4;
/// The attribute with the flags.
pub(super) const CONTROL: &str = "userAccountControl";

/// Enables an account; one that is enabled stays so.
///
/// # Errors
/// `KeepsChanging`, or the directory refuses, for instance an account without a password that must have one.
pub fn enable(directory: &dyn Directory, context: &Context<'_>, target: &Target) -> Result<(), Error> {
    change_control(directory, context, target, |control| control.without(AccountControl::DISABLED))
}

/// Changes flags of an account and leaves the others. The old value is deleted by name and the new one added, so that
/// a change in between is noticed instead of undone.
pub(super) fn change_control(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    change: impl Fn(AccountControl) -> AccountControl,
) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let entry = show(directory, context, target, &[CONTROL])?;
        let old = entry.text(CONTROL).and_then(AccountControl::parse).ok_or(Error::Unsaid { attribute: CONTROL })?;
        let new = change(old);
        if new == old {
            return Ok(());
        }
        let modification = |operation, control: AccountControl| Modification {
            operation,
            attribute: CONTROL.to_owned(),
            values: vec![control.to_value()],
        };
        let modifications = vec![modification(Operation::Delete, old), modification(Operation::Add, new)];
        match directory
            .apply(context, &[Change::Modify { name: target.name(), modifications, permissive: false, sd_flags: None }])
        {
            Ok(_) => return Ok(()),
            Err(refused) if is_stale(&refused.error) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Error::KeepsChanging)
}

/// Whether the value to remove was not there any more.
pub(super) fn is_stale(error: &crate::Error) -> bool {
    matches!(error, crate::Error::Attribute { fault: AttributeFault::NotPresent, .. })
}
