//! What somebody may see of the objects of one kind, worked out once for all attributes. [MS-ADTS] 3.1.1.4.3, 3.1.1.4.4.

use std::collections::{BTreeSet, HashMap};

use bailiwick_adtypes::access_mask::AccessMask;
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::security_descriptor::SecurityDescriptor;

use crate::access::decision::{self, Asker, Wanted};
use crate::schema::{Attribute, AttributeNumber, Schema, SchemaObject};

/// The right on which reading hangs, and the one that confidential attributes take beside it.
const READ_CONFIDENTIAL: AccessMask = AccessMask(AccessMask::READ_PROPERTY.0 | AccessMask::CONTROL_ACCESS.0);

/// What somebody may see of an object.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sight {
    /// The rights on the object as a whole.
    object: AccessMask,
    /// Whether attributes may be read that are not among the exceptions.
    reads: bool,
    /// The attributes for which the contrary holds, sorted.
    exceptions: Box<[AttributeNumber]>,
}

/// The attributes of a schema that are read by rules of their own, as far as that does not hang on a descriptor.
pub(crate) struct Guarded {
    /// Secret and confidential ones.
    by_flags: Vec<AttributeNumber>,
    /// The members of property sets.
    by_set: HashMap<Guid, Vec<AttributeNumber>>,
}

impl Guarded {
    /// Those of a schema.
    pub fn of(schema: &Schema) -> Guarded {
        let mut guarded = Guarded { by_flags: Vec::new(), by_set: HashMap::new() };
        for attribute in schema.attributes() {
            if attribute.is_secret() || attribute.is_confidential() {
                guarded.by_flags.push(attribute.number);
            }
            if let Some(set) = attribute.security_guid {
                guarded.by_set.entry(set).or_default().push(attribute.number);
            }
        }
        guarded
    }

    /// The attributes that entries name, alone or as a set.
    fn named(&self, schema: &Schema, guid: &Guid) -> impl Iterator<Item = AttributeNumber> {
        let alone = match schema.with_guid(guid) {
            Some(SchemaObject::Attribute(number)) => Some(number),
            Some(SchemaObject::Class(_)) | None => None,
        };
        self.by_set.get(guid).into_iter().flatten().copied().chain(alone)
    }
}

impl Sight {
    /// What the directory itself sees: everything but secrets.
    pub fn everything(schema: &Schema) -> Sight {
        let secrets = schema.attributes().filter(|attribute| attribute.is_secret());
        Sight {
            object: AccessMask::FULL_CONTROL | AccessMask::ACCESS_SYSTEM_SECURITY,
            reads: true,
            exceptions: secrets.map(|attribute| attribute.number).collect(),
        }
    }

    /// What a descriptor lets somebody see. Secret attributes are nobody's; confidential ones take the right of control
    /// access beside that to read.
    pub fn decide(schema: &Schema, guarded: &Guarded, descriptor: &SecurityDescriptor, asker: &Asker<'_>) -> Sight {
        let object = decision::rights(descriptor, asker, &[asker.class]);
        let reads = object.contains(AccessMask::READ_PROPERTY);
        let named: BTreeSet<Guid> = descriptor
            .dacl
            .iter()
            .flat_map(|dacl| &dacl.aces)
            .filter_map(|ace| ace.access())
            .filter(|entry| entry.mask.map_generic().intersects(READ_CONFIDENTIAL))
            .filter_map(|entry| entry.object?.object_type)
            .collect();
        // What no entry names is decided as the object as a whole, unless it is guarded.
        let mut special: BTreeSet<AttributeNumber> = guarded.by_flags.iter().copied().collect();
        special.extend(named.iter().flat_map(|guid| guarded.named(schema, guid)));
        let mut by_set: HashMap<Guid, AccessMask> = HashMap::new();
        let mut rights = |attribute: &Attribute| {
            let set = attribute.security_guid.filter(|set| named.contains(set));
            match (named.contains(&attribute.schema_id_guid), set) {
                (true, _) => {
                    let names = [asker.class, set.unwrap_or(attribute.schema_id_guid), attribute.schema_id_guid];
                    decision::rights(descriptor, asker, &names)
                }
                // Members of a set that are not named themselves are alike.
                (false, Some(set)) => {
                    *by_set.entry(set).or_insert_with(|| decision::rights(descriptor, asker, &[asker.class, set]))
                }
                (false, None) => object,
            }
        };
        let mut may_read = |attribute: &Attribute| match (attribute.is_secret(), attribute.is_confidential()) {
            (true, _) => false,
            (false, true) => rights(attribute).contains(READ_CONFIDENTIAL),
            (false, false) => rights(attribute).contains(AccessMask::READ_PROPERTY),
        };
        let special = special.into_iter().filter_map(|number| schema.attribute(number));
        let exceptions = special.filter(|attribute| may_read(attribute) != reads).map(|attribute| attribute.number);
        Sight { object, reads, exceptions: exceptions.collect() }
    }

    /// Whether the attribute may be read, and filtered, compared and sorted by.
    pub fn reads(&self, attribute: AttributeNumber) -> bool {
        self.reads != self.exceptions.binary_search(&attribute).is_ok()
    }

    /// Whether the requester has the rights on the object as a whole.
    pub fn has(&self, mask: AccessMask) -> bool {
        self.object.contains(mask)
    }
}

/// The right asked for on an attribute.
pub(crate) fn wanted(attribute: &Attribute, mask: AccessMask) -> Wanted {
    Wanted::Attribute { mask, attribute: attribute.schema_id_guid, property_set: attribute.security_guid }
}

#[cfg(test)]
mod tests {
    use bailiwick_adtypes::sddl;
    use bailiwick_adtypes::sid::Sid;

    use super::*;
    use crate::access::token::Token;

    #[test]
    fn every_attribute_is_seen_as_the_access_check_says() {
        let schema = crate::schema::of_tables();
        let guarded = Guarded::of(schema);
        let domain: Sid = "S-1-5-21-1-2-3".parse().unwrap();
        let token = Token::new([Sid::EVERYONE, Sid::AUTHENTICATED_USERS], false);
        let class = schema.class(schema.known().class_user).unwrap();
        let descriptors = [
            &*class.default_security_descriptor,
            "D:(A;;RP;;;AU)",
            "D:(A;;RPCR;;;AU)(OD;;RP;77b5b886-944a-11d1-aebd-0000f80367c1;;WD)",
            "D:(OD;;RP;bf967a49-0de6-11d0-a285-00aa003049e2;;WD)(OA;;RP;77b5b886-944a-11d1-aebd-0000f80367c1;;AU)",
            "D:(OA;;RPCR;612cb747-c0e8-4f92-9221-fdd5f15b550d;;AU)",
            "D:(OA;;RP;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)",
            "D:",
        ];
        for text in descriptors {
            let descriptor = sddl::parse(text, &domain, &domain).unwrap();
            for is_self in [false, true] {
                let asker = Asker { token: &token, is_self, class: class.schema_id_guid };
                let sight = Sight::decide(schema, &guarded, &descriptor, &asker);
                for attribute in schema.attributes() {
                    let mask = match attribute.is_confidential() {
                        true => READ_CONFIDENTIAL,
                        false => AccessMask::READ_PROPERTY,
                    };
                    let expected =
                        !attribute.is_secret() && decision::allows(&descriptor, &asker, wanted(attribute, mask));
                    assert_eq!(sight.reads(attribute.number), expected, "{} by {text}", attribute.name);
                }
            }
        }
    }
}
