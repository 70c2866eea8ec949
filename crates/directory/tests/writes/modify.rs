//! Modifying objects.

use bailiwick_adtypes::modification::Operation::{Add, Delete, Replace};
use bailiwick_directory::Native;
use bailiwick_domain::{AttributeFault, Change, Error, ObjectFault, PasswordFault, Refusal};

use crate::domain::{BASE, founded};
use crate::{apply, dn, fault, group, modify, user, value, values, whole};

fn ada() -> Native {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    directory
}

type Step<'s> = (bailiwick_adtypes::modification::Operation, &'s str, &'s [&'s str]);

fn check(steps: &[Step<'_>], expected: Result<(), Error>) {
    assert_eq!(apply(&ada(), modify(&dn("Ada"), steps)), expected, "{steps:?}");
}

fn permissive(change: Change) -> Change {
    match change {
        Change::Modify { name, modifications, sd_flags, .. } => {
            Change::Modify { name, modifications, permissive: true, sd_flags }
        }
        other => other,
    }
}

#[test]
fn values_are_added_replaced_and_deleted_in_order() {
    let directory = ada();
    let phones = |directory: &Native| values(directory, &dn("Ada"), "otherTelephone");
    apply(&directory, modify(&dn("Ada"), &[(Add, "otherTelephone", &["1", "2"])])).unwrap();
    assert_eq!(phones(&directory), ["1", "2"]);
    let steps: [Step<'_>; 2] = [(Delete, "otherTelephone", &["1"]), (Add, "OtherTelephone", &["3"])];
    apply(&directory, modify(&dn("Ada"), &steps)).unwrap();
    assert_eq!(phones(&directory), ["2", "3"]);
    apply(&directory, modify(&dn("Ada"), &[(Replace, "otherTelephone", &["9"])])).unwrap();
    assert_eq!(phones(&directory), ["9"]);
    apply(&directory, modify(&dn("Ada"), &[(Delete, "otherTelephone", &[])])).unwrap();
    assert!(phones(&directory).is_empty());
    apply(&directory, modify(&dn("Ada"), &[(Replace, "otherTelephone", &[])])).unwrap();
}

#[test]
fn a_refused_step_undoes_those_before_it() {
    let directory = ada();
    let before = whole(&directory, &dn("Ada"));
    let steps: [Step<'_>; 3] =
        [(Add, "sn", &["Lovelace"]), (Add, "manager", &[&dn("Ada")]), (Delete, "description", &["x"])];
    let refused = apply(&directory, modify(&dn("Ada"), &steps));
    assert_eq!(refused, Err(fault("description", AttributeFault::NotPresent)));
    assert_eq!(whole(&directory, &dn("Ada")), before);
}

#[test]
fn what_is_there_or_not_is_refused_unless_permitted() {
    let directory = ada();
    apply(&directory, modify(&dn("Ada"), &[(Add, "otherTelephone", &["a"])])).unwrap();
    let steps: [(Step<'_>, AttributeFault); 4] = [
        ((Add, "otherTelephone", &["A"]), AttributeFault::ValueExists),
        ((Delete, "otherTelephone", &["b"]), AttributeFault::NotPresent),
        ((Delete, "description", &[]), AttributeFault::NotPresent),
        ((Delete, "manager", &[]), AttributeFault::NotPresent),
    ];
    for (step, expected) in steps {
        let change = modify(&dn("Ada"), &[step]);
        assert_eq!(apply(&directory, change.clone()), Err(fault(step.1, expected)), "{step:?}");
        assert_eq!(apply(&directory, permissive(change)), Ok(()), "{step:?}");
    }
    assert_eq!(values(&directory, &dn("Ada"), "otherTelephone"), ["a"]);
}

#[test]
fn a_change_that_changes_nothing_has_no_usn() {
    let directory = ada();
    apply(&directory, modify(&dn("Ada"), &[(Add, "sn", &["x"])])).unwrap();
    let before = value(&directory, &dn("Ada"), "uSNChanged");
    apply(&directory, modify(&dn("Ada"), &[(Replace, "sn", &["x"])])).unwrap();
    apply(&directory, modify(&dn("Ada"), &[(Delete, "sn", &["x"]), (Add, "sn", &["x"])])).unwrap();
    apply(&directory, permissive(modify(&dn("Ada"), &[(Add, "sn", &["X"])]))).unwrap();
    assert_eq!(value(&directory, &dn("Ada"), "uSNChanged"), before);
    apply(&directory, modify(&dn("Ada"), &[(Replace, "sn", &["y"])])).unwrap();
    assert_ne!(value(&directory, &dn("Ada"), "uSNChanged"), before);
}

#[test]
fn single_values_may_be_exceeded_on_the_way_only() {
    check(&[(Add, "sn", &["a", "b"])], Err(fault("sn", AttributeFault::SecondValue)));
    check(&[(Add, "sn", &["a"]), (Add, "SN", &["b"]), (Delete, "sn", &["a"])], Ok(()));
    let (admin, guest) = (dn("Administrator"), dn("Guest"));
    check(&[(Add, "manager", &[&admin, &guest])], Err(fault("manager", AttributeFault::SecondValue)));
    check(&[(Replace, "manager", &[&admin, &guest])], Err(fault("manager", AttributeFault::ValueCount)));
    check(&[(Add, "manager", &[&admin]), (Add, "manager", &[&guest]), (Delete, "manager", &[&admin])], Ok(()));
}

#[test]
fn what_the_directory_keeps_is_refused() {
    check(&[(Replace, "cn", &["Grace"])], Err(fault("cn", AttributeFault::IsRdn)));
    check(&[(Replace, "name", &["Grace"])], Err(fault("name", AttributeFault::IsRdn)));
    check(&[(Replace, "objectGUID", &["0123456789abcdef"])], Err(fault("objectGUID", AttributeFault::SystemOnly)));
    check(&[(Replace, "whenCreated", &["20010101000000.0Z"])], Err(fault("whenCreated", AttributeFault::SystemOnly)));
    check(&[(Add, "memberOf", &[BASE])], Err(fault("memberOf", AttributeFault::BackLink)));
    check(&[(Replace, "tokenGroups", &[])], Err(fault("tokenGroups", AttributeFault::Computed)));
    check(&[(Replace, "objectSid", &["S-1-1-0"])], Err(fault("objectSid", AttributeFault::OwnedByAccounts)));
    check(&[(Replace, "lastLogon", &["0"])], Err(fault("lastLogon", AttributeFault::OwnedByAccounts)));
    check(&[(Replace, "unicodePwd", &["x"])], Err(Error::Password(PasswordFault::Malformed)));
    check(&[(Replace, "dBCSPwd", &["x"])], Err(Error::Refused(Refusal::PasswordWrite)));
    check(&[(Replace, "sn;lang-de", &["x"])], Err(fault("sn;lang-de", AttributeFault::Undefined)));
    check(&[(Add, "sn", &[])], Err(fault("sn", AttributeFault::ValueCount)));
    check(&[], Err(Error::Refused(Refusal::Contradiction)));
}

#[test]
fn what_makes_a_bad_account_is_refused() {
    let unknown = Err(Error::Object(ObjectFault::UnknownClass("nobody".to_owned())));
    check(&[(Add, "objectClass", &["nobody"])], unknown);
    let flags = |flags: &str, fault_of| check(&[(Replace, "userAccountControl", &[flags])], fault_of);
    flags("4096", Err(fault("userAccountControl", AttributeFault::OtherKindOfAccount)));
    flags("2048", Err(fault("userAccountControl", AttributeFault::Unacceptable)));
    check(&[(Replace, "sAMAccountName", &["ada."])], Err(fault("sAMAccountName", AttributeFault::Unacceptable)));
}

#[test]
fn required_and_lasting_attributes_stay() {
    check(&[(Delete, "sAMAccountName", &[])], Err(fault("sAMAccountName", AttributeFault::Lasting)));
    check(&[(Replace, "userAccountControl", &[])], Err(fault("userAccountControl", AttributeFault::Lasting)));
    check(&[(Delete, "objectCategory", &[])], Err(fault("objectCategory", AttributeFault::Missing)));
    check(&[(Delete, "nTSecurityDescriptor", &[])], Err(fault("nTSecurityDescriptor", AttributeFault::Lasting)));
    check(&[(Add, "gPLink", &["x"])], Err(fault("gPLink", AttributeFault::NotAllowed)));
    let category = |name: &str| format!("CN={name},CN=Schema,CN=Configuration,{BASE}");
    check(&[(Replace, "objectCategory", &[&category("User")])], Ok(()));
    let wrong = Err(fault("objectCategory", AttributeFault::InvalidTarget));
    check(&[(Replace, "objectCategory", &[&category("Group")])], wrong);
}

#[test]
fn auxiliary_classes_come_and_go() {
    let directory = ada();
    let change = |step: Step<'_>| apply(&directory, modify(&dn("Ada"), &[step]));
    change((Add, "objectClass", &["bootableDevice"])).unwrap();
    change((Add, "bootFile", &["vmlinuz"])).unwrap();
    assert!(values(&directory, &dn("Ada"), "objectClass").contains(&"bootableDevice".to_owned()));
    let refused = change((Delete, "objectClass", &["bootableDevice"]));
    assert_eq!(refused, Err(fault("bootFile", AttributeFault::NotAllowed)));
    let steps: [Step<'_>; 2] = [(Delete, "bootFile", &[]), (Delete, "objectClass", &["bootableDevice"])];
    apply(&directory, modify(&dn("Ada"), &steps)).unwrap();
    assert_eq!(values(&directory, &dn("Ada"), "objectClass"), ["top", "person", "organizationalPerson", "user"]);
    let structural = Err(Error::Object(ObjectFault::StructuralClassChange));
    assert_eq!(change((Add, "objectClass", &["computer"])), structural);
    change((Add, "objectClass", &["inetOrgPerson"])).unwrap();
    assert_eq!(values(&directory, &dn("Ada"), "objectClass").last().unwrap(), "inetOrgPerson");
}

#[test]
fn the_account_type_follows() {
    let directory = ada();
    let change = |name: &str, step: Step<'_>| apply(&directory, modify(&dn(name), &[step]));
    change("Ada", (Replace, "userAccountControl", &["66080"])).unwrap();
    assert_eq!(value(&directory, &dn("Ada"), "sAMAccountType"), "805306368");
    let refused = change("Ada", (Replace, "userAccountControl", &["4608"]));
    assert_eq!(refused, Err(fault("userAccountControl", AttributeFault::Unacceptable)));
    apply(&directory, group("Staff")).unwrap();
    change("Staff", (Replace, "groupType", &["8"])).unwrap();
    assert_eq!(value(&directory, &dn("Staff"), "sAMAccountType"), "268435457");
    change("Staff", (Replace, "groupType", &["-2147483644"])).unwrap();
    let refused = change("Staff", (Replace, "groupType", &["-2147483646"]));
    assert_eq!(refused, Err(fault("groupType", AttributeFault::Unacceptable)));
    let refused = change("Staff", (Replace, "sAMAccountName", &["ADA"]));
    assert_eq!(refused, Err(fault("sAMAccountName", AttributeFault::NotUnique)));
    change("Ada", (Replace, "sAMAccountName", &["ADA"])).unwrap();
    let refused = change("Ada", (Replace, "description", &["a", "b"]));
    assert_eq!(refused, Err(fault("description", AttributeFault::SecondValue)));
}

#[test]
fn the_primary_group_is_one_that_the_account_is_in() {
    let directory = ada();
    apply(&directory, group("Staff")).unwrap();
    let staff = crate::sid(&directory, &dn("Staff")).rid().unwrap().to_string();
    let enter = || apply(&directory, modify(&dn("Ada"), &[(Replace, "primaryGroupID", &[&staff])]));
    assert_eq!(enter(), Err(fault("primaryGroupID", AttributeFault::Unacceptable)));
    apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&dn("Ada")])])).unwrap();
    enter().unwrap();
    assert_eq!(values(&directory, &dn("Ada"), "memberOf"), [dn("Domain Users")]);
    let again = apply(&directory, modify(&dn("Staff"), &[(Add, "member", &[&dn("Ada")])]));
    assert_eq!(again, Err(fault("member", AttributeFault::ValueExists)));
    let gone = apply(&directory, crate::delete(&dn("Staff"), false));
    assert_eq!(gone, Err(Error::Refused(Refusal::PrimaryGroup)));
}

#[test]
fn protected_objects_are_not_modified() {
    let directory = founded();
    let describe = |name: &str| apply(&directory, modify(name, &[(Replace, "description", &["x"])]));
    let schema = describe(&format!("CN=User,CN=Schema,CN=Configuration,{BASE}"));
    assert_eq!(schema, Err(Error::Refused(Refusal::SchemaChange)));
    let lost = describe(&format!("CN=LostAndFound,{BASE}"));
    assert_eq!(lost, Err(Error::Refused(Refusal::ProtectedObject)));
    assert_eq!(describe(BASE), Ok(()));
    assert_eq!(describe(""), Err(Error::Refused(Refusal::RootDse)));
    assert_eq!(describe(&dn("Nobody")), Err(Error::NoSuchObject { matched: format!("CN=Users,{BASE}") }));
}
