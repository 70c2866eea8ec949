//! What the schema says of an attribute, as far as a face needs it to convert values.

/// An attribute of the schema, as faces see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeType {
    /// lDAPDisplayName, in the schema's own case.
    pub name: String,
    /// The form of its values.
    pub form: ValueForm,
    /// Whether there is at most one value.
    pub single_valued: bool,
}

/// The forms of values that a face tells apart. The syntaxes of [MS-ADTS] 3.1.1.2.2.2 are more: those whose values look
/// alike to a program share a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// `TRUE` or `FALSE`.
    Boolean,
    /// A signed number of 32 bits, in decimal.
    Integer,
    /// A signed number of 64 bits, in decimal. Points in time and intervals are such numbers.
    LargeInteger,
    /// Text in UTF-8, OIDs and names of schema objects among it.
    Text,
    /// Any octets; GUIDs are such values.
    Octets,
    /// A SID in its binary form.
    Sid,
    /// A self-relative security descriptor.
    SecurityDescriptor,
    /// A time with four digits of the year, `YYYYMMDDHHMMSS.0Z`.
    GeneralizedTime,
    /// A time with two digits of the year, `YYMMDDHHMMSSZ`.
    UtcTime,
    /// The name of an object.
    Dn,
    /// The name of an object with octets, a text or an address in front.
    DnWithData,
}
