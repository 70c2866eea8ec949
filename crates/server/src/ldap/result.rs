//! Errors of the port into result codes and diagnostic texts: one total match. [MS-ADTS] 3.1.1.3.1.9.
//!
//! As in Active Directory the text begins with the Win32 code in hexadecimal, which clients parse; the words after it
//! are our own. A failed sign-in has the exact form that clients search for `data 52e` and its relatives.

use std::borrow::Cow;

use bailiwick_domain::{AttributeFault, Error, GroupFault, ObjectFault, PasswordFault, Refusal, SignInFailure};
use bailiwick_ldap::message::MessageId;
use bailiwick_ldap::response::{self, LdapResult, ResponseKind};
use bailiwick_ldap::result_code::ResultCode;

use super::controls::ControlError;

/// How an operation ended, in the terms of the wire but owning its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The code.
    pub code: ResultCode,
    /// The closest ancestor of a missing object; otherwise empty.
    pub matched: String,
    /// The diagnostic text.
    pub text: Cow<'static, str>,
    /// Where else to ask.
    pub referral: Option<String>,
}

impl Answer {
    /// Success, with nothing to say.
    pub const SUCCESS: Answer = Answer::new(ResultCode::Success, Cow::Borrowed(""));

    /// A code and a text.
    pub const fn new(code: ResultCode, text: Cow<'static, str>) -> Answer {
        Answer { code, matched: String::new(), text, referral: None }
    }

    /// A code and a text that is known beforehand.
    pub const fn fixed(code: ResultCode, text: &'static str) -> Answer {
        Answer::new(code, Cow::Borrowed(text))
    }

    /// The same for the wire.
    pub fn as_wire(&self) -> LdapResult<'_> {
        LdapResult {
            code: self.code,
            matched_dn: &self.matched,
            diagnostic: &self.text,
            referrals: self.referral.iter().map(String::as_str).collect(),
        }
    }

    /// Appends it to `out` as the end of an operation.
    pub fn write(&self, out: &mut Vec<u8>, id: MessageId, kind: ResponseKind) {
        response::write_result(out, id, kind, &self.as_wire(), &[]);
    }
}

impl From<&Error> for Answer {
    fn from(error: &Error) -> Answer {
        match error {
            Error::NoSuchObject { matched } => Answer {
                matched: matched.clone(),
                ..Answer::fixed(ResultCode::NoSuchObject, "0000208D: there is no such object")
            },
            Error::AlreadyExists => {
                Answer::fixed(ResultCode::EntryAlreadyExists, "00002071: an object with this name is there already")
            }
            Error::InvalidName => Answer::fixed(ResultCode::InvalidDnSyntax, "0000208F: the name cannot be read"),
            Error::Referral { url } => Answer {
                referral: Some(url.clone()),
                ..Answer::fixed(ResultCode::Referral, "0000202B: another server holds the object")
            },
            Error::Changed => Answer::fixed(ResultCode::AssertionFailed, "00002081: the object was changed meanwhile"),
            Error::HasChildren => {
                Answer::fixed(ResultCode::NotAllowedOnNonLeaf, "00002015: there are objects below it")
            }
            Error::Attribute { name, fault } => attribute(name, *fault),
            Error::Object(fault) => object(fault),
            Error::InsufficientRights => {
                Answer::fixed(ResultCode::InsufficientAccessRights, "00002098: the right to do this is missing")
            }
            Error::NotSignedIn => Answer::fixed(
                ResultCode::OperationsError,
                "000004DC: sign in first; without it only the root DSE can be read",
            ),
            Error::SignIn(failure) => sign_in(*failure),
            Error::Password(fault) => password(*fault),
            Error::Refused(refusal) => refused(*refusal),
            Error::CannotSort => {
                Answer::fixed(ResultCode::InappropriateMatching, "0000202E: the results cannot be sorted so")
            }
            Error::AdministrativeLimit => {
                Answer::fixed(ResultCode::AdminLimitExceeded, "00002024: a limit of the directory was reached")
            }
            Error::Busy => Answer::fixed(ResultCode::Busy, "0000200E: too much waits already; try again"),
            Error::InvalidPosition => {
                Answer::fixed(ResultCode::UnwillingToPerform, "00000057: the cookie is not one of this search")
            }
            Error::Remote { code, text } => Answer::new(ResultCode::from_number(*code), text.clone().into()),
            // What failed is for the log and not for clients.
            Error::Unavailable { .. } => {
                Answer::fixed(ResultCode::Unavailable, "0000200F: the directory cannot work at the moment")
            }
        }
    }
}

impl From<ControlError> for Answer {
    fn from(error: ControlError) -> Answer {
        match error {
            ControlError::UnknownCritical => {
                Answer::fixed(ResultCode::UnavailableCriticalExtension, "0000202C: a critical control is not supported")
            }
            ControlError::Malformed(malformed) => Answer::new(
                ResultCode::ProtocolError,
                format!("0000203D: a control cannot be read: {malformed}").into(),
            ),
        }
    }
}

fn attribute(name: &str, fault: AttributeFault) -> Answer {
    use ResultCode as Code;
    let (code, win32, words) = match fault {
        AttributeFault::Undefined => (Code::NoSuchAttribute, 0x57, "the schema does not have it"),
        // The account database speaks first about members: ERROR_MEMBER_NOT_IN_GROUP and ERROR_MEMBER_IN_GROUP.
        AttributeFault::NotPresent if is_member(name) => (Code::UnwillingToPerform, 0x561, "it is no member"),
        AttributeFault::ValueExists if is_member(name) => (Code::EntryAlreadyExists, 0x562, "it is a member already"),
        AttributeFault::NotPresent => (Code::NoSuchAttribute, 0x2085, "the attribute or value is not there"),
        AttributeFault::ValueExists => (Code::AttributeOrValueExists, 0x2083, "the value is there already"),
        AttributeFault::NotAllowed => (Code::ObjectClassViolation, 0x207D, "the object's classes do not allow it"),
        AttributeFault::Missing => (Code::ObjectClassViolation, 0x207C, "the object's classes require it"),
        AttributeFault::InvalidSyntax => (Code::InvalidAttributeSyntax, 0x57, "a value does not fit its syntax"),
        AttributeFault::OutOfRange => (Code::ConstraintViolation, 0x2082, "a value is outside its range"),
        AttributeFault::ValueCount => (Code::ConstraintViolation, 0x2081, "it takes exactly one value"),
        AttributeFault::SecondValue => (Code::AttributeOrValueExists, 0x2081, "it takes one value and has one"),
        AttributeFault::SystemOnly => (Code::ConstraintViolation, 0x20B1, "only the directory writes it"),
        AttributeFault::Computed => (Code::ConstraintViolation, 0x211B, "it is computed and cannot be written"),
        AttributeFault::NeverStored => (Code::UndefinedAttributeType, 0x206F, "it is computed and cannot be given"),
        AttributeFault::BackLink => (Code::UnwillingToPerform, 0x20AA, "it follows from links of other objects"),
        AttributeFault::Lasting => (Code::UnwillingToPerform, 0x2077, "it cannot be taken away"),
        AttributeFault::OwnedByAccounts => (Code::UnwillingToPerform, 0x209A, "the rules of accounts write it"),
        AttributeFault::OtherKindOfAccount => {
            (Code::ObjectClassViolation, 0x217C, "the object's class is another kind of account")
        }
        // The account database again: ERROR_NO_SUCH_USER.
        AttributeFault::NoSuchTarget if is_member(name) => (Code::NoSuchObject, 0x525, "there is no such member"),
        AttributeFault::NoSuchTarget => {
            (Code::ConstraintViolation, 0x20B5, "a value names an object that is not there")
        }
        AttributeFault::InvalidTarget => {
            (Code::UnwillingToPerform, 0x2077, "a value names an object of the wrong kind")
        }
        AttributeFault::IsRdn => (Code::NotAllowedOnRdn, 0x20B1, "it names the object; rename the object instead"),
        AttributeFault::NotUnique => {
            let (code, win32) = not_unique(name);
            (code, win32, "another object has the value")
        }
        AttributeFault::Unacceptable => {
            let (code, win32) = unacceptable(name);
            (code, win32, "a value is not acceptable")
        }
        AttributeFault::Group(fault) => {
            let (win32, words) = group(fault);
            (Code::UnwillingToPerform, win32, words)
        }
    };
    Answer::new(code, format!("{win32:08X}: {name}: {words}").into())
}

/// The codes from ERROR_DS_GLOBAL_CANT_HAVE_LOCAL_MEMBER on, and their neighbours.
fn group(fault: GroupFault) -> (u32, &'static str) {
    match fault {
        GroupFault::LocalInGlobal => (0x2144, "a global group holds no domain local one"),
        GroupFault::UniversalInGlobal => (0x2145, "a global group holds no universal one"),
        GroupFault::ForeignInGlobal => (0x2147, "a global group holds nobody from elsewhere"),
        GroupFault::LocalInUniversal => (0x2146, "a universal group holds no domain local one"),
        GroupFault::ForeignInUniversal => (0x2165, "a universal group holds nobody from elsewhere"),
        GroupFault::BuiltinMember => (0x2148, "a built-in group is in no other group"),
        GroupFault::Itself => (0x56C, "a group does not hold itself"),
        GroupFault::PrimaryMembers => (0x2149, "it is the primary group of an account"),
        GroupFault::NoSecurityGroup => (0x2141, "a primary group is a security group"),
    }
}

fn is_member(name: &str) -> bool {
    name.eq_ignore_ascii_case("member")
}

/// Each attribute that must be unique has a code of its own in Active Directory: an account name counts as a name of
/// the object, the others as values. [MS-ADTS] 3.1.1.5.1.3, [MS-SAMR] 3.1.1.6.
fn not_unique(name: &str) -> (ResultCode, u32) {
    if name.eq_ignore_ascii_case("sAMAccountName") {
        (ResultCode::EntryAlreadyExists, 0x524)
    } else if name.eq_ignore_ascii_case("servicePrincipalName") {
        (ResultCode::ConstraintViolation, 0x21C7)
    } else {
        (ResultCode::ConstraintViolation, 0x21C8)
    }
}

/// What refuses a value decides on the code. The account database has none in LDAP: its errors end in `other`, with
/// ERROR_INVALID_ACCOUNT_NAME or ERROR_INVALID_PARAMETER. The rest is of [MS-ADTS] 3.1.1.5.2.2 and 3.1.1.5.3.2.
fn unacceptable(name: &str) -> (ResultCode, u32) {
    use ResultCode as Code;
    match name.to_ascii_lowercase().as_str() {
        "samaccountname" => (Code::Other, 0x523),
        "useraccountcontrol" | "pwdlastset" | "lockouttime" | "logonhours" => (Code::Other, 0x57),
        "serviceprincipalname" | "dnshostname" => (Code::ConstraintViolation, 0x200B),
        "grouptype" => (Code::UnwillingToPerform, 0x2141),
        "instancetype" => (Code::UnwillingToPerform, 0x2079),
        "objectguid" => (Code::UnwillingToPerform, 0x20E7),
        "fsmoroleowner" => (Code::UnwillingToPerform, 0x20AE),
        _ => (Code::UnwillingToPerform, 0x57),
    }
}

fn object(fault: &ObjectFault) -> Answer {
    use ResultCode as Code;
    match fault {
        ObjectFault::NoStructuralClass => {
            Answer::fixed(Code::ObjectClassViolation, "0000207B: objectClass: a structural class is needed")
        }
        ObjectFault::SeveralStructuralClasses => {
            Answer::fixed(Code::ObjectClassViolation, "000020B4: objectClass: the classes are not one chain")
        }
        ObjectFault::ClassNotConcrete => {
            Answer::fixed(Code::UnwillingToPerform, "000020A7: objectClass: a structural class is needed")
        }
        ObjectFault::UnknownClass(class) => {
            Answer::new(Code::NoSuchAttribute, format!("00000057: objectClass: the schema has no {class}").into())
        }
        ObjectFault::ClassNotCreatable(class) => Answer::new(
            Code::UnwillingToPerform,
            format!("000020A6: objectClass: objects of {class} cannot be added").into(),
        ),
        ObjectFault::ParentNotPossible => {
            Answer::fixed(Code::NamingViolation, "00002099: the parent cannot hold objects of this class")
        }
        ObjectFault::WrongRdnAttribute => {
            Answer::fixed(Code::NamingViolation, "00002073: the class names its objects by another attribute")
        }
        ObjectFault::RdnNotPossible => Answer::fixed(Code::NamingViolation, "0000208F: no object can have this name"),
        ObjectFault::StructuralClassChange => {
            Answer::fixed(Code::ObjectClassViolation, "00002077: objectClass: the structural class cannot change")
        }
    }
}

/// The form that clients parse; `data` is the reason in hexadecimal.
fn sign_in(failure: SignInFailure) -> Answer {
    let data = match failure {
        SignInFailure::UnknownName => "525",
        SignInFailure::WrongPassword | SignInFailure::WrongCode => "52e",
        SignInFailure::CodeNeeded | SignInFailure::NoSecondFactor => "52f",
        SignInFailure::LogonHours => "530",
        SignInFailure::Workstation => "531",
        SignInFailure::PasswordExpired => "532",
        SignInFailure::AccountDisabled => "533",
        SignInFailure::AccountExpired => "701",
        SignInFailure::PasswordMustChange => "773",
        SignInFailure::AccountLocked | SignInFailure::TooManyWrongCodes => "775",
        SignInFailure::TooManyAttempts => {
            let text = "0000200E: too many wrong passwords came from this address; wait a while";
            return Answer::fixed(ResultCode::Busy, text);
        }
    };
    let text = format!("80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v4563");
    Answer::new(ResultCode::InvalidCredentials, text.into())
}

/// The policy has one code for whatever it refuses; the words say more. [MS-ADTS] 3.1.1.3.1.5.
fn password(fault: PasswordFault) -> Answer {
    use ResultCode as Code;
    let (code, win32, words) = match fault {
        PasswordFault::WrongOld => (Code::ConstraintViolation, 0x56, "the old password is not right".into()),
        PasswordFault::TooShort { length, minimum } => {
            let words = format!("the password has {length} characters and the policy wants {minimum}");
            (Code::ConstraintViolation, 0x52D, Cow::from(words))
        }
        PasswordFault::NotComplex => (
            Code::ConstraintViolation,
            0x52D,
            "the password needs three of capitals, small letters, digits and other signs, and no part of the name"
                .into(),
        ),
        PasswordFault::InHistory => (Code::ConstraintViolation, 0x52D, "the password was used before".into()),
        PasswordFault::TooYoung => (Code::ConstraintViolation, 0x52D, "the last change is too recent".into()),
        PasswordFault::Malformed => {
            (Code::UnwillingToPerform, 0x1F, "the password must be text in double quotes, in UTF-16".into())
        }
        PasswordFault::Missing => (Code::UnwillingToPerform, 0x52D, "the account needs a password first".into()),
    };
    Answer::new(code, format!("{win32:08X}: {words}").into())
}

fn refused(refusal: Refusal) -> Answer {
    use ResultCode as Code;
    let (code, text) = match refusal {
        Refusal::ProtectedObject => (Code::UnwillingToPerform, "000020CE: the system needs the object"),
        // The account database again: ERROR_SPECIAL_ACCOUNT and ERROR_MEMBERS_PRIMARY_GROUP.
        Refusal::WellKnownAccount => (Code::Other, "0000055B: every domain has this account"),
        Refusal::PrimaryGroup => (Code::EntryAlreadyExists, "0000055E: the group is the primary one of an account"),
        Refusal::FixedName => (Code::UnwillingToPerform, "00002185: the object keeps its name and place"),
        Refusal::SystemContainer => (Code::Other, "000021A7: nothing moves into the system container or out of it"),
        Refusal::NoNewParent => (Code::Other, "00002089: there is no such parent"),
        Refusal::OtherRdnAttribute => {
            (Code::UnwillingToPerform, "00002073: the class names its objects by another attribute")
        }
        Refusal::MoveIntoOwnSubtree => (Code::UnwillingToPerform, "00002077: an object cannot move below itself"),
        Refusal::MoveAcrossContexts => {
            (Code::AffectsMultipleDsas, "000020B0: an object cannot move to another naming context")
        }
        Refusal::KeepOldRdn => (Code::UnwillingToPerform, "00000057: the old name cannot be kept"),
        Refusal::Deleted => (Code::UnwillingToPerform, "00002077: the object is deleted"),
        Refusal::PasswordWrite => (Code::UnwillingToPerform, "0000001F: passwords are not written this way"),
        Refusal::PasswordUnprotected => (
            Code::UnwillingToPerform,
            "0000001F: passwords are only set over an encrypted connection; use StartTLS or LDAPS",
        ),
        Refusal::EmptyPassword => (Code::UnwillingToPerform, "00000057: a name without a password is no sign-in"),
        Refusal::ConfidentialityRequired => (
            Code::ConfidentialityRequired,
            "0000202D: passwords are only taken over an encrypted connection; use StartTLS or LDAPS",
        ),
        Refusal::RootDse => (Code::UnwillingToPerform, "00002035: the root DSE cannot be written so"),
        Refusal::NamingContextHead => {
            (Code::UnwillingToPerform, "00002183: the head of a naming context keeps its name and place")
        }
        Refusal::SchemaChange => (Code::UnwillingToPerform, "00002035: the schema cannot be changed"),
        Refusal::MachineAccountQuota => (
            Code::UnwillingToPerform,
            "0000216D: you have created as many computers as you may (ms-DS-MachineAccountQuota)",
        ),
        Refusal::Contradiction => (Code::UnwillingToPerform, "00000057: the change contradicts itself"),
    };
    Answer::fixed(code, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: Error, code: u32, start: &str) {
        let answer = Answer::from(&error);
        assert_eq!(answer.code.number(), code, "{error:?}");
        assert!(answer.text.starts_with(start), "{error:?}: {}", answer.text);
    }

    #[test]
    fn codes_are_those_of_active_directory() {
        check(Error::NoSuchObject { matched: String::new() }, 32, "0000208D: ");
        check(Error::AlreadyExists, 68, "00002071: ");
        check(Error::HasChildren, 66, "00002015: ");
        check(Error::NotSignedIn, 1, "000004DC: ");
        check(Error::attribute("nonsense", AttributeFault::Undefined), 16, "00000057: ");
        check(Error::attribute("uidNumber", AttributeFault::NotAllowed), 65, "0000207D: ");
        check(Error::attribute("sAMAccountName", AttributeFault::NotUnique), 68, "00000524: ");
        check(Error::attribute("sAMAccountName", AttributeFault::Unacceptable), 80, "00000523: ");
        check(Error::attribute("member", AttributeFault::NoSuchTarget), 32, "00000525: ");
        check(Error::attribute("manager", AttributeFault::NoSuchTarget), 19, "000020B5: ");
        check(Error::attribute("pwdLastSet", AttributeFault::Unacceptable), 80, "00000057: ");
        check(Error::attribute("primaryGroupID", AttributeFault::Unacceptable), 53, "00000057: ");
        check(Error::attribute("tokenGroups", AttributeFault::NeverStored), 17, "0000206F: ");
        check(Error::attribute("tokenGroups", AttributeFault::Computed), 19, "0000211B: ");
        check(Error::attribute("memberOf", AttributeFault::BackLink), 53, "000020AA: ");
        check(Error::attribute("sAMAccountName", AttributeFault::Lasting), 53, "00002077: ");
        check(Error::attribute("lastLogon", AttributeFault::OwnedByAccounts), 53, "0000209A: ");
        check(Error::attribute("userAccountControl", AttributeFault::OtherKindOfAccount), 65, "0000217C: ");
        check(Error::attribute("member", AttributeFault::NotPresent), 53, "00000561: ");
        check(Error::attribute("member", AttributeFault::ValueExists), 68, "00000562: ");
        check(Error::attribute("userPrincipalName", AttributeFault::NotUnique), 19, "000021C8: ");
        check(Error::attribute("member", AttributeFault::Group(GroupFault::LocalInGlobal)), 53, "00002144: member");
        check(Error::Refused(Refusal::MachineAccountQuota), 53, "0000216D: ");
        check(Error::Refused(Refusal::ConfidentialityRequired), 13, "0000202D: ");
        check(Error::Refused(Refusal::WellKnownAccount), 80, "0000055B: ");
        check(Error::Refused(Refusal::NoNewParent), 80, "00002089: ");
        check(Error::Object(ObjectFault::ClassNotConcrete), 53, "000020A7: ");
        check(Error::Object(ObjectFault::StructuralClassChange), 65, "00002077: ");
    }

    #[test]
    fn every_failed_sign_in_has_its_number() {
        use SignInFailure as Failure;
        for (failure, data) in [
            (Failure::UnknownName, "525"),
            (Failure::WrongPassword, "52e"),
            (Failure::LogonHours, "530"),
            (Failure::Workstation, "531"),
            (Failure::PasswordExpired, "532"),
            (Failure::AccountDisabled, "533"),
            (Failure::AccountExpired, "701"),
            (Failure::PasswordMustChange, "773"),
            (Failure::AccountLocked, "775"),
        ] {
            let answer = Answer::from(&Error::SignIn(failure));
            assert_eq!(answer.code.number(), 49);
            assert!(answer.text.contains(&format!("AcceptSecurityContext error, data {data}, v")), "{failure:?}");
        }
        check(Error::SignIn(Failure::TooManyAttempts), 51, "0000200E: ");
    }

    #[test]
    fn a_refused_password_has_the_codes_that_clients_know() {
        check(PasswordFault::WrongOld.into(), 19, "00000056: ");
        check(PasswordFault::TooShort { length: 1, minimum: 7 }.into(), 19, "0000052D: ");
        check(PasswordFault::InHistory.into(), 19, "0000052D: ");
        check(PasswordFault::Malformed.into(), 53, "0000001F: ");
        check(PasswordFault::Missing.into(), 53, "0000052D: ");
        check(Error::Refused(Refusal::PasswordUnprotected), 53, "0000001F: ");
    }

    #[test]
    fn what_failed_in_the_store_stays_inside() {
        let answer = Answer::from(&Error::Unavailable { reason: "/srv/data: disk on fire".into() });
        assert!(!answer.text.contains("fire"));
    }
}
