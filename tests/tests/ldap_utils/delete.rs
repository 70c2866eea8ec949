//! `ldapdelete`, tombstones and tree delete.

use bailiwick_tests::{BASE, Server, load_organisation};

const SHOW_DELETED: &str = "!showDeleted";
const TREE_DELETE: &str = "!1.2.840.113556.1.4.805";

#[test]
fn a_deleted_object_leaves_a_tombstone_and_no_links() {
    let server = Server::start();
    load_organisation(&server);
    let bob = format!("CN=Bob Baker,OU=People,{BASE}");
    let before = server.search(&["(sAMAccountName=bob)", "objectGUID", "objectSid", "uSNChanged"]).entries();
    server.tool("ldapdelete", &[&bob], "").expect(0, &[]);
    server.search(&["-b", &bob, "-s", "base", "(objectClass=*)"]).expect(32, &["0000208D: "]);
    assert!(server.search(&["(sAMAccountName=bob)", "1.1"]).entries().is_empty());
    assert!(server.search(&["(isDeleted=TRUE)", "1.1"]).entries().is_empty());
    let engineers = &server.search(&["(cn=engineers)", "member"]).entries()[0];
    assert_eq!(engineers.values("member"), [format!("CN=Dora Dyer,OU=Abroad,OU=People,{BASE}")]);
    let ann = &server.search(&["(sAMAccountName=ann)", "directReports"]).entries()[0];
    assert!(ann.values("directReports").is_empty());

    let shown = server.search(&["-E", SHOW_DELETED, "(&(isDeleted=TRUE)(sAMAccountName=bob))", "*", "lastKnownParent"]);
    let shown = shown.entries();
    let [tombstone] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(tombstone.dn.starts_with("CN=Bob Baker\\0ADEL:"), "{}", tombstone.dn);
    assert!(tombstone.dn.ends_with(&format!(",CN=Deleted Objects,{BASE}")), "{}", tombstone.dn);
    assert_eq!(tombstone.octets("objectGUID"), before[0].octets("objectGUID"));
    assert_eq!(tombstone.octets("objectSid"), before[0].octets("objectSid"));
    assert_eq!(tombstone.value("lastKnownParent"), format!("OU=People,{BASE}"));
    let usn = |text: String| text.parse::<u64>().expect("a USN is a number");
    assert!(usn(tombstone.value("uSNChanged")) > usn(before[0].value("uSNChanged")));
    for gone in ["mail", "description", "manager", "memberOf", "givenName"] {
        assert!(tombstone.values(gone).is_empty(), "{gone} is left on a tombstone");
    }
}

#[test]
fn a_name_is_free_again_after_a_delete() {
    let server = Server::start();
    let unit = format!("OU=Again,{BASE}");
    for _ in 0..3 {
        server.add(&format!("dn: {unit}\nobjectClass: organizationalUnit\n"));
        server.tool("ldapdelete", &[&unit], "").expect(0, &[]);
    }
    let deleted = server.search(&["-E", SHOW_DELETED, "(&(isDeleted=TRUE)(ou=Again*))", "1.1"]).entries();
    assert_eq!(deleted.len(), 3);
}

#[test]
fn a_container_with_children_goes_only_with_the_control() {
    let server = Server::start();
    load_organisation(&server);
    let people = format!("OU=People,{BASE}");
    server.tool("ldapdelete", &[&people], "").expect(66, &["00002015: "]);
    assert_eq!(server.search(&["-b", &people, "(objectClass=user)", "1.1"]).entries().len(), 4);
    server.tool("ldapdelete", &["-e", TREE_DELETE, &people], "").expect(0, &[]);
    server.search(&["-b", &people, "(objectClass=*)"]).expect(32, &["0000"]);
    assert!(server.search(&["(|(sAMAccountName=ann)(sAMAccountName=dora))", "1.1"]).entries().is_empty());
    let engineers = &server.search(&["(cn=engineers)", "member"]).entries()[0];
    assert!(engineers.values("member").is_empty());
}

#[test]
fn what_the_system_needs_stays() {
    let server = Server::start();
    for name in [
        format!("CN=Administrator,CN=Users,{BASE}"),
        format!("CN=Domain Users,CN=Users,{BASE}"),
        format!("CN=Users,{BASE}"),
        format!("OU=Domain Controllers,{BASE}"),
        BASE.to_owned(),
    ] {
        let output = server.tool("ldapdelete", &["-e", TREE_DELETE, &name], "");
        // The descriptor of administrators has no right to delete a tree.
        assert!(matches!(output.code, 50 | 53 | 66 | 80), "{name}: {output}");
        assert_eq!(server.search(&["-b", &name, "-s", "base", "(objectClass=*)", "1.1"]).entries().len(), 1);
    }
    server.tool("ldapdelete", &[&format!("CN=nobody,{BASE}")], "").expect(32, &["0000208D: "]);
}
