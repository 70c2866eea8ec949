//! Deleting objects.

use bailiwick_adtypes::modification::Operation::Add;
use bailiwick_domain::{Directory, Error, Limits, Refusal};

use crate::domain::{BASE, add, context, founded, signed_in_administrator};
use crate::{apply, apply_as, delete, dn, exists, group, modify, tombstones, unit, user, value, values};

#[test]
fn a_tombstone_stays_in_the_deleted_objects() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, modify(&dn("Ada"), &[(Add, "description", &["first"])])).unwrap();
    let usn: u64 = value(&directory, &dn("Ada"), "uSNChanged").parse().unwrap();
    let sid = crate::sid(&directory, &dn("Ada"));
    apply(&directory, delete(&dn("Ada"), false)).unwrap();
    assert!(!exists(&directory, &dn("Ada")));
    let found = tombstones(&directory, "(sAMAccountName=ada)");
    let [tombstone] = found.as_slice() else { panic!("{} tombstones", found.len()) };
    assert!(tombstone.dn.starts_with("CN=Ada\\0ADEL:"), "{}", tombstone.dn);
    assert!(tombstone.dn.ends_with(",CN=Deleted Objects,DC=example,DC=com"), "{}", tombstone.dn);
    assert_eq!(tombstone.text("isDeleted"), Some("TRUE"));
    assert_eq!(tombstone.text("lastKnownParent"), Some("CN=Users,DC=example,DC=com"));
    assert_eq!(tombstone.values("objectSid")[0], sid.to_bytes());
    assert!(tombstone.text("uSNChanged").unwrap().parse::<u64>().unwrap() > usn);
    for gone in ["description", "objectCategory", "sAMAccountType", "primaryGroupID"] {
        assert!(tombstone.values(gone).is_empty(), "{gone}");
    }
    assert_eq!(tombstone.values("objectClass").len(), 4);
}

#[test]
fn a_name_is_free_again_and_may_be_deleted_again() {
    let directory = founded();
    for _ in 0..3 {
        apply(&directory, user("Ada")).unwrap();
        apply(&directory, delete(&dn("Ada"), false)).unwrap();
    }
    assert_eq!(tombstones(&directory, "(sAMAccountName=ada)").len(), 3);
}

#[test]
fn what_is_deleted_is_not_there() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    apply(&directory, delete(&dn("Ada"), false)).unwrap();
    let name = tombstones(&directory, "(sAMAccountName=ada)")[0].dn.clone();
    let missing = Err(Error::NoSuchObject { matched: String::new() });
    assert_eq!(apply(&directory, delete(&name, false)), missing);
    assert_eq!(apply(&directory, modify(&name, &[(Add, "sn", &["x"])])), missing);
    assert_eq!(apply(&directory, crate::rename(&name, "CN=Ada", None)), missing);
    apply(&directory, group("Staff")).unwrap();
    let linked = apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&name])]));
    let refused = crate::fault("member", bailiwick_domain::AttributeFault::NoSuchTarget);
    assert_eq!(linked, Err(refused));
}

#[test]
fn deleting_a_group_removes_back_links() {
    let directory = founded();
    for change in [user("Ada"), group("Staff"), group("Outer")] {
        apply(&directory, change).unwrap();
    }
    apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&dn("Ada"), &dn("Outer")])])).unwrap();
    apply(&directory, modify(&dn("Outer"), &[(Add, "member", &[&dn("Staff")])])).unwrap();
    let usn = value(&directory, &dn("Outer"), "uSNChanged");
    apply(&directory, delete(&dn("Staff"), false)).unwrap();
    assert!(values(&directory, &dn("Ada"), "memberOf").is_empty());
    assert!(values(&directory, &dn("Outer"), "member").is_empty());
    assert!(values(&directory, &dn("Outer"), "memberOf").is_empty());
    assert_eq!(value(&directory, &dn("Outer"), "uSNChanged"), usn);
    assert!(tombstones(&directory, "(sAMAccountName=staff)")[0].values("member").is_empty());
}

#[test]
fn a_tree_goes_only_when_asked_for() {
    let directory = founded();
    apply(&directory, unit("Sales")).unwrap();
    let sales = format!("OU=Sales,{BASE}");
    for name in ["a", "b"] {
        let inner = format!("OU={name},{sales}");
        apply(&directory, add(&inner, &[("objectClass", "organizationalUnit")])).unwrap();
        apply(&directory, add(&format!("CN={name},{inner}"), &[("objectClass", "user")])).unwrap();
    }
    assert_eq!(apply(&directory, delete(&sales, false)), Err(Error::HasChildren));
    // Administrators alone may delete objects and no trees: that is a right of Domain Admins.
    assert_eq!(apply(&directory, delete(&sales, true)), Err(Error::InsufficientRights));
    let requester = signed_in_administrator(&directory);
    let mut small = context(&requester);
    small.limits = Limits { tree_delete_entries_max: 4, ..Limits::default() };
    let refused = directory.apply(&small, &[delete(&sales, true)]).unwrap_err();
    assert_eq!(refused.error, Error::AdministrativeLimit);
    assert!(exists(&directory, &format!("CN=a,OU=a,{sales}")));
    apply_as(&directory, &requester, &[delete(&sales, true)]).unwrap();
    assert!(!exists(&directory, &sales));
    assert_eq!(tombstones(&directory, "(!(objectClass=container))").len(), 5);
}

#[test]
fn protected_objects_stay() {
    let directory = founded();
    let protected = Error::Refused(Refusal::ProtectedObject);
    let well_known = Error::Refused(Refusal::WellKnownAccount);
    for (name, tree, expected) in [
        (BASE.to_owned(), true, &protected),
        (format!("CN=Users,{BASE}"), false, &protected),
        (format!("CN=Users,{BASE}"), true, &protected),
        (format!("CN=System,{BASE}"), false, &protected),
        (dn("Administrator"), false, &well_known),
        (dn("Domain Users"), false, &well_known),
        (format!("CN=DC1,OU=Domain Controllers,{BASE}"), false, &Error::HasChildren),
        (format!("CN=Sites,CN=Configuration,{BASE}"), false, &protected),
    ] {
        assert_eq!(apply(&directory, delete(&name, tree)), Err(expected.clone()), "{name}");
    }
}

#[test]
fn a_protected_object_inside_saves_the_tree() {
    let directory = founded();
    apply(&directory, unit("Sales")).unwrap();
    let sales = format!("OU=Sales,{BASE}");
    apply(&directory, add(&format!("CN=a,{sales}"), &[("objectClass", "user")])).unwrap();
    let critical = [("objectClass", "user"), ("isCriticalSystemObject", "TRUE")];
    crate::domain::apply(&directory, &[add(&format!("CN=b,{sales}"), &critical)]).unwrap();
    let requester = signed_in_administrator(&directory);
    let refused = apply_as(&directory, &requester, &[delete(&sales, true)]);
    assert_eq!(refused, Err(Error::Refused(Refusal::ProtectedObject)));
    assert!(exists(&directory, &format!("CN=a,{sales}")));
}
