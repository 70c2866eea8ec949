//! Many things of a user changed at once: all of them, or none.

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_credential::Password;

use super::enable::{CONTROL, TRIES_MAX, is_stale};
use super::{AccountControl, Error, Target, descriptor, show};
use crate::{Change, Context, Directory};

/// What is to be changed; what is none stays.
#[derive(Default)]
pub struct UserEdit<'a> {
    /// Attributes and their new values; no value takes the attribute away.
    pub attributes: Vec<(&'static str, Option<String>)>,
    /// A new password, which unlocks the account too.
    pub password: Option<&'a Password>,
    /// Whether the account is disabled.
    pub disabled: Option<bool>,
    /// Whether the password never ends.
    pub password_never_expires: Option<bool>,
    /// Whether the password must be changed at the next sign-in.
    pub must_change_password: Option<bool>,
    /// Whether the user may not change the password.
    pub cannot_change_password: Option<bool>,
}

/// Changes a user. Whether the user may change the password is part of the descriptor, and a change of its own, which
/// comes first.
///
/// # Errors
/// `KeepsChanging`, or the directory refuses.
pub fn edit_user(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    edit: &UserEdit<'_>,
) -> Result<(), Error> {
    if let Some(denied) = edit.cannot_change_password {
        descriptor::deny_password_change(directory, context, target, denied)?;
    }
    for _ in 0..TRIES_MAX {
        let mut modifications = Vec::new();
        if let Some(password) = edit.password
            && let Change::Modify { modifications: of_password, .. } = Change::set_password(target.name(), password)?
        {
            modifications.extend(of_password);
            modifications.push(replacement("lockoutTime", Some("0".to_owned())));
        }
        modifications.extend(edit.attributes.iter().map(|(name, value)| replacement(name, value.clone())));
        modifications.extend(control(directory, context, target, edit)?);
        match edit.must_change_password {
            Some(true) => modifications.push(replacement("pwdLastSet", Some("0".to_owned()))),
            // A new password has its own time already.
            Some(false) if edit.password.is_none() => {
                modifications.push(replacement("pwdLastSet", Some("-1".to_owned())))
            }
            Some(false) | None => {}
        }
        if modifications.is_empty() {
            return Ok(());
        }
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

/// The change of the account's flags, if there is one: the old value goes by name, so that a change in between is noticed.
fn control(
    directory: &dyn Directory,
    context: &Context<'_>,
    target: &Target,
    edit: &UserEdit<'_>,
) -> Result<Vec<Modification>, Error> {
    if edit.disabled.is_none() && edit.password_never_expires.is_none() {
        return Ok(Vec::new());
    }
    let entry = show(directory, context, target, &[CONTROL])?;
    let old = entry.text(CONTROL).and_then(AccountControl::parse).ok_or(Error::Unsaid { attribute: CONTROL })?;
    let with = |control: AccountControl, flag: AccountControl, wanted: Option<bool>| match wanted {
        Some(true) => control.with(flag),
        Some(false) => control.without(flag),
        None => control,
    };
    let new = with(old, AccountControl::DISABLED, edit.disabled);
    let new = with(new, AccountControl::PASSWORD_NEVER_EXPIRES, edit.password_never_expires);
    if new == old {
        return Ok(Vec::new());
    }
    let modification = |operation, control: AccountControl| Modification {
        operation,
        attribute: CONTROL.to_owned(),
        values: vec![control.to_value()],
    };
    Ok(vec![modification(Operation::Delete, old), modification(Operation::Add, new)])
}

fn replacement(attribute: &str, value: Option<String>) -> Modification {
    Modification {
        operation: Operation::Replace,
        attribute: attribute.to_owned(),
        values: value.into_iter().map(String::into_bytes).collect(),
    }
}
