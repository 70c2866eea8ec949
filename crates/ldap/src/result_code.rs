//! The result codes that LDAP and Active Directory use. RFC 4511 appendix A, RFC 3909 section 2.3, [MS-ADTS] 3.1.1.3.1.9.

use std::fmt;

macro_rules! result_codes {
    ($($(#[$meaning:meta])* $variant:ident = $number:literal, $name:literal;)+) => {
        /// How an operation ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ResultCode {
            $($(#[$meaning])* $variant,)+
            /// A number that the table does not have; only a client meets it.
            Unlisted(u32),
        }

        impl ResultCode {
            /// Every listed code, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The number on the wire.
            pub const fn number(self) -> u32 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Unlisted(number) => number,
                }
            }

            /// The code with this number.
            pub const fn from_number(number: u32) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    _ => Self::Unlisted(number),
                }
            }

            /// The name as the specification spells it; `unlisted` for a number that it does not have.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Unlisted(_) => "unlisted",
                }
            }
        }
    };
}

result_codes! {
    /// It succeeded.
    Success = 0, "success";
    /// It came in the wrong order, or the server failed.
    OperationsError = 1, "operationsError";
    /// The message breaks the protocol.
    ProtocolError = 2, "protocolError";
    /// It took longer than allowed.
    TimeLimitExceeded = 3, "timeLimitExceeded";
    /// There are more entries than asked for.
    SizeLimitExceeded = 4, "sizeLimitExceeded";
    /// The value is not there.
    CompareFalse = 5, "compareFalse";
    /// The value is there.
    CompareTrue = 6, "compareTrue";
    /// This way of signing in is not offered.
    AuthMethodNotSupported = 7, "authMethodNotSupported";
    /// Sign in, or protect the connection, more strongly.
    StrongerAuthRequired = 8, "strongerAuthRequired";
    /// Ask another server.
    Referral = 10, "referral";
    /// An administrative limit was reached.
    AdminLimitExceeded = 11, "adminLimitExceeded";
    /// A critical control is unknown or does not fit the operation.
    UnavailableCriticalExtension = 12, "unavailableCriticalExtension";
    /// It needs an encrypted connection.
    ConfidentialityRequired = 13, "confidentialityRequired";
    /// The next step of signing in is awaited.
    SaslBindInProgress = 14, "saslBindInProgress";
    /// The attribute, or its value, is not there.
    NoSuchAttribute = 16, "noSuchAttribute";
    /// The schema lacks the attribute.
    UndefinedAttributeType = 17, "undefinedAttributeType";
    /// The matching rule does not fit the attribute.
    InappropriateMatching = 18, "inappropriateMatching";
    /// A value breaks a constraint.
    ConstraintViolation = 19, "constraintViolation";
    /// The attribute or value is already there.
    AttributeOrValueExists = 20, "attributeOrValueExists";
    /// A value does not fit its syntax.
    InvalidAttributeSyntax = 21, "invalidAttributeSyntax";
    /// There is no such object.
    NoSuchObject = 32, "noSuchObject";
    /// An alias leads nowhere.
    AliasProblem = 33, "aliasProblem";
    /// The name is not a DN.
    InvalidDnSyntax = 34, "invalidDNSyntax";
    /// An alias may not be followed.
    AliasDereferencingProblem = 36, "aliasDereferencingProblem";
    /// This account cannot sign in this way.
    InappropriateAuthentication = 48, "inappropriateAuthentication";
    /// Name or password are wrong.
    InvalidCredentials = 49, "invalidCredentials";
    /// The requester may not do it.
    InsufficientAccessRights = 50, "insufficientAccessRights";
    /// The server has too much to do.
    Busy = 51, "busy";
    /// The server is going down or cannot work.
    Unavailable = 52, "unavailable";
    /// The server refuses.
    UnwillingToPerform = 53, "unwillingToPerform";
    /// Names or aliases lead in a circle.
    LoopDetect = 54, "loopDetect";
    /// A control needs the sort control beside it.
    SortControlMissing = 60, "sortControlMissing";
    /// A list view was asked for a place outside the list.
    OffsetRangeError = 61, "offsetRangeError";
    /// The name breaks a naming rule.
    NamingViolation = 64, "namingViolation";
    /// The entry breaks a rule of its classes.
    ObjectClassViolation = 65, "objectClassViolation";
    /// The entry has children.
    NotAllowedOnNonLeaf = 66, "notAllowedOnNonLeaf";
    /// The attribute is part of the entry's name.
    NotAllowedOnRdn = 67, "notAllowedOnRDN";
    /// The entry is already there.
    EntryAlreadyExists = 68, "entryAlreadyExists";
    /// The structural class cannot change.
    ObjectClassModsProhibited = 69, "objectClassModsProhibited";
    /// The results would be too large.
    ResultsTooLarge = 70, "resultsTooLarge";
    /// It would touch more than one server.
    AffectsMultipleDsas = 71, "affectsMultipleDSAs";
    /// A list view cannot be made.
    VirtualListViewError = 76, "virtualListViewError";
    /// None of the others.
    Other = 80, "other";
    /// It was cancelled.
    Canceled = 118, "canceled";
    /// There is no such operation to cancel.
    NoSuchOperation = 119, "noSuchOperation";
    /// The operation is beyond cancelling.
    TooLate = 120, "tooLate";
    /// The operation cannot be cancelled.
    CannotCancel = 121, "cannotCancel";
    /// The condition of the assertion control does not hold. RFC 4528.
    AssertionFailed = 122, "assertionFailed";
}

impl fmt::Display for ResultCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_number() {
        for &code in ResultCode::ALL {
            assert_eq!(ResultCode::from_number(code.number()), code);
        }
        assert!(ResultCode::ALL.is_sorted_by_key(|code| code.number()));
        assert_eq!(ResultCode::from_number(9), ResultCode::Unlisted(9));
        assert_eq!(ResultCode::Unlisted(9).number(), 9);
    }
}
