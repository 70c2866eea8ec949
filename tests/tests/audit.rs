//! The audit of a real server: every sign-in and every change, found again while it runs, after it was stopped and
//! after it was killed; and no password in anything that is written down.

use bailiwick_tests::{ADMINISTRATOR, BASE, Client, Domain, Output, PASSWORD, Server, USERS, command, run};
use serde_json::Value;

const WRONG: &str = "Wrong-Herring-31";
const WRITTEN: &str = "Written-Walrus-58";
const IMPORTED: &str = "Imported-Ibis-94";
const RESET: &str = "Reset-Raven-62";
const EXPIRED: &str = "Expired-Egret-19";
const OWN: &str = "Owner-Otter-83";
/// What somebody typed for a one-time code; unlike any number that a log may hold by chance.
const CODE: &str = "code-no-code-27";

/// `bailiwick audit` on a data folder.
#[track_caller]
fn audit(domain: &Domain, arguments: &[&str]) -> Output {
    let data = domain.data();
    let mut command = command("audit");
    command.args(["--limit", "0", "--data"]).arg(data).args(arguments);
    run(&mut command, "")
}

/// The events that match, the oldest first.
#[track_caller]
fn events(domain: &Domain, arguments: &[&str]) -> Vec<Value> {
    let output = audit(domain, &[&["--json"], arguments].concat());
    output.expect(0, &[]);
    let mut events: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    events.reverse();
    events
}

/// One good and one bad operation of every kind, each with what the audit calls it.
#[track_caller]
fn operate(server: &Server) -> Vec<(&'static str, &'static str)> {
    let url = server.url("ldap");
    let dn = format!("CN=Ada,{USERS}");
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", ADMINISTRATOR, "-w", WRONG], "").expect(49, &[]);
    server.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", "nobody", "-w", WRONG], "").expect(49, &[]);
    let mut client = Client::administrator(server.address("ldap"));
    let done = |ended: bailiwick_tests::Ended| ended.expect("the connection holds");
    done(client.add(&dn, &[("objectClass", "user"), ("sAMAccountName", "ada"), ("description", "countess")]));
    done(client.add(&dn, &[("objectClass", "user")]));
    server
        .modify(&format!("dn: {dn}\nchangetype: modify\nreplace: description\ndescription: mathematician\n"))
        .expect(0, &[]);
    server.modify(&format!("dn: {dn}\nchangetype: modify\nreplace: noSuchThing\nnoSuchThing: x\n"));
    done(client.rename(&dn, "CN=Ada L"));
    done(client.rename(&dn, "CN=Ada B"));
    done(client.delete(&format!("CN=Ada L,{USERS}")));
    done(client.delete(&format!("CN=Ada L,{USERS}")));
    vec![
        ("sign-in", "sign-in:wrong-password"),
        ("sign-in", "sign-in:unknown-name"),
        ("sign-in", "success"),
        ("add", "success"),
        ("add", "already-exists"),
        ("sign-in", "success"),
        ("modify", "success"),
        ("sign-in", "success"),
        ("modify", "attribute:undefined"),
        ("rename", "success"),
        ("rename", "no-such-object"),
        ("delete", "success"),
        ("delete", "no-such-object"),
    ]
}

fn kinds(events: &[Value]) -> Vec<(String, String)> {
    let text = |event: &Value, field: &str| event[field].as_str().unwrap_or_default().to_owned();
    events.iter().map(|event| (text(event, "kind"), text(event, "result"))).collect()
}

#[track_caller]
fn assert_kinds(found: &[Value], expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(kind, result)| (kind.to_string(), result.to_string())).collect();
    assert_eq!(kinds(found), expected);
}

/// Asks until the audit has as many events; what waits in memory is written within a quarter of a second.
#[track_caller]
fn wait_for(domain: &Domain, count: usize) -> Vec<Value> {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let found = events(domain, &[]);
        if found.len() >= count || std::time::Instant::now() > deadline {
            return found;
        }
        std::thread::yield_now();
    }
}

#[test]
fn every_sign_in_and_change_is_found_beside_the_server_and_after_it() {
    let server = Server::start();
    let expected = operate(&server);
    let while_it_runs = wait_for(server.domain(), expected.len());
    assert_kinds(&while_it_runs, &expected);
    let log = server.log();
    let lines = log.lines().filter(|line| line.contains(" audit ")).count();
    assert_eq!(lines, expected.len(), "the log has them too:\n{log}");

    let domain = server.stop();
    let found = events(&domain, &[]);
    assert_eq!(found, while_it_runs);

    let add = &found[3];
    assert_eq!(add["face"], "ldap");
    assert_eq!(add["from"], "127.0.0.1");
    assert_eq!(add["protection"], "local");
    assert_eq!(add["who"]["name"], "EXAMPLE\\Administrator");
    assert!(add["who"]["sid"].as_str().is_some_and(|sid| sid.ends_with("-500")), "{add}");
    assert_eq!(add["object"]["name"], format!("CN=Ada,{USERS}"));
    assert_eq!(add["attributes"][2]["values"][0], "countess");
    // The same object under its three names.
    let guid = add["object"]["guid"].as_str().expect("an object that was made has a GUID");
    assert_kinds(
        &events(&domain, &["--object", guid]),
        &[("add", "success"), ("modify", "success"), ("rename", "success"), ("delete", "success")],
    );
    assert_eq!(events(&domain, &["--kind", "sign-in", "--result", "failure"]).len(), 2);
    assert_eq!(events(&domain, &["--who", "nobody"]).len(), 1);
    assert_eq!(events(&domain, &["--since", "1d", "--until", "2020-01-01"]).len(), 0);
    audit(&domain, &["--kind", "rename", "--result", "success"]).expect(0, &["EXAMPLE\\Administrator", " to CN=Ada L"]);
    audit(&domain, &["--kind", "weather"]).expect(2, &["sign-in"]);
    audit(&domain, &["--since", "tomorrow"]).expect(2, &["2026-11-22"]);
}

#[test]
fn a_folder_without_an_audit_is_named() {
    audit(&Domain::empty(), &[]).expect(5, &["holds no audit"]);
}

#[test]
fn what_was_written_survives_a_kill_and_the_next_server_goes_on() {
    let server = Server::with(&["--audit-flush-ms-max", "1"]);
    assert_eq!(Client::administrator(server.address("ldap")).delete(&format!("CN=x,{BASE}")).map(|_| ()), Ok(()));
    let before = wait_for(server.domain(), 2);
    assert_eq!(before.len(), 2);
    let server = Server::on(server.kill(), &[]);
    Client::administrator(server.address("ldap"));
    let domain = server.stop();
    let after = events(&domain, &[]);
    assert_eq!(after[..2], before);
    assert_kinds(&after[2..], &[("sign-in", "success")]);
}

#[test]
fn what_the_shell_changes_is_kept_under_its_own_face() {
    let domain = Domain::new();
    let mut import = command("import");
    import.args(["-", "--quiet", "--data"]).arg(domain.data());
    run(&mut import, &format!("dn: CN=Imp,{USERS}\nobjectClass: contact\n\n")).expect(0, &[]);
    let found = events(&domain, &[]);
    assert_kinds(&found, &[("add", "success")]);
    assert_eq!((&found[0]["face"], &found[0]["who"]["name"]), (&"shell".into(), &"system".into()));
    assert_eq!(found[0].get("from"), None);
}

#[test]
fn changes_that_ldap_refuses_by_itself_are_kept_too() {
    let server = Server::start();
    let url = server.url("ldap");
    let mut client = Client::administrator(server.address("ldap"));
    let refused = |ended: bailiwick_tests::Ended| assert!(ended.is_ok_and(|code| code.number() != 0));
    refused(client.add("nonsense", &[("objectClass", "user")]));
    refused(client.rename(&format!("CN=Guest,{USERS}"), "more nonsense"));
    refused(client.delete("CN=x,,"));
    let guest = format!("CN=Guest,{USERS}");
    server.modify(&format!("dn: {guest}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd: {WRITTEN}\n"));
    let password = |more: &[&str]| {
        let mut arguments = vec!["-x", "-H", &url, "-s", WRITTEN];
        arguments.extend(more);
        assert_ne!(server.bare_tool("ldappasswd", &arguments, "").code, 0);
    };
    password(&["-D", ADMINISTRATOR, "-w", PASSWORD, &guest]);
    password(&["-ZZ", "-D", ADMINISTRATOR, "-w", PASSWORD, "nobody"]);
    password(&["-ZZ", &guest]);
    let domain = server.stop();
    let found = events(&domain, &["--result", "failure"]);
    assert_kinds(
        &found,
        &[
            ("add", "invalid-name"),
            ("rename", "invalid-name"),
            ("delete", "invalid-name"),
            ("modify", "refused:password-unprotected"),
            ("modify", "refused:password-unprotected"),
            ("modify", "no-such-object"),
            ("modify", "not-signed-in"),
        ],
    );
    let objects: Vec<_> = found.iter().map(|event| event["object"]["name"].as_str().unwrap_or_default()).collect();
    assert_eq!(objects, ["nonsense", &guest, "CN=x,,", &guest, &guest, "nobody", &guest]);
    assert!(found[3..].iter().all(|event| event["attributes"][0]["masked"] == true), "{found:#?}");
}

#[test]
fn the_owner_of_the_folder_is_known_by_the_machines_user() {
    let user = format!("uid {}", rustix::process::getuid().as_raw());
    let create = |data: &std::path::Path, name: &str| {
        let mut command = command("user");
        command.args(["create", name, "--data"]).arg(data);
        run(&mut command, "").expect(0, &[]);
    };
    let server = Server::start();
    create(server.data(), "online");
    let domain = server.stop();
    create(&domain.data(), "offline");
    for (object, face) in [("CN=online,", "ldap"), ("CN=offline,", "shell")] {
        let found = events(&domain, &["--object", object]);
        assert_kinds(&found, &[("add", "success")]);
        assert_eq!((&found[0]["face"], &found[0]["who"]["name"]), (&face.into(), &user.as_str().into()));
    }
    let found = events(&domain, &["--kind", "sign-in"]);
    assert_eq!(found[0]["sign_in"]["account"]["name"], user);
    assert_eq!(found[0]["sign_in"]["name"], format!("EXTERNAL {user}"));
}

#[test]
fn passwords_that_are_taken_out_are_noted() {
    let domain = Domain::new();
    let export = |arguments: &[&str]| {
        let mut command = command("export");
        command.args(["--quiet", "--data"]).arg(domain.data()).args(arguments);
        run(&mut command, "").expect(0, &["CN=Guest"]);
    };
    export(&[]);
    assert_kinds(&events(&domain, &[]), &[]);
    export(&["--with-secrets"]);
    let found = events(&domain, &[]);
    assert_kinds(&found, &[("administer", "success")]);
    assert_eq!((&found[0]["use_case"], &found[0]["object"]["name"]), (&"export.secrets".into(), &BASE.into()));
}

#[test]
fn the_oldest_events_make_room() {
    let server = Server::with(&["--audit-octets-max", "1048576", "--audit-flush-ms-max", "1"]);
    let mut client = Client::administrator(server.address("ldap"));
    let long = format!("CN={},{BASE}", "x".repeat(900));
    for _ in 0..1500 {
        client.delete(&long).expect("the connection holds");
    }
    let domain = server.stop();
    let found = events(&domain, &[]);
    assert!((500..1200).contains(&found.len()), "{} are left", found.len());
    assert!(found.iter().all(|event| event["kind"] == "delete"), "the sign-in was the oldest");
}

#[test]
fn no_password_is_written_down_anywhere() {
    let server = Server::with(&["--log-level", "trace"]);
    operate(&server);
    let (ldap, ldaps) = (server.url("ldap"), server.url("ldaps"));
    let quoted: Vec<u8> = format!("\"{WRITTEN}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut said = String::new();
    let mut tool = |url: &str, program: &str, password: &str, arguments: &[&str], input: &str| {
        let mut all = vec!["-x", "-H", url, "-D", ADMINISTRATOR, "-w", password];
        all.extend(arguments);
        let output = server.bare_tool(program, &all, input);
        said += &output.stdout;
        said += &output.stderr;
    };
    // Every attribute that may hold a password, by name, by OID, with an option and misspelt, in an add and a modify,
    // over both listeners; and every other place that a password fits into.
    for url in [&ldap, &ldaps] {
        for attribute in [
            "userPassword",
            "unicodePwd",
            "2.5.4.35",
            "userPassword;x-old",
            "userPasword",
            "dBCSPwd",
            "unixUserPassword",
            "supplementalCredentials",
            "msFVE-RecoveryPassword",
            "clearTextPassword",
        ] {
            let user = format!("dn: CN=s,{USERS}\nobjectClass: user\nsAMAccountName: s\n{attribute}: {WRITTEN}\n");
            tool(url, "ldapadd", PASSWORD, &[], &user);
            for operation in ["add", "replace", "delete"] {
                let change = format!(
                    "dn: CN=Guest,{USERS}\nchangetype: modify\n{operation}: {attribute}\n{attribute}: {WRITTEN}\n"
                );
                tool(url, "ldapmodify", PASSWORD, &[], &change);
            }
        }
        let hex: String = quoted.iter().map(|octet| format!("\\{octet:02x}")).collect();
        tool(url, "ldapcompare", PASSWORD, &[ADMINISTRATOR, &format!("userPassword:{WRITTEN}")], "");
        tool(url, "ldapsearch", PASSWORD, &["-b", BASE, &format!("(unicodePwd={hex})"), "1.1"], "");
        tool(url, "ldappasswd", PASSWORD, &["-s", WRITTEN, &format!("CN=Guest,{USERS}")], "");
        tool(url, "ldappasswd", PASSWORD, &["-a", WRONG, "-s", WRITTEN, &format!("CN=Guest,{USERS}")], "");
        tool(url, "ldapwhoami", WRONG, &[], "");
        tool(url, "ldapdelete", PASSWORD, &[&format!("CN=s,{USERS}")], "");
    }
    // Password Modify that is done: another's password, one's own, and one that the server makes.
    let guest = format!("CN=Guest,{USERS}");
    let password_modify = |name: &str, password: &str, arguments: &[&str]| {
        let mut all = vec!["-x", "-ZZ", "-H", &ldap, "-D", name, "-w", password];
        all.extend(arguments);
        let output = server.bare_tool("ldappasswd", &all, "");
        output.expect(0, &[]);
        output
    };
    server.modify(&format!("dn: {BASE}\nchangetype: modify\nreplace: minPwdAge\nminPwdAge: 0\n")).expect(0, &[]);
    password_modify(ADMINISTRATOR, PASSWORD, &["-s", RESET, &guest]);
    password_modify(ADMINISTRATOR, PASSWORD, &["-a", PASSWORD, "-s", OWN]);
    let made = password_modify(ADMINISTRATOR, OWN, &[&guest]);
    let made = made.stdout.trim().rsplit(' ').next().expect("a password that was made is shown").to_owned();
    // One that is changed by somebody who has not signed in.
    let nobody = ["-x", "-ZZ", "-H", &ldap, "-a", OWN, "-s", EXPIRED, ADMINISTRATOR];
    server.bare_tool("ldappasswd", &nobody, "").expect(0, &[]);
    // One-time codes, enrolled and guessed at.
    let mut otp = |arguments: &[&str]| {
        let mut command = command("user");
        command.arg("otp").args(arguments).arg("--data").arg(server.data());
        let output = run(&mut command, "");
        said += &output.stderr;
        output
    };
    let enrolled = otp(&["enable", "Guest", "--json"]);
    enrolled.expect(0, &[]);
    otp(&["confirm", "Guest", CODE]).expect(1, &[]);
    let enrolled: Value = serde_json::from_str(&enrolled.stdout).expect("it is JSON");
    let seed = enrolled["seed"].as_str().expect("the seed is shown").to_owned();
    let recovery = enrolled["recoveryCodes"][0].as_str().expect("recovery codes are shown").to_owned();
    let log = server.log();
    let domain = server.stop();
    // The same through the shell.
    let mut import = command("import");
    import.args(["-", "--continue", "--data"]).arg(domain.data());
    let person = |name: &str, attribute: &str| {
        format!("dn: CN={name},{USERS}\nobjectClass: user\nsAMAccountName: {name}\n{attribute}: {IMPORTED}\n\n")
    };
    let output = run(&mut import, &(person("p", "userPassword") + &person("q", "unicodePwd") + &person("r", "secret")));
    said += &output.stdout;
    said += &output.stderr;

    let table = audit(&domain, &[]);
    let json = audit(&domain, &["--json"]);
    table.expect(0, &["modify"]);
    assert!(json.stdout.contains(r#""masked":true"#), "secrets were there to be masked");
    let wide: String = quoted.iter().map(|octet| format!("{octet:02x}")).collect();
    let host: Vec<_> =
        domain.contents().into_iter().filter(|(path, _)| path.to_string_lossy().contains("/host/")).collect();
    assert!(!host.is_empty());
    let plain = recovery.replace('-', "");
    let secrets =
        [PASSWORD, WRONG, WRITTEN, IMPORTED, RESET, OWN, EXPIRED, CODE, &wide, &made, &seed, &recovery, &plain];
    assert!(made.len() > 20 && seed.len() == 32 && plain.len() == 16, "{made} {seed} {recovery}");
    for secret in secrets {
        for (place, text) in [("log", &log), ("answer", &said), ("table", &table.stdout), ("JSON", &json.stdout)] {
            assert!(!text.contains(secret), "{secret} is in the {place}");
        }
        for (path, octets) in &host {
            let found = octets.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
}
