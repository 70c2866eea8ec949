//! A new password for somebody else's account.

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_credential::Password;

use super::{Error, Target};
use crate::{Change, Context, Directory};

/// A password that an administrator sets.
pub struct NewPassword<'a> {
    /// The password.
    pub password: &'a Password,
    /// It must be changed at the next sign-in.
    pub must_change: bool,
    /// A locked account is unlocked by it.
    pub unlock: bool,
}

/// Sets the password of an account, whatever it was: one change.
///
/// # Errors
/// The directory refuses, for instance a password that the policy does not take.
pub fn set_password(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    new: &NewPassword<'_>,
) -> Result<(), Error> {
    let mut change = Change::set_password(target.name(), new.password)?;
    if let Change::Modify { modifications, .. } = &mut change {
        for (wanted, attribute) in [(new.must_change, "pwdLastSet"), (new.unlock, "lockoutTime")] {
            if wanted {
                modifications.push(Modification {
                    operation: Operation::Replace,
                    attribute: attribute.to_owned(),
                    values: vec![b"0".to_vec()],
                });
            }
        }
    }
    directory.apply(context, &[change])?;
    Ok(())
}
