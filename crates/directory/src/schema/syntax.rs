//! The attribute syntaxes of Active Directory and how each is identified. [MS-ADTS] 3.1.1.2.2.2.

use bailiwick_domain::ValueForm;

/// The form of an attribute's values. The set is closed: no schema change adds a syntax.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Syntax {
    /// `TRUE` or `FALSE`.
    Boolean,
    /// A signed 32-bit number.
    Integer,
    /// A signed 64-bit number.
    LargeInteger,
    /// A signed 32-bit number that names one of several cases.
    Enumeration,
    /// UTF-8 text, compared without regard to case: String(Unicode).
    Unicode,
    /// Printable ASCII, compared without regard to case: String(Teletex).
    CaseIgnore,
    /// Octets that are usually text, compared octet by octet: String(Case).
    CaseExact,
    /// Letters, digits and a few signs, compared octet by octet: String(Printable).
    Printable,
    /// ASCII, compared octet by octet: String(IA5).
    Ia5,
    /// Digits and spaces, compared octet by octet: String(Numeric).
    Numeric,
    /// An OID, held as the name of the attribute or class that has it, where there is one.
    ObjectIdentifier,
    /// Any octets.
    OctetString,
    /// A SID in its binary form.
    Sid,
    /// A self-relative security descriptor; it cannot be compared.
    SecurityDescriptor,
    /// A time to the second with two digits of the year.
    UtcTime,
    /// A time to the second.
    GeneralizedTime,
    /// The name of an object.
    Dn,
    /// Octets and the name of an object: `B:count:hex:DN`.
    DnBinary,
    /// Text and the name of an object: `S:count:text:DN`.
    DnString,
    /// The name of an object, as X.400 programs use it; the same text form as [`Syntax::Dn`].
    OrName,
    /// A presentation address and the name of an object: `address#X500:DN`.
    AccessPoint,
    /// A replication partner: octets.
    ReplicaLink,
    /// An OSI presentation address: text, compared octet by octet.
    PresentationAddress,
}

/// What a value of a syntax that names objects has besides the name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DnForm {
    /// Nothing: DN and OR-Name.
    Plain,
    /// Octets, before the name: DN-Binary.
    Binary,
    /// UTF-8 text, before the name: DN-String.
    Text,
    /// A presentation address, before the name: Access-Point.
    Address,
}

/// The three attributes of an attributeSchema object that identify a [`Syntax`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxIdentity {
    /// attributeSyntax, a dotted OID.
    pub attribute_syntax: &'static str,
    /// oMSyntax.
    pub om_syntax: i32,
    /// oMObjectClass, the content octets of an OID in BER; empty unless oMSyntax is 127.
    pub om_object_class: &'static [u8],
}

/// Every syntax: its identity, and the OID or word that the subschema publishes for it ([MS-ADTS] 3.1.1.3.1.1.1).
///
/// Where Active Directory publishes the word `OctetString` (Replica-Link), the OID of octet strings stands
/// here, because readers of RFC 4512 expect an OID.
const SYNTAXES: [(Syntax, &str, i32, &[u8], &str); 23] = [
    (Syntax::Boolean, "2.5.5.8", 1, &[], "1.3.6.1.4.1.1466.115.121.1.7"),
    (Syntax::Enumeration, "2.5.5.9", 10, &[], "1.3.6.1.4.1.1466.115.121.1.27"),
    (Syntax::Integer, "2.5.5.9", 2, &[], "1.3.6.1.4.1.1466.115.121.1.27"),
    (Syntax::LargeInteger, "2.5.5.16", 65, &[], "1.2.840.113556.1.4.906"),
    (Syntax::Unicode, "2.5.5.12", 64, &[], "1.3.6.1.4.1.1466.115.121.1.15"),
    (Syntax::CaseIgnore, "2.5.5.4", 20, &[], "1.2.840.113556.1.4.905"),
    (Syntax::CaseExact, "2.5.5.3", 27, &[], "1.2.840.113556.1.4.1362"),
    (Syntax::Printable, "2.5.5.5", 19, &[], "1.3.6.1.4.1.1466.115.121.1.44"),
    (Syntax::Ia5, "2.5.5.5", 22, &[], "1.3.6.1.4.1.1466.115.121.1.26"),
    (Syntax::Numeric, "2.5.5.6", 18, &[], "1.3.6.1.4.1.1466.115.121.1.36"),
    (Syntax::ObjectIdentifier, "2.5.5.2", 6, &[], "1.3.6.1.4.1.1466.115.121.1.38"),
    (Syntax::OctetString, "2.5.5.10", 4, &[], "1.3.6.1.4.1.1466.115.121.1.40"),
    (Syntax::Sid, "2.5.5.17", 4, &[], "1.3.6.1.4.1.1466.115.121.1.40"),
    (Syntax::SecurityDescriptor, "2.5.5.15", 66, &[], "1.2.840.113556.1.4.907"),
    (Syntax::UtcTime, "2.5.5.11", 23, &[], "1.3.6.1.4.1.1466.115.121.1.53"),
    (Syntax::GeneralizedTime, "2.5.5.11", 24, &[], "1.3.6.1.4.1.1466.115.121.1.24"),
    (
        Syntax::Dn,
        "2.5.5.1",
        127,
        &[0x2B, 0x0C, 0x02, 0x87, 0x73, 0x1C, 0x00, 0x85, 0x4A],
        "1.3.6.1.4.1.1466.115.121.1.12",
    ),
    (
        Syntax::DnBinary,
        "2.5.5.7",
        127,
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x01, 0x01, 0x01, 0x0B],
        "1.2.840.113556.1.4.903",
    ),
    (Syntax::OrName, "2.5.5.7", 127, &[0x56, 0x06, 0x01, 0x02, 0x05, 0x0B, 0x1D], "1.2.840.113556.1.4.1221"),
    (
        Syntax::DnString,
        "2.5.5.14",
        127,
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x01, 0x01, 0x01, 0x0C],
        "1.2.840.113556.1.4.904",
    ),
    (
        Syntax::AccessPoint,
        "2.5.5.14",
        127,
        &[0x2B, 0x0C, 0x02, 0x87, 0x73, 0x1C, 0x00, 0x85, 0x3E],
        "1.3.6.1.4.1.1466.115.121.1.2",
    ),
    (
        Syntax::ReplicaLink,
        "2.5.5.10",
        127,
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x01, 0x01, 0x01, 0x06],
        "1.3.6.1.4.1.1466.115.121.1.40",
    ),
    (
        Syntax::PresentationAddress,
        "2.5.5.13",
        127,
        &[0x2B, 0x0C, 0x02, 0x87, 0x73, 0x1C, 0x00, 0x85, 0x5C],
        "1.3.6.1.4.1.1466.115.121.1.43",
    ),
];

impl Syntax {
    /// The syntax that attributeSyntax, oMSyntax and oMObjectClass identify; none when they fit no syntax.
    ///
    /// An absent oMObjectClass is empty; with oMSyntax 127 it then means the usual one of the attributeSyntax.
    pub fn identified(attribute_syntax: &str, om_syntax: i32, om_object_class: &[u8]) -> Option<Syntax> {
        SYNTAXES
            .iter()
            .find(|(_, syntax, om, class, _)| {
                *syntax == attribute_syntax
                    && *om == om_syntax
                    && (*class == om_object_class || om_object_class.is_empty())
            })
            .map(|row| row.0)
    }

    /// What identifies this syntax on an attributeSchema object.
    pub fn identity(self) -> SyntaxIdentity {
        let &(_, attribute_syntax, om_syntax, om_object_class, _) = self.row();
        SyntaxIdentity { attribute_syntax, om_syntax, om_object_class }
    }

    /// The OID that the subschema publishes for this syntax: that of RFC 4517 or Microsoft's own.
    pub fn ldap_oid(self) -> &'static str {
        self.row().4
    }

    /// Whether values name objects. Such values are held as 8 octets of entry id, big-endian, then the data part.
    pub fn is_dn(self) -> bool {
        self.dn_form().is_some()
    }

    /// How values name objects; none when they do not.
    pub fn dn_form(self) -> Option<DnForm> {
        match self {
            Syntax::Dn | Syntax::OrName => Some(DnForm::Plain),
            Syntax::DnBinary => Some(DnForm::Binary),
            Syntax::DnString => Some(DnForm::Text),
            Syntax::AccessPoint => Some(DnForm::Address),
            _ => None,
        }
    }

    /// Whether values are numbers, on which the bit rules work.
    pub fn is_number(self) -> bool {
        matches!(self, Syntax::Integer | Syntax::Enumeration | Syntax::LargeInteger)
    }

    /// Whether values are times.
    pub fn is_time(self) -> bool {
        matches!(self, Syntax::UtcTime | Syntax::GeneralizedTime)
    }

    /// Whether values can be compared by order. [MS-ADTS] 3.1.1.2.2.4.
    pub fn has_order(self) -> bool {
        !self.is_dn()
            && !matches!(self, Syntax::PresentationAddress | Syntax::SecurityDescriptor | Syntax::ObjectIdentifier)
    }

    /// Whether values can be matched by their pieces. [MS-ADTS] 3.1.1.2.2.4.
    pub fn has_substrings(self) -> bool {
        matches!(
            self,
            Syntax::Unicode
                | Syntax::CaseIgnore
                | Syntax::CaseExact
                | Syntax::Printable
                | Syntax::Ia5
                | Syntax::Numeric
                | Syntax::OctetString
                | Syntax::ReplicaLink
                | Syntax::Sid
        )
    }

    /// What values look like to a face.
    pub fn value_form(self) -> ValueForm {
        match self {
            Syntax::Boolean => ValueForm::Boolean,
            Syntax::Integer | Syntax::Enumeration => ValueForm::Integer,
            Syntax::LargeInteger => ValueForm::LargeInteger,
            Syntax::Unicode
            | Syntax::CaseIgnore
            | Syntax::CaseExact
            | Syntax::Printable
            | Syntax::Ia5
            | Syntax::Numeric
            | Syntax::ObjectIdentifier
            | Syntax::PresentationAddress => ValueForm::Text,
            Syntax::OctetString | Syntax::ReplicaLink => ValueForm::Octets,
            Syntax::Sid => ValueForm::Sid,
            Syntax::SecurityDescriptor => ValueForm::SecurityDescriptor,
            Syntax::UtcTime => ValueForm::UtcTime,
            Syntax::GeneralizedTime => ValueForm::GeneralizedTime,
            Syntax::Dn | Syntax::OrName => ValueForm::Dn,
            Syntax::DnBinary | Syntax::DnString | Syntax::AccessPoint => ValueForm::DnWithData,
        }
    }

    fn row(self) -> &'static (Syntax, &'static str, i32, &'static [u8], &'static str) {
        SYNTAXES.iter().find(|row| row.0 == self).expect("SYNTAXES has a row for every variant; a test visits them all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syntax_is_found_by_its_identity() {
        for (syntax, ..) in SYNTAXES {
            let identity = syntax.identity();
            let found = Syntax::identified(identity.attribute_syntax, identity.om_syntax, identity.om_object_class);
            assert_eq!(found, Some(syntax));
        }
    }

    #[test]
    fn an_absent_object_class_means_the_usual_syntax() {
        assert_eq!(Syntax::identified("2.5.5.7", 127, &[]), Some(Syntax::DnBinary));
        assert_eq!(Syntax::identified("2.5.5.14", 127, &[]), Some(Syntax::DnString));
        assert_eq!(Syntax::identified("2.5.5.14", 2, &[]), None);
    }
}
