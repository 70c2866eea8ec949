//! Adding objects.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_domain::{
    AttributeFault, Change, Directory, Error, ObjectFault, PasswordFault, Protection, Refusal, Requester, Scope,
};

use crate::domain::{BASE, add, context, find, founded};
use crate::{account, administrator, apply, apply_as, dn, exists, fault, group, sid, unit, user, value, values, whole};

/// A user without a name of its own beside these attributes.
fn check(attributes: &[(&str, &str)], expected: Result<(), Error>) {
    let given: Vec<(&str, &str)> = [("objectClass", "user")].into_iter().chain(attributes.iter().copied()).collect();
    assert_eq!(apply(&founded(), add(&dn("Ada"), &given)), expected, "{attributes:?}");
}

#[test]
fn a_plain_user_is_a_whole_account() {
    let directory = founded();
    let attributes = [("objectClass", "user"), ("cn", "Ada"), ("sAMAccountName", "ada")];
    apply(&directory, add(&dn("Ada"), &attributes)).unwrap();
    let expected = [
        ("userAccountControl", "546"),
        ("primaryGroupID", "513"),
        ("sAMAccountType", "805306368"),
        ("accountExpires", "9223372036854775807"),
        ("badPwdCount", "0"),
        ("pwdLastSet", "0"),
        ("instanceType", "4"),
        ("name", "Ada"),
        ("cn", "Ada"),
        ("distinguishedName", "CN=Ada,CN=Users,DC=example,DC=com"),
        ("objectCategory", "CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com"),
        ("whenCreated", "20220618042640.0Z"),
        ("whenChanged", "20220618042640.0Z"),
    ];
    for (attribute, text) in expected {
        assert_eq!(value(&directory, &dn("Ada"), attribute), text, "{attribute}");
    }
    assert_eq!(values(&directory, &dn("Ada"), "objectClass"), ["top", "person", "organizationalPerson", "user"]);
    assert_eq!(value(&directory, &dn("Ada"), "uSNCreated"), value(&directory, &dn("Ada"), "uSNChanged"));
    assert!(sid(&directory, &dn("Ada")).rid().unwrap() >= 1100);
    let whole = whole(&directory, &dn("Ada"));
    assert_eq!(whole["objectGUID"][0].len(), 16);
    assert!(!whole["nTSecurityDescriptor"][0].is_empty());
}

#[test]
fn an_account_without_a_name_gets_one() {
    let directory = founded();
    apply(&directory, add(&dn("Nameless"), &[("objectClass", "user")])).unwrap();
    let name = value(&directory, &dn("Nameless"), "sAMAccountName");
    assert!(name.starts_with('$') && name.len() == 20, "{name}");
}

#[test]
fn groups_units_and_contacts_are_made_too() {
    let directory = founded();
    apply(&directory, group("Staff")).unwrap();
    assert_eq!(value(&directory, &dn("Staff"), "groupType"), "-2147483646");
    assert_eq!(value(&directory, &dn("Staff"), "sAMAccountType"), "268435456");
    apply(&directory, unit("Sales")).unwrap();
    let unit = format!("OU=Sales,{BASE}");
    assert_eq!(values(&directory, &unit, "objectSid"), [""; 0]);
    apply(&directory, add(&format!("CN=Container,{unit}"), &[("objectClass", "container")])).unwrap();
    assert_eq!(value(&directory, &format!("CN=Container,{unit}"), "showInAdvancedViewOnly"), "TRUE");
    apply(&directory, add(&format!("CN=Bob,{unit}"), &[("objectClass", "contact"), ("sn", "Bob")])).unwrap();
}

#[test]
fn names_are_checked_before_anything_else() {
    let directory = founded();
    let no_parent = apply(&directory, add(&format!("CN=a,OU=b,OU=c,{BASE}"), &[("objectClass", "user")]));
    assert_eq!(no_parent, Err(Error::NoSuchObject { matched: BASE.to_owned() }));
    assert_eq!(apply(&directory, add(BASE, &[("objectClass", "domainDNS")])), Err(Error::AlreadyExists));
    let root = Change::Add { name: ObjectName::parse("").unwrap(), attributes: Vec::new(), sd_flags: None };
    assert_eq!(apply(&directory, root), Err(Error::Refused(Refusal::RootDse)));
    let elsewhere = apply(&directory, add("CN=a,DC=elsewhere,DC=org", &[("objectClass", "user")]));
    assert!(matches!(elsewhere, Err(Error::Referral { .. })), "{elsewhere:?}");
    let by_guid = ObjectName::parse("<GUID=00299570-246d-11d0-a768-00aa006e0529>").unwrap();
    let by_guid = Change::Add { name: by_guid, attributes: Vec::new(), sd_flags: None };
    assert_eq!(apply(&directory, by_guid), Err(Error::InvalidName));
}

#[test]
fn siblings_differ_in_their_values_whatever_names_them() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    let again = add(&dn("ADA"), &[("objectClass", "contact")]);
    assert_eq!(apply(&directory, again), Err(Error::AlreadyExists));
    apply(&directory, unit("Sales")).unwrap();
    let sales = add(&format!("CN=sales,{BASE}"), &[("objectClass", "container")]);
    assert_eq!(apply(&directory, sales), Err(Error::AlreadyExists));
}

#[test]
fn the_rdn_is_that_of_the_class() {
    let directory = founded();
    let wrong = Err(Error::Object(ObjectFault::WrongRdnAttribute));
    let by_ou = add(&format!("OU=Ada,CN=Users,{BASE}"), &[("objectClass", "user")]);
    assert_eq!(apply(&directory, by_ou), wrong);
    check(&[("cn", "Grace")], wrong);
    check(&[("CN", "ada")], Ok(()));
    let two = add(&format!("OU=Sales,{BASE}"), &[("objectClass", "organizationalUnit"), ("ou", "Sales"), ("ou", "X")]);
    assert_eq!(apply(&directory, two), Err(Error::InvalidName));
}

#[test]
fn parents_must_be_possible() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    let refused = Err(Error::Object(ObjectFault::ParentNotPossible));
    let below_user = add(&format!("CN=x,{}", dn("Ada")), &[("objectClass", "user")]);
    assert_eq!(apply(&directory, below_user), refused);
    let unit = add(&format!("OU=x,CN=Users,{BASE}"), &[("objectClass", "organizationalUnit")]);
    assert_eq!(apply(&directory, unit), refused);
}

#[test]
fn what_clients_may_not_give_is_refused() {
    check(&[("objectGUID", "0123456789abcdef")], Err(fault("objectGUID", AttributeFault::Unacceptable)));
    check(&[("objectSid", "S-1-5-21-1-2-3-4")], Err(fault("objectSid", AttributeFault::OwnedByAccounts)));
    check(&[("memberOf", BASE)], Err(fault("memberOf", AttributeFault::BackLink)));
    check(&[("canonicalName", "x")], Err(fault("canonicalName", AttributeFault::NeverStored)));
    check(&[("isCriticalSystemObject", "TRUE")], Err(fault("isCriticalSystemObject", AttributeFault::OwnedByAccounts)));
    check(&[("unicodePwd", "x")], Err(Error::Password(PasswordFault::Malformed)));
    check(&[("dBCSPwd", "x")], Err(Error::Refused(Refusal::PasswordWrite)));
    for bits in ["5", "2"] {
        check(&[("instanceType", bits)], Err(fault("instanceType", AttributeFault::Unacceptable)));
    }
    for passed in [("instanceType", "4"), ("instanceType", "0"), ("distinguishedName", "x"), ("name", "Grace")] {
        check(&[passed], Ok(()));
    }
}

#[test]
fn content_and_values_follow_the_schema() {
    check(&[("enabledService", "x")], Err(fault("enabledService", AttributeFault::Undefined)));
    check(&[("description;lang-de", "x")], Err(fault("description;lang-de", AttributeFault::Undefined)));
    check(&[("gPLink", "x")], Err(fault("gPLink", AttributeFault::NotAllowed)));
    check(&[("CountryCode", "x")], Err(fault("CountryCode", AttributeFault::InvalidSyntax)));
    check(&[("countryCode", "99999")], Err(fault("countryCode", AttributeFault::OutOfRange)));
    check(&[("sn", "a"), ("sn", "b")], Err(fault("sn", AttributeFault::ValueCount)));
    check(
        &[("otherTelephone", "a"), ("otherTelephone", "A")],
        Err(fault("otherTelephone", AttributeFault::ValueExists)),
    );
    check(&[("manager", "CN=nobody,DC=example,DC=com")], Err(fault("manager", AttributeFault::NoSuchTarget)));
    check(&[("manager", "nobody")], Err(fault("manager", AttributeFault::InvalidSyntax)));
    check(&[("manager", "CN=Administrator,CN=Users,DC=example,DC=com")], Ok(()));
    let missing = add("CN=s,CN=Users,DC=example,DC=com", &[("objectClass", "ipService"), ("ipServicePort", "1")]);
    assert_eq!(apply(&founded(), missing), Err(fault("ipServiceProtocol", AttributeFault::Missing)));
}

#[test]
fn the_same_attribute_twice_is_refused() {
    let attribute = |name: &str, value: &str| Attribute { name: name.to_owned(), values: vec![value.into()] };
    let name = ObjectName::parse(&dn("Ada")).unwrap();
    let attributes = vec![attribute("objectClass", "user"), attribute("sn", "a"), attribute("2.5.4.4", "b")];
    let twice = apply(&founded(), Change::Add { name, attributes, sd_flags: None });
    assert_eq!(twice, Err(fault("2.5.4.4", AttributeFault::ValueExists)));
}

#[test]
fn account_names_are_unique_among_the_living() {
    let directory = founded();
    apply(&directory, user("Ada")).unwrap();
    let taken = add(&dn("Other"), &[("objectClass", "group"), ("sAMAccountName", "ADA")]);
    assert_eq!(apply(&directory, taken.clone()), Err(fault("sAMAccountName", AttributeFault::NotUnique)));
    apply(&directory, crate::delete(&dn("Ada"), false)).unwrap();
    apply(&directory, taken).unwrap();
    for attribute in ["userPrincipalName", "servicePrincipalName"] {
        let with = |name: &str, value: &str| add(&dn(name), &[("objectClass", "user"), (attribute, value)]);
        apply(&directory, with(&format!("{attribute}1"), "http/a@example.com")).unwrap();
        let second = apply(&directory, with(&format!("{attribute}2"), "HTTP/A@example.com"));
        assert_eq!(second, Err(fault(attribute, AttributeFault::NotUnique)));
    }
}

#[test]
fn special_classes_are_refused() {
    let directory = founded();
    let with_class = |class: &str| add(&format!("CN=x,CN=Users,{BASE}"), &[("objectClass", class)]);
    let not_creatable = |class: &str| Err(Error::Object(ObjectFault::ClassNotCreatable(class.to_owned())));
    assert_eq!(apply(&directory, with_class("secret")), not_creatable("secret"));
    let domain = add(&format!("DC=x,{BASE}"), &[("objectClass", "domainDNS")]);
    assert_eq!(apply(&directory, domain), not_creatable("domainDNS"));
    assert_eq!(apply(&directory, with_class("attributeSchema")), Err(Error::Refused(Refusal::SchemaChange)));
    let unknown = Err(Error::Object(ObjectFault::UnknownClass("posixUser".to_owned())));
    assert_eq!(apply(&directory, with_class("posixUser")), unknown);
    let none = add(&dn("x"), &[("sn", "x")]);
    assert_eq!(apply(&directory, none), Err(Error::Object(ObjectFault::NoStructuralClass)));
}

#[test]
fn only_administrators_write() {
    let directory = founded();
    let change = [user("Ada")];
    assert_eq!(apply_as(&directory, &account(&[]), &change), Err(Error::InsufficientRights));
    let nobody = Requester::anonymous(None, Protection::Encrypted);
    assert_eq!(apply_as(&directory, &nobody, &change), Err(Error::NotSignedIn));
    assert_eq!(apply_as(&directory, &administrator(), &change), Ok(()));
}

#[test]
fn a_list_is_applied_whole_or_not_at_all() {
    let directory = founded();
    let requester = administrator();
    let changes = [user("Ada"), group("Staff"), user("Ada")];
    let refused = directory.apply(&context(&requester), &changes).unwrap_err();
    assert_eq!((refused.index, refused.error), (2, Error::AlreadyExists));
    assert!(!exists(&directory, &dn("Ada")) && !exists(&directory, &dn("Staff")));
    let changes = [user("Ada"), add(&dn("Staff"), &[("objectClass", "group"), ("member", &dn("Ada"))])];
    let applied = directory.apply(&context(&requester), &changes).unwrap();
    assert_eq!(values(&directory, &dn("Ada"), "memberOf"), [dn("Staff")]);
    let found = find(&directory, &format!("<GUID={}>", applied[0].guid), Scope::Base, "(objectClass=*)", &["cn"]);
    assert_eq!(found[0].text("cn"), Some("Ada"));
}

#[test]
fn the_directory_brings_identities_back() {
    let directory = founded();
    let domain = sid(&directory, BASE);
    let account = domain.with_rid(5000).unwrap().to_string();
    let attributes = [
        ("objectClass", "user"),
        ("objectSid", account.as_str()),
        ("objectGUID", "0123456789abcdef"),
        ("whenCreated", "20010101000000.0Z"),
        ("uSNChanged", "7"),
        ("memberOf", "CN=x"),
    ];
    crate::domain::apply(&directory, &[add(&dn("Ada"), &attributes)]).unwrap();
    assert_eq!(sid(&directory, &dn("Ada")).to_string(), account);
    assert_eq!(value(&directory, &dn("Ada"), "whenCreated"), "20010101000000.0Z");
    assert_eq!(value(&directory, &dn("Ada"), "objectGUID"), "0123456789abcdef");
    assert_ne!(value(&directory, &dn("Ada"), "uSNChanged"), "7");
    apply(&directory, user("Next")).unwrap();
    assert_eq!(sid(&directory, &dn("Next")).rid(), Some(5001));
    let again = crate::domain::apply(&directory, &[add(&dn("Eve"), &attributes)]);
    assert_eq!(again, Err(fault("objectSid", AttributeFault::NotUnique)));
}
