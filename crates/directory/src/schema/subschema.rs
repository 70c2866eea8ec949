//! The text of the aggregate subschema, CN=Aggregate. [MS-ADTS] 3.1.1.3.1.1.1, RFC 4512 section 4.1.
//!
//! The syntax OIDs stand without the quotes that Active Directory puts around them, as RFC 4512 wants it. Defunct
//! attributes and classes are not published.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::attribute::{Attribute, SearchFlags};
use super::class::{Category, Class};
use super::{AttributeNumber, Schema};

/// The values of attributeTypes.
pub fn attribute_types(schema: &Schema) -> impl Iterator<Item = String> {
    active_attributes(schema).map(|attribute| {
        let mut text = start(&attribute.oid, &attribute.name);
        push(&mut text, format_args!(" SYNTAX {}", attribute.syntax.ldap_oid()));
        if attribute.single_valued {
            text.push_str(" SINGLE-VALUE");
        }
        if attribute.system_only {
            text.push_str(" NO-USER-MODIFICATION");
        }
        text + " )"
    })
}

/// The values of objectClasses: what each class itself names, without what it inherits.
pub fn object_classes(schema: &Schema) -> impl Iterator<Item = String> {
    active_classes(schema).map(|class| {
        let mut text = start(&class.oid, &class.name);
        if class.sub_class_of != class.number {
            push(&mut text, format_args!(" SUP {}", class_name(schema, class)));
        }
        text.push_str(match class.category {
            Category::Structural | Category::Type88 => " STRUCTURAL",
            Category::Abstract => " ABSTRACT",
            Category::Auxiliary => " AUXILIARY",
        });
        list(&mut text, "MUST", attribute_names(schema, &class.own_must));
        list(&mut text, "MAY", attribute_names(schema, &class.own_may));
        text + " )"
    })
}

/// The values of dITContentRules: a rule for each class to which auxiliary classes are linked, with what they add.
pub fn dit_content_rules(schema: &Schema) -> impl Iterator<Item = String> {
    active_classes(schema).filter(|class| class.is_instantiable() && !class.auxiliaries.is_empty()).map(|class| {
        let of_auxiliaries = |own: fn(&Class) -> &[AttributeNumber]| -> Vec<AttributeNumber> {
            let classes = class.auxiliaries.iter().filter_map(|number| schema.class(*number));
            classes.flat_map(own).copied().collect::<BTreeSet<_>>().into_iter().collect()
        };
        let must = of_auxiliaries(|class| &class.own_must);
        let mut may = of_auxiliaries(|class| &class.own_may);
        may.retain(|attribute| must.binary_search(attribute).is_err());
        let auxiliaries = class.auxiliaries.iter().filter_map(|number| schema.class(*number)).map(|class| &*class.name);
        let mut text = start(&class.oid, &class.name);
        list(&mut text, "AUX", auxiliaries);
        list(&mut text, "MUST", attribute_names(schema, &must));
        list(&mut text, "MAY", attribute_names(schema, &may));
        text + " )"
    })
}

/// The values of extendedAttributeInfo.
pub fn extended_attribute_info(schema: &Schema) -> impl Iterator<Item = String> {
    active_attributes(schema).map(|attribute| {
        let mut text = start(&attribute.oid, &attribute.name);
        if let Some(lower) = attribute.range_lower {
            push(&mut text, format_args!(" RANGE-LOWER '{lower}'"));
        }
        if let Some(upper) = attribute.range_upper {
            push(&mut text, format_args!(" RANGE-UPPER '{upper}'"));
        }
        let set = attribute.security_guid.map_or([0; 16], |guid| *guid.as_bytes());
        push(&mut text, format_args!(" PROPERTY-GUID '{}'", hex(attribute.schema_id_guid.as_bytes())));
        push(&mut text, format_args!(" PROPERTY-SET-GUID '{}'", hex(&set)));
        if attribute.search_flags.has(SearchFlags::INDEX) {
            text.push_str(" INDEXED");
        }
        if attribute.system_only {
            text.push_str(" SYSTEM-ONLY");
        }
        text + " )"
    })
}

/// The values of extendedClassInfo.
pub fn extended_class_info(schema: &Schema) -> impl Iterator<Item = String> {
    active_classes(schema).map(|class| {
        let mut text = start(&class.oid, &class.name);
        push(&mut text, format_args!(" CLASS-GUID '{}'", hex(class.schema_id_guid.as_bytes())));
        text + " )"
    })
}

fn active_attributes(schema: &Schema) -> impl Iterator<Item = &Attribute> {
    schema.attributes().filter(|attribute| !attribute.defunct)
}

fn active_classes(schema: &Schema) -> impl Iterator<Item = &Class> {
    schema.classes().filter(|class| !class.defunct)
}

fn start(oid: &str, name: &str) -> String {
    format!("( {oid} NAME '{name}'")
}

fn push(text: &mut String, piece: std::fmt::Arguments<'_>) {
    text.write_fmt(piece).expect("writing to a String succeeds");
}

fn list<'n>(text: &mut String, keyword: &str, names: impl Iterator<Item = &'n str>) {
    let names: Vec<&str> = names.collect();
    if !names.is_empty() {
        push(text, format_args!(" {keyword} ( {} )", names.join(" $ ")));
    }
}

fn attribute_names<'s>(schema: &'s Schema, numbers: &'s [AttributeNumber]) -> impl Iterator<Item = &'s str> {
    numbers
        .iter()
        .filter_map(|number| schema.attribute(*number))
        .filter(|attribute| !attribute.defunct)
        .map(|a| &*a.name)
}

fn class_name<'s>(schema: &'s Schema, class: &Class) -> &'s str {
    schema.class(class.sub_class_of).map_or("top", |parent| &parent.name)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(32), |mut text, octet| {
        push(&mut text, format_args!("{octet:02X}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::of_tables;

    /// A strict reader of the descriptions of RFC 4512: keywords with what follows each.
    fn parse(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
        let inside = text.strip_prefix("( ").and_then(|text| text.strip_suffix(" )")).ok_or("no parentheses")?;
        let mut words = inside.split(' ').peekable();
        let oid = words.next().ok_or("no OID")?;
        if !bailiwick_adtypes::oid::is_numeric_oid(oid) {
            return Err(format!("{oid} is no OID"));
        }
        let mut fields = vec![("OID".to_owned(), vec![oid.to_owned()])];
        while let Some(keyword) = words.next() {
            let flag = ["SINGLE-VALUE", "NO-USER-MODIFICATION", "ABSTRACT", "STRUCTURAL", "AUXILIARY", "INDEXED"];
            let values = if flag.contains(&keyword) || keyword == "SYSTEM-ONLY" {
                Vec::new()
            } else if words.peek() == Some(&"(") {
                words.next();
                let mut values = Vec::new();
                loop {
                    values.push(words.next().ok_or("an open list")?.to_owned());
                    match words.next() {
                        Some("$") => {}
                        Some(")") => break values,
                        other => return Err(format!("{other:?} in a list")),
                    }
                }
            } else {
                vec![words.next().ok_or("a keyword without value")?.trim_matches('\'').to_owned()]
            };
            fields.push((keyword.to_owned(), values));
        }
        Ok(fields)
    }

    fn field<'f>(fields: &'f [(String, Vec<String>)], keyword: &str) -> &'f [String] {
        fields.iter().find(|(name, _)| name == keyword).map_or(&[], |(_, values)| values)
    }

    #[test]
    fn every_value_parses_and_names_only_what_is_published() {
        let schema = of_tables();
        for text in attribute_types(schema).chain(extended_attribute_info(schema)) {
            let fields = parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(schema.attribute_named(&field(&fields, "NAME")[0]).is_some());
        }
        for text in object_classes(schema).chain(dit_content_rules(schema)).chain(extended_class_info(schema)) {
            let fields = parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            for name in ["NAME", "SUP", "AUX"].iter().flat_map(|keyword| field(&fields, keyword)) {
                assert!(schema.class_named(name).is_some(), "{name}");
            }
            for name in ["MUST", "MAY"].iter().flat_map(|keyword| field(&fields, keyword)) {
                assert!(schema.attribute_named(name).is_some_and(|attribute| !attribute.defunct), "{name}");
            }
        }
    }

    #[test]
    fn all_but_the_defunct_attribute_are_published() {
        let schema = of_tables();
        assert_eq!(attribute_types(schema).count(), schema.attributes().len() - 1);
        assert_eq!(extended_attribute_info(schema).count(), schema.attributes().len() - 1);
        assert_eq!(object_classes(schema).count(), schema.classes().len());
        assert_eq!(extended_class_info(schema).count(), schema.classes().len());
    }

    #[test]
    fn descriptions_have_the_published_form() {
        let schema = of_tables();
        let find = |mut texts: Box<dyn Iterator<Item = String> + '_>, name: &str| {
            texts.find(|text| text.contains(&format!("NAME '{name}'"))).unwrap()
        };
        assert_eq!(
            find(Box::new(attribute_types(schema)), "objectSid"),
            "( 1.2.840.113556.1.4.146 NAME 'objectSid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 \
             SINGLE-VALUE NO-USER-MODIFICATION )"
        );
        assert_eq!(
            find(Box::new(extended_attribute_info(schema)), "cn"),
            "( 2.5.4.3 NAME 'cn' RANGE-LOWER '1' RANGE-UPPER '64' PROPERTY-GUID '3F7996BFE60DD011A28500AA003049E2' \
             PROPERTY-SET-GUID '54018DE4F8BCD111870200C04FB96050' INDEXED )"
        );
        assert_eq!(
            find(Box::new(object_classes(schema)), "ldapPublicKey"),
            "( 1.3.6.1.4.1.24552.500.1.1.2.0 NAME 'ldapPublicKey' SUP top AUXILIARY MAY ( uid $ sshPublicKey ) )"
        );
        let rule = find(Box::new(dit_content_rules(schema)), "user");
        assert!(field(&parse(&rule).unwrap(), "AUX").contains(&"posixAccount".to_owned()));
    }
}
