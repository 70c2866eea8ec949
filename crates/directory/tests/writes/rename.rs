//! Renaming and moving objects.

use bailiwick_domain::{AttributeFault, Change, Error, ObjectFault, Refusal, Scope};

use crate::domain::{BASE, add, find, founded};
use crate::{apply, dn, exists, fault, group, modify, rename, unit, user, value, values};

#[test]
fn the_name_and_its_attribute_follow() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    let guid = value(&directory, &dn("Ada"), "objectGUID");
    let usn = value(&directory, &dn("Ada"), "uSNChanged");
    apply(&directory, rename(&dn("Ada"), "CN=Grace Hopper", None)).unwrap();
    assert!(!exists(&directory, &dn("Ada")));
    let new = dn("Grace Hopper");
    for attribute in ["cn", "name"] {
        assert_eq!(value(&directory, &new, attribute), "Grace Hopper");
    }
    assert_eq!(value(&directory, &new, "objectGUID"), guid);
    assert_ne!(value(&directory, &new, "uSNChanged"), usn);
    assert_eq!(find(&directory, BASE, Scope::Subtree, "(cn=grace hopper)", &["1.1"]).len(), 1);
    assert!(find(&directory, BASE, Scope::Subtree, "(cn=ada)", &["1.1"]).is_empty());
}

#[test]
fn a_change_of_case_is_a_rename_and_no_change_is_none() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, rename(&dn("Ada"), "cn=ADA", None)).unwrap();
    assert_eq!(value(&directory, &dn("ada"), "name"), "ADA");
    let usn = value(&directory, &dn("Ada"), "uSNChanged");
    apply(&directory, rename(&dn("Ada"), "CN=ADA", None)).unwrap();
    assert_eq!(value(&directory, &dn("Ada"), "uSNChanged"), usn);
}

#[test]
fn a_whole_subtree_moves_with_its_head() {
    let directory = founded();
    for name in ["Sales", "Europe"] {
        apply(&directory, unit(name)).unwrap();
    }
    let people = format!("OU=People,OU=Sales,{BASE}");
    apply(&directory, add(&people, &[("objectClass", "organizationalUnit")])).unwrap();
    apply(&directory, add(&format!("CN=Ada,{people}"), &[("objectClass", "user")])).unwrap();
    apply(&directory, group("Staff")).unwrap();
    let member = modify(
        &dn("Staff"),
        &[(bailiwick_adtypes::modification::Operation::Add, "member", &[&format!("CN=Ada,{people}")])],
    );
    apply(&directory, member).unwrap();
    let usn = value(&directory, &format!("CN=Ada,{people}"), "uSNChanged");
    apply(&directory, rename(&format!("OU=Sales,{BASE}"), "OU=Vertrieb", Some(&format!("OU=Europe,{BASE}")))).unwrap();
    let moved = format!("CN=Ada,OU=People,OU=Vertrieb,OU=Europe,{BASE}");
    assert_eq!(values(&directory, &dn("Staff"), "member"), std::slice::from_ref(&moved));
    assert_eq!(value(&directory, &moved, "uSNChanged"), usn);
    assert_eq!(find(&directory, &format!("OU=Europe,{BASE}"), Scope::Subtree, "(cn=Ada)", &["1.1"])[0].dn, moved);
    assert!(!exists(&directory, &people));
}

#[test]
fn places_that_cannot_be_are_refused() {
    let directory = founded();
    for name in ["Sales", "Europe"] {
        apply(&directory, unit(name)).unwrap();
    }
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, user("Bob")).unwrap();
    let sales = format!("OU=Sales,{BASE}");
    let below = format!("OU=Below,{sales}");
    apply(&directory, add(&below, &[("objectClass", "organizationalUnit")])).unwrap();
    let check = |change: Change, expected: Error| assert_eq!(apply(&directory, change), Err(expected));
    check(rename(&sales, "OU=Sales", Some(&below)), Error::Refused(Refusal::MoveIntoOwnSubtree));
    check(rename(&sales, "OU=Sales", Some(&sales)), Error::Refused(Refusal::MoveIntoOwnSubtree));
    check(rename(&dn("Ada"), "CN=Bob", None), Error::AlreadyExists);
    check(rename(&sales, "OU=europe", None), Error::AlreadyExists);
    check(rename(&dn("Ada"), "OU=Ada", None), Error::Refused(Refusal::OtherRdnAttribute));
    let nowhere = format!("OU=Nowhere,{BASE}");
    check(rename(&dn("Ada"), "CN=Ada", Some(&nowhere)), Error::Refused(Refusal::NoNewParent));
    check(rename(&sales, "OU=Sales", Some(&format!("CN=Users,{BASE}"))), Error::Object(ObjectFault::ParentNotPossible));
    let configuration = format!("CN=Sites,CN=Configuration,{BASE}");
    check(rename(&dn("Ada"), "CN=Ada", Some(&configuration)), Error::Refused(Refusal::MoveAcrossContexts));
    check(rename(BASE, "DC=other", None), Error::Refused(Refusal::NamingContextHead));
    check(rename(&dn("Ada"), &format!("CN={}", "x".repeat(65)), None), fault("cn", AttributeFault::OutOfRange));
    check(rename(&dn("Nobody"), "CN=x", None), Error::NoSuchObject { matched: format!("CN=Users,{BASE}") });
    let Change::Rename(mut keeping) = rename(&dn("Ada"), "CN=x", None) else { unreachable!() };
    keeping.delete_old_rdn = false;
    check(Change::Rename(keeping), Error::Refused(Refusal::KeepOldRdn));
}

#[test]
fn flags_hold_the_containers_of_the_domain() {
    let directory = founded();
    apply(&directory, unit("Sales")).unwrap();
    let fixed = Err(Error::Refused(Refusal::FixedName));
    let users = format!("CN=Users,{BASE}");
    assert_eq!(apply(&directory, rename(&users, "CN=People", None)), fixed);
    assert_eq!(apply(&directory, rename(&users, "CN=Users", Some(&format!("OU=Sales,{BASE}")))), fixed);
    let configuration = format!("CN=Sites,CN=Configuration,{BASE}");
    assert_eq!(apply(&directory, rename(&configuration, "CN=Places", None)), fixed);
    let schema = format!("CN=User,CN=Schema,CN=Configuration,{BASE}");
    assert_eq!(apply(&directory, rename(&schema, "CN=x", None)), Err(Error::Refused(Refusal::SchemaChange)));
    assert_eq!(apply(&directory, rename(&dn("Administrator"), "CN=root", None)), Ok(()));
}

#[test]
fn what_is_in_the_system_container_stays_there() {
    let directory = founded();
    let inside = format!("CN=Mine,CN=System,{BASE}");
    apply(&directory, add(&inside, &[("objectClass", "container")])).unwrap();
    let out = apply(&directory, rename(&inside, "CN=Mine", Some(BASE)));
    assert_eq!(out, Err(Error::Refused(Refusal::SystemContainer)));
    apply(&directory, rename(&inside, "CN=Own", None)).unwrap();
}

/// A move looked only at how deep the moved object came to lie: what was below it got names that nothing could read.
#[test]
fn a_subtree_moves_only_where_its_lowest_object_can_have_a_name() {
    let directory = founded();
    let grow = |head: &str, units: usize| {
        apply(&directory, unit(head)).unwrap();
        let mut name = format!("OU={head},{BASE}");
        for _ in 1..units {
            name = format!("OU=u,{name}");
            apply(&directory, add(&name, &[("objectClass", "organizationalUnit")])).unwrap();
        }
        name
    };
    // A name has up to 128 components, the domain two of them.
    grow("Tall", 60);
    let at_66 = grow("Deep", 66);
    let at_67 = format!("OU=More,{at_66}");
    apply(&directory, add(&at_67, &[("objectClass", "organizationalUnit")])).unwrap();
    let tall = format!("OU=Tall,{BASE}");
    assert_eq!(apply(&directory, rename(&tall, "OU=Tall", Some(&at_67))), Err(Error::InvalidName));
    assert_eq!(apply(&directory, rename(&tall, "OU=Tall", Some(&at_66))), Ok(()));
    let moved = format!("OU=Tall,{at_66}");
    assert_eq!(find(&directory, &moved, Scope::Subtree, "(objectClass=*)", &["1.1"]).len(), 60);
    assert_eq!(apply(&directory, rename(&moved, "OU=Tall", Some(BASE))), Ok(()), "upwards it always fits");
}
