//! `SYNO.Core.Directory.*`: the host as a member of the domain that it serves, the sync of the domain's accounts, and its
//! schedule. Specification sections 3.9, 3.12 and 3.13.

pub mod domain;
pub mod ldap;
pub mod schedule;

use bailiwick_accounts::second_factor::Subject;
use bailiwick_domain::administration::Error;
use bailiwick_domain::{Error as DirectoryError, PasswordFault};

use crate::call::Call;
use crate::error_code::{BUSY, Fault, NO_PERMISSION};
use crate::own_password::change_in_domain;
use crate::parameters::Wrong;

/// The policy does not take a password.
const WEAK_PASSWORD: u32 = 2723;

/// Changes the password of the caller from `old_password` to `password`; `wrong` is the number of an old one that is not
/// right. Accounts of the host have other calls for that.
fn set_own_password(call: &Call<'_>, wrong: u32) -> Result<(), Fault> {
    let secret = |name| call.parameters.secret(name)?.ok_or(Fault::Parameter(Wrong::required(name)));
    let (old, new) = (secret("old_password")?, secret("password")?);
    call.check_secret(&old)?;
    call.check_secret(&new)?;
    let signed_in = call.signed_in()?;
    let Subject::Domain(sid) = signed_in.session.subject else { return Err(Fault::Code(NO_PERMISSION)) };
    change_in_domain(call, signed_in, sid, old, &new)?.map_err(|error| {
        Fault::Code(match error {
            Error::Directory(DirectoryError::Password(PasswordFault::WrongOld) | DirectoryError::SignIn(_)) => wrong,
            Error::Directory(DirectoryError::Password(_)) => WEAK_PASSWORD,
            Error::Directory(DirectoryError::Busy | DirectoryError::Unavailable { .. }) => BUSY,
            _ => NO_PERMISSION,
        })
    })
}
