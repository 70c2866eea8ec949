//! `ldapadd`.

use bailiwick_tests::{BASE, Server, USERS};

/// Adds an entry of `CN=Users` and expects a code and texts.
#[track_caller]
fn check(server: &Server, attributes: &str, code: i32, texts: &[&str]) {
    let ldif = format!("dn: CN=x,{USERS}\n{attributes}\n");
    server.tool("ldapadd", &[], &ldif).expect(code, texts);
}

#[test]
fn a_user_gets_what_the_directory_gives() {
    let server = Server::start();
    server.add(&format!("dn: CN=Eve Ehlers,{USERS}\nobjectClass: user\nsAMAccountName: eve\nsn: Ehlers\n"));
    let attributes = ["(sAMAccountName=EVE)", "*", "distinguishedName", "sAMAccountType", "primaryGroupID", "memberOf"];
    let found = server.search(&attributes).entries();
    let [eve] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(eve.dn, format!("CN=Eve Ehlers,{USERS}"));
    assert_eq!(eve.value("distinguishedName"), eve.dn);
    assert_eq!((eve.value("cn"), eve.value("name")), ("Eve Ehlers".into(), "Eve Ehlers".into()));
    assert_eq!(eve.values("objectClass"), ["top", "person", "organizationalPerson", "user"]);
    assert_eq!(eve.value("objectCategory"), format!("CN=Person,CN=Schema,CN=Configuration,{BASE}"));
    assert_eq!(eve.value("instanceType"), "4");
    assert_eq!(eve.value("primaryGroupID"), "513");
    assert_eq!(eve.value("sAMAccountType"), "805306368");
    assert_eq!(eve.octets("objectGUID")[0].len(), 16);
    assert_eq!(eve.octets("objectSid")[0].len(), 28);
    assert_eq!(eve.value("uSNCreated"), eve.value("uSNChanged"));
    assert_eq!(eve.value("whenCreated"), eve.value("whenChanged"));
    // The primary group is not among them: [MS-SAMR] 3.1.1.8.9.
    assert!(eve.values("memberOf").is_empty());
}

#[test]
fn every_kind_of_mistake_has_its_code() {
    let server = Server::start();
    check(&server, "objectClass: user\nsAMAccountName: x\nnoSuchAttribute: 1\n", 16, &["00000057: "]);
    check(&server, "objectClass: noSuchClass\n", 16, &["00000057: "]);
    check(&server, "objectClass: user\nsAMAccountName: x\nou: nowhere\nnTMixedDomain: 1\n", 65, &["0000207D: "]);
    check(&server, "objectClass: top\n", 53, &["000020A7: "]);
    check(&server, "objectClass: user\nobjectClass: group\nsAMAccountName: x\n", 65, &["000020B4: "]);
    check(&server, "objectClass: user\nsAMAccountName: x\nuSNChanged: 7\n", 19, &["000020B1: "]);
    check(
        &server,
        "objectClass: user\nsAMAccountName: x\nmemberOf: CN=Users,CN=Builtin,DC=example,DC=com\n",
        53,
        &["0000"],
    );
    check(&server, "objectClass: user\nsAMAccountName: x\nobjectGUID:: AAAAAAAAAAAAAAAAAAAAAA==\n", 53, &["0000"]);
    check(&server, "objectClass: user\nsAMAccountName: x\nuserAccountControl: many\n", 21, &["0000"]);
    check(&server, "objectClass: user\nsAMAccountName: x\nc: Germany\n", 19, &["00002082: "]);
    check(&server, "objectClass: user\nsAMAccountName: x\ngivenName: a\ngivenName: b\n", 19, &["00002081: "]);
    check(&server, "objectClass: user\nsAMAccountName: x\nmanager: CN=nobody,DC=example,DC=com\n", 19, &["000020B5: "]);
    check(&server, "objectClass: organizationalUnit\nou: x\n", 64, &["0000"]);
    // None of them left anything behind.
    assert!(server.search(&["(cn=x)", "1.1"]).entries().is_empty());
}

#[test]
fn the_parent_must_be_there_and_the_name_free() {
    let server = Server::start();
    let orphan = format!("dn: CN=x,OU=Nowhere,{BASE}\nobjectClass: user\nsAMAccountName: x\n");
    server.tool("ldapadd", &[], &orphan).expect(32, &["0000208D: ", &format!("matched DN: {BASE}")]);
    let twice = format!("dn: CN=GUEST,{USERS}\nobjectClass: user\nsAMAccountName: guest2\n");
    server.tool("ldapadd", &[], &twice).expect(68, &["00002071: "]);
    let same_account = format!("dn: CN=Other,{USERS}\nobjectClass: user\nsAMAccountName: GUEST\n");
    server.tool("ldapadd", &[], &same_account).expect(68, &["00000524: "]);
    let malformed = "dn: CN=x,,DC=com\nobjectClass: user\n";
    server.tool("ldapadd", &[], malformed).expect(34, &["0000208F: "]);
    let elsewhere = "dn: CN=x,DC=elsewhere,DC=org\nobjectClass: user\nsAMAccountName: x\n";
    server.tool("ldapadd", &[], elsewhere).expect(10, &["0000202B: "]);
    let below_user = format!("dn: OU=x,CN=Guest,{USERS}\nobjectClass: organizationalUnit\n");
    server.tool("ldapadd", &[], &below_user).expect(64, &["00002099: "]);
}

#[test]
fn anonymous_clients_add_nothing() {
    let server = Server::start();
    let ldif = format!("dn: CN=x,{USERS}\nobjectClass: user\nsAMAccountName: x\n");
    let url = server.url("ldap");
    server.bare_tool("ldapadd", &["-x", "-H", &url], &ldif).expect(1, &["000004DC: "]);
}

#[test]
fn names_with_every_special_character_come_back_as_they_went_in() {
    let server = Server::start();
    for (cn, escaped) in [
        ("Sales, West", "Sales\\, West"),
        ("#1 \"best\"", "\\#1 \\\"best\\\""),
        ("a+b;c<d>e\\f", "a\\+b\\;c\\<d\\>e\\\\f"),
        ("Zoë Müller-Łukasiewicz 東京", "Zoë Müller-Łukasiewicz 東京"),
        ("a=b/c", "a=b/c"),
    ] {
        let dn = format!("OU={escaped},{BASE}");
        server.add(&format!("dn: {dn}\nobjectClass: organizationalUnit\n"));
        let found = server.search(&["-b", &dn, "-s", "base", "(objectClass=*)", "ou", "name"]).entries();
        assert_eq!(found[0].value("ou"), cn);
        assert_eq!(found[0].value("name"), cn);
        server.tool("ldapdelete", &[&found[0].dn], "").expect(0, &[]);
    }
}
