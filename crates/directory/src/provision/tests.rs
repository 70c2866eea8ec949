use std::collections::{HashMap, HashSet};

use super::*;
use crate::schema::content::{self, ContentError};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{Attribute, AttributeNumber};

/// What whoever writes the tree adds to every object.
const ADDED: [&str; 3] = ["objectClass", "objectCategory", "nTSecurityDescriptor"];

/// Objects of the table whose place no possible superior allows; Windows makes them all the same.
const MISPLACED: [&str; 1] = ["samServer"];

fn parameters() -> Parameters {
    Parameters {
        dns_domain: "ad.example.com".to_owned(),
        netbios: "EXAMPLE".to_owned(),
        host: "dc1".to_owned(),
        domain_sid: "S-1-5-21-1-2-3".parse().unwrap(),
        now: FileTime::from_unix_seconds(1_700_000_000),
    }
}

struct Tree {
    schema: Schema,
    objects: Vec<Object>,
}

impl Tree {
    fn new() -> Tree {
        let schema = Schema::from_tables(16);
        let objects = tree(&parameters(), &schema, &mut |buffer| buffer.fill(0xA5));
        Tree { schema, objects }
    }

    fn object(&self, dn: &str) -> &Object {
        self.objects.iter().find(|object| object.dn.to_string() == dn).unwrap_or_else(|| panic!("no {dn}"))
    }

    fn values(&self, dn: &str, attribute: &str) -> Vec<String> {
        let object = self.object(dn);
        let found = object.attributes.iter().find(|(name, _)| *name == attribute);
        found.map_or(Vec::new(), |(_, values)| {
            values.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
        })
    }

    fn attribute(&self, name: &str) -> &Attribute {
        self.schema.attribute_named(name).unwrap_or_else(|| panic!("no attribute {name}"))
    }
}

#[test]
fn parents_precede_children_and_names_are_unique() {
    let tree = Tree::new();
    let mut seen = HashSet::new();
    for object in &tree.objects {
        let parent = object.dn.parent().unwrap();
        assert!(seen.contains(&parent.to_string()) || object.class == "domainDNS", "{}", object.dn);
        assert!(seen.insert(object.dn.to_string()), "{} twice", object.dn);
    }
}

#[test]
fn every_object_obeys_the_schema() {
    let tree = Tree::new();
    for object in &tree.objects {
        let classes = ObjectClasses::resolve(&tree.schema, [object.class.as_bytes()]).unwrap();
        let mut attributes: Vec<AttributeNumber> =
            object.attributes.iter().map(|(name, _)| tree.attribute(name).number).collect();
        let names: HashSet<AttributeNumber> = attributes.iter().copied().collect();
        assert_eq!(names.len(), attributes.len(), "{} has an attribute twice", object.dn);
        attributes.extend(ADDED.map(|name| tree.attribute(name).number));
        if object.sid.is_some() {
            attributes.push(tree.attribute("objectSid").number);
        }
        if let Err(error) = content::check(&tree.schema, &classes, &attributes) {
            let (ContentError::Missing { attribute } | ContentError::NotAllowed { attribute }) = error;
            panic!("{}: {error} ({})", object.dn, tree.schema.attribute(attribute).unwrap().name);
        }
    }
}

#[test]
fn every_value_is_in_stored_form() {
    let tree = Tree::new();
    for object in &tree.objects {
        for (name, values) in &object.attributes {
            let attribute = tree.attribute(name);
            assert!(!attribute.is_constructed() && !attribute.is_back_link(), "{}: {name}", object.dn);
            assert!(!values.is_empty(), "{}: {name}", object.dn);
            assert!(values.len() == 1 || !attribute.single_valued, "{}: {name}", object.dn);
            for value in values.iter().filter(|_| !attribute.is_dn()) {
                let stored = attribute.store(&tree.schema, value);
                assert_eq!(stored.as_deref(), Ok(&value[..]), "{}: {name}", object.dn);
            }
        }
    }
}

#[test]
fn every_named_object_is_in_the_tree() {
    let tree = Tree::new();
    let names: HashSet<String> = tree.objects.iter().map(|object| object.dn.to_string()).collect();
    for object in &tree.objects {
        for (name, values) in object.attributes.iter().filter(|(name, _)| tree.attribute(name).is_dn()) {
            for value in values {
                let text = std::str::from_utf8(value).unwrap();
                let dn = match text.strip_prefix("B:") {
                    Some(rest) => rest.splitn(3, ':').nth(2).unwrap(),
                    None => text,
                };
                assert!(names.contains(dn), "{}: {name}: {text}", object.dn);
            }
        }
    }
}

#[test]
fn every_object_stands_below_a_possible_superior() {
    let tree = Tree::new();
    let classes: HashMap<String, &str> =
        tree.objects.iter().map(|object| (object.dn.to_string(), object.class)).collect();
    for object in tree.objects.iter().filter(|object| !MISPLACED.contains(&object.class)) {
        let Some(parent) = classes.get(&object.dn.parent().unwrap().to_string()) else {
            continue;
        };
        let parent = tree.schema.class_named(parent).unwrap();
        let class = tree.schema.class_named(object.class).unwrap();
        assert!(class.may_stand_below(parent.number), "{}: {} below {}", object.dn, class.name, parent.name);
    }
}

#[test]
fn every_rdn_is_of_the_attribute_that_names_the_class() {
    let tree = Tree::new();
    for object in &tree.objects {
        let class = tree.schema.class_named(object.class).unwrap();
        let rdn = object.dn.rdn().unwrap();
        assert_eq!(tree.attribute(&rdn.attribute).number, class.rdn, "{}", object.dn);
        let name = &tree.schema.attribute(class.rdn).unwrap().name;
        assert_eq!(tree.values(&object.dn.to_string(), name), vec![rdn.value.clone()], "{}", object.dn);
    }
}

#[test]
fn the_tree_has_everything_that_a_new_domain_has() {
    let tree = Tree::new();
    let count = |class: &str| tree.objects.iter().filter(|object| object.class == class).count();
    for (class, expected) in [
        ("attributeSchema", 1803),
        ("classSchema", 270),
        ("controlAccessRight", 81),
        ("user", 4),
        ("computer", 1),
        ("group", 47),
        ("foreignSecurityPrincipal", 4 + 27),
        ("crossRef", 3),
        ("nTDSDSA", 1),
        ("subSchema", 1),
    ] {
        assert_eq!(count(class), expected, "{class}");
    }
}

#[test]
fn schema_objects_are_numbered_as_in_the_schema() {
    let tree = Tree::new();
    for object in &tree.objects {
        match object.defines {
            Some(SchemaObject::Attribute(number)) => {
                let attribute = tree.schema.attribute(number).unwrap();
                assert_eq!(tree.values(&object.dn.to_string(), "lDAPDisplayName"), [&*attribute.name]);
            }
            Some(SchemaObject::Class(number)) => {
                let class = tree.schema.class(number).unwrap();
                assert_eq!(tree.values(&object.dn.to_string(), "lDAPDisplayName"), [&*class.name]);
            }
            None => assert!(!matches!(object.class, "attributeSchema" | "classSchema"), "{}", object.dn),
        }
    }
}

#[test]
fn the_head_has_the_policy_and_the_well_known_containers() {
    let tree = Tree::new();
    let head = "DC=ad,DC=example,DC=com";
    for (attribute, value) in [
        ("dc", "ad"),
        ("minPwdLength", "7"),
        ("maxPwdAge", "-36288000000000"),
        ("lockoutDuration", "-18000000000"),
        ("ms-DS-MachineAccountQuota", "10"),
        ("instanceType", "5"),
        ("systemFlags", "-1946157056"),
        ("fSMORoleOwner", &ntds_settings_dn("ad.example.com", "dc1").to_string()),
    ] {
        assert_eq!(tree.values(head, attribute), [value], "{attribute}");
    }
    let well_known = tree.values(head, "wellKnownObjects");
    assert_eq!(well_known.len(), 11);
    assert!(well_known.contains(&format!("B:32:AA312825768811D1ADED00C04FD8D5CD:CN=Computers,{head}")));
    assert_eq!(tree.values(head, "otherWellKnownObjects").len(), 2);
    assert!(tree.values(head, "gPLink").is_empty());
}

#[test]
fn accounts_have_their_memberships() {
    let tree = Tree::new();
    let domain = "DC=ad,DC=example,DC=com";
    let members = |group: &str| {
        let mut members = tree.values(&format!("CN={group},{domain}"), "member");
        members.sort();
        members
    };
    let user = |name: &str| format!("CN={name},CN=Users,{domain}");
    assert_eq!(members("Domain Admins,CN=Users"), [user("Administrator")]);
    assert_eq!(
        members("Administrators,CN=Builtin"),
        [user("Administrator"), user("Domain Admins"), user("Enterprise Admins")]
    );
    assert_eq!(
        members("Users,CN=Builtin"),
        [
            user("Domain Users"),
            format!("CN=S-1-5-11,CN=ForeignSecurityPrincipals,{domain}"),
            format!("CN=S-1-5-4,CN=ForeignSecurityPrincipals,{domain}"),
        ]
    );
    assert!(members("Domain Users,CN=Users").is_empty());
}

#[test]
fn accounts_have_their_numbers() {
    let tree = Tree::new();
    let domain = "DC=ad,DC=example,DC=com";
    for (name, rid, kind, admin) in [
        ("Administrator,CN=Users", 500, "805306368", true),
        ("Guest,CN=Users", 501, "805306368", false),
        ("krbtgt,CN=Users", 502, "805306368", true),
        ("Domain Users,CN=Users", 513, "268435456", false),
        ("Domain Admins,CN=Users", 512, "268435456", true),
        ("Enterprise Admins,CN=Users", 519, "268435456", true),
        ("Cert Publishers,CN=Users", 517, "536870912", false),
        ("DC1,OU=Domain Controllers", 1000, "805306369", false),
    ] {
        let dn = format!("CN={name},{domain}");
        assert_eq!(tree.object(&dn).sid, parameters().domain_sid.with_rid(rid), "{name}");
        assert_eq!(tree.values(&dn, "sAMAccountType"), [kind], "{name}");
        assert_eq!(tree.object(&dn).has("adminCount"), admin, "{name}");
    }
    let administrators = tree.object(&format!("CN=Administrators,CN=Builtin,{domain}"));
    assert_eq!(administrators.sid, Some(Sid::BUILTIN_ADMINISTRATORS));
    assert!(administrators.has("adminCount"));
    let mut sids = HashSet::new();
    let domain_sids = tree.objects.iter().filter(|object| object.class != "foreignSecurityPrincipal");
    assert!(domain_sids.filter_map(|object| object.sid).all(|sid| sids.insert(sid)));
}

#[test]
fn the_server_is_findable_by_its_names() {
    let tree = Tree::new();
    let computer = "CN=DC1,OU=Domain Controllers,DC=ad,DC=example,DC=com";
    assert_eq!(tree.values(computer, "dNSHostName"), ["dc1.ad.example.com"]);
    assert_eq!(tree.values(computer, "userAccountControl"), ["532480"]);
    let names = tree.values(computer, "servicePrincipalName");
    let guid = "a5a5a5a5-a5a5-45a5-a5a5-a5a5a5a5a5a5";
    for name in [
        "HOST/DC1",
        "ldap/dc1.ad.example.com",
        "ldap/dc1.ad.example.com/ad.example.com",
        "GC/dc1.ad.example.com/ad.example.com",
        "RestrictedKrbHost/DC1",
        &format!("ldap/{guid}._msdcs.ad.example.com"),
        &format!("E3514235-4B06-11D1-AB04-00C04FC2DCD2/{guid}/ad.example.com"),
    ] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
}

#[test]
fn names_of_heads_follow_from_the_dns_name() {
    assert_eq!(domain_dn("example.com").to_string(), "DC=example,DC=com");
    assert_eq!(schema_dn("example.com").to_string(), "CN=Schema,CN=Configuration,DC=example,DC=com");
}
