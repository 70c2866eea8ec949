//! Why a call fails, and the numbers that say so: one total match on the meanings of the domain, and one table per
//! family of APIs. Specification sections 1.8, 1.9, 2.5 and 5.4.

use bailiwick_domain::administration;
use bailiwick_domain::{AttributeFault, Error, SignInFailure};
use serde_json::{Value, json};

use crate::catalog::Family;
use crate::parameters::{Reason, Wrong};

/// Something inside the server failed.
pub const UNKNOWN: u32 = 100;
/// No `api`, `method` or `version`, or a request that cannot be read.
pub const BAD_REQUEST: u32 = 101;
/// No such API.
pub const NO_SUCH_API: u32 = 102;
/// No such method.
pub const NO_SUCH_METHOD: u32 = 103;
/// Not at this version.
pub const NO_SUCH_VERSION: u32 = 104;
/// Not with these rights.
pub const NO_PERMISSION: u32 = 105;
/// The session timed out.
pub const SESSION_EXPIRED: u32 = 106;
/// The directory cannot be reached or is busy.
pub const BUSY: u32 = 109;
/// A parameter is missing.
pub const PARAMETER_MISSING: u32 = 114;
/// No such task.
pub const NO_SUCH_TASK: u32 = 117;
/// No such session, or one that this request does not prove.
pub const NO_SUCH_SESSION: u32 = 119;
/// A parameter is missing or bad, with detail.
pub const PARAMETER: u32 = 120;
/// A sign-in needs a one-time code too.
pub const CODE_NEEDED: u32 = 403;
/// The password has ended, and its owner cannot set a new one.
pub const PASSWORD_EXPIRED_FOR_GOOD: u32 = 408;
/// An operation of `SYNO.ActiveDirectory.*` failed in the directory.
pub const DIRECTORY_FAILED: u32 = 10104;
/// The directory refused a record: the one detail known of that failure.
pub const RECORD_REFUSED: u32 = 10237;

/// Why a call fails.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// One of the numbers that mean the same everywhere, or one of the API's own.
    Code(u32),
    /// A number with details of the API's own.
    Detailed {
        /// The number.
        code: u32,
        /// What `errors` holds.
        errors: Value,
    },
    /// A parameter is missing or bad.
    Parameter(Wrong),
    /// The directory refused or failed while it did this.
    Directory(Doing, Cause),
}

/// What the directory was asked to do, in the words of the peer's messages. Section 3.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A new object.
    Add,
    /// A change of an object.
    Modify,
    /// An object goes.
    Delete,
    /// Looking for objects.
    Search,
}

/// What came of it, as coarsely as this API tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is no such object, or the caller may not see it.
    NoSuchObject,
    /// Something has the name already.
    AlreadyExists,
    /// A name or value is not well formed.
    InvalidSyntax,
    /// A value or the password breaks a rule.
    ConstraintViolation,
    /// The caller has not the right.
    InsufficientRights,
    /// The object is protected, or the directory does not do this.
    Unwilling,
    /// The account that signs in is told so; see [`login_code`].
    SignIn(SignInFailure),
    /// The directory is busy or cannot be reached.
    Unavailable,
}

impl From<Wrong> for Fault {
    fn from(wrong: Wrong) -> Fault {
        Fault::Parameter(wrong)
    }
}

impl Fault {
    /// The fault of a use-case that was doing this.
    pub fn of(doing: Doing) -> impl Fn(administration::Error) -> Fault {
        move |error| Fault::Directory(doing, Cause::of_use_case(&error))
    }

    /// The number and the detail. The family decides what a bad parameter or a refusal of the directory is called.
    pub(crate) fn on_the_wire(&self, family: Family) -> (u32, Option<Value>) {
        match self {
            Fault::Code(code) => (*code, None),
            Fault::Detailed { code, errors } => (*code, Some(errors.clone())),
            Fault::Parameter(wrong) => parameter(family, *wrong),
            Fault::Directory(_, Cause::Unavailable) => (BUSY, None),
            Fault::Directory(doing, cause) => match family {
                Family::DirectoryServer => (cause.directory_server_code(), None),
                _ => (DIRECTORY_FAILED, Some(json!([record_refused(*doing, Some(*cause))]))),
            },
        }
    }
}

/// The detail of a refusal: always one number, and the cause behind the words where the peer shows one.
pub fn record_refused(doing: Doing, cause: Option<Cause>) -> Value {
    // The one message that was ever seen, of a failed change, has no cause behind it.
    let cause = cause.filter(|_| doing != Doing::Modify);
    let text = cause.map_or_else(|| doing.words().to_owned(), |cause| format!("{}: {}", doing.words(), cause.words()));
    json!({ "code": RECORD_REFUSED, "msg": text })
}

fn parameter(family: Family, wrong: Wrong) -> (u32, Option<Value>) {
    let detail = Some(json!({ "name": wrong.name, "reason": wrong.reason.word() }));
    let is_missing = wrong.reason == Reason::Required;
    match family {
        Family::Api | Family::Entry | Family::ActiveDirectory => (PARAMETER, detail),
        Family::DirectoryServer => (400, None),
        Family::CoreUser => (3103, None),
        Family::CoreGroup => (3201, None),
        Family::ForgotPassword => (404, None),
        Family::CoreDirectory | Family::Other => match is_missing {
            true => (PARAMETER_MISSING, None),
            false => (PARAMETER, detail),
        },
    }
}

impl Doing {
    fn words(self) -> &'static str {
        match self {
            Doing::Add => "ldb updaterecords: add",
            Doing::Modify => "ldb updaterecords: modify",
            Doing::Delete => "ldb updaterecords: delete",
            Doing::Search => "ldb search",
        }
    }
}

impl Cause {
    /// What a use-case met.
    pub fn of_use_case(error: &administration::Error) -> Cause {
        match error {
            administration::Error::NoSuchObject { .. } => Cause::NoSuchObject,
            administration::Error::InvalidName { .. } => Cause::InvalidSyntax,
            administration::Error::Ambiguous { .. } => Cause::Unwilling,
            administration::Error::KeepsChanging => Cause::Unavailable,
            administration::Error::NotGranted => Cause::NoSuchObject,
            administration::Error::Unsaid { .. } => Cause::InsufficientRights,
            administration::Error::Directory(error) => Cause::of(error),
        }
    }

    /// The one place that knows what every meaning of the domain is called here.
    pub fn of(error: &Error) -> Cause {
        match error {
            Error::NoSuchObject { .. } | Error::Referral { .. } => Cause::NoSuchObject,
            Error::AlreadyExists => Cause::AlreadyExists,
            Error::InvalidName => Cause::InvalidSyntax,
            Error::Attribute { fault, .. } => Cause::of_attribute(*fault),
            Error::Object(_) | Error::Password(_) => Cause::ConstraintViolation,
            Error::InsufficientRights | Error::NotSignedIn => Cause::InsufficientRights,
            Error::HasChildren
            | Error::Refused(_)
            | Error::CannotSort
            | Error::InvalidPosition
            | Error::AdministrativeLimit
            | Error::Remote { .. } => Cause::Unwilling,
            Error::SignIn(failure) => Cause::SignIn(*failure),
            Error::Busy | Error::Changed | Error::Unavailable { .. } => Cause::Unavailable,
        }
    }

    /// What a kept outcome of a task was, by its word as in the audit; none for a success.
    pub fn of_word(word: &str) -> Option<Cause> {
        let kind = word.split_once(':').map_or(word, |(kind, _)| kind);
        Some(match kind {
            "success" => return None,
            "no-such-object" | "referral" => Cause::NoSuchObject,
            "already-exists" => Cause::AlreadyExists,
            "invalid-name" => Cause::InvalidSyntax,
            "attribute" | "object" | "password" => Cause::ConstraintViolation,
            "insufficient-rights" | "not-signed-in" => Cause::InsufficientRights,
            "busy" | "unavailable" => Cause::Unavailable,
            _ => Cause::Unwilling,
        })
    }

    fn of_attribute(fault: AttributeFault) -> Cause {
        match fault {
            AttributeFault::NotUnique | AttributeFault::ValueExists => Cause::AlreadyExists,
            AttributeFault::NoSuchTarget => Cause::NoSuchObject,
            AttributeFault::InvalidSyntax => Cause::InvalidSyntax,
            AttributeFault::SystemOnly | AttributeFault::Computed | AttributeFault::NeverStored => Cause::Unwilling,
            AttributeFault::Undefined
            | AttributeFault::NotPresent
            | AttributeFault::NotAllowed
            | AttributeFault::Missing
            | AttributeFault::OutOfRange
            | AttributeFault::ValueCount
            | AttributeFault::BackLink
            | AttributeFault::Lasting
            | AttributeFault::OwnedByAccounts
            | AttributeFault::OtherKindOfAccount
            | AttributeFault::InvalidTarget
            | AttributeFault::IsRdn
            | AttributeFault::Unacceptable
            | AttributeFault::SecondValue
            | AttributeFault::Group(_) => Cause::ConstraintViolation,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Cause::NoSuchObject => "no such object",
            Cause::AlreadyExists => "entry already exists",
            Cause::InvalidSyntax => "invalid syntax",
            Cause::ConstraintViolation => "constraint violation",
            Cause::InsufficientRights | Cause::SignIn(_) => "insufficient access rights",
            Cause::Unwilling => "unwilling to perform",
            Cause::Unavailable => "unavailable",
        }
    }

    /// The numbers of `SYNO.DirectoryServer.*`.
    fn directory_server_code(self) -> u32 {
        match self {
            Cause::InvalidSyntax | Cause::ConstraintViolation => 400,
            Cause::SignIn(_) => 401,
            Cause::InsufficientRights | Cause::Unwilling => 403,
            Cause::NoSuchObject => 404,
            Cause::AlreadyExists => 405,
            Cause::Unavailable => BUSY,
        }
    }
}

/// The number of a sign-in that failed. Section 2.5; clients stumble over any number that is not in that table.
pub fn login_code(error: &Error) -> u32 {
    match Cause::of(error) {
        Cause::SignIn(failure) => match failure {
            SignInFailure::UnknownName | SignInFailure::WrongPassword => 400,
            SignInFailure::AccountDisabled | SignInFailure::AccountExpired => 401,
            SignInFailure::LogonHours | SignInFailure::Workstation => 402,
            SignInFailure::CodeNeeded => CODE_NEEDED,
            SignInFailure::NoSecondFactor => 406,
            SignInFailure::WrongCode => 404,
            SignInFailure::TooManyAttempts | SignInFailure::TooManyWrongCodes => 407,
            SignInFailure::PasswordExpired => 409,
            SignInFailure::PasswordMustChange => 410,
            SignInFailure::AccountLocked => 411,
        },
        Cause::Unavailable => BUSY,
        // A password in the clear among them: nobody is told more than that this is no way to sign in.
        Cause::Unwilling | Cause::InsufficientRights => 402,
        Cause::NoSuchObject | Cause::AlreadyExists | Cause::InvalidSyntax | Cause::ConstraintViolation => 400,
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_domain::Refusal;

    use super::*;

    #[test]
    fn a_bad_parameter_has_the_number_of_its_family() {
        let fault = Fault::from(Wrong::required("dn"));
        let detail = json!({ "name": "dn", "reason": "required" });
        assert_eq!(fault.on_the_wire(Family::ActiveDirectory), (120, Some(detail)));
        assert_eq!(fault.on_the_wire(Family::DirectoryServer), (400, None));
        assert_eq!(fault.on_the_wire(Family::CoreDirectory), (114, None));
        assert_eq!(fault.on_the_wire(Family::CoreUser), (3103, None));
    }

    #[test]
    fn a_refusal_of_the_directory_has_the_words_of_the_peer() {
        let fault = Fault::Directory(Doing::Add, Cause::AlreadyExists);
        let errors = json!([{ "code": 10237, "msg": "ldb updaterecords: add: entry already exists" }]);
        assert_eq!(fault.on_the_wire(Family::ActiveDirectory), (10104, Some(errors)));
        assert_eq!(fault.on_the_wire(Family::DirectoryServer), (405, None));
        let fault = Fault::Directory(Doing::Modify, Cause::NoSuchObject);
        let errors = json!([{ "code": 10237, "msg": "ldb updaterecords: modify" }]);
        assert_eq!(fault.on_the_wire(Family::ActiveDirectory), (10104, Some(errors)));
    }

    #[test]
    fn a_sign_in_fails_with_numbers_that_clients_know() {
        const KNOWN: [u32; 14] = [100, 105, 109, 400, 401, 402, 403, 404, 406, 407, 408, 409, 410, 411];
        for failure in [
            SignInFailure::UnknownName,
            SignInFailure::WrongPassword,
            SignInFailure::AccountDisabled,
            SignInFailure::AccountExpired,
            SignInFailure::LogonHours,
            SignInFailure::Workstation,
            SignInFailure::PasswordExpired,
            SignInFailure::PasswordMustChange,
            SignInFailure::AccountLocked,
            SignInFailure::CodeNeeded,
            SignInFailure::NoSecondFactor,
            SignInFailure::WrongCode,
            SignInFailure::TooManyWrongCodes,
            SignInFailure::TooManyAttempts,
        ] {
            assert!(KNOWN.contains(&login_code(&Error::SignIn(failure))));
        }
        assert_eq!(login_code(&Error::Refused(Refusal::ConfidentialityRequired)), 402);
        assert_eq!(login_code(&Error::Refused(Refusal::EmptyPassword)), 402);
        assert_eq!(login_code(&Error::Busy), 109);
    }
}
