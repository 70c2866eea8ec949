//! `ldapcompare`.

use bailiwick_tests::{ADMINISTRATOR, BASE, Server};

#[track_caller]
fn check(server: &Server, name: &str, assertion: &str, code: i32) {
    server.tool("ldapcompare", &[name, assertion], "").expect(code, &[]);
}

#[test]
fn values_compare_by_the_rule_of_the_attribute() {
    let server = Server::start();
    check(&server, ADMINISTRATOR, "sAMAccountName:ADMINISTRATOR", 6);
    check(&server, ADMINISTRATOR, "samaccountname:guest", 5);
    check(&server, ADMINISTRATOR, "objectClass:PERSON", 6);
    check(&server, ADMINISTRATOR, "userAccountControl:512", 6);
    check(&server, ADMINISTRATOR, &format!("memberOf:cn=domain admins,cn=users,{BASE}"), 6);
    check(&server, BASE, "dc:EXAMPLE", 6);
}

#[test]
fn what_cannot_be_compared_has_its_code() {
    let server = Server::start();
    check(&server, ADMINISTRATOR, "noSuchAttribute:1", 16);
    check(&server, ADMINISTRATOR, "telephoneNumber:1", 16);
    check(&server, &format!("CN=nobody,{BASE}"), "cn:nobody", 32);
    // A secret looks like an attribute that is not there.
    check(&server, ADMINISTRATOR, "unicodePwd:x", 16);
}
