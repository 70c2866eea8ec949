//! Errors of the port into codes and words: one total match. The numbers are Windows HRESULTs made from LDAP results as
//! section 3.5 has them; where Active Directory's text would begin with a Win32 code that clients look for, that is the
//! number instead.

use bailiwick_domain::administration;
use bailiwick_domain::{AttributeFault, Error, GroupFault, ObjectFault, PasswordFault, Refusal, SignInFailure};

use crate::problem::{Fault, OperationType, Problem};

/// A facility 7 HRESULT: a Win32 code.
const fn win32(code: u16) -> i32 {
    (0x8007_0000_u32 | code as u32) as i32
}

/// ERROR_DS_NO_SUCH_OBJECT.
pub const NO_SUCH_OBJECT: i32 = win32(0x2030);
/// ERROR_DS_INVALID_DN_SYNTAX.
pub const INVALID_DN: i32 = win32(0x2032);
/// ERROR_DS_CANT_ON_NON_LEAF.
pub const NOT_ON_NON_LEAF: i32 = win32(0x2015);
/// ERROR_DS_UNWILLING_TO_PERFORM.
const UNWILLING: i32 = win32(0x2035);
/// ERROR_DS_CONSTRAINT_VIOLATION.
const CONSTRAINT: i32 = win32(0x202F);
/// ERROR_DS_NO_ATTRIBUTE_OR_VALUE.
pub const NO_SUCH_ATTRIBUTE: i32 = win32(0x200A);
/// ERROR_DS_OBJ_CLASS_VIOLATION.
const CLASS_VIOLATION: i32 = win32(0x2014);
/// ERROR_DS_NAMING_VIOLATION.
const NAMING_VIOLATION: i32 = win32(0x2037);
/// ERROR_OBJECT_ALREADY_EXISTS.
const ALREADY_EXISTS: i32 = win32(0x1392);
/// ERROR_ACCESS_DENIED.
const ACCESS_DENIED: i32 = win32(0x0005);
/// ERROR_DS_CONFIDENTIALITY_REQUIRED.
const CONFIDENTIALITY: i32 = win32(0x202D);
/// ERROR_DS_BUSY.
const BUSY: i32 = win32(0x200E);
/// ERROR_DS_UNAVAILABLE.
const UNAVAILABLE: i32 = win32(0x200F);
/// ERROR_PASSWORD_RESTRICTION.
pub const PASSWORD_RESTRICTION: i32 = win32(0x052D);
/// ERROR_INVALID_PASSWORD, as a change with a wrong current password has it.
pub const WRONG_PASSWORD: i32 = win32(0x0056);
/// ERROR_LOGON_FAILURE.
const LOGON_FAILURE: i32 = win32(0x052E);

/// What the port says, in the words of this API.
pub struct Meaning {
    /// The HRESULT.
    pub code: i32,
    /// What is wrong.
    pub words: String,
    /// The attribute at fault.
    pub property: Option<String>,
}

impl Meaning {
    fn new(code: i32, words: impl Into<String>) -> Meaning {
        Meaning { code, words: words.into(), property: None }
    }
}

/// A refusal of the directory as an answer. `operation` is what the request did to the object; an attribute at fault was
/// being set, unless the request says otherwise.
pub fn problem(status: u16, operation: OperationType, error: &Error) -> Problem {
    let status = match error {
        Error::Unavailable { .. } | Error::Busy => 503,
        Error::Changed => 412,
        _ => status,
    };
    let meaning = meaning(error);
    let extended = format!("{:08X}: {}", meaning.code as u32 & 0xFFFF, meaning.words);
    let operation = match (&meaning.property, operation) {
        (Some(_), OperationType::Create | OperationType::Commit) => OperationType::Set,
        _ => operation,
    };
    let fault = Fault { code: meaning.code, extended: Some(extended), property: meaning.property, operation };
    Problem { status, message: sentence(&meaning.words), fault: Some(fault), challenge: false }
}

/// The same for a use-case that failed.
pub fn use_case(status: u16, operation: OperationType, error: &administration::Error) -> Problem {
    use administration::Error as UseCase;
    let own = |code, message: String| Problem::refused(status, operation, message).code(code);
    match error {
        UseCase::Directory(error) => problem(status, operation, error),
        UseCase::NoSuchObject { selector, .. } => own(NO_SUCH_OBJECT, format!("There is no such object: {selector}")),
        UseCase::Ambiguous { selector, .. } => {
            own(NO_SUCH_OBJECT, format!("More than one object has this name: {selector}"))
        }
        UseCase::InvalidName { text } => own(INVALID_DN, format!("This is no name of an object: {text}")),
        UseCase::KeepsChanging => own(BUSY, "The object is changed by others all the time; try again.".to_owned()),
        UseCase::NotGranted => own(NO_SUCH_ATTRIBUTE, "There is no such entry.".to_owned()),
        UseCase::Unsaid { attribute } => {
            own(ACCESS_DENIED, format!("The directory does not show {attribute}, which is needed."))
        }
    }
}

/// The code and the words of an error.
pub fn meaning(error: &Error) -> Meaning {
    match error {
        Error::NoSuchObject { .. } => Meaning::new(NO_SUCH_OBJECT, "there is no such object"),
        Error::AlreadyExists => Meaning::new(ALREADY_EXISTS, "an object with this name is there already"),
        Error::InvalidName => Meaning::new(INVALID_DN, "the name cannot be read"),
        Error::Referral { .. } => Meaning::new(win32(0x202B), "the object lies in another domain"),
        Error::Changed => Meaning::new(CONSTRAINT, "the object was changed since it was read"),
        Error::HasChildren => Meaning::new(NOT_ON_NON_LEAF, "there are objects below it"),
        Error::Attribute { name, fault } => {
            let (code, words) = attribute(name, *fault);
            Meaning { code, words: format!("{name}: {words}"), property: Some(name.clone()) }
        }
        Error::Object(fault) => object(fault),
        Error::InsufficientRights => Meaning::new(ACCESS_DENIED, "the right to do this is missing"),
        Error::NotSignedIn => Meaning::new(win32(0x2020), "nobody has signed in"),
        Error::SignIn(failure) => sign_in(*failure),
        Error::Password(fault) => password(*fault),
        Error::Refused(refusal) => refused(*refusal),
        Error::CannotSort => Meaning::new(win32(0x202E), "the results cannot be sorted so"),
        Error::AdministrativeLimit => Meaning::new(win32(0x2024), "a limit of the directory was reached"),
        Error::Busy => Meaning::new(BUSY, "too much waits already; try again"),
        Error::InvalidPosition => Meaning::new(UNWILLING, "the cursor is not one of this search"),
        Error::Remote { text, .. } => Meaning::new(UNWILLING, text.clone()),
        // What failed is for the log and not for clients.
        Error::Unavailable { .. } => Meaning::new(UNAVAILABLE, "the directory cannot work at the moment"),
    }
}

fn attribute(name: &str, fault: AttributeFault) -> (i32, &'static str) {
    match fault {
        AttributeFault::Undefined => (NO_SUCH_ATTRIBUTE, "the schema does not have it"),
        AttributeFault::NotPresent => (NO_SUCH_ATTRIBUTE, "the attribute or value is not there"),
        AttributeFault::ValueExists => (win32(0x200D), "the value is there already"),
        AttributeFault::NotAllowed => (CLASS_VIOLATION, "the object's class does not allow it"),
        AttributeFault::Missing => (CLASS_VIOLATION, "the object's class requires it"),
        AttributeFault::InvalidSyntax => (win32(0x200B), "a value does not fit its syntax"),
        AttributeFault::OutOfRange => (CONSTRAINT, "a value is outside its range"),
        AttributeFault::ValueCount => (CONSTRAINT, "it takes exactly one value"),
        AttributeFault::SecondValue => (win32(0x200D), "it takes one value and has one"),
        AttributeFault::SystemOnly => (CONSTRAINT, "only the directory writes it"),
        AttributeFault::Computed => (CONSTRAINT, "it is computed and cannot be written"),
        AttributeFault::NeverStored => (win32(0x200C), "it is computed and cannot be given"),
        AttributeFault::BackLink => (UNWILLING, "it follows from links of other objects"),
        AttributeFault::Lasting => (UNWILLING, "it cannot be taken away"),
        AttributeFault::OwnedByAccounts => (UNWILLING, "the rules of accounts write it"),
        AttributeFault::OtherKindOfAccount => (CLASS_VIOLATION, "the object's class is another kind of account"),
        AttributeFault::NoSuchTarget => (CONSTRAINT, "a value names an object that is not there"),
        AttributeFault::InvalidTarget => (UNWILLING, "a value names an object of the wrong kind"),
        AttributeFault::IsRdn => (win32(0x2016), "it names the object; rename the object instead"),
        // An account name counts as a name of the object.
        AttributeFault::NotUnique if name.eq_ignore_ascii_case("sAMAccountName") => {
            (ALREADY_EXISTS, "another object has the value")
        }
        AttributeFault::NotUnique => (CONSTRAINT, "another object has the value"),
        AttributeFault::Unacceptable => (UNWILLING, "a value is not acceptable"),
        AttributeFault::Group(fault) => (UNWILLING, group(fault)),
    }
}

fn group(fault: GroupFault) -> &'static str {
    match fault {
        GroupFault::LocalInGlobal => "a global group holds no domain local one",
        GroupFault::UniversalInGlobal => "a global group holds no universal one",
        GroupFault::ForeignInGlobal => "a global group holds nobody from elsewhere",
        GroupFault::LocalInUniversal => "a universal group holds no domain local one",
        GroupFault::ForeignInUniversal => "a universal group holds nobody from elsewhere",
        GroupFault::BuiltinMember => "a built-in group is in no other group",
        GroupFault::Itself => "a group does not hold itself",
        GroupFault::PrimaryMembers => "it is the primary group of an account",
        GroupFault::NoSecurityGroup => "a primary group is a security group",
    }
}

fn object(fault: &ObjectFault) -> Meaning {
    match fault {
        ObjectFault::NoStructuralClass => Meaning::new(CLASS_VIOLATION, "a structural class is needed"),
        ObjectFault::SeveralStructuralClasses => Meaning::new(CLASS_VIOLATION, "one structural class is possible"),
        ObjectFault::ClassNotConcrete => Meaning::new(UNWILLING, "no object is of this class alone"),
        ObjectFault::RdnNotPossible => Meaning::new(NAMING_VIOLATION, "no object can have this name"),
        ObjectFault::UnknownClass(class) => Meaning::new(NO_SUCH_ATTRIBUTE, format!("the schema has no class {class}")),
        ObjectFault::ClassNotCreatable(class) => Meaning::new(UNWILLING, format!("objects of {class} cannot be added")),
        ObjectFault::ParentNotPossible => {
            Meaning::new(NAMING_VIOLATION, "the parent cannot hold objects of this class")
        }
        ObjectFault::WrongRdnAttribute => {
            Meaning::new(NAMING_VIOLATION, "the class names its objects by another attribute")
        }
        ObjectFault::StructuralClassChange => Meaning::new(win32(0x2017), "the structural class cannot change"),
    }
}

/// Nobody is told that a name does not exist, nor anything about an account whose password was not shown.
fn sign_in(failure: SignInFailure) -> Meaning {
    match failure {
        SignInFailure::UnknownName | SignInFailure::WrongPassword => {
            Meaning::new(LOGON_FAILURE, "name or password are not right")
        }
        SignInFailure::LogonHours => Meaning::new(win32(0x530), "the account may not sign in at this hour"),
        SignInFailure::Workstation => Meaning::new(win32(0x531), "the account may not sign in here"),
        SignInFailure::PasswordExpired => Meaning::new(win32(0x532), "the password has expired"),
        SignInFailure::AccountDisabled => Meaning::new(win32(0x533), "the account is disabled"),
        SignInFailure::AccountExpired => Meaning::new(win32(0x701), "the account has ended"),
        SignInFailure::PasswordMustChange => Meaning::new(win32(0x773), "the password must be changed first"),
        SignInFailure::AccountLocked => Meaning::new(win32(0x775), "the account is locked"),
        SignInFailure::NoSecondFactor | SignInFailure::CodeNeeded => {
            Meaning::new(LOGON_FAILURE, "a one-time code is needed too, which this API does not take")
        }
        SignInFailure::WrongCode => Meaning::new(LOGON_FAILURE, "the code is not right"),
        SignInFailure::TooManyWrongCodes => Meaning::new(BUSY, "there were too many wrong codes"),
        SignInFailure::TooManyAttempts => Meaning::new(BUSY, "too many wrong passwords came from this address"),
    }
}

fn password(fault: PasswordFault) -> Meaning {
    match fault {
        PasswordFault::WrongOld => Meaning::new(WRONG_PASSWORD, "the current password is not right"),
        PasswordFault::TooShort { length, minimum } => Meaning::new(
            PASSWORD_RESTRICTION,
            format!("the password has {length} characters and the policy wants {minimum}"),
        ),
        PasswordFault::NotComplex => Meaning::new(
            PASSWORD_RESTRICTION,
            "the password needs three of capitals, small letters, digits and other signs, and no part of the name",
        ),
        PasswordFault::InHistory => Meaning::new(PASSWORD_RESTRICTION, "the password was used before"),
        PasswordFault::TooYoung => Meaning::new(PASSWORD_RESTRICTION, "the last change is too recent"),
        PasswordFault::Malformed => Meaning::new(win32(0x001F), "the password is no text"),
        PasswordFault::Missing => Meaning::new(PASSWORD_RESTRICTION, "the account needs a password first"),
    }
}

fn refused(refusal: Refusal) -> Meaning {
    let (code, words) = match refusal {
        Refusal::ProtectedObject => (UNWILLING, "the system needs the object"),
        Refusal::WellKnownAccount => (UNWILLING, "every domain has this account"),
        Refusal::PrimaryGroup => (UNWILLING, "the group is the primary one of an account"),
        Refusal::FixedName => (UNWILLING, "the object keeps its name and place"),
        Refusal::SystemContainer => (UNWILLING, "nothing moves into the system container or out of it"),
        Refusal::NoNewParent => (NO_SUCH_OBJECT, "there is no such parent"),
        Refusal::OtherRdnAttribute => (NAMING_VIOLATION, "the object is named by another attribute"),
        Refusal::MachineAccountQuota => (UNWILLING, "too many computers were created without the right to"),
        Refusal::MoveIntoOwnSubtree => (UNWILLING, "an object cannot move below itself"),
        Refusal::MoveAcrossContexts => (win32(0x2039), "an object cannot move to another naming context"),
        Refusal::KeepOldRdn => (UNWILLING, "the old name cannot be kept"),
        Refusal::Deleted => (UNWILLING, "the object is deleted"),
        Refusal::PasswordWrite => (UNWILLING, "passwords are not written this way"),
        Refusal::PasswordUnprotected => (CONFIDENTIALITY, "passwords are only taken over an encrypted connection"),
        Refusal::EmptyPassword => (UNWILLING, "a name without a password is no sign-in"),
        Refusal::ConfidentialityRequired => (CONFIDENTIALITY, "passwords are only taken over an encrypted connection"),
        Refusal::RootDse => (UNWILLING, "the root of the directory cannot be written so"),
        Refusal::NamingContextHead => (UNWILLING, "the head of a naming context cannot be changed so"),
        Refusal::SchemaChange => (UNWILLING, "the schema cannot be changed"),
        Refusal::Contradiction => (UNWILLING, "the change contradicts itself"),
    };
    Meaning::new(code, words)
}

/// Words as a sentence.
pub fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // The name of an attribute keeps its case.
    match words.split_once(": ") {
        Some((name, rest)) if !name.contains(' ') => format!("{name}: {rest}."),
        _ => format!("{first}{}.", characters.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: Error, code: i32, property: Option<&str>, operation: OperationType) {
        let problem = problem(400, OperationType::Create, &error);
        let fault = problem.fault.expect("an operation was attempted");
        assert_eq!((fault.code, fault.property.as_deref(), fault.operation), (code, property, operation), "{error:?}");
    }

    #[test]
    fn codes_are_those_of_the_specification() {
        use OperationType::{Create, Set};
        check(Error::NoSuchObject { matched: String::new() }, -2_147_016_656, None, Create);
        check(Error::AlreadyExists, -2_147_019_886, None, Create);
        check(Error::InvalidName, -2_147_016_654, None, Create);
        check(Error::HasChildren, -2_147_016_683, None, Create);
        check(Error::InsufficientRights, -2_147_024_891, None, Create);
        check(Error::Busy, -2_147_016_690, None, Create);
        check(Error::attribute("x", AttributeFault::Undefined), -2_147_016_694, Some("x"), Set);
        check(Error::attribute("c", AttributeFault::OutOfRange), -2_147_016_657, Some("c"), Set);
        check(Error::attribute("mail", AttributeFault::InvalidSyntax), -2_147_016_693, Some("mail"), Set);
        check(
            Error::attribute("sAMAccountName", AttributeFault::NotUnique),
            -2_147_019_886,
            Some("sAMAccountName"),
            Set,
        );
        check(Error::Object(ObjectFault::ParentNotPossible), -2_147_016_649, None, Create);
        check(PasswordFault::NotComplex.into(), -2_147_023_571, None, Create);
        check(PasswordFault::WrongOld.into(), -2_147_024_810, None, Create);
    }

    #[test]
    fn what_failed_in_the_store_stays_inside() {
        let problem = problem(400, OperationType::Create, &Error::Unavailable { reason: "/srv/data: on fire".into() });
        assert_eq!(problem.status, 503);
        assert!(!problem.body().to_string().contains("fire"));
    }

    #[test]
    fn words_become_sentences() {
        assert_eq!(sentence("there is no such object"), "There is no such object.");
        assert_eq!(sentence("mail: a value does not fit its syntax"), "mail: a value does not fit its syntax.");
    }
}
