//! What attributeSchema and classSchema objects say, and its form as attribute values of those objects.
//! [MS-ADTS] 3.1.1.2.3, 3.1.1.2.4.8.
//!
//! Provisioning writes the values; the server reads them back when it starts and after a schema change.

use std::fmt;

use bailiwick_adtypes::guid::Guid;

use super::class::Category;
use super::syntax::Syntax;
use super::{AttributeNumber, ClassNumber};

/// Names of attributes with their stored values.
pub type Values = Vec<(&'static str, Vec<Vec<u8>>)>;

/// What an attributeSchema object says; nothing is resolved yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributeDefinition {
    /// Entry id of the object.
    pub number: AttributeNumber,
    /// lDAPDisplayName.
    pub name: Box<str>,
    /// cn.
    pub cn: Box<str>,
    /// attributeID, dotted.
    pub oid: Box<str>,
    /// attributeSyntax, oMSyntax and oMObjectClass.
    pub syntax: Syntax,
    /// isSingleValued.
    pub single_valued: bool,
    /// rangeLower.
    pub range_lower: Option<i64>,
    /// rangeUpper; -1 is 0xFFFFFFFF.
    pub range_upper: Option<i64>,
    /// searchFlags.
    pub search_flags: u32,
    /// systemFlags.
    pub system_flags: u32,
    /// systemOnly.
    pub system_only: bool,
    /// linkID.
    pub link_id: Option<u32>,
    /// schemaIDGUID.
    pub schema_id_guid: Guid,
    /// attributeSecurityGUID.
    pub security_guid: Option<Guid>,
    /// isMemberOfPartialAttributeSet.
    pub in_partial_set: bool,
    /// schemaFlagsEx.
    pub schema_flags_ex: u32,
    /// isDefunct.
    pub defunct: bool,
    /// extendedCharsAllowed: printable and teletex strings may have any character.
    pub extended_characters: bool,
}

/// What a classSchema object says; names are not resolved yet, and nothing inherited is included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassDefinition {
    /// Entry id of the object.
    pub number: ClassNumber,
    /// lDAPDisplayName.
    pub name: Box<str>,
    /// cn.
    pub cn: Box<str>,
    /// governsID, dotted.
    pub oid: Box<str>,
    /// objectClassCategory.
    pub category: Category,
    /// subClassOf, as a name.
    pub sub_class_of: Box<str>,
    /// rDNAttID, as a name; none inherits that of the superclass.
    pub rdn: Option<Box<str>>,
    /// systemAuxiliaryClass, as names.
    pub system_auxiliary_class: Vec<Box<str>>,
    /// auxiliaryClass, as names.
    pub auxiliary_class: Vec<Box<str>>,
    /// systemMustContain, as names.
    pub system_must_contain: Vec<Box<str>>,
    /// mustContain, as names.
    pub must_contain: Vec<Box<str>>,
    /// systemMayContain, as names.
    pub system_may_contain: Vec<Box<str>>,
    /// mayContain, as names.
    pub may_contain: Vec<Box<str>>,
    /// systemPossSuperiors, as names.
    pub system_poss_superiors: Vec<Box<str>>,
    /// possSuperiors, as names.
    pub poss_superiors: Vec<Box<str>>,
    /// defaultObjectCategory: the class of the classSchema object that it names.
    pub default_object_category: ClassNumber,
    /// defaultSecurityDescriptor, SDDL; empty when absent.
    pub default_security_descriptor: Box<str>,
    /// defaultHidingValue.
    pub default_hiding_value: bool,
    /// systemOnly.
    pub system_only: bool,
    /// systemFlags.
    pub system_flags: u32,
    /// schemaIDGUID.
    pub schema_id_guid: Guid,
    /// isDefunct.
    pub defunct: bool,
}

/// Why the values of a schema object make no definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DefinitionError {
    /// The object lacks an attribute that it must have.
    Missing {
        /// The attribute.
        attribute: &'static str,
    },
    /// A value is not of the form that the attribute has.
    BadValue {
        /// The attribute.
        attribute: &'static str,
    },
    /// attributeSyntax, oMSyntax and oMObjectClass do not fit together.
    UnknownSyntax,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DefinitionError::Missing { attribute } => write!(f, "a schema object lacks {attribute}"),
            DefinitionError::BadValue { attribute } => write!(f, "a schema object has a bad value of {attribute}"),
            DefinitionError::UnknownSyntax => f.write_str("attributeSyntax, oMSyntax and oMObjectClass do not fit"),
        }
    }
}

impl std::error::Error for DefinitionError {}

/// The attributes that [`AttributeDefinition::from_values`] and [`ClassDefinition::from_values`] read.
///
/// Whoever loads a schema from records must know the numbers of these before there is a schema.
pub const ATTRIBUTES_READ: [&str; 34] = [
    "lDAPDisplayName",
    "cn",
    "attributeID",
    "attributeSyntax",
    "oMSyntax",
    "oMObjectClass",
    "isSingleValued",
    "rangeLower",
    "rangeUpper",
    "searchFlags",
    "systemFlags",
    "systemOnly",
    "linkID",
    "schemaIDGUID",
    "attributeSecurityGUID",
    "isMemberOfPartialAttributeSet",
    "schemaFlagsEx",
    "isDefunct",
    "extendedCharsAllowed",
    "governsID",
    "objectClassCategory",
    "subClassOf",
    "rDNAttID",
    "systemAuxiliaryClass",
    "auxiliaryClass",
    "systemMustContain",
    "mustContain",
    "systemMayContain",
    "mayContain",
    "systemPossSuperiors",
    "possSuperiors",
    "defaultObjectCategory",
    "defaultSecurityDescriptor",
    "defaultHidingValue",
];

impl AttributeDefinition {
    /// The values that the attributeSchema object gets, objectClass and cn among them.
    pub fn to_values(&self) -> Values {
        let identity = self.syntax.identity();
        let mut values = Writer::default();
        values.texts("objectClass", &["top", "attributeSchema"]);
        values.text("cn", &self.cn);
        values.text("lDAPDisplayName", &self.name);
        values.text("adminDisplayName", &self.cn);
        values.text("attributeID", &self.oid);
        values.text("attributeSyntax", identity.attribute_syntax);
        values.number("oMSyntax", identity.om_syntax.into());
        if !identity.om_object_class.is_empty() {
            values.octets("oMObjectClass", identity.om_object_class);
        }
        values.boolean("isSingleValued", self.single_valued);
        values.optional_number("rangeLower", self.range_lower);
        values.optional_number("rangeUpper", self.range_upper);
        values.number("searchFlags", signed(self.search_flags));
        values.number("systemFlags", signed(self.system_flags));
        values.boolean("systemOnly", self.system_only);
        values.optional_number("linkID", self.link_id.map(signed));
        values.octets("schemaIDGUID", self.schema_id_guid.as_bytes());
        if let Some(guid) = &self.security_guid {
            values.octets("attributeSecurityGUID", guid.as_bytes());
        }
        if self.in_partial_set {
            values.boolean("isMemberOfPartialAttributeSet", true);
        }
        if self.schema_flags_ex != 0 {
            values.number("schemaFlagsEx", signed(self.schema_flags_ex));
        }
        if self.defunct {
            values.boolean("isDefunct", true);
        }
        if self.extended_characters {
            values.boolean("extendedCharsAllowed", true);
        }
        values.boolean("showInAdvancedViewOnly", true);
        values.0
    }

    /// The definition that the stored values of an attributeSchema object make.
    ///
    /// `values` gives the stored values of an attribute by name, none when the object lacks it.
    ///
    /// # Errors
    /// [`DefinitionError`] names the attribute at fault.
    pub fn from_values<'v>(
        number: AttributeNumber,
        values: &dyn Fn(&str) -> Vec<&'v [u8]>,
    ) -> Result<AttributeDefinition, DefinitionError> {
        let read = Reader(values);
        let om_syntax =
            i32::try_from(read.number("oMSyntax")?).map_err(|_| DefinitionError::BadValue { attribute: "oMSyntax" })?;
        let om_object_class = read.first("oMObjectClass").unwrap_or_default();
        Ok(AttributeDefinition {
            number,
            name: read.text("lDAPDisplayName")?,
            cn: read.text("cn")?,
            oid: read.text("attributeID")?,
            syntax: Syntax::identified(&read.text("attributeSyntax")?, om_syntax, om_object_class)
                .ok_or(DefinitionError::UnknownSyntax)?,
            single_valued: read.boolean("isSingleValued")?,
            range_lower: read.optional_number("rangeLower")?,
            range_upper: read.optional_number("rangeUpper")?,
            search_flags: read.flags("searchFlags")?,
            system_flags: read.flags("systemFlags")?,
            system_only: read.boolean("systemOnly")?,
            link_id: read.first("linkID").map(|_| read.flags("linkID")).transpose()?,
            schema_id_guid: read.guid("schemaIDGUID")?.ok_or(DefinitionError::Missing { attribute: "schemaIDGUID" })?,
            security_guid: read.guid("attributeSecurityGUID")?,
            in_partial_set: read.boolean("isMemberOfPartialAttributeSet")?,
            schema_flags_ex: read.flags("schemaFlagsEx")?,
            defunct: read.boolean("isDefunct")?,
            extended_characters: read.boolean("extendedCharsAllowed")?,
        })
    }
}

impl ClassDefinition {
    /// The values that the classSchema object gets, objectClass and cn among them.
    ///
    /// defaultObjectCategory is left out because it names an object; the caller adds it.
    pub fn to_values(&self) -> Values {
        let mut values = Writer::default();
        values.texts("objectClass", &["top", "classSchema"]);
        values.text("cn", &self.cn);
        values.text("lDAPDisplayName", &self.name);
        values.text("adminDisplayName", &self.cn);
        values.text("governsID", &self.oid);
        values.number("objectClassCategory", self.category.number().into());
        values.text("subClassOf", &self.sub_class_of);
        if let Some(rdn) = &self.rdn {
            values.text("rDNAttID", rdn);
        }
        for (attribute, list) in self.lists() {
            if !list.is_empty() {
                values.texts(attribute, list);
            }
        }
        if !self.default_security_descriptor.is_empty() {
            values.text("defaultSecurityDescriptor", &self.default_security_descriptor);
        }
        values.boolean("defaultHidingValue", self.default_hiding_value);
        values.boolean("systemOnly", self.system_only);
        values.number("systemFlags", signed(self.system_flags));
        values.octets("schemaIDGUID", self.schema_id_guid.as_bytes());
        if self.defunct {
            values.boolean("isDefunct", true);
        }
        values.boolean("showInAdvancedViewOnly", true);
        values.0
    }

    /// The definition that the stored values of a classSchema object make.
    ///
    /// `values` gives the stored values of an attribute by name, none when the object lacks it. The value of
    /// defaultObjectCategory is the entry id of a classSchema object as 8 octets, big-endian; a class that has
    /// none is its own default category.
    ///
    /// # Errors
    /// [`DefinitionError`] names the attribute at fault.
    pub fn from_values<'v>(
        number: ClassNumber,
        values: &dyn Fn(&str) -> Vec<&'v [u8]>,
    ) -> Result<ClassDefinition, DefinitionError> {
        let read = Reader(values);
        let category = i32::try_from(read.number("objectClassCategory")?).ok().and_then(Category::numbered);
        Ok(ClassDefinition {
            number,
            name: read.text("lDAPDisplayName")?,
            cn: read.text("cn")?,
            oid: read.text("governsID")?,
            category: category.ok_or(DefinitionError::BadValue { attribute: "objectClassCategory" })?,
            sub_class_of: read.text("subClassOf")?,
            rdn: read.first("rDNAttID").map(|_| read.text("rDNAttID")).transpose()?,
            system_auxiliary_class: read.texts("systemAuxiliaryClass")?,
            auxiliary_class: read.texts("auxiliaryClass")?,
            system_must_contain: read.texts("systemMustContain")?,
            must_contain: read.texts("mustContain")?,
            system_may_contain: read.texts("systemMayContain")?,
            may_contain: read.texts("mayContain")?,
            system_poss_superiors: read.texts("systemPossSuperiors")?,
            poss_superiors: read.texts("possSuperiors")?,
            default_object_category: read.class("defaultObjectCategory")?.unwrap_or(number),
            default_security_descriptor: read
                .first("defaultSecurityDescriptor")
                .map_or(Ok("".into()), |_| read.text("defaultSecurityDescriptor"))?,
            default_hiding_value: read.boolean("defaultHidingValue")?,
            system_only: read.boolean("systemOnly")?,
            system_flags: read.flags("systemFlags")?,
            schema_id_guid: read.guid("schemaIDGUID")?.ok_or(DefinitionError::Missing { attribute: "schemaIDGUID" })?,
            defunct: read.boolean("isDefunct")?,
        })
    }

    /// The eight lists with the attributes that hold them.
    fn lists(&self) -> [(&'static str, &[Box<str>]); 8] {
        [
            ("systemAuxiliaryClass", &self.system_auxiliary_class),
            ("auxiliaryClass", &self.auxiliary_class),
            ("systemMustContain", &self.system_must_contain),
            ("mustContain", &self.must_contain),
            ("systemMayContain", &self.system_may_contain),
            ("mayContain", &self.may_contain),
            ("systemPossSuperiors", &self.system_poss_superiors),
            ("possSuperiors", &self.poss_superiors),
        ]
    }
}

/// Flags and linkIDs are 32-bit patterns that LDAP shows as signed numbers.
fn signed(flags: u32) -> i64 {
    i64::from(flags as i32)
}

/// Collects values in their stored form.
#[derive(Default)]
struct Writer(Values);

impl Writer {
    fn octets(&mut self, attribute: &'static str, octets: &[u8]) {
        self.0.push((attribute, vec![octets.to_vec()]));
    }

    fn text(&mut self, attribute: &'static str, text: &str) {
        self.octets(attribute, text.as_bytes());
    }

    fn texts(&mut self, attribute: &'static str, texts: &[impl AsRef<str>]) {
        self.0.push((attribute, texts.iter().map(|text| text.as_ref().as_bytes().to_vec()).collect()));
    }

    fn number(&mut self, attribute: &'static str, number: i64) {
        self.text(attribute, &number.to_string());
    }

    fn optional_number(&mut self, attribute: &'static str, number: Option<i64>) {
        if let Some(number) = number {
            self.number(attribute, number);
        }
    }

    fn boolean(&mut self, attribute: &'static str, value: bool) {
        self.text(attribute, if value { "TRUE" } else { "FALSE" });
    }
}

/// Reads values from their stored form.
struct Reader<'r, 'v>(&'r dyn Fn(&str) -> Vec<&'v [u8]>);

impl<'v> Reader<'_, 'v> {
    fn first(&self, attribute: &'static str) -> Option<&'v [u8]> {
        (self.0)(attribute).first().copied()
    }

    fn text(&self, attribute: &'static str) -> Result<Box<str>, DefinitionError> {
        let value = self.first(attribute).ok_or(DefinitionError::Missing { attribute })?;
        text_of(attribute, value)
    }

    fn texts(&self, attribute: &'static str) -> Result<Vec<Box<str>>, DefinitionError> {
        (self.0)(attribute).into_iter().map(|value| text_of(attribute, value)).collect()
    }

    fn number(&self, attribute: &'static str) -> Result<i64, DefinitionError> {
        self.text(attribute)?.parse().map_err(|_| DefinitionError::BadValue { attribute })
    }

    fn optional_number(&self, attribute: &'static str) -> Result<Option<i64>, DefinitionError> {
        self.first(attribute).map(|_| self.number(attribute)).transpose()
    }

    /// A 32-bit pattern; 0 when absent.
    fn flags(&self, attribute: &'static str) -> Result<u32, DefinitionError> {
        let number = self.optional_number(attribute)?.unwrap_or(0);
        i32::try_from(number).map(|flags| flags as u32).map_err(|_| DefinitionError::BadValue { attribute })
    }

    /// FALSE when absent.
    fn boolean(&self, attribute: &'static str) -> Result<bool, DefinitionError> {
        match self.first(attribute) {
            None | Some(b"FALSE") => Ok(false),
            Some(b"TRUE") => Ok(true),
            Some(_) => Err(DefinitionError::BadValue { attribute }),
        }
    }

    fn guid(&self, attribute: &'static str) -> Result<Option<Guid>, DefinitionError> {
        let Some(value) = self.first(attribute) else {
            return Ok(None);
        };
        let octets = <[u8; 16]>::try_from(value).map_err(|_| DefinitionError::BadValue { attribute })?;
        Ok(Some(Guid::from_bytes(octets)))
    }

    fn class(&self, attribute: &'static str) -> Result<Option<ClassNumber>, DefinitionError> {
        let Some(value) = self.first(attribute) else {
            return Ok(None);
        };
        let id = <[u8; 8]>::try_from(value).map(u64::from_be_bytes).ok();
        let number = id.and_then(|id| u32::try_from(id).ok());
        Ok(Some(ClassNumber(number.ok_or(DefinitionError::BadValue { attribute })?)))
    }
}

fn text_of(attribute: &'static str, value: &[u8]) -> Result<Box<str>, DefinitionError> {
    std::str::from_utf8(value).map(Box::from).map_err(|_| DefinitionError::BadValue { attribute })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::generated::definitions;

    fn lookup<'v>(values: &'v Values) -> impl Fn(&str) -> Vec<&'v [u8]> {
        |name| {
            let found = values.iter().find(|(attribute, _)| *attribute == name);
            found.map_or(Vec::new(), |(_, values)| values.iter().map(Vec::as_slice).collect())
        }
    }

    #[test]
    fn every_definition_survives_its_stored_form() {
        let (attributes, classes) = definitions(50);
        for attribute in attributes {
            let values = attribute.to_values();
            assert_eq!(AttributeDefinition::from_values(attribute.number, &lookup(&values)), Ok(attribute.clone()));
        }
        for class in classes {
            let mut values = class.to_values();
            let category = u64::from(class.default_object_category.0).to_be_bytes().to_vec();
            values.push(("defaultObjectCategory", vec![category]));
            assert_eq!(ClassDefinition::from_values(class.number, &lookup(&values)), Ok(class.clone()));
        }
    }

    #[test]
    fn everything_that_is_read_is_announced() {
        let (attributes, classes) = definitions(1);
        let announced = |name: &str| assert!(ATTRIBUTES_READ.contains(&name), "{name}");
        let (attribute, class) = (attributes[0].to_values(), classes[0].to_values());
        AttributeDefinition::from_values(AttributeNumber(1), &|name| {
            announced(name);
            lookup(&attribute)(name)
        })
        .unwrap();
        ClassDefinition::from_values(ClassNumber(1), &|name| {
            announced(name);
            lookup(&class)(name)
        })
        .unwrap();
    }

    #[test]
    fn a_missing_or_malformed_attribute_is_named() {
        let (attributes, _) = definitions(1);
        let without = |name: &str| -> Values {
            attributes[0].to_values().into_iter().filter(|(attribute, _)| *attribute != name).collect()
        };
        let values = without("attributeID");
        let error = AttributeDefinition::from_values(AttributeNumber(1), &lookup(&values)).unwrap_err();
        assert_eq!(error, DefinitionError::Missing { attribute: "attributeID" });
        let mut values = without("systemOnly");
        values.push(("systemOnly", vec![b"yes".to_vec()]));
        let error = AttributeDefinition::from_values(AttributeNumber(1), &lookup(&values)).unwrap_err();
        assert_eq!(error, DefinitionError::BadValue { attribute: "systemOnly" });
    }
}
