//! What came of a request, as a record says it: words that stay the same when codes and texts of a face change.

use bailiwick_domain::{AttributeFault, Error, GroupFault, ObjectFault, PasswordFault, Refusal, SignInFailure};

/// The word of a request that was done.
pub(super) const SUCCESS: &str = "success";

/// The word for a result: `success`, or the kind of error and, behind a colon, which one.
pub fn word(result: &Result<(), Error>) -> String {
    let Err(error) = result else { return SUCCESS.to_owned() };
    match error {
        Error::NoSuchObject { .. } => "no-such-object".into(),
        Error::AlreadyExists => "already-exists".into(),
        Error::InvalidName => "invalid-name".into(),
        Error::Referral { .. } => "referral".into(),
        Error::Changed => "changed".into(),
        Error::HasChildren => "has-children".into(),
        Error::Attribute { fault, .. } => format!("attribute:{}", attribute(*fault)),
        Error::Object(fault) => format!("object:{}", object(fault)),
        Error::InsufficientRights => "insufficient-rights".into(),
        Error::NotSignedIn => "not-signed-in".into(),
        Error::SignIn(failure) => format!("sign-in:{}", sign_in(*failure)),
        Error::Password(fault) => format!("password:{}", password(*fault)),
        Error::Refused(refusal) => format!("refused:{}", refused(*refusal)),
        Error::CannotSort => "cannot-sort".into(),
        Error::AdministrativeLimit => "administrative-limit".into(),
        Error::Busy => "busy".into(),
        Error::InvalidPosition => "invalid-position".into(),
        Error::Unavailable { .. } => "unavailable".into(),
        Error::Remote { .. } => "remote".into(),
    }
}

/// The attribute that an error names.
pub(super) fn attribute_of(result: &Result<(), Error>) -> Option<&str> {
    match result {
        Err(Error::Attribute { name, .. }) => Some(name),
        _ => None,
    }
}

fn attribute(fault: AttributeFault) -> &'static str {
    match fault {
        AttributeFault::Undefined => "undefined",
        AttributeFault::NotPresent => "not-present",
        AttributeFault::ValueExists => "value-exists",
        AttributeFault::NotAllowed => "not-allowed",
        AttributeFault::Missing => "missing",
        AttributeFault::InvalidSyntax => "invalid-syntax",
        AttributeFault::OutOfRange => "out-of-range",
        AttributeFault::ValueCount => "value-count",
        AttributeFault::SecondValue => "second-value",
        AttributeFault::SystemOnly => "system-only",
        AttributeFault::Computed => "computed",
        AttributeFault::NeverStored => "never-stored",
        AttributeFault::BackLink => "back-link",
        AttributeFault::Lasting => "lasting",
        AttributeFault::OwnedByAccounts => "owned-by-accounts",
        AttributeFault::OtherKindOfAccount => "other-kind-of-account",
        AttributeFault::NoSuchTarget => "no-such-target",
        AttributeFault::InvalidTarget => "invalid-target",
        AttributeFault::IsRdn => "is-rdn",
        AttributeFault::NotUnique => "not-unique",
        AttributeFault::Unacceptable => "unacceptable",
        AttributeFault::Group(fault) => group(fault),
    }
}

fn group(fault: GroupFault) -> &'static str {
    match fault {
        GroupFault::LocalInGlobal => "group-local-in-global",
        GroupFault::UniversalInGlobal => "group-universal-in-global",
        GroupFault::ForeignInGlobal => "group-foreign-in-global",
        GroupFault::LocalInUniversal => "group-local-in-universal",
        GroupFault::ForeignInUniversal => "group-foreign-in-universal",
        GroupFault::BuiltinMember => "group-builtin-member",
        GroupFault::Itself => "group-itself",
        GroupFault::PrimaryMembers => "group-primary-members",
        GroupFault::NoSecurityGroup => "group-no-security-group",
    }
}

fn object(fault: &ObjectFault) -> &'static str {
    match fault {
        ObjectFault::NoStructuralClass => "no-structural-class",
        ObjectFault::SeveralStructuralClasses => "several-structural-classes",
        ObjectFault::ClassNotConcrete => "class-not-concrete",
        ObjectFault::UnknownClass(_) => "unknown-class",
        ObjectFault::ClassNotCreatable(_) => "class-not-creatable",
        ObjectFault::ParentNotPossible => "parent-not-possible",
        ObjectFault::WrongRdnAttribute => "wrong-rdn-attribute",
        ObjectFault::RdnNotPossible => "rdn-not-possible",
        ObjectFault::StructuralClassChange => "structural-class-change",
    }
}

fn sign_in(failure: SignInFailure) -> &'static str {
    match failure {
        SignInFailure::UnknownName => "unknown-name",
        SignInFailure::WrongPassword => "wrong-password",
        SignInFailure::AccountDisabled => "account-disabled",
        SignInFailure::AccountExpired => "account-expired",
        SignInFailure::LogonHours => "logon-hours",
        SignInFailure::Workstation => "workstation",
        SignInFailure::PasswordExpired => "password-expired",
        SignInFailure::PasswordMustChange => "password-must-change",
        SignInFailure::AccountLocked => "account-locked",
        SignInFailure::TooManyAttempts => "too-many-attempts",
        SignInFailure::NoSecondFactor => "no-second-factor",
        SignInFailure::CodeNeeded => "code-needed",
        SignInFailure::WrongCode => "wrong-code",
        SignInFailure::TooManyWrongCodes => "too-many-wrong-codes",
    }
}

fn password(fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::WrongOld => "wrong-old",
        PasswordFault::TooShort { .. } => "too-short",
        PasswordFault::NotComplex => "not-complex",
        PasswordFault::InHistory => "in-history",
        PasswordFault::TooYoung => "too-young",
        PasswordFault::Malformed => "malformed",
        PasswordFault::Missing => "missing",
    }
}

fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::ProtectedObject => "protected-object",
        Refusal::WellKnownAccount => "well-known-account",
        Refusal::PrimaryGroup => "primary-group",
        Refusal::FixedName => "fixed-name",
        Refusal::SystemContainer => "system-container",
        Refusal::NoNewParent => "no-new-parent",
        Refusal::OtherRdnAttribute => "other-rdn-attribute",
        Refusal::MoveIntoOwnSubtree => "move-into-own-subtree",
        Refusal::MoveAcrossContexts => "move-across-contexts",
        Refusal::KeepOldRdn => "keep-old-rdn",
        Refusal::Deleted => "deleted",
        Refusal::PasswordWrite => "password-write",
        Refusal::PasswordUnprotected => "password-unprotected",
        Refusal::EmptyPassword => "empty-password",
        Refusal::ConfidentialityRequired => "confidentiality-required",
        Refusal::RootDse => "root-dse",
        Refusal::NamingContextHead => "naming-context-head",
        Refusal::SchemaChange => "schema-change",
        Refusal::Contradiction => "contradiction",
        Refusal::MachineAccountQuota => "machine-account-quota",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_the_kind_and_which_one() {
        assert_eq!(word(&Ok(())), "success");
        assert_eq!(word(&Err(Error::SignIn(SignInFailure::WrongPassword))), "sign-in:wrong-password");
        assert_eq!(word(&Err(Error::attribute("cn", AttributeFault::IsRdn))), "attribute:is-rdn");
        let reason = "/dev/sda1 fell out".to_owned();
        assert_eq!(word(&Err(Error::Unavailable { reason })), "unavailable");
    }
}
