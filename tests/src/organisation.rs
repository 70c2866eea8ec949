//! A small organisation: people, groups within groups, a disabled account, a computer.

use std::fmt::Write as _;

use crate::domain::BASE;
use crate::server::Running;

/// LDIF of one person in a container, with a mail address.
pub fn person(account: &str, given_name: &str, surname: &str, container: &str) -> String {
    let mut ldif = String::new();
    let _ = write!(
        ldif,
        "dn: CN={given_name} {surname},{container}\n\
         objectClass: user\n\
         sAMAccountName: {account}\n\
         userPrincipalName: {account}@example.com\n\
         givenName: {given_name}\n\
         sn: {surname}\n\
         displayName: {given_name} {surname}\n\
         mail: {account}@example.com\n\
         uid: {account}\n\
         userAccountControl: 544\n\n"
    );
    ldif
}

/// Loads the organisation through `ldapadd`.
///
/// Units People, People/Abroad, Groups and Machines; people ann, bob, cy (disabled), dora (abroad); groups staff
/// (ann and the group engineers), engineers (bob, dora), admins-of-app (staff), loop-a and loop-b (each other);
/// computer web1. bob reports to ann; dora has a POSIX account.
#[track_caller]
pub fn load_organisation(server: &Running) {
    let unit = |name: &str, parent: &str| format!("dn: OU={name},{parent}\nobjectClass: organizationalUnit\n\n");
    let people = format!("OU=People,{BASE}");
    let abroad = format!("OU=Abroad,{people}");
    let groups = format!("OU=Groups,{BASE}");
    let mut ldif = unit("People", BASE) + &unit("Abroad", &people) + &unit("Groups", BASE) + &unit("Machines", BASE);
    ldif += &person("ann", "Ann", "Archer", &people);
    ldif += &person("bob", "Bob", "Baker", &people);
    ldif += &person("cy", "Cy", "Carter", &people).replace("userAccountControl: 544", "userAccountControl: 546");
    ldif += &person("dora", "Dora", "Dyer", &abroad);
    let group = |name: &str, kind: &str, members: &[&str]| {
        let mut ldif =
            format!("dn: CN={name},{groups}\nobjectClass: group\nsAMAccountName: {name}\ngroupType: {kind}\n");
        for member in members {
            let _ = writeln!(ldif, "member: {member}");
        }
        ldif + "\n"
    };
    let (ann, bob) = (format!("CN=Ann Archer,{people}"), format!("CN=Bob Baker,{people}"));
    let dora = format!("CN=Dora Dyer,{abroad}");
    ldif += &group("engineers", "-2147483646", &[&bob, &dora]);
    ldif += &group("staff", "-2147483640", &[&ann, &format!("CN=engineers,{groups}")]);
    ldif += &group("admins-of-app", "-2147483640", &[&format!("CN=staff,{groups}")]);
    ldif += &group("loop-a", "-2147483640", &[]);
    ldif += &group("loop-b", "-2147483640", &[&format!("CN=loop-a,{groups}"), &ann]);
    let _ = write!(
        ldif,
        "dn: CN=web1,OU=Machines,{BASE}\nobjectClass: computer\nsAMAccountName: WEB1$\nuserAccountControl: 4096\n\
         dNSHostName: web1.example.com\nservicePrincipalName: HOST/web1.example.com\nservicePrincipalName: HOST/WEB1\n\n"
    );
    server.add(&ldif);
    let changes = format!(
        "dn: CN=loop-a,{groups}\nchangetype: modify\nadd: member\nmember: CN=loop-b,{groups}\n\n\
         dn: {bob}\nchangetype: modify\nadd: manager\nmanager: {ann}\n-\nreplace: description\ndescription: builds bridges\n\n\
         dn: CN=Dora Dyer,{abroad}\nchangetype: modify\nadd: objectClass\nobjectClass: posixAccount\n-\nadd: uidNumber\nuidNumber: 10004\n-\nadd: gidNumber\ngidNumber: 10000\n\n"
    );
    server.modify(&changes).expect(0, &[]);
}
