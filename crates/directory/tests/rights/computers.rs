//! Computers that anybody creates by quota, and names of services that stand for others. [MS-ADTS] 3.1.1.5.2.1 and
//! 3.1.1.5.1.3.

use bailiwick_adtypes::modification::Operation::{Add, Replace};
use bailiwick_adtypes::sid::Sid;
use bailiwick_directory::Native;
use bailiwick_domain::{AttributeFault, Change, Error, Refusal, Requester, Scope};

use crate::domain::{BASE, add, find, signed_in_administrator};
use crate::{account, apply_as, delete, dn, modify, peopled, replace, sales, sid};

const REFUSED: Result<(), Error> = Err(Error::InsufficientRights);
const QUOTA: Result<(), Error> = Err(Error::Refused(Refusal::MachineAccountQuota));

fn container() -> String {
    format!("CN=Computers,{BASE}")
}

/// A computer as a machine creates it that joins, with some attributes in place of the usual ones.
fn computer(name: &str, given: &[(&str, &str)]) -> Change {
    let (account, dns) = (format!("{name}$"), format!("{name}.example.com"));
    let service = format!("HOST/{name}");
    let usual = [
        ("objectClass", "computer"),
        ("sAMAccountName", &*account),
        ("userAccountControl", "69632"),
        ("dNSHostName", &*dns),
        ("servicePrincipalName", &*service),
        ("operatingSystem", "Linux"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| given.iter().all(|(other, _)| other != name));
    let attributes: Vec<_> = kept.chain(given.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
    add(&format!("CN={name},{}", container()), &attributes)
}

fn set_quota(directory: &Native, quota: &str) {
    crate::domain::apply(directory, &[replace(BASE, "ms-DS-MachineAccountQuota", quota)]).unwrap();
}

fn descriptor_of(directory: &Native, name: &str) -> String {
    let found = find(directory, name, Scope::Base, "(objectClass=*)", &["nTSecurityDescriptor"]);
    let domain = sid(directory, BASE);
    let octets = &found[0].values("nTSecurityDescriptor")[0];
    let descriptor = bailiwick_adtypes::security_descriptor::SecurityDescriptor::from_bytes(octets).unwrap();
    bailiwick_adtypes::sddl::format(&descriptor, &domain, &domain).unwrap()
}

#[test]
fn everybody_creates_as_many_computers_as_the_domain_says() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    for number in 0..10 {
        assert_eq!(apply_as(&directory, &bob, computer(&format!("W{number}"), &[])), Ok(()), "{number}");
    }
    assert_eq!(apply_as(&directory, &bob, computer("W10", &[])), QUOTA);
    let ada = account(&directory, &dn("Ada"));
    assert_eq!(apply_as(&directory, &ada, computer("W10", &[])), Ok(()), "everybody has a quota of their own");
    let administrator = signed_in_administrator(&directory);
    let gone = delete(&format!("CN=W3,{}", container()));
    assert_eq!(apply_as(&directory, &administrator, gone), Ok(()));
    assert_eq!(apply_as(&directory, &bob, computer("W11", &[])), Ok(()), "what is deleted does not count");
    set_quota(&directory, "0");
    assert_eq!(apply_as(&directory, &bob, computer("W12", &[])), REFUSED);
    assert_eq!(apply_as(&directory, &administrator, computer("W12", &[])), Ok(()), "a right needs no quota");
}

#[test]
fn a_computer_by_quota_belongs_to_the_administrators_and_knows_its_creator() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    apply_as(&directory, &bob, computer("W1", &[])).unwrap();
    let name = format!("CN=W1,{}", container());
    let found = find(&directory, &name, Scope::Base, "(objectClass=*)", &["mS-DS-CreatorSID", "primaryGroupID"]);
    let own = sid(&directory, &dn("Bob"));
    assert_eq!(Sid::from_bytes(&found[0].values("mS-DS-CreatorSID")[0]).unwrap(), own);
    assert_eq!(found[0].text("primaryGroupID"), Some("515"));
    let text = descriptor_of(&directory, &name);
    assert!(text.starts_with("O:DAG:DAD:") && text.contains(&format!(";;{own})")), "{text}");
    // The class lets the creator name the computer's services truly, and no more than that.
    let write = |attribute: &str, value: &str| {
        apply_as(&directory, &bob, modify(&name, Replace, attribute, &[value.as_bytes()]))
    };
    assert_eq!(write("servicePrincipalName", "RestrictedKrbHost/W1"), Ok(()));
    assert!(write("servicePrincipalName", "host/dc1").is_err());
    assert_eq!(write("managedBy", &dn("Bob")), REFUSED);
    apply_as(&directory, &signed_in_administrator(&directory), computer("W2", &[])).unwrap();
    let by_right = find(&directory, &container(), Scope::Subtree, "(mS-DS-CreatorSID=*)", &["cn"]);
    assert_eq!(by_right.len(), 1, "a computer by right has no creator");
}

#[test]
fn a_computer_by_quota_is_a_plain_workstation() {
    let unacceptable = |attribute: &str| Err(Error::attribute(attribute, AttributeFault::Unacceptable));
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    for (given, expected) in [
        (&[("userAccountControl", "4096")][..], Ok(())),
        (&[("userAccountControl", "")], Ok(())),
        (&[("servicePrincipalName", "host/w.example.com")], Ok(())),
        (&[("msDS-SupportedEncryptionTypes", "24")], Ok(())),
        // A domain controller, one that is trusted for delegation, and an account without a password of its own.
        (&[("userAccountControl", "8192")], REFUSED),
        (&[("userAccountControl", "528384")], REFUSED),
        (&[("userAccountControl", "83890176")], REFUSED),
        (&[("sAMAccountName", "w")], unacceptable("sAMAccountName")),
        (&[("sAMAccountName", "$")], unacceptable("sAMAccountName")),
        (&[("sAMAccountName", "")], unacceptable("sAMAccountName")),
        (&[("dNSHostName", "dc1.example.com")], unacceptable("dNSHostName")),
        (&[("servicePrincipalName", "host/dc2")], unacceptable("servicePrincipalName")),
        (&[("description", "x")], REFUSED),
        (&[("objectClass", "user")], REFUSED),
        (&[("msDS-AllowedToDelegateTo", "host/dc1")], REFUSED),
    ] {
        assert_eq!(apply_as(&directory, &bob, computer("w", given)), expected, "{given:?}");
        if expected.is_ok() {
            crate::domain::apply(&directory, &[delete(&format!("CN=w,{}", container()))]).unwrap();
        }
    }
}

#[test]
fn the_quota_holds_in_the_domains_container_only() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    for place in [sales(), format!("OU=Domain Controllers,{BASE}"), format!("CN=Users,{BASE}")] {
        let change = add(&format!("CN=W1,{place}"), &[("objectClass", "computer"), ("sAMAccountName", "W1$")]);
        assert_eq!(apply_as(&directory, &bob, change), REFUSED, "{place}");
    }
    assert_eq!(apply_as(&directory, &bob, add(&dn("W1"), &[("objectClass", "user")])), REFUSED);
    let nobody = Requester::anonymous(None, bailiwick_domain::Protection::Encrypted);
    assert_eq!(apply_as(&directory, &nobody, computer("W1", &[])), Err(Error::NotSignedIn));
}

#[test]
fn nobody_but_administrators_names_a_computer_like_a_person() {
    let directory = peopled();
    let oz = account(&directory, &dn("Oz"));
    let plain = add(&format!("CN=W1,{}", sales()), &[("objectClass", "computer"), ("sAMAccountName", "W1")]);
    let refused = Err(Error::attribute("sAMAccountName", AttributeFault::Unacceptable));
    assert_eq!(apply_as(&directory, &oz, plain.clone()), refused);
    let pc7 = format!("CN=PC7,{}", container());
    assert_eq!(apply_as(&directory, &oz, replace(&pc7, "sAMAccountName", "DC1")), refused);
    assert_eq!(apply_as(&directory, &oz, replace(&pc7, "sAMAccountName", "PC8$")), Ok(()));
    assert_eq!(apply_as(&directory, &signed_in_administrator(&directory), plain), Ok(()));
}

#[test]
fn a_host_name_keeps_others_from_the_services_it_stands_for() {
    let directory = peopled();
    let administrator = signed_in_administrator(&directory);
    let pc7 = format!("CN=PC7,{}", container());
    crate::domain::apply(&directory, &[replace(&pc7, "servicePrincipalName", "host/web.example.com")]).unwrap();
    // Bob may write the names of Ada's services, and nothing of the computer's.
    let bob = account(&directory, &dn("Bob"));
    let own = sid(&directory, &dn("Bob"));
    crate::grant(&directory, &dn("Ada"), &format!("(OA;;WP;f3a64788-5306-11d1-a9c5-0000f80367c1;;{own})"));
    let taken = Err(Error::attribute("servicePrincipalName", AttributeFault::NotUnique));
    let name = |who: &Requester, name: &str| {
        apply_as(&directory, who, modify(&dn("Ada"), Add, "servicePrincipalName", &[name.as_bytes()]))
    };
    for stolen in ["http/web.example.com", "CIFS/WEB.example.com", "www/web.example.com", "host/web.example.com"] {
        assert_eq!(name(&bob, stolen), taken, "{stolen}");
    }
    for free in ["http/other.example.com", "ldap/web.example.com", "MSSQLSvc/web.example.com:1433"] {
        assert_eq!(name(&bob, free), Ok(()), "{free}");
    }
    assert_eq!(name(&administrator, "http/web.example.com"), Ok(()), "administrators share names out");
    assert_eq!(name(&administrator, "host/web.example.com"), taken, "but nobody has the same one twice");
}

#[test]
fn the_forest_can_give_up_what_aliases_stand_for() {
    let directory = peopled();
    let pc7 = format!("CN=PC7,{}", container());
    let settings = format!("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}");
    let changes = [
        replace(&pc7, "servicePrincipalName", "host/web"),
        replace(&settings, "dSHeuristics", "000000000100000000024"),
    ];
    crate::domain::apply(&directory, &changes).unwrap();
    let own = sid(&directory, &dn("Bob"));
    crate::grant(&directory, &dn("Ada"), &format!("(OA;;WP;f3a64788-5306-11d1-a9c5-0000f80367c1;;{own})"));
    let bob = account(&directory, &dn("Bob"));
    assert_eq!(apply_as(&directory, &bob, replace(&dn("Ada"), "servicePrincipalName", "http/web")), Ok(()));
}
