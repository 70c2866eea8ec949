//! Changes as the port states them.

use bailiwick_adtypes::dn::{ObjectName, Rdn};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::{Attribute, Modification};

/// One change to one object. Names and values are as the client wrote them.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new object.
    Add {
        /// Its name.
        name: ObjectName,
        /// Its attributes; the directory adds those it makes itself.
        attributes: Vec<Attribute>,
        /// Which parts of a given `nTSecurityDescriptor` count, as flags of [MS-ADTS] 3.1.1.3.4.1.11: owner 1, group 2,
        /// DACL 4, SACL 8; none when the client does not say.
        sd_flags: Option<u32>,
    },
    /// New values on an object: all modifications in their order, or none.
    Modify {
        /// The object.
        name: ObjectName,
        /// What changes.
        modifications: Vec<Modification>,
        /// Adding a value that is there, or deleting one that is not, is no error ([MS-ADTS] 3.1.1.3.4.1.8).
        permissive: bool,
        /// Which parts of a written `nTSecurityDescriptor` count, as for an added one. The others stay as they are; with
        /// none said, those stay that the written one lacks.
        sd_flags: Option<u32>,
    },
    /// A new name, or a new place.
    Rename(Rename),
    /// The object goes; a tombstone stays ([MS-ADTS] 3.1.1.5.5).
    Delete {
        /// The object.
        name: ObjectName,
        /// With everything below it ([MS-ADTS] 3.1.1.3.4.1.15).
        tree: bool,
    },
}

/// A new name or place for an object and so for everything below it. RFC 4511 section 4.9.
#[derive(Clone, Debug)]
pub struct Rename {
    /// The object.
    pub name: ObjectName,
    /// Its new RDN.
    pub new_rdn: Rdn,
    /// Whether the old RDN value goes. Active Directory has one RDN value, so `false` is refused.
    pub delete_old_rdn: bool,
    /// Its new parent; none keeps the old one.
    pub new_superior: Option<ObjectName>,
}

/// An object as somebody has read it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The object.
    pub name: ObjectName,
    /// Its uSNChanged at the time.
    pub usn: i64,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The object's identity, new or old.
    pub guid: Guid,
}
