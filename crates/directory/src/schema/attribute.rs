//! An attribute of the schema, resolved: what its attributeSchema object says and what follows from it.
//! [MS-ADTS] 3.1.1.2.3.

use bailiwick_adtypes::guid::Guid;

use super::AttributeNumber;
use super::syntax::{DnForm, Syntax};

/// An attribute of the schema.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Entry id of the attributeSchema object.
    pub number: AttributeNumber,
    /// lDAPDisplayName.
    pub name: Box<str>,
    /// cn of the attributeSchema object.
    pub cn: Box<str>,
    /// attributeID, dotted.
    pub oid: Box<str>,
    /// Form of the values.
    pub syntax: Syntax,
    /// Whether there is at most one value.
    pub single_valued: bool,
    /// Least number, or least length in characters or octets.
    pub range_lower: Option<i64>,
    /// Greatest number, or greatest length in characters or octets.
    pub range_upper: Option<i64>,
    /// searchFlags.
    pub search_flags: SearchFlags,
    /// systemFlags.
    pub system_flags: SystemFlags,
    /// Whether only the directory itself writes it.
    pub system_only: bool,
    /// Its place in a pair of linked attributes.
    pub link: Option<Link>,
    /// schemaIDGUID, which names the attribute in access control entries.
    pub schema_id_guid: Guid,
    /// attributeSecurityGUID, the property set that it belongs to.
    pub security_guid: Option<Guid>,
    /// Whether the global catalogue has it.
    pub in_partial_set: bool,
    /// Whether it is defunct: neither writable nor published.
    pub defunct: bool,
    pub(super) always_indexed: bool,
    pub(super) secret: bool,
    pub(super) shows_oid: bool,
    pub(super) extended_characters: bool,
}

/// The place of an attribute in a pair of linked attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Link {
    /// linkID: even for the forward link, one more for its back link.
    pub id: u32,
    /// Which end of the pair this is.
    pub direction: LinkDirection,
    /// The attribute at the other end; a forward link need not have one.
    pub partner: Option<AttributeNumber>,
}

/// The end of a pair of linked attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkDirection {
    /// Written by clients, such as `member`.
    Forward,
    /// Follows from the forward link, such as `memberOf`.
    Back,
}

/// searchFlags. [MS-ADTS] 2.2.9.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SearchFlags(pub u32);

impl SearchFlags {
    /// An index over all objects.
    pub const INDEX: SearchFlags = SearchFlags(1);
    /// An index over the children of one container.
    pub const CONTAINER_INDEX: SearchFlags = SearchFlags(2);
    /// Part of ambiguous name resolution.
    pub const ANR: SearchFlags = SearchFlags(4);
    /// Kept on a tombstone.
    pub const PRESERVE_ON_DELETE: SearchFlags = SearchFlags(8);
    /// Meant to be copied with the object by clients.
    pub const COPY: SearchFlags = SearchFlags(16);
    /// An index over pieces of values.
    pub const TUPLE_INDEX: SearchFlags = SearchFlags(32);
    /// An index for virtual list views of a subtree.
    pub const SUBTREE_INDEX: SearchFlags = SearchFlags(64);
    /// Readable only with the right to read confidential attributes.
    pub const CONFIDENTIAL: SearchFlags = SearchFlags(128);
    /// Values are kept out of the audit.
    pub const NEVER_VALUE_AUDIT: SearchFlags = SearchFlags(256);
    /// Kept from read-only domain controllers.
    pub const RODC_FILTERED: SearchFlags = SearchFlags(512);
    /// Returned by base searches only.
    pub const BASE_ONLY: SearchFlags = SearchFlags(2048);

    /// Whether all bits of `flags` are set.
    pub fn has(self, flags: SearchFlags) -> bool {
        self.0 & flags.0 == flags.0
    }
}

/// systemFlags of an attributeSchema or classSchema object. [MS-ADTS] 2.2.10.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SystemFlags(pub u32);

impl SystemFlags {
    /// Each domain controller has its own value.
    pub const NOT_REPLICATED: SystemFlags = SystemFlags(1);
    /// Always in the global catalogue.
    pub const PARTIAL_SET_REQUIRED: SystemFlags = SystemFlags(2);
    /// Computed when it is read.
    pub const CONSTRUCTED: SystemFlags = SystemFlags(4);
    /// Returned only when asked for.
    pub const OPERATIONAL: SystemFlags = SystemFlags(8);
    /// Part of the base schema.
    pub const BASE_SCHEMA: SystemFlags = SystemFlags(16);

    /// Whether all bits of `flags` are set.
    pub fn has(self, flags: SystemFlags) -> bool {
        self.0 & flags.0 == flags.0
    }
}

/// Attributes that have an index whatever their searchFlags say: identity, naming and the attributes that real
/// clients look people and groups up by. Active Directory needs administrators to flag some of them; an index
/// costs us little and an unindexed sign-in costs every client.
pub(super) const ALWAYS_INDEXED: [&str; 35] = [
    "altSecurityIdentities",
    "cn",
    "displayName",
    "dNSHostName",
    "employeeID",
    "employeeNumber",
    "gidNumber",
    "givenName",
    "isDeleted",
    "mail",
    "mailNickname",
    "memberUid",
    "mobile",
    "mS-DS-ConsistencyGuid",
    "name",
    "nCName",
    "nETBIOSName",
    "objectCategory",
    "objectClass",
    "objectGUID",
    "objectSid",
    "otherMailbox",
    "ou",
    "primaryGroupID",
    "proxyAddresses",
    "sAMAccountName",
    "sAMAccountType",
    "servicePrincipalName",
    "sIDHistory",
    "sn",
    "telephoneNumber",
    "uid",
    "uidNumber",
    "userPrincipalName",
    "uSNChanged",
];

/// Attributes whose values never leave the directory. [MS-ADTS] 3.1.1.1.4, "secret attribute".
pub(super) const SECRET: [&str; 11] = [
    "currentValue",
    "dBCSPwd",
    "initialAuthIncoming",
    "initialAuthOutgoing",
    "lmPwdHistory",
    "ntPwdHistory",
    "priorValue",
    "supplementalCredentials",
    "trustAuthIncoming",
    "trustAuthOutgoing",
    "unicodePwd",
];

/// Attributes whose OIDs are shown dotted even where they name an attribute or class. [MS-ADTS] 3.1.1.2.2.2;
/// attributeSyntax is here because a syntax is neither.
pub(super) const SHOWS_OID: [&str; 3] = ["attributeID", "attributeSyntax", "governsID"];

impl Attribute {
    /// Whether its values are computed when read, so that none are stored.
    pub fn is_constructed(&self) -> bool {
        self.system_flags.has(SystemFlags::CONSTRUCTED)
    }

    /// Whether a search returns it only when it is asked for by name or by `+`.
    ///
    /// `*` selects everything else, back links such as `memberOf` among it.
    pub fn is_operational(&self) -> bool {
        self.system_flags.0 & (SystemFlags::CONSTRUCTED.0 | SystemFlags::OPERATIONAL.0) != 0
    }

    /// Whether the directory keeps an index of its values. Links are found through the link tables instead.
    pub fn is_indexed(&self) -> bool {
        (self.always_indexed || self.search_flags.has(SearchFlags::INDEX))
            && self.link.is_none()
            && !self.is_constructed()
            && !self.secret
    }

    /// Whether its values never leave the directory, by any operation and for anybody. [MS-ADTS] 3.1.1.4.4.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Whether it needs the right to read confidential attributes.
    pub fn is_confidential(&self) -> bool {
        self.search_flags.has(SearchFlags::CONFIDENTIAL)
    }

    /// Whether it is the computed end of a pair of linked attributes.
    pub fn is_back_link(&self) -> bool {
        self.link.is_some_and(|link| link.direction == LinkDirection::Back)
    }

    /// Whether it is the written end of a pair of linked attributes.
    pub fn is_forward_link(&self) -> bool {
        self.link.is_some_and(|link| link.direction == LinkDirection::Forward)
    }

    /// Whether values name objects, so that the caller resolves them to entry ids.
    pub fn is_dn(&self) -> bool {
        self.syntax.is_dn()
    }

    /// How values name objects; none when they do not.
    pub fn dn_form(&self) -> Option<DnForm> {
        self.syntax.dn_form()
    }
}
