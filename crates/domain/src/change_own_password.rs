//! Changing a password without having signed in: the way out for somebody whose password has expired, or must be
//! changed before the first sign-in.

use bailiwick_adtypes::object_name::ObjectName;

use crate::{Change, Context, Directory, Error, Identity, Password, Protection, Refusal};

/// Changes the password of the account with this name, as any sign-in may write it, from `old` to `new`. Knowing the old
/// one is what entitles to it; everything else that stands in the way of a sign-in stands in the way of this, and wrong
/// passwords count alike. Nobody is signed in by it. Hashes on the thread of the caller, which is one of the hashing pool.
///
/// # Errors
/// `PasswordUnprotected` on a connection that others can read; those of a sign-in; those of a change of password.
pub fn change_own_password(
    directory: &dyn Directory,
    context: &Context<'_>,
    name: &str,
    old: &Password,
    new: &Password,
) -> Result<(), Error> {
    if context.requester.protection == Protection::None {
        return Err(Error::Refused(Refusal::PasswordUnprotected));
    }
    let requester = directory.authenticate_for_change(context, name, old)?;
    let Identity::Account { sid, .. } = requester.identity else { return Err(Error::NotSignedIn) };
    let change = Change::change_password(ObjectName::Sid(sid), old, new)?;
    let context = Context { requester: &requester, ..context.clone() };
    directory.apply(&context, &[change]).map(drop).map_err(|refused| refused.error)
}
