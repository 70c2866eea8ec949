//! Writes that anybody may do who writes only what is true of themselves. [MS-ADTS] 3.1.1.5.3.1.1.

use bailiwick_adtypes::modification::Operation::{Add, Delete, Replace};
use bailiwick_domain::{AttributeFault, Error};

use crate::domain::BASE;
use crate::{account, apply_as, dn, grant, modify, peopled, sales};

#[test]
fn members_add_and_remove_themselves() {
    let directory = peopled();
    let crew = format!("CN=Crew,{}", sales());
    let (ada, bob) = (account(&directory, &dn("Ada")), account(&directory, &dn("Bob")));
    let change = |who, operation, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| dn(name)).collect();
        let values: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
        apply_as(&directory, who, modify(&crew, operation, "member", &values))
    };
    let denied = Err(Error::InsufficientRights);
    assert_eq!(change(&ada, Add, &["Ada"]), denied);
    grant(&directory, &crew, "(OA;;SW;bf9679c0-0de6-11d0-a285-00aa003049e2;;AU)");
    assert_eq!(change(&ada, Add, &["Ada"]), Ok(()));
    assert_eq!(change(&ada, Add, &["Bob"]), denied);
    assert_eq!(change(&bob, Add, &["Bob", "Oz"]), denied);
    assert_eq!(change(&bob, Delete, &["Ada"]), denied);
    assert_eq!(change(&bob, Delete, &[]), denied);
    assert_eq!(change(&bob, Replace, &["Bob"]), denied);
    assert_eq!(change(&ada, Delete, &["Ada"]), Ok(()));
}

#[test]
fn a_computer_names_itself_and_nothing_else() {
    let directory = peopled();
    let name = format!("CN=PC7,CN=Computers,{BASE}");
    let computer = account(&directory, &name);
    let set = |attribute: &str, value: &str| {
        apply_as(&directory, &computer, modify(&name, Replace, attribute, &[value.as_bytes()]))
    };
    let false_name = |attribute: &str| Err(Error::attribute(attribute, AttributeFault::Unacceptable));
    assert_eq!(set("dNSHostName", "pc7.example.com"), Ok(()));
    assert_eq!(set("dNSHostName", "dc1.example.com"), false_name("dNSHostName"));
    assert_eq!(set("servicePrincipalName", "host/pc7.example.com"), Ok(()));
    assert_eq!(set("servicePrincipalName", "host/dc1.example.com"), false_name("servicePrincipalName"));
    assert_eq!(set("description", "x"), Err(Error::InsufficientRights));
    let other = account(&directory, &dn("Ada"));
    let change = modify(&name, Replace, "dNSHostName", &[b"pc7.example.com"]);
    assert_eq!(apply_as(&directory, &other, change), Err(Error::InsufficientRights));
}
