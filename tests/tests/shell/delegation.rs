//! A help desk that may reset passwords in one unit: delegated at the shell, used over LDAP.

use bailiwick_tests::Server;

use super::Shell;

const HELPER: &str = "Sommer-Wiese-31";
const OTHER: &str = "Winter-Wald-58";
const NEW: &str = "Herbst-Blatt-77";

#[test]
fn a_help_desk_resets_passwords_in_its_unit_and_nowhere_else() {
    let shell = Shell::Online(Box::new(Server::start()));
    shell.does(&["unit", "create", "Sales"]);
    shell.does(&["group", "create", "Helpdesk"]);
    let create = |arguments: &[&str], password: &str| {
        let mut all = vec!["user", "create", "--password-file", "-"];
        all.extend(arguments);
        shell.run_with(&all, password).expect(0, &[]);
    };
    create(&["helper", "--group", "Helpdesk"], HELPER);
    create(&["seller", "--in", "Sales"], OTHER);
    create(&["chief"], OTHER);
    let Shell::Online(server) = &shell else { return };
    let reset = |account: &str| {
        let (url, authority) = (server.url("ldap"), "helper@example.com");
        let arguments = ["-x", "-ZZ", "-H", &url, "-D", authority, "-w", HELPER, "-s", NEW, account];
        server.bare_tool("ldappasswd", &arguments, "").code
    };
    let seller = "CN=seller,OU=Sales,DC=example,DC=com";
    assert_ne!(reset(seller), 0);
    shell.does(&["acl", "grant", "Sales", "--to", "Helpdesk", "--right", "reset-password"]);
    assert_eq!(reset(seller), 0);
    assert_ne!(reset("CN=chief,CN=Users,DC=example,DC=com"), 0);
    shell.does(&["acl", "revoke", "Sales", "--from", "Helpdesk"]);
    assert_ne!(reset(seller), 0);
}
