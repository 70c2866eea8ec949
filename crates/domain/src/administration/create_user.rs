//! A new user: everything in one add, the password too, so that there is never half an account.

use bailiwick_adtypes::modification::Attribute;
use bailiwick_credential::Password;

use super::creation::Draft;
use super::{AccountControl, Created, Error, Place, descriptor, find_place};
use crate::{Context, Directory};

/// What a new user is to be.
pub struct NewUser<'a> {
    /// The common name: what the object is called in its place.
    pub name: &'a str,
    /// The account name, at most 20 characters.
    pub account_name: &'a str,
    /// The user principal name; none gives the account none.
    pub principal_name: Option<&'a str>,
    /// Where.
    pub place: Place<'a>,
    /// The initial password; an account without one can only be disabled, or must not require one.
    pub password: Option<&'a Password>,
    /// Flags beside that of a normal account.
    pub control: AccountControl,
    /// The password must be changed at the first sign-in.
    pub must_change_password: bool,
    /// The user may not change the password.
    pub cannot_change_password: bool,
    /// Whatever else: any attribute a user may have.
    pub attributes: Vec<Attribute>,
}

/// Makes a user.
///
/// # Errors
/// The place is not there, or the directory refuses; nothing was made then.
pub fn create_user(directory: &dyn Directory, context: &Context<'_>, new: NewUser<'_>) -> Result<Created, Error> {
    let place = find_place(directory, context, new.place)?;
    let mut draft = Draft::new("user", new.attributes);
    draft.set("sAMAccountName", new.account_name);
    draft.set("userAccountControl", AccountControl::NORMAL.with(new.control).to_value());
    if let Some(name) = new.principal_name {
        draft.set("userPrincipalName", name);
    }
    if let Some(password) = new.password {
        draft.set_password(password)?;
    }
    if new.must_change_password {
        draft.set("pwdLastSet", "0");
    }
    if new.cannot_change_password {
        draft.set("nTSecurityDescriptor", descriptor::without_password_change(directory, context)?);
    }
    draft.create(directory, context, "CN", new.name, &place)
}
