//! `ldapmodify`.

use bailiwick_tests::{BASE, Server, load_organisation};

/// Changes bob and expects a code and texts.
#[track_caller]
fn check(server: &Server, change: &str, code: i32, texts: &[&str]) {
    let ldif = format!("dn: CN=Bob Baker,OU=People,{BASE}\nchangetype: modify\n{change}\n");
    server.modify(&ldif).expect(code, texts);
}

#[track_caller]
fn values(server: &Server, attribute: &str) -> Vec<String> {
    let mut values = server.search(&["(sAMAccountName=bob)", attribute]).entries()[0].values(attribute);
    values.sort();
    values
}

#[test]
fn values_are_added_deleted_and_replaced() {
    let server = Server::start();
    load_organisation(&server);
    check(&server, "add: otherTelephone\notherTelephone: 1\notherTelephone: 2\n", 0, &[]);
    assert_eq!(values(&server, "otherTelephone"), ["1", "2"]);
    check(&server, "delete: otherTelephone\notherTelephone: 1\n-\nadd: otherTelephone\notherTelephone: 3\n", 0, &[]);
    assert_eq!(values(&server, "otherTelephone"), ["2", "3"]);
    check(&server, "replace: otherTelephone\notherTelephone: 9\n", 0, &[]);
    assert_eq!(values(&server, "otherTelephone"), ["9"]);
    check(&server, "replace: otherTelephone\n", 0, &[]);
    assert!(values(&server, "otherTelephone").is_empty());
    check(&server, "replace: title\ntitle: Bridge Builder\n-\ndelete: title\n", 0, &[]);
    assert!(values(&server, "title").is_empty());
}

#[test]
fn every_kind_of_mistake_has_its_code() {
    let server = Server::start();
    load_organisation(&server);
    check(&server, "add: description\ndescription: builds bridges\n", 20, &["00002083: "]);
    check(&server, "delete: title\n", 16, &["00002085: "]);
    check(&server, "delete: sn\nsn: Butcher\n", 16, &["00002085: "]);
    check(&server, "add: noSuchAttribute\nnoSuchAttribute: 1\n", 16, &["00000057: "]);
    check(&server, "add: nTMixedDomain\nnTMixedDomain: 1\n", 65, &["0000207D: "]);
    check(&server, "replace: cn\ncn: Robert\n", 67, &["000020B1: "]);
    check(&server, "replace: name\nname: Robert\n", 67, &["0000"]);
    check(&server, "replace: objectGUID\nobjectGUID:: AAAAAAAAAAAAAAAAAAAAAA==\n", 19, &["0000"]);
    check(&server, "replace: whenCreated\nwhenCreated: 20200101000000.0Z\n", 19, &["0000"]);
    check(&server, "replace: canonicalName\ncanonicalName: x\n", 19, &["0000211B: "]);
    check(&server, "add: givenName\ngivenName: Robert\n", 20, &["00002081: "]);
    check(&server, "replace: userAccountControl\nuserAccountControl: many\n", 21, &["0000"]);
    check(&server, "replace: objectClass\nobjectClass: group\n", 65, &["00002077: "]);
    check(&server, "add: manager\nmanager: CN=nobody,DC=example,DC=com\n", 19, &["0000"]);
    server
        .modify(&format!("dn: CN=nobody,OU=People,{BASE}\nchangetype: modify\nadd: sn\nsn: x\n"))
        .expect(32, &["0000208D: ", &format!("matched DN: OU=People,{BASE}")]);
}

#[test]
fn a_modify_is_done_whole_or_not_at_all() {
    let server = Server::start();
    load_organisation(&server);
    let before = server.search(&["(sAMAccountName=bob)", "*"]).stdout;
    let half = "replace: title\ntitle: Mason\n-\nreplace: manager\nmanager: CN=nobody,DC=example,DC=com\n-\nadd: telephoneNumber\ntelephoneNumber: 5\n";
    check(&server, half, 19, &["0000"]);
    assert_eq!(server.search(&["(sAMAccountName=bob)", "*"]).stdout, before);
}

#[test]
fn a_modify_that_changes_something_gets_a_new_usn_and_time() {
    let server = Server::start();
    load_organisation(&server);
    let usn = |server: &Server| values(server, "uSNChanged")[0].parse::<u64>().expect("a USN is a number");
    let before = usn(&server);
    check(&server, "replace: title\ntitle: Mason\n", 0, &[]);
    assert!(usn(&server) > before);
    assert_eq!(values(&server, "uSNCreated").len(), 1);
}

#[test]
fn links_are_seen_from_both_ends() {
    let server = Server::start();
    load_organisation(&server);
    let groups = format!("OU=Groups,{BASE}");
    assert_eq!(values(&server, "memberOf"), [format!("CN=engineers,{groups}")]);
    assert_eq!(values(&server, "manager"), [format!("CN=Ann Archer,OU=People,{BASE}")]);
    let ann = server.search(&["(sAMAccountName=ann)", "directReports"]).entries();
    assert_eq!(ann[0].values("directReports"), [format!("CN=Bob Baker,OU=People,{BASE}")]);
    let member = format!(
        "dn: CN=engineers,{groups}\nchangetype: modify\ndelete: member\nmember: cn=bob baker,ou=people,dc=EXAMPLE,dc=com\n"
    );
    server.modify(&member).expect(0, &[]);
    assert!(values(&server, "memberOf").is_empty());
    server.modify(&member).expect(53, &["00000561: "]);
    let again =
        member.replace("delete: member", "add: member").replace("bob baker,ou=people", "dora dyer,ou=abroad,ou=people");
    server.modify(&again).expect(68, &["00000562: "]);
}
