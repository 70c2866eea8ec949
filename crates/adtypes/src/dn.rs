//! Distinguished names and the other ways to name an object. RFC 4514, [MS-ADTS] 3.1.1.3.1.2.4.

use crate::guid::Guid;
use crate::sid::Sid;

/// How many RDNs a name may have.
pub const DN_COMPONENTS_MAX: usize = 128;
/// How many octets the text of a name may have.
pub const DN_OCTETS_MAX: usize = 32_768;

/// A relative distinguished name of one attribute and one value; Active Directory has no multi-valued RDNs.
#[derive(Clone, Debug)]
pub struct Rdn {
    /// The attribute type as written: a name or an OID.
    pub attribute: String,
    /// The unescaped value.
    pub value: String,
}

/// A distinguished name, leaf first; empty is the root.
#[derive(Clone, Debug, Default)]
pub struct Dn {
    rdns: Vec<Rdn>,
}

/// The ways a request can name an object.
#[derive(Clone, Debug)]
pub enum ObjectName {
    /// A distinguished name.
    Dn(Dn),
    /// `<GUID=…>`: hex of the wire octets, or the dashed form.
    Guid(Guid),
    /// `<SID=…>`: hex of the octets, or `S-1-…`.
    Sid(Sid),
    /// `<WKGUID=hex,DN>`: the well-known object of the container with that name.
    WellKnown(Guid, Dn),
}
