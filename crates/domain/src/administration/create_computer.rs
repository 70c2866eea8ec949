//! A new computer's account.

use bailiwick_adtypes::modification::Attribute;
use bailiwick_credential::Password;

use super::creation::Draft;
use super::{AccountControl, Created, Error, Place, find_place};
use crate::{Context, Directory};

/// What a new computer's account is to be.
pub struct NewComputer<'a> {
    /// The name of the machine, without the dollar sign of its account.
    pub name: &'a str,
    /// Where.
    pub place: Place<'a>,
    /// The password that the machine knows; none until it joins.
    pub password: Option<&'a Password>,
    /// Whatever else.
    pub attributes: Vec<Attribute>,
}

/// Makes a computer's account. Without a password it waits to be joined, as Active Directory prepares accounts.
///
/// # Errors
/// The place is not there, or the directory refuses.
pub fn create_computer(
    directory: &dyn Directory,
    context: &Context<'_>,
    new: NewComputer<'_>,
) -> Result<Created, Error> {
    let place = find_place(directory, context, new.place)?;
    let name = new.name.trim_end_matches('$');
    let mut draft = Draft::new("computer", new.attributes);
    draft.set("sAMAccountName", format!("{name}$"));
    let mut control = AccountControl::WORKSTATION;
    match new.password {
        Some(password) => {
            draft.set_password(password)?;
        }
        None => control = control.with(AccountControl::PASSWORD_NOT_REQUIRED),
    }
    draft.set("userAccountControl", control.to_value());
    draft.create(directory, context, "CN", name, &place)
}
