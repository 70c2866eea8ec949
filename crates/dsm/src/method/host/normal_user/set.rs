//! `SYNO.Core.NormalUser` `set`: the caller changes his own account, as far as he may.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `email`, `fullname` | string | of the host's users; what those of the domain are called is the domain's to say |
//! | `old_password`, `password` | string | both, or none |
//!
//! His other sessions end with the password, and this one goes on.

use std::sync::Arc;

use bailiwick_accounts::policy::PasswordFault;
use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::user::{self, Setter, UserChange};
use bailiwick_domain::administration;
use bailiwick_domain::{Error, PasswordFault as DomainPasswordFault, SignInFailure};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{BUSY, Fault, NO_PERMISSION};
use crate::exchange::SignedIn;
use crate::method::host::end_other_sessions;
use crate::method::host::fault::{self, BAD_PASSWORD, PASSWORD_IN_HISTORY};
use crate::own_password::change_in_domain;
use crate::parameters::{Secret, Wrong};
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 2, privilege: Privilege::User, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let (parameters, signed_in) = (call.parameters, call.signed_in()?);
    let (email, full_name) = (parameters.text("email")?, parameters.text("fullname")?);
    let new = parameters.secret("password")?.filter(|secret| !secret.password.is_empty());
    let passwords = match new {
        Some(new) => {
            let old = parameters.secret("old_password")?.ok_or(Wrong::required("old_password"))?;
            call.check_secret(&old)?;
            call.check_secret(&new)?;
            Some((old, new))
        }
        None => None,
    };
    match signed_in.session.subject {
        Subject::Host(_) => {
            // The password comes first: it is what can be refused for more than the form of a value.
            if let Some((old, new)) = passwords {
                change_own(call, signed_in, old, new)?;
            }
            let change = UserChange { description: full_name, email, ..UserChange::default() };
            let changed = call.accounts().users.change(&call.context(), &signed_in.name, &change, None);
            call.noted("host-user.change", &signed_in.name, changed).map_err(fault::of_user)?;
        }
        Subject::Domain(_) if email.is_some() || full_name.is_some() => return Err(Fault::Code(NO_PERMISSION)),
        Subject::Domain(sid) => {
            if let Some((old, new)) = passwords {
                change_in_domain(call, signed_in, sid, old, &new)?.map_err(of_domain)?;
            }
        }
    }
    Ok(Reply::done())
}

fn change_own(call: &Call<'_>, signed_in: &SignedIn, old: Secret, new: Secret) -> Result<(), Fault> {
    let (directory, accounts, name) = (call.directory(), call.accounts(), signed_in.name.as_ref());
    let context = call.context();
    // Whoever holds a session of somebody else guesses no more of his password here than at the door.
    let is_locked = accounts.lockout.is_locked(name, context.now).map_err(|error| fault::failed(&error))?;
    if is_locked || !directory.may_try(&context) {
        return Err(Fault::Code(BAD_PASSWORD));
    }
    let result = {
        let (accounts, name, secret) = (Arc::clone(&call.dsm().accounts), name.to_owned(), new.clone());
        call.with_secret(&new, move |_, context| {
            let setter = Setter::Owner { old: &old.password };
            accounts.users.set_password(context, &name, &secret.password, setter)
        })?
    };
    if matches!(result, Err(user::Error::Password(PasswordFault::WrongOld))) {
        accounts.lockout.note_failure(name, context.now).map_err(|error| fault::failed(&error))?;
        directory.sign_in_decided(&context, name, &Err(Error::SignIn(SignInFailure::WrongPassword)));
    }
    let user = call.noted("host-user.own-password", name, result).map_err(fault::of_user)?;
    end_other_sessions(call, &user)
}

/// The fault of a password that the domain did not take.
fn of_domain(error: administration::Error) -> Fault {
    Fault::Code(match error {
        administration::Error::Directory(Error::Password(DomainPasswordFault::InHistory)) => PASSWORD_IN_HISTORY,
        administration::Error::Directory(Error::InsufficientRights) => NO_PERMISSION,
        administration::Error::Directory(Error::Busy | Error::Unavailable { .. }) => BUSY,
        _ => BAD_PASSWORD,
    })
}
