//! The numbers by which these APIs say why something was not done. Specification sections 3.10, 3.11 and 5.4.

use bailiwick_accounts::policy::{PasswordFault, PolicyError};
use bailiwick_accounts::{group, task, user};

use crate::error_code::{BUSY, Fault, NO_PERMISSION, UNKNOWN};

/// A list of names cannot be read.
pub const MALFORMED_NAMES: u32 = 3101;
/// A parameter of `SYNO.Core.User*` is missing or bad.
pub const BAD_USER_PARAMETER: u32 = 3103;
/// Nobody has the name.
pub const NO_SUCH_USER: u32 = 3106;
/// Somebody has the name.
const USER_EXISTS: u32 = 3107;
/// Nobody could administer the host.
const LAST_ADMINISTRATOR: u32 = 3109;
/// There are as many users as there may be.
const TOO_MANY_USERS: u32 = 3110;
/// The name is reserved.
const RESERVED_NAME: u32 = 3114;
/// The user came with the host.
const BUILT_IN_USER: u32 = 3115;
/// The password is not right, or none that the account can have.
pub const BAD_PASSWORD: u32 = 3121;
/// It was the account's password before.
pub const PASSWORD_IN_HISTORY: u32 = 3122;
/// Everybody tries it.
const COMMON_PASSWORD: u32 = 3123;
/// A parameter of `SYNO.Core.Group*` is missing or bad.
const BAD_GROUP_PARAMETER: u32 = 3201;
/// No group has the name.
pub const NO_SUCH_GROUP: u32 = 3205;
/// A group has the name.
const GROUP_EXISTS: u32 = 3206;
/// The group came with the host.
const BUILT_IN_GROUP: u32 = 3207;
/// It is no name for a group.
const BAD_GROUP_NAME: u32 = 3208;
/// There are as many groups as there may be.
const TOO_MANY_GROUPS: u32 = 3209;
/// Nobody could administer the host.
const LAST_ADMINISTRATOR_OF_GROUP: u32 = 3210;

/// The fault of something that was not done with a user.
pub fn of_user(error: user::Error) -> Fault {
    Fault::Code(match error {
        user::Error::NoSuchUser => NO_SUCH_USER,
        user::Error::Taken => USER_EXISTS,
        user::Error::Reserved => RESERVED_NAME,
        user::Error::Name(_) | user::Error::Description | user::Error::Email => BAD_USER_PARAMETER,
        user::Error::TooMany => TOO_MANY_USERS,
        user::Error::BuiltIn => BUILT_IN_USER,
        user::Error::LastAdministrator => LAST_ADMINISTRATOR,
        user::Error::Password(fault) => of_password(fault),
        user::Error::Contended => BUSY,
        user::Error::Cost | user::Error::Store(_) => return failed(&error),
    })
}

/// The number of a password that was not taken.
pub fn of_password(fault: PasswordFault) -> u32 {
    match fault {
        PasswordFault::Malformed
        | PasswordFault::TooShort { .. }
        | PasswordFault::HoldsUserName
        | PasswordFault::NoDigitOrLetter
        | PasswordFault::NotMixedCase
        | PasswordFault::NoSpecial
        | PasswordFault::TooYoung
        | PasswordFault::WrongOld => BAD_PASSWORD,
        PasswordFault::Common => COMMON_PASSWORD,
        PasswordFault::InHistory => PASSWORD_IN_HISTORY,
        PasswordFault::NotChangeable => NO_PERMISSION,
    }
}

/// The fault of something that was not done with a group.
pub fn of_group(error: group::Error) -> Fault {
    Fault::Code(match error {
        group::Error::NoSuchGroup => NO_SUCH_GROUP,
        group::Error::Taken => GROUP_EXISTS,
        group::Error::Name(_) => BAD_GROUP_NAME,
        group::Error::Description => BAD_GROUP_PARAMETER,
        group::Error::TooMany => TOO_MANY_GROUPS,
        group::Error::BuiltIn => BUILT_IN_GROUP,
        group::Error::LastAdministrator => LAST_ADMINISTRATOR_OF_GROUP,
        group::Error::Store(_) => return failed(&error),
    })
}

/// The fault of a policy that was not changed.
pub fn of_policy(error: PolicyError) -> Fault {
    match error {
        PolicyError::OutOfRange { .. } => Fault::Code(BAD_USER_PARAMETER),
        PolicyError::Store(_) => failed(&error),
    }
}

/// The fault of a task that was not taken.
pub fn of_task(error: task::Error) -> Fault {
    match error {
        task::Error::TooMany => Fault::Code(BUSY),
        task::Error::TooLarge => Fault::Code(BAD_USER_PARAMETER),
        task::Error::Store(_) => failed(&error),
    }
}

/// What the host keeps cannot be read or written.
pub fn failed(error: &dyn std::fmt::Debug) -> Fault {
    tracing::error!(?error, "the host's accounts cannot be reached");
    Fault::Code(UNKNOWN)
}
