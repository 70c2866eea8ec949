//! Signing in with a name and a password, as every face does it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::process::{Process, in_hashing_pool};
use crate::{Authentication, Directory, Error, Password, Protection, Refusal, Requester, SignInFailure};

/// Why a sign-in is refused before the directory is asked, if it is. RFC 4513 section 5.1.2: a name without a password
/// must not look like a sign-in that succeeded; and no password may cross a network in the clear.
///
/// # Errors
/// `EmptyPassword`, `ConfidentialityRequired`, or `UnknownName` when there is no name at all.
pub fn check_offer(
    protection: Protection,
    requires_encryption: bool,
    name: &str,
    password: &Password,
) -> Result<(), Error> {
    if password.is_empty() {
        return Err(Error::Refused(Refusal::EmptyPassword));
    }
    if name.is_empty() {
        return Err(Error::SignIn(SignInFailure::UnknownName));
    }
    match protection {
        Protection::Encrypted => Ok(()),
        Protection::Local if !requires_encryption => Ok(()),
        Protection::Local | Protection::None => Err(Error::Refused(Refusal::ConfidentialityRequired)),
    }
}

/// Signs in, verifying in the hashing pool. `requester` is nobody yet, from an address, by a connection. Every outcome
/// is told to whoever keeps an audit. Blocks, so an event loop may not call it.
///
/// # Errors
/// Those of [`check_offer`], `SignIn`, and `Busy` when too many are signing in.
pub fn sign_in(
    directory: &Arc<dyn Directory>,
    process: &Arc<dyn Process>,
    requester: &Requester,
    request_id: u64,
    name: &str,
    password: &Password,
) -> Result<Requester, Error> {
    let context = process.context(requester, request_id);
    let turned_away = |error: Error| {
        directory.sign_in_decided(&context, name, &Err(error.clone()));
        Err(error)
    };
    if let Err(error) = check_offer(requester.protection, process.requires_encryption(), name, password) {
        return turned_away(error);
    }
    let check = match directory.authenticate(&context, name, password) {
        Authentication::Decided(result) => return result,
        Authentication::Check(check) => check,
    };
    let work = {
        let (directory, process, requester) = (Arc::clone(directory), Arc::clone(process), requester.clone());
        move || {
            let verdict = check.run();
            directory.finish(&process.context(&requester, request_id), check, verdict)
        }
    };
    match in_hashing_pool(process.as_ref(), sign_in_owner(requester), work) {
        Ok(result) => result,
        Err(error) => turned_away(error),
    }
}

/// Who takes turns in the hashing pool while signing in: addresses, since a stranger has as many connections as it likes.
pub fn sign_in_owner(requester: &Requester) -> u64 {
    let mut hasher = DefaultHasher::new();
    requester.address.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(protection: Protection, strict: bool, name: &str, password: &[u8]) -> Result<(), Error> {
        check_offer(protection, strict, name, &Password::new(password))
    }

    #[test]
    fn passwords_in_the_clear_are_for_loopback_at_most() {
        let refused = Err(Error::Refused(Refusal::ConfidentialityRequired));
        assert_eq!(offer(Protection::Encrypted, true, "ada", b"secret"), Ok(()));
        assert_eq!(offer(Protection::Local, false, "ada", b"secret"), Ok(()));
        assert_eq!(offer(Protection::Local, true, "ada", b"secret"), refused);
        assert_eq!(offer(Protection::None, false, "ada", b"secret"), refused);
    }

    #[test]
    fn a_name_without_a_password_is_no_sign_in() {
        let empty = Err(Error::Refused(Refusal::EmptyPassword));
        assert_eq!(offer(Protection::Encrypted, true, "ada", b""), empty);
        assert_eq!(offer(Protection::None, true, "ada", b""), empty);
    }

    #[test]
    fn a_password_without_a_name_is_nobodys() {
        let nobody = Err(Error::SignIn(SignInFailure::UnknownName));
        assert_eq!(offer(Protection::Encrypted, true, "", b"secret"), nobody);
    }
}
