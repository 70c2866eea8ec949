//! What the audit says when something was not done with the host's own accounts.

use bailiwick_domain::{Error, PasswordFault as DomainPasswordFault, Refusal, SignInFailure};

use crate::policy::{PasswordFault, PolicyError};
use crate::sync::ScheduleError;
use crate::{group, second_factor, task, user};

impl From<&user::Error> for Error {
    fn from(error: &user::Error) -> Error {
        match error {
            user::Error::NoSuchUser => Error::NoSuchObject { matched: String::new() },
            user::Error::Taken => Error::AlreadyExists,
            user::Error::Reserved | user::Error::Name(_) => Error::InvalidName,
            user::Error::Description | user::Error::Email => Error::InvalidName,
            user::Error::TooMany => Error::AdministrativeLimit,
            user::Error::BuiltIn | user::Error::LastAdministrator => Error::Refused(Refusal::ProtectedObject),
            user::Error::Password(fault) => Error::Password(password(*fault)),
            user::Error::Contended => Error::Busy,
            user::Error::Cost => Error::Unavailable { reason: "passwords cannot be hashed at this cost".to_owned() },
            user::Error::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

impl From<&group::Error> for Error {
    fn from(error: &group::Error) -> Error {
        match error {
            group::Error::NoSuchGroup => Error::NoSuchObject { matched: String::new() },
            group::Error::Taken => Error::AlreadyExists,
            group::Error::Name(_) | group::Error::Description => Error::InvalidName,
            group::Error::TooMany => Error::AdministrativeLimit,
            group::Error::BuiltIn | group::Error::LastAdministrator => Error::Refused(Refusal::ProtectedObject),
            group::Error::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

impl From<&PolicyError> for Error {
    fn from(error: &PolicyError) -> Error {
        match error {
            PolicyError::OutOfRange { setting } => {
                Error::Attribute { name: (*setting).to_owned(), fault: bailiwick_domain::AttributeFault::OutOfRange }
            }
            PolicyError::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

impl From<&ScheduleError> for Error {
    fn from(error: &ScheduleError) -> Error {
        match error {
            ScheduleError::OutOfRange => {
                Error::Attribute { name: "hours".to_owned(), fault: bailiwick_domain::AttributeFault::OutOfRange }
            }
            ScheduleError::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

impl From<&second_factor::Error> for Error {
    fn from(error: &second_factor::Error) -> Error {
        match error {
            second_factor::Error::AlreadyActive => Error::AlreadyExists,
            second_factor::Error::NotEnrolled => Error::NoSuchObject { matched: String::new() },
            second_factor::Error::WrongCode => Error::SignIn(SignInFailure::WrongCode),
            second_factor::Error::TooManyWrongCodes { .. } => Error::SignIn(SignInFailure::TooManyWrongCodes),
            second_factor::Error::Unreadable => {
                Error::Unavailable { reason: "a seed does not open with this secret key".to_owned() }
            }
            second_factor::Error::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

impl From<&task::Error> for Error {
    fn from(error: &task::Error) -> Error {
        match error {
            task::Error::TooMany => Error::Busy,
            task::Error::TooLarge => Error::AdministrativeLimit,
            task::Error::Store(error) => Error::Unavailable { reason: error.to_string() },
        }
    }
}

/// The host has more rules than the domain; those without a word of their own are rules of what a password looks like.
fn password(fault: PasswordFault) -> DomainPasswordFault {
    match fault {
        PasswordFault::Malformed => DomainPasswordFault::Malformed,
        PasswordFault::TooShort { .. }
        | PasswordFault::HoldsUserName
        | PasswordFault::NoDigitOrLetter
        | PasswordFault::NotMixedCase
        | PasswordFault::NoSpecial
        | PasswordFault::Common => DomainPasswordFault::NotComplex,
        PasswordFault::InHistory => DomainPasswordFault::InHistory,
        PasswordFault::TooYoung | PasswordFault::NotChangeable => DomainPasswordFault::TooYoung,
        PasswordFault::WrongOld => DomainPasswordFault::WrongOld,
    }
}
