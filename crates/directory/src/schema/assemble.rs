//! Definitions become a schema: names are resolved to numbers, and what classes inherit is computed once.

use std::collections::{BTreeSet, HashMap};

use super::attribute::{ALWAYS_INDEXED, Attribute, Link, LinkDirection, SECRET, SHOWS_OID, SearchFlags, SystemFlags};
use super::class::Class;
use super::known::Known;
use super::names::NameTable;
use super::numbers::NumberTable;
use super::{AttributeDefinition, AttributeNumber, ClassDefinition, ClassNumber, Schema, SchemaError, SchemaObject};

/// A rangeUpper of -1 is the greatest unsigned number.
const RANGE_UPPER_UNSIGNED: i64 = u32::MAX as i64;

/// Resolves everything; see [`Schema::from_definitions`].
pub(super) fn assemble(
    mut attributes: Vec<AttributeDefinition>,
    mut classes: Vec<ClassDefinition>,
) -> Result<Schema, SchemaError> {
    attributes.sort_by_key(|attribute| attribute.number);
    classes.sort_by_key(|class| class.number);
    let attribute_names = names(attributes.iter().map(|attribute| (&attribute.name, &attribute.oid)))?;
    let class_names = names(classes.iter().map(|class| (&class.name, &class.oid)))?;
    let class_cns = NameTable::new((0..).zip(&classes).map(|(position, class)| (class.cn.clone(), position)))
        .map_err(|name| SchemaError::DuplicateName { name })?;
    let attribute_numbers: Vec<u32> = attributes.iter().map(|attribute| attribute.number.0).collect();
    let class_numbers: Vec<u32> = classes.iter().map(|class| class.number.0).collect();
    let duplicate = |number| SchemaError::DuplicateNumber { number };
    let attribute_positions = NumberTable::new(&attribute_numbers).map_err(duplicate)?;
    let class_positions = NumberTable::new(&class_numbers).map_err(duplicate)?;
    let known = Known::resolve(
        &attribute_names,
        &class_names,
        |position| AttributeNumber(attribute_numbers[position as usize]),
        |position| ClassNumber(class_numbers[position as usize]),
    )?;
    let classes = resolve_classes(&classes, &attributes, &attribute_names, &class_names, &class_positions)?;
    let attributes = resolve_attributes(attributes)?;
    let mut schema_id_guids: Vec<_> = attributes
        .iter()
        .map(|attribute| (attribute.schema_id_guid, SchemaObject::Attribute(attribute.number)))
        .chain(classes.iter().map(|class| (class.schema_id_guid, SchemaObject::Class(class.number))))
        .collect();
    schema_id_guids.sort_by_key(|(guid, _)| *guid);
    Ok(Schema {
        attributes: attributes.into(),
        classes: classes.into(),
        attribute_positions,
        class_positions,
        attribute_names,
        class_names,
        class_cns,
        schema_id_guids: schema_id_guids.into(),
        known,
    })
}

/// Names and OIDs to positions.
fn names<'d>(objects: impl Iterator<Item = (&'d Box<str>, &'d Box<str>)>) -> Result<NameTable, SchemaError> {
    let both = (0..).zip(objects).flat_map(|(position, (name, oid))| [(name, position), (oid, position)]);
    NameTable::new(both.map(|(name, position)| (name.clone(), position)))
        .map_err(|name| SchemaError::DuplicateName { name })
}

fn resolve_attributes(definitions: Vec<AttributeDefinition>) -> Result<Vec<Attribute>, SchemaError> {
    let mut by_link: HashMap<u32, AttributeNumber> = HashMap::new();
    for attribute in &definitions {
        if let Some(id) = attribute.link_id
            && by_link.insert(id, attribute.number).is_some()
        {
            return Err(SchemaError::DuplicateLink { id });
        }
    }
    let link = |id: u32| Link {
        id,
        direction: if id.is_multiple_of(2) { LinkDirection::Forward } else { LinkDirection::Back },
        // An even id and its odd successor differ in the last bit.
        partner: by_link.get(&(id ^ 1)).copied(),
    };
    let resolve = |definition: AttributeDefinition| Attribute {
        always_indexed: ALWAYS_INDEXED.contains(&&*definition.name),
        secret: SECRET.contains(&&*definition.name),
        shows_oid: SHOWS_OID.contains(&&*definition.name),
        extended_characters: definition.extended_characters,
        number: definition.number,
        name: definition.name,
        cn: definition.cn,
        oid: definition.oid,
        syntax: definition.syntax,
        single_valued: definition.single_valued,
        range_lower: definition.range_lower,
        range_upper: definition.range_upper.map(|upper| if upper == -1 { RANGE_UPPER_UNSIGNED } else { upper }),
        search_flags: SearchFlags(definition.search_flags),
        system_flags: SystemFlags(definition.system_flags),
        system_only: definition.system_only,
        link: definition.link_id.map(link),
        schema_id_guid: definition.schema_id_guid,
        security_guid: definition.security_guid,
        in_partial_set: definition.in_partial_set,
        defunct: definition.defunct,
    };
    Ok(definitions.into_iter().map(resolve).collect())
}

/// What a class's own definition names, as positions.
struct Own {
    parent: usize,
    rdn: Option<AttributeNumber>,
    auxiliaries: Vec<usize>,
    superiors: Vec<usize>,
    must: BTreeSet<AttributeNumber>,
    may: BTreeSet<AttributeNumber>,
}

fn resolve_classes(
    definitions: &[ClassDefinition],
    attributes: &[AttributeDefinition],
    attribute_names: &NameTable,
    class_names: &NameTable,
    class_positions: &NumberTable,
) -> Result<Vec<Class>, SchemaError> {
    let own: Vec<Own> = definitions
        .iter()
        .map(|class| own(class, attributes, attribute_names, class_names))
        .collect::<Result<_, _>>()?;
    let chains: Vec<Vec<usize>> =
        (0..own.len()).map(|class| chain(class, &own, definitions)).collect::<Result<_, _>>()?;
    let numbers = |positions: &[usize]| -> Box<[ClassNumber]> {
        positions.iter().map(|position| definitions[*position].number).collect()
    };
    let sorted = |positions: &BTreeSet<usize>| -> Box<[ClassNumber]> {
        positions.iter().map(|position| definitions[*position].number).collect()
    };
    let resolve = |(position, definition): (usize, &ClassDefinition)| {
        let chain = &chains[position];
        let family = family(chain, &own, &chains);
        let must: BTreeSet<AttributeNumber> = family.iter().flat_map(|class| &own[*class].must).copied().collect();
        let may: BTreeSet<AttributeNumber> = family.iter().flat_map(|class| &own[*class].may).copied().collect();
        let named: BTreeSet<usize> = chain.iter().flat_map(|class| &own[*class].superiors).copied().collect();
        let superiors: BTreeSet<usize> =
            (0..own.len()).filter(|class| chains[*class].iter().any(|ancestor| named.contains(ancestor))).collect();
        if class_positions.get(definition.default_object_category.0).is_none() {
            return Err(SchemaError::UnknownReference {
                class: definition.name.clone(),
                name: definition.default_object_category.0.to_string().into(),
            });
        }
        let rdn = chain.iter().rev().find_map(|class| own[*class].rdn);
        Ok(Class {
            number: definition.number,
            name: definition.name.clone(),
            cn: definition.cn.clone(),
            oid: definition.oid.clone(),
            category: definition.category,
            sub_class_of: definitions[own[position].parent].number,
            chain: numbers(chain),
            auxiliaries: sorted(&family.iter().copied().filter(|class| !chain.contains(class)).collect()),
            own_must: own[position].must.iter().copied().collect(),
            own_may: own[position].may.iter().copied().collect(),
            own_auxiliaries: sorted(&own[position].auxiliaries.iter().copied().collect()),
            may: may.difference(&must).copied().collect(),
            must: must.into_iter().collect(),
            superiors: sorted(&superiors),
            rdn: rdn.ok_or_else(|| SchemaError::UnknownReference {
                class: definition.name.clone(),
                name: "rDNAttID".into(),
            })?,
            default_object_category: definition.default_object_category,
            default_security_descriptor: definition.default_security_descriptor.clone(),
            default_hiding_value: definition.default_hiding_value,
            system_only: definition.system_only,
            system_flags: SystemFlags(definition.system_flags),
            schema_id_guid: definition.schema_id_guid,
            defunct: definition.defunct,
        })
    };
    definitions.iter().enumerate().map(resolve).collect()
}

fn own(
    class: &ClassDefinition,
    attributes: &[AttributeDefinition],
    attribute_names: &NameTable,
    class_names: &NameTable,
) -> Result<Own, SchemaError> {
    let unknown = |name: &str| SchemaError::UnknownReference { class: class.name.clone(), name: name.into() };
    let class_at = |name: &str| class_names.get(name).map(|at| at as usize).ok_or_else(|| unknown(name));
    let attribute =
        |name: &str| attribute_names.get(name).map(|at| attributes[at as usize].number).ok_or_else(|| unknown(name));
    let both = |system: &[Box<str>], other: &[Box<str>]| -> Vec<Box<str>> { [system, other].concat() };
    Ok(Own {
        parent: class_at(&class.sub_class_of)?,
        rdn: class.rdn.as_deref().map(attribute).transpose()?,
        auxiliaries: both(&class.system_auxiliary_class, &class.auxiliary_class)
            .iter()
            .map(|name| class_at(name))
            .collect::<Result<_, _>>()?,
        superiors: both(&class.system_poss_superiors, &class.poss_superiors)
            .iter()
            .map(|name| class_at(name))
            .collect::<Result<_, _>>()?,
        must: both(&class.system_must_contain, &class.must_contain)
            .iter()
            .map(|name| attribute(name))
            .collect::<Result<_, _>>()?,
        may: both(&class.system_may_contain, &class.may_contain)
            .iter()
            .map(|name| attribute(name))
            .collect::<Result<_, _>>()?,
    })
}

/// The superclasses of `class`, `top` first, and the class itself last.
fn chain(class: usize, own: &[Own], definitions: &[ClassDefinition]) -> Result<Vec<usize>, SchemaError> {
    let mut chain = vec![class];
    let mut at = class;
    while own[at].parent != at {
        at = own[at].parent;
        if chain.len() > own.len() {
            return Err(SchemaError::EndlessChain { class: definitions[class].name.clone() });
        }
        chain.push(at);
    }
    chain.reverse();
    Ok(chain)
}

/// The chain and every auxiliary class that it brings, with their chains and auxiliaries.
fn family(chain: &[usize], own: &[Own], chains: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut family = BTreeSet::new();
    let mut open: Vec<usize> = chain.to_vec();
    while let Some(class) = open.pop() {
        if family.insert(class) {
            open.extend(own[class].auxiliaries.iter().flat_map(|auxiliary| &chains[*auxiliary]));
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::generated::definitions;
    use crate::schema::of_tables;

    fn names(schema: &Schema, numbers: &[ClassNumber]) -> Vec<String> {
        numbers.iter().map(|number| schema.class(*number).unwrap().name.to_string()).collect()
    }

    #[test]
    fn chains_run_from_top_to_the_class() {
        let schema = of_tables();
        let computer = schema.class_named("computer").unwrap();
        assert_eq!(names(schema, &computer.chain), ["top", "person", "organizationalPerson", "user", "computer"]);
        assert_eq!(names(schema, &schema.class_named("top").unwrap().chain), ["top"]);
    }

    #[test]
    fn a_class_has_what_its_chain_and_auxiliaries_have() {
        let schema = of_tables();
        let user = schema.class_named("user").unwrap();
        let allowed =
            ["description", "sn", "street", "uidNumber", "mail", "objectSid", "proxyAddresses", "sshPublicKey"];
        for name in allowed.into_iter().chain(["msExchHideFromAddressLists", "userPassword", "memberOf"]) {
            assert!(user.allows(schema.attribute_named(name).unwrap().number), "{name}");
        }
        for name in ["member", "gPLink", "operatingSystem"] {
            assert!(!user.allows(schema.attribute_named(name).unwrap().number), "{name}");
        }
        let must: Vec<_> = user.must.iter().map(|number| &*schema.attribute(*number).unwrap().name).collect();
        for name in ["objectClass", "objectSid", "sAMAccountName", "cn", "instanceType", "nTSecurityDescriptor"] {
            assert!(must.contains(&name), "{name}");
        }
        assert!(user.must.iter().all(|number| user.may.binary_search(number).is_err()));
    }

    #[test]
    fn superiors_are_inherited_and_their_subclasses_count() {
        let schema = of_tables();
        let class = |name: &str| schema.class_named(name).unwrap();
        for (child, parent, expected) in [
            ("user", "organizationalUnit", true),
            ("user", "container", true),
            ("user", "domainDNS", true),
            ("user", "user", false),
            ("rIDSet", "computer", true),
            ("rIDSet", "organizationalUnit", false),
            ("organizationalUnit", "domainDNS", true),
            ("organizationalUnit", "container", false),
            ("container", "lostAndFound", true),
        ] {
            assert_eq!(class(child).may_stand_below(class(parent).number), expected, "{child} below {parent}");
        }
    }

    #[test]
    fn links_find_their_partner() {
        let schema = of_tables();
        let member = schema.attribute_named("member").unwrap();
        let member_of = schema.attribute_named("memberOf").unwrap();
        assert_eq!(
            member.link,
            Some(Link { id: 2, direction: LinkDirection::Forward, partner: Some(member_of.number) })
        );
        assert_eq!(member_of.link, Some(Link { id: 3, direction: LinkDirection::Back, partner: Some(member.number) }));
        for attribute in schema.attributes().filter(|attribute| attribute.is_back_link()) {
            assert!(attribute.link.unwrap().partner.is_some(), "{}", attribute.name);
        }
    }

    #[test]
    fn what_contradicts_is_named() {
        let (attributes, classes) = definitions(1);
        let mut bad = attributes.clone();
        bad[1].name = bad[0].name.to_uppercase().into();
        assert!(matches!(Schema::from_definitions(bad, classes.clone()), Err(SchemaError::DuplicateName { .. })));
        let mut bad = attributes.clone();
        bad[1].number = bad[0].number;
        assert!(matches!(Schema::from_definitions(bad, classes.clone()), Err(SchemaError::DuplicateNumber { .. })));
        let mut bad = classes.clone();
        bad[3].must_contain.push("nothing".into());
        assert!(matches!(
            Schema::from_definitions(attributes.clone(), bad),
            Err(SchemaError::UnknownReference { name, .. }) if &*name == "nothing"
        ));
        let mut bad = classes.clone();
        let person = bad.iter().position(|class| &*class.name == "person").unwrap();
        bad[person].sub_class_of = "user".into();
        assert!(matches!(Schema::from_definitions(attributes, bad), Err(SchemaError::EndlessChain { .. })));
    }
}
