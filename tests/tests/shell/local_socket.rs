//! The socket in the data folder: who may use it, and as whom.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};

use bailiwick_tests::Server;

fn url(server: &Server) -> String {
    format!("ldapi://{}", server.data().join("ldapi").display().to_string().replace('/', "%2F"))
}

#[test]
fn the_owner_of_the_folder_signs_in_by_who_it_is() {
    let server = Server::start();
    let url = url(&server);
    server.bare_tool("ldapwhoami", &["-Q", "-Y", "EXTERNAL", "-H", &url], "").expect(0, &["u:BUILTIN\\Administrators"]);
    let system = ["-Q", "-Y", "EXTERNAL", "-X", "u:NT AUTHORITY\\SYSTEM", "-H", &url];
    server.bare_tool("ldapwhoami", &system, "").expect(0, &["u:NT AUTHORITY\\SYSTEM"]);
    // Nobody becomes somebody else by it.
    let other = ["-Q", "-Y", "EXTERNAL", "-X", "u:Administrator", "-H", &url];
    server.bare_tool("ldapwhoami", &other, "").expect(49, &[]);
}

#[test]
fn the_mechanism_is_offered_on_the_socket_only() {
    let server = Server::start();
    let search = |url: &str| {
        server.bare_tool(
            "ldapsearch",
            &["-x", "-LLL", "-H", url, "-b", "", "-s", "base", "supportedSASLMechanisms"],
            "",
        )
    };
    assert!(search(&url(&server)).says("supportedSASLMechanisms: EXTERNAL"));
    assert!(!search(&server.url("ldap")).says("EXTERNAL"));
    let elsewhere = server.bare_tool("ldapwhoami", &["-Q", "-Y", "EXTERNAL", "-H", &server.url("ldap")], "");
    assert_ne!(elsewhere.code, 0, "{elsewhere}");
}

#[test]
fn the_file_is_the_owners_alone_and_goes_with_the_server() {
    let server = Server::start();
    let path = server.data().join("ldapi");
    let metadata = std::fs::metadata(&path).expect("the socket is there");
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    let domain = server.stop();
    assert!(!domain.data().join("ldapi").exists());
}

#[test]
fn a_socket_that_a_killed_server_left_is_in_nobodys_way() {
    let domain = Server::start().kill();
    assert!(domain.data().join("ldapi").exists());
    let shell = super::Shell::Offline(domain);
    shell.does(&["user", "list"]);
    let super::Shell::Offline(domain) = shell else { return };
    let server = Server::on(domain, &[]);
    super::Shell::Online(Box::new(server)).does(&["user", "list"]);
}
