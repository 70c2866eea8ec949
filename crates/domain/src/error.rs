//! What can go wrong, by meaning. Codes and texts are made at the faces, by one total match each.

/// Why an operation was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The object does not exist, or the requester may not see it.
    NoSuchObject {
        /// The name of the closest ancestor that exists, as text; empty for none.
        matched: String,
    },
    /// A sibling has the name already.
    AlreadyExists,
    /// A name is not well formed, or cannot be one of this directory.
    InvalidName,
    /// The object lies in another directory.
    Referral {
        /// An LDAP URL.
        url: String,
    },
    /// The object is no longer as whoever changes it has read it.
    Changed,
    /// The object has children.
    HasChildren,
    /// An attribute or one of its values is at fault.
    Attribute {
        /// The attribute description as the client wrote it.
        name: String,
        /// What is wrong with it.
        fault: AttributeFault,
    },
    /// The object as a whole is at fault.
    Object(ObjectFault),
    /// The requester has not the right.
    InsufficientRights,
    /// Nobody has signed in, and only signed-in accounts may do this.
    NotSignedIn,
    /// Signing in failed.
    SignIn(SignInFailure),
    /// A password cannot be set.
    Password(PasswordFault),
    /// The operation asks for something that is not done.
    Refused(Refusal),
    /// A server-side sort cannot use the attribute, or holds too many entries.
    CannotSort,
    /// An administrative limit was reached.
    AdministrativeLimit,
    /// Too much waits already; the operation was not begun, and may be tried again.
    Busy,
    /// A position or cookie is not one of ours.
    InvalidPosition,
    /// Another server, which holds the directory, refuses in words of its own that have no other meaning here.
    Remote {
        /// Its LDAP result code.
        code: u32,
        /// Its diagnostic text.
        text: String,
    },
    /// The store failed; the operation had no effect.
    Unavailable {
        /// What failed, for the log.
        reason: String,
    },
}

pub use crate::{PasswordFault, SignInFailure};

/// What is wrong with an attribute in a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeFault {
    /// The schema does not know it.
    Undefined,
    /// The object does not have it, or not the value to remove.
    NotPresent,
    /// The object has the value already.
    ValueExists,
    /// The class of the object does not allow it.
    NotAllowed,
    /// The class of the object requires it.
    Missing,
    /// A value is not of the attribute's syntax.
    InvalidSyntax,
    /// A value is too small, too large, too short or too long.
    OutOfRange,
    /// More than one value, or none, where there must be one.
    ValueCount,
    /// A change gives an object a second value of an attribute that takes one.
    SecondValue,
    /// Only the directory writes it.
    SystemOnly,
    /// It is computed when read, and cannot be changed.
    Computed,
    /// It is computed when read, so that no new object has it.
    NeverStored,
    /// It is the other end of a link, and follows from that.
    BackLink,
    /// It can be changed but not taken away.
    Lasting,
    /// Only the rules of accounts and sign-ins write it.
    OwnedByAccounts,
    /// It makes the object a kind of account that its class is not.
    OtherKindOfAccount,
    /// It names an object that does not exist.
    NoSuchTarget,
    /// It names an object that cannot be linked so.
    InvalidTarget,
    /// It is the RDN; a rename changes it.
    IsRdn,
    /// Another object has the value, which must be unique.
    NotUnique,
    /// The value is not acceptable here.
    Unacceptable,
    /// The scopes of groups forbid it.
    Group(GroupFault),
}

/// Why a group cannot have a member, or cannot become what it is asked to. [MS-SAMR] 3.1.1.8.9, [MS-ADTS] 2.2.12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupFault {
    /// A global group holds no domain local one.
    LocalInGlobal,
    /// A global group holds no universal one.
    UniversalInGlobal,
    /// A global group holds nobody from elsewhere.
    ForeignInGlobal,
    /// A universal group holds no domain local one.
    LocalInUniversal,
    /// A universal group holds nobody from outside of the forest.
    ForeignInUniversal,
    /// A built-in group belongs to the machine's own domain, and to no group of this one.
    BuiltinMember,
    /// No group holds itself.
    Itself,
    /// A group that is somebody's primary one stays a security group.
    PrimaryMembers,
    /// An account's primary group is a security group.
    NoSecurityGroup,
}

/// What is wrong with an object in a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// No object class, or none that is structural.
    NoStructuralClass,
    /// The classes are no one chain: two are structural, or one is abstract and above no other.
    SeveralStructuralClasses,
    /// The most specific class is abstract or auxiliary, so that no object can be of it.
    ClassNotConcrete,
    /// A class that the schema does not know.
    UnknownClass(String),
    /// A class that clients may not create.
    ClassNotCreatable(String),
    /// The parent cannot hold objects of this class.
    ParentNotPossible,
    /// The RDN's attribute is not the one of the class.
    WrongRdnAttribute,
    /// The RDN's value is empty, too long or has a line feed.
    RdnNotPossible,
    /// The structural class may not change.
    StructuralClassChange,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The object is critical to the system or protected by its system flags.
    ProtectedObject,
    /// The account or group is one that every domain has; it is not deleted.
    WellKnownAccount,
    /// The group is the primary one of an account; it is not deleted.
    PrimaryGroup,
    /// The object's system flags keep its name or its place.
    FixedName,
    /// An object cannot move into the system container or out of it.
    SystemContainer,
    /// The parent to move below does not exist, or the requester may not see it.
    NoNewParent,
    /// A rename cannot name an object by another attribute.
    OtherRdnAttribute,
    /// An object cannot move below itself.
    MoveIntoOwnSubtree,
    /// An object cannot move to another naming context here.
    MoveAcrossContexts,
    /// The old RDN value must go, since an object has one.
    KeepOldRdn,
    /// The object is deleted.
    Deleted,
    /// Passwords are not written this way.
    PasswordWrite,
    /// Passwords are not written over a connection that others can read.
    PasswordUnprotected,
    /// A name without a password is no sign-in.
    EmptyPassword,
    /// The connection must be encrypted first.
    ConfidentialityRequired,
    /// The root DSE is not written.
    RootDse,
    /// The naming context may not be changed this way.
    NamingContextHead,
    /// Schema changes are not done here.
    SchemaChange,
    /// The change contradicts itself.
    Contradiction,
    /// Somebody without the right to create computers has created as many as everybody may.
    MachineAccountQuota,
}

impl Error {
    /// An attribute fault.
    pub fn attribute(name: impl Into<String>, fault: AttributeFault) -> Error {
        Error::Attribute { name: name.into(), fault }
    }
}

impl From<PasswordFault> for Error {
    fn from(fault: PasswordFault) -> Error {
        Error::Password(fault)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Error {}
