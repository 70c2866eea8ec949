//! Passwords as clients write them: ldappasswd, ldapmodify, ldap3, and hashes that an import brings.

use std::fs;

use bailiwick_tests::{ADMINISTRATOR, Domain, Output, PASSWORD, Server, USERS, command, python, run};

const ADA: &str = "CN=Ada,CN=Users,DC=example,DC=com";

fn with_ada() -> Server {
    let server = Server::start();
    server.add(&format!("dn: CN=Ada,{USERS}\nobjectClass: user\nsAMAccountName: ada\nuserAccountControl: 544\n"));
    server
}

fn ldappasswd(server: &Server, arguments: &[&str]) -> Output {
    server.tool("ldappasswd", &[&["-ZZ"], arguments].concat(), "")
}

fn sign_in(server: &Server, password: &str) -> Output {
    let url = server.url("ldaps");
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", ADA, "-w", password], "")
}

#[test]
fn ldappasswd_sets_makes_and_changes_passwords() {
    let server = with_ada();
    ldappasswd(&server, &["-s", "Sommer-2026", ADA]).expect(0, &[]);
    sign_in(&server, "Sommer-2026").expect(0, &["u:EXAMPLE\\ada"]);
    ldappasswd(&server, &["-s", "short", ADA]).expect(1, &["(19)", "0000052D: "]);
    ldappasswd(&server, &["-a", "Wrong-123", "-s", "Winter-2026", ADA]).expect(1, &["(19)", "00000056: "]);
    let made = ldappasswd(&server, &["ada"]);
    made.expect(0, &["New password: "]);
    let password = made.stdout.lines().find_map(|line| line.strip_prefix("New password: ")).expect("a password");
    sign_in(&server, password).expect(0, &[]);
    server.tool("ldappasswd", &["-s", "Winter-2026", ADA], "").expect(1, &["(53)", "0000001F: "]);
}

#[test]
fn ldapmodify_writes_unicode_pwd_over_tls_only() {
    let server = with_ada();
    let quoted: Vec<u8> = "\"Sommer-2026\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = server.domain().beside("password");
    fs::write(&file, quoted).expect("the folder is writable");
    let ldif = format!("dn: {ADA}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:< file://{}\n", file.display());
    server.modify(&ldif).expect(53, &["0000001F: "]);
    server.tool("ldapmodify", &["-ZZ"], &ldif).expect(0, &[]);
    sign_in(&server, "Sommer-2026").expect(0, &[]);
    let shown = server.search(&["(sAMAccountName=ada)", "*", "unicodePwd", "userPassword"]);
    shown.expect(0, &["pwdLastSet"]);
    assert!(!shown.says("unicodePwd") && !shown.says("userPassword"), "{shown}");
}

#[test]
fn ldap3_sets_changes_makes_and_unlocks() {
    python(&Server::start(), "ldap3_passwords.py");
}

/// OpenLDAP's form of "Sommer-2026"; the directory keeps it until its owner signs in.
#[test]
fn an_import_brings_hashes() {
    let domain = Domain::new();
    let file = domain.beside("people.ldif");
    let ldif = format!(
        "dn: {ADA}\nobjectClass: user\nsAMAccountName: ada\nuserAccountControl: 512\n\
         userPassword: {{SSHA}}0e3mw5//9HK+FVNw2B8AU5bg9jdzYWx0c2FsdA==\n"
    );
    fs::write(&file, ldif).expect("the folder is writable");
    let mut import = command("import");
    import.arg("--data").arg(domain.data()).arg("--quiet").arg(&file);
    let output = run(&mut import, "");
    assert!(output.code == 0, "{output}");
    let server = Server::on(domain, &[]);
    sign_in(&server, "Winter-2026").expect(49, &["data 52e"]);
    for _ in 0..2 {
        sign_in(&server, "Sommer-2026").expect(0, &["u:EXAMPLE\\ada"]);
    }
    let key = server.data().join("secret.key");
    assert!(key.is_file(), "keys at rest have a key of their own");
    server.tool("ldapwhoami", &[], "").expect(0, &["Administrator"]);
    let url = server.url("ldaps");
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", ADMINISTRATOR, "-w", PASSWORD], "").expect(0, &[]);
}
