//! `ldapmodrdn`.

use bailiwick_tests::{BASE, Server, load_organisation};

#[test]
fn a_rename_changes_every_name_that_shows_it() {
    let server = Server::start();
    load_organisation(&server);
    let people = format!("OU=People,{BASE}");
    server.tool("ldapmodrdn", &["-r", &format!("CN=Bob Baker,{people}"), "CN=Robert Baker"], "").expect(0, &[]);
    let bob = &server.search(&["(sAMAccountName=bob)", "cn", "name", "distinguishedName"]).entries()[0];
    assert_eq!(bob.dn, format!("CN=Robert Baker,{people}"));
    assert_eq!((bob.value("cn"), bob.value("name")), ("Robert Baker".into(), "Robert Baker".into()));
    let engineers = &server.search(&["(cn=engineers)", "member"]).entries()[0];
    assert!(engineers.values("member").contains(&bob.dn));
    let ann = &server.search(&["(sAMAccountName=ann)", "directReports"]).entries()[0];
    assert_eq!(ann.values("directReports"), std::slice::from_ref(&bob.dn));
}

#[test]
fn a_move_takes_everything_below_with_it() {
    let server = Server::start();
    load_organisation(&server);
    let arguments = ["-r", "-s", &format!("OU=Groups,{BASE}"), &format!("OU=People,{BASE}"), "OU=Folk"];
    server.tool("ldapmodrdn", &arguments, "").expect(0, &[]);
    let folk = format!("OU=Folk,OU=Groups,{BASE}");
    let dora = &server.search(&["(sAMAccountName=dora)", "memberOf"]).entries()[0];
    assert_eq!(dora.dn, format!("CN=Dora Dyer,OU=Abroad,{folk}"));
    let below = server.search(&["-b", &folk, "(objectClass=user)", "1.1"]).entries();
    assert_eq!(below.len(), 4);
    let gone = server.search(&["-b", &format!("OU=People,{BASE}"), "(objectClass=*)", "1.1"]);
    gone.expect(32, &["0000208D: "]);
    let engineers = &server.search(&["(cn=engineers)", "member"]).entries()[0];
    assert!(engineers.values("member").contains(&dora.dn));
}

#[test]
fn every_kind_of_mistake_has_its_code() {
    let server = Server::start();
    load_organisation(&server);
    let people = format!("OU=People,{BASE}");
    let bob = format!("CN=Bob Baker,{people}");
    let check = |arguments: &[&str], code, texts: &[&str]| server.tool("ldapmodrdn", arguments, "").expect(code, texts);
    check(&["-r", &format!("CN=nobody,{people}"), "CN=x"], 32, &["0000208D: "]);
    check(&["-r", &bob, "CN=Ann Archer"], 68, &["00002071: "]);
    check(&["-r", &bob, "OU=Bob"], 53, &["00002073: "]);
    check(&["-r", "-s", &format!("OU=Nowhere,{BASE}"), &bob, "CN=Bob Baker"], 80, &["00002089: "]);
    check(&["-r", "-s", &format!("OU=Abroad,{people}"), &people, "OU=People"], 53, &["00002077: "]);
    check(&["-r", &format!("CN=Builtin,{BASE}"), "CN=Outbuilt"], 53, &["0000"]);
    check(&["-r", BASE, "DC=instance"], 53, &["0000"]);
    assert_eq!(server.search(&["(sAMAccountName=bob)", "1.1"]).entries()[0].dn, bob);
}

#[test]
fn a_change_of_case_is_a_rename() {
    let server = Server::start();
    load_organisation(&server);
    let people = format!("OU=People,{BASE}");
    server.tool("ldapmodrdn", &["-r", &format!("CN=bob baker,{people}"), "CN=BOB BAKER"], "").expect(0, &[]);
    assert_eq!(server.search(&["(sAMAccountName=bob)", "cn"]).entries()[0].value("cn"), "BOB BAKER");
}
