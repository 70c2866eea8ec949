//! A founded domain opens, and holds what a new domain of Active Directory holds.

use bailiwick_adtypes::sid::Sid;
use bailiwick_credential::Password;
use bailiwick_directory::{NewDomain, NewName, ProvisionError, SPACES, provision};
use bailiwick_domain::{Authentication, Directory, PasswordFault, Protection, Requester, Scope, ValueForm, Verdict};
use bailiwick_store::{Memory, Store};

use crate::domain::{BASE, NOW, context, find, founded, new_domain, octets};

#[test]
fn a_second_founding_is_refused() {
    let store = Memory::open(SPACES);
    provision(&store, &new_domain(), NOW, &octets).unwrap();
    assert!(matches!(
        provision(&store as &dyn Store, &new_domain(), NOW, &octets),
        Err(ProvisionError::AlreadyProvisioned)
    ));
}

#[test]
fn names_that_nobody_could_use_are_refused() {
    let check = |change: &dyn Fn(&mut NewDomain), expected: Option<NewName>| {
        let mut new = new_domain();
        change(&mut new);
        let found = match new.check_names() {
            Err(ProvisionError::InvalidName { part, .. }) => Some(part),
            Err(other) => panic!("{other}"),
            Ok(()) => None,
        };
        assert_eq!(found, expected, "{} {} {}", new.dns_domain, new.netbios, new.host);
    };
    for good in ["example.com", "a.b", "x-1.example.org"] {
        check(&|new| new.dns_domain = good.to_owned(), None);
    }
    for bad in ["", "com", "example..com", ".com", "exa mple.com", "-x.com", "x-.com", "exämple.com"] {
        check(&|new| new.dns_domain = bad.to_owned(), Some(NewName::Domain));
    }
    check(&|new| new.dns_domain = format!("{}.com", "x".repeat(61)), Some(NewName::Domain));
    check(&|new| new.netbios = "SIXTEEN-LETTERS-".to_owned(), Some(NewName::Netbios));
    check(&|new| new.netbios = "A\\B".to_owned(), Some(NewName::Netbios));
    check(&|new| new.host = "dc1.example.com".to_owned(), Some(NewName::Host));
}

#[test]
fn the_policy_of_the_new_domain_looks_at_its_first_password() {
    for (password, refused) in [
        ("Secret-Adm1n!", None),
        ("Aa1-567", None),
        ("Aa1-56", Some(PasswordFault::TooShort { length: 6, minimum: 7 })),
        ("", Some(PasswordFault::TooShort { length: 0, minimum: 7 })),
        ("all-small-letters", Some(PasswordFault::NotComplex)),
        ("Administrator-2026", Some(PasswordFault::NotComplex)),
    ] {
        let mut new = new_domain();
        new.admin_password = Password::new(password.as_bytes());
        let store = Memory::open(SPACES);
        let found = match provision(&store, &new, NOW, &octets) {
            Ok(()) => None,
            Err(ProvisionError::Password(fault)) => Some(fault),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(found, refused, "{password}");
    }
}

#[test]
fn the_administrator_is_found_with_rid_500() {
    let directory = founded();
    let found = find(&directory, BASE, Scope::Subtree, "(sAMAccountName=administrator)", &["*"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].dn, "CN=Administrator,CN=Users,DC=example,DC=com");
    assert_eq!(found[0].text("userAccountControl"), Some("512"));
    let sid = Sid::from_bytes(&found[0].values("objectSid")[0]).unwrap();
    assert_eq!(sid.rid(), Some(500));
    assert_eq!(found[0].values("memberOf").len(), 5);
    assert_eq!(found[0].text("objectCategory"), Some("CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com"));
}

#[test]
fn every_naming_context_is_searched_on_its_own() {
    let directory = founded();
    let domain = find(&directory, BASE, Scope::Subtree, "(objectClass=*)", &["1.1"]).len();
    let schema =
        find(&directory, "CN=Schema,CN=Configuration,DC=example,DC=com", Scope::Subtree, "(objectClass=*)", &["1.1"])
            .len();
    assert!((70..200).contains(&domain), "{domain} objects in the domain");
    assert!(schema > 1498 + 269, "{schema} objects in the schema");
}

#[test]
fn the_administrator_signs_in_by_every_name() {
    let directory = founded();
    let anonymous = Requester::anonymous(None, Protection::Local);
    for name in [
        "CN=Administrator,CN=Users,DC=example,DC=com",
        "administrator@example.com",
        "Administrator@EXAMPLE",
        "EXAMPLE\\Administrator",
        "example.com/Users/Administrator",
        "Administrator",
    ] {
        let context = context(&anonymous);
        match directory.authenticate(&context, name, &Password::new(b"Secret-Adm1n!")) {
            // The first sign-in is remembered, so the further names need no check.
            Authentication::Decided(result) => drop(result.unwrap()),
            Authentication::Check(check) => {
                assert_eq!(check.run(), Verdict::Right, "{name}");
                directory.finish(&context, check, Verdict::Right).unwrap();
            }
        }
    }
}

#[test]
fn a_face_learns_the_form_of_an_attribute_by_any_of_its_names() {
    let directory = founded();
    for name in ["proxyAddresses", "PROXYADDRESSES", "1.2.840.113556.1.2.210"] {
        let found = directory.attribute_type(name).unwrap();
        let seen = (found.name.as_str(), found.form, found.single_valued);
        assert_eq!(seen, ("proxyAddresses", ValueForm::Text, false), "{name}");
    }
    for (name, form) in [
        ("accountExpires", ValueForm::LargeInteger),
        ("userAccountControl", ValueForm::Integer),
        ("whenCreated", ValueForm::GeneralizedTime),
        ("objectGUID", ValueForm::Octets),
        ("objectSid", ValueForm::Sid),
        ("nTSecurityDescriptor", ValueForm::SecurityDescriptor),
        ("manager", ValueForm::Dn),
        ("wellKnownObjects", ValueForm::DnWithData),
        ("isDeleted", ValueForm::Boolean),
    ] {
        assert_eq!(directory.attribute_type(name).map(|found| found.form), Some(form), "{name}");
    }
    assert_eq!(directory.attribute_type("proxyAddresses;binary"), None);
    assert_eq!(directory.attribute_type("noSuchAttribute"), None);
}
