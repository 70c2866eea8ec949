//! Names that must be unique, and names of services that follow their computer. [MS-ADTS] 3.1.1.5.1.3.

use bailiwick_adtypes::modification::Operation::{Add, Replace};
use bailiwick_directory::Native;
use bailiwick_domain::AttributeFault;

use crate::domain::{BASE, add, founded};
use crate::{apply, delete, dn, fault, modify, user, values};

fn named(name: &str, attribute: &str, value: &str) -> bailiwick_domain::Change {
    add(&dn(name), &[("objectClass", "user"), ("sAMAccountName", name), (attribute, value)])
}

fn set_heuristics(directory: &Native, value: &str) {
    let settings = format!("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}");
    crate::domain::apply(directory, &[modify(&settings, &[(Replace, "dSHeuristics", &[value])])]).unwrap();
}

#[test]
fn names_of_people_and_services_are_unique_unless_the_forest_gives_that_up() {
    for (attribute, value, other_case, digit) in [
        ("userPrincipalName", "ada@example.com", "ADA@Example.com", "1"),
        ("servicePrincipalName", "http/ada", "HTTP/ADA", "2"),
    ] {
        let directory = founded();
        apply(&directory, named("Ada", attribute, value)).unwrap();
        apply(&directory, user("Bob")).unwrap();
        let taken = Err(fault(attribute, AttributeFault::NotUnique));
        let take = || apply(&directory, modify(&dn("Bob"), &[(Add, attribute, &[other_case])]));
        assert_eq!(apply(&directory, named("Eve", attribute, other_case)), taken);
        assert_eq!(take(), taken);
        set_heuristics(&directory, &format!("00000000010000000002{}", if digit == "1" { "2" } else { "1" }));
        assert_eq!(take(), taken, "another bit gives up something else");
        set_heuristics(&directory, &format!("00000000010000000002{digit}"));
        assert_eq!(take(), Ok(()));
    }
}

#[test]
fn a_name_is_free_again_when_its_account_is_deleted() {
    let directory = founded();
    apply(&directory, named("Ada", "userPrincipalName", "ada@example.com")).unwrap();
    apply(&directory, delete(&dn("Ada"), false)).unwrap();
    assert_eq!(apply(&directory, named("Bob", "userPrincipalName", "ada@example.com")), Ok(()));
}

#[test]
fn names_of_services_follow_their_computer() {
    let names = ["HOST/PC7", "host/pc7.example.com", "MSSQLSvc/pc7.example.com:1433", "http/web", "ldap/PC7/EXAMPLE"];
    let dns = ("dNSHostName", "pc8.example.com");
    let account = ("sAMAccountName", "PC8$");
    for (changes, expected) in [
        (
            &[dns][..],
            ["HOST/PC7", "host/pc8.example.com", "MSSQLSvc/pc8.example.com:1433", "http/web", "ldap/PC7/EXAMPLE"],
        ),
        (
            &[account],
            ["HOST/PC8", "host/pc7.example.com", "MSSQLSvc/pc7.example.com:1433", "http/web", "ldap/PC8/EXAMPLE"],
        ),
        (
            &[account, dns],
            ["HOST/PC8", "host/pc8.example.com", "MSSQLSvc/pc8.example.com:1433", "http/web", "ldap/PC8/EXAMPLE"],
        ),
    ] {
        let directory = founded();
        let mut attributes =
            vec![("objectClass", "computer"), ("sAMAccountName", "PC7$"), ("dNSHostName", "pc7.example.com")];
        attributes.extend(names.map(|name| ("servicePrincipalName", name)));
        apply(&directory, add(&dn("PC7"), &attributes)).unwrap();
        let given: Vec<[&str; 1]> = changes.iter().map(|(_, value)| [*value]).collect();
        let steps: Vec<_> =
            changes.iter().zip(&given).map(|((attribute, _), value)| (Replace, *attribute, value.as_slice())).collect();
        apply(&directory, modify(&dn("PC7"), &steps)).unwrap();
        assert_eq!(values(&directory, &dn("PC7"), "servicePrincipalName"), expected, "{changes:?}");
    }
}

#[test]
fn names_that_a_client_writes_itself_stay_as_written() {
    let directory = founded();
    let attributes = [("objectClass", "computer"), ("sAMAccountName", "PC7$"), ("servicePrincipalName", "host/pc7")];
    apply(&directory, add(&dn("PC7"), &attributes)).unwrap();
    let steps = [("sAMAccountName", ["PC8$"]), ("servicePrincipalName", ["host/other"])];
    let steps = steps.each_ref().map(|(attribute, values)| (Replace, *attribute, values.as_slice()));
    apply(&directory, modify(&dn("PC7"), &steps)).unwrap();
    assert_eq!(values(&directory, &dn("PC7"), "servicePrincipalName"), ["host/other"]);
}

#[test]
fn a_name_does_not_follow_into_another_accounts() {
    let directory = founded();
    let attributes = [("objectClass", "computer"), ("sAMAccountName", "PC7$"), ("servicePrincipalName", "host/pc7")];
    apply(&directory, add(&dn("PC7"), &attributes)).unwrap();
    apply(&directory, named("Ada", "servicePrincipalName", "host/pc8")).unwrap();
    let renamed = apply(&directory, modify(&dn("PC7"), &[(Replace, "sAMAccountName", &["PC8$"])]));
    assert_eq!(renamed, Err(fault("servicePrincipalName", AttributeFault::NotUnique)));
}
