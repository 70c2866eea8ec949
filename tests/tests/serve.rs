//! Starting and stopping: what goes wrong is said in one line and damages nothing.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use bailiwick_store::{Committed, Embedded, Options, Space, Stop, Store};
use bailiwick_tests::{ADMINISTRATOR, BASE, Domain, Exited, Output, PASSWORD, Server, ServerCommand, run};

/// The exit codes, as `bailiwick --help` lists them.
const CONFIGURATION: i32 = 3;
const PORT: i32 = 4;
const FOLDER: i32 = 5;
const FOLDER_IN_USE: i32 = 6;
const OTHER_DOMAIN: i32 = 7;
const NEWER: i32 = 8;
const DAMAGED: i32 = 9;

/// Starts a server that must not come up: one line that contains the texts, its exit code, an untouched folder.
#[track_caller]
fn refused(domain: &Domain, command: ServerCommand, code: i32, texts: &[&str]) {
    let before = domain.data().exists().then(|| domain.contents());
    let Exited { status, stdout, stderr } = command.fail();
    assert_eq!(status.code(), Some(code), "{stderr}");
    assert_eq!(stdout, "", "nothing is printed before it is sure to work");
    let lines: Vec<_> = stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(lines.len(), 1, "{stderr}");
    for text in texts {
        assert!(lines[0].contains(text), "no {text:?} in {}", lines[0]);
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
    let after = domain.data().exists().then(|| domain.contents());
    assert!(before == after, "the data folder was changed");
}

fn serve(domain: &Domain) -> ServerCommand {
    ServerCommand::new(&domain.data())
}

#[test]
fn a_taken_port_is_named_with_its_flag() {
    let domain = Domain::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("a bound socket has an address").to_string();
    for listener in ["--ldap", "--ldaps", "--http", "--https"] {
        refused(&domain, serve(&domain).flags(&[listener, &address]), PORT, &[&address, listener]);
    }
    // A first start makes nothing when it cannot listen.
    let empty = Domain::empty();
    let command = serve(&empty).flags(&["--domain", "example.com", "--ldap", &address]);
    refused(&empty, command, PORT, &[&address]);
    assert!(!empty.data().exists());
}

#[test]
fn an_unwritable_folder_is_refused() {
    let domain = Domain::empty();
    fs::write(domain.beside("file"), "").expect("the folder is writable");
    let below_a_file = domain.beside("file").join("data");
    let command = ServerCommand::new(&below_a_file).flags(&["--domain", "example.com"]);
    refused(&domain, command, FOLDER, &[&below_a_file.to_string_lossy()]);
    // Rights mean nothing to root, so that case is for everybody else.
    let locked = domain.beside("locked");
    fs::create_dir(&locked).expect("the folder is writable");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).expect("permissions can be set");
    if fs::write(locked.join("probe"), "").is_err() {
        let data = locked.join("data");
        refused(
            &domain,
            ServerCommand::new(&data).flags(&["--domain", "example.com"]),
            FOLDER,
            &[&data.to_string_lossy()],
        );
    }
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let domain = Domain::empty();
    fs::create_dir(domain.data()).expect("the folder is writable");
    fs::write(domain.data().join("thesis.txt"), "chapter 1").expect("the folder is writable");
    refused(&domain, serve(&domain).flags(&["--domain", "example.com"]), FOLDER, &["thesis.txt"]);
}

#[test]
fn a_folder_of_another_domain_is_refused() {
    let domain = Domain::new();
    refused(&domain, serve(&domain).flags(&["--domain", "other.org"]), OTHER_DOMAIN, &["example.com", "other.org"]);
    let server = Server::on(domain, &["--domain", "EXAMPLE.COM"]);
    server.stop();
}

#[test]
fn a_folder_in_use_is_refused() {
    let server = Server::start();
    let Exited { status, stderr, .. } = serve(server.domain()).fail();
    assert_eq!(status.code(), Some(FOLDER_IN_USE));
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("in use"), "{stderr}");
    // The first one never noticed.
    assert_eq!(server.search(&["(sAMAccountName=Administrator)", "1.1"]).entries()[0].dn, ADMINISTRATOR);
}

#[test]
fn a_damaged_folder_is_refused() {
    let domain = Domain::new();
    let (data_file, octets) =
        domain.contents().into_iter().find(|(path, _)| path.ends_with("data.mdb")).expect("the store is a file");
    fs::write(&data_file, &octets[..octets.len() / 2]).expect("the file is writable");
    refused(&domain, serve(&domain), DAMAGED, &[]);
    fs::write(&data_file, vec![0x5a; octets.len()]).expect("the file is writable");
    refused(&domain, serve(&domain), DAMAGED, &[]);
}

#[test]
fn a_folder_of_a_newer_version_is_refused() {
    let domain = Domain::new();
    {
        let space = Space("meta");
        let store = Embedded::open(domain.data().join("directory"), &[space], Options::default());
        let store = store.expect("the store can be opened while no server runs");
        let written = store.write(&mut |t| t.put(space, b"format", &u32::MAX.to_be_bytes()).map_err(|_| Stop));
        assert!(matches!(written, Ok(Committed::Durable { .. })), "{written:?}");
    }
    refused(&domain, serve(&domain), NEWER, &["newer"]);
}

#[test]
fn a_domain_is_needed_once() {
    let domain = Domain::empty();
    refused(&domain, serve(&domain), CONFIGURATION, &["--domain"]);
    assert!(!domain.data().exists());
    for bad in [
        "",
        "com",
        "exa mple.com",
        "-x.example",
        "example..com",
        "EXAMPLE",
        "a.b.c.d.e.f.this-label-is-longer-than-sixty-three-characters-and-that-is-too-long",
    ] {
        refused(&domain, serve(&domain).flags(&[&format!("--domain={bad}")]), CONFIGURATION, &[]);
        assert!(!domain.data().exists(), "{bad}");
    }
}

#[test]
fn mistaken_flags_are_explained() {
    let domain = Domain::new();
    let mistaken = |flags: &[&str], text: &str| {
        let Exited { status, stdout, stderr } = serve(&domain).flags(flags).fail();
        assert!(!status.success(), "{flags:?}");
        assert_eq!(stdout, "");
        assert!(stderr.contains(text), "no {text:?} in {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    };
    mistaken(&["--ldpa", "127.0.0.1:0"], "--ldpa");
    mistaken(&["--ldap", "somewhere"], "ADDRESS:PORT");
    mistaken(&["--ldap", "127.0.0.1:70000"], "ADDRESS:PORT");
    mistaken(&["--connections-max", "many"], "connections-max");
    mistaken(&["--config", "/nowhere/at-all.toml"], "/nowhere/at-all.toml");
    mistaken(&["--tls-certificate", "/nowhere/chain.pem"], "tls-key");
    mistaken(&["--tls-certificate", "/nowhere/chain.pem", "--tls-key", "/nowhere/key.pem"], "/nowhere/");
    mistaken(&["--log-level", "shout!"], "log-level");
}

#[test]
fn a_mistaken_file_is_explained_with_its_line() {
    let domain = Domain::new();
    let file = domain.beside("bailiwick.toml");
    for (text, complaint) in [
        ("ldap = \"off\"\nldpas = \"off\"\n", ":2:"),
        ("ldap = \n", ":1:"),
        ("idle-seconds-max = \"forever\"\n", "idle-seconds-max"),
    ] {
        fs::write(&file, text).expect("the folder is writable");
        refused(&domain, serve(&domain).flags(&["--config", &file.to_string_lossy()]), CONFIGURATION, &[complaint]);
    }
}

#[test]
fn the_first_start_takes_the_password_from_a_file() {
    let domain = Domain::empty();
    let file = domain.beside("password");
    fs::write(&file, "From-A-File-42\n").expect("the folder is writable");
    let missing = domain.beside("missing").to_string_lossy().into_owned();
    let first = ["--domain", "example.com", "--admin-password-file"];
    let command = serve(&domain).flags(&[&first[..], &[&missing]].concat());
    let Exited { status, stderr, .. } = command.fail();
    assert!(!status.success() && stderr.contains(&missing), "{stderr}");
    let file = file.to_string_lossy().into_owned();
    let running = serve(&domain).flags(&[&first[..], &[&file]].concat()).start();
    let url = running.url("ldap");
    let whoami = running.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", ADMINISTRATOR, "-w", "From-A-File-42"], "");
    whoami.expect(0, &[]);
    let (status, screen) = running.stop_with_screen();
    assert!(status.success());
    assert!(!screen.contains("From-A-File-42"), "a password that was given is not shown:\n{screen}");
}

#[test]
fn the_first_start_makes_a_password_and_shows_it_once() {
    let domain = Domain::empty();
    let environment_off = |command: ServerCommand| command.without("BAILIWICK_ADMIN_PASSWORD");
    let running = environment_off(serve(&domain).flags(&["--domain", "example.com"])).start();
    let url = running.url("ldap");
    let screen = running.screen_until_ready().to_owned();
    // It stands alone on the line after the next.
    let password = screen.lines().skip_while(|line| !line.contains("password of Administrator")).nth(2);
    let password = password.expect("the password is shown").trim();
    assert!(password.len() >= 12, "{screen}");
    let whoami = running.bare_tool("ldapwhoami", &["-x", "-H", &url, "-D", ADMINISTRATOR, "-w", password], "");
    whoami.expect(0, &[]);
    assert!(!running.log().contains(password));
    assert!(running.stop().success());
    let again = environment_off(serve(&domain)).start();
    assert!(!again.screen_until_ready().contains("password"), "{}", again.screen_until_ready());
    assert!(again.stop().success());
}

#[test]
fn the_first_password_is_one_that_the_policy_takes() {
    for (password, complaint) in [
        ("Ab-345", "has 6 characters and the policy of a new domain wants 7"),
        ("only-small-letters", "is too plain"),
        ("Administrator-2026", "is too plain"),
    ] {
        let domain = Domain::empty();
        let command = serve(&domain).flags(&["--domain", "example.com"]).variable("BAILIWICK_ADMIN_PASSWORD", password);
        let exited = command.fail();
        assert!(!exited.status.success());
        assert!(exited.stderr.contains(complaint), "{password}: {}", exited.stderr);
        assert!(!exited.stderr.contains(password) && !exited.stdout.contains(password));
        assert!(!domain.data().exists(), "{password}: nothing is left behind");
    }
}

#[test]
fn a_first_start_that_was_killed_is_repeated() {
    let domain = Domain::empty();
    let mut child = serve(&domain).flags(&["--domain", "example.com"]).spawn();
    // It is killed somewhere on its way, wherever that is today.
    while !domain.data().exists() {
        assert!(child.try_wait().expect("a child can be looked at").is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    child.kill().expect("a child can be killed");
    child.wait().expect("a child can be waited for");
    let server = Server::on(domain, &["--domain", "example.com"]);
    assert_eq!(server.search(&["(sAMAccountName=Administrator)", "1.1"]).entries()[0].dn, ADMINISTRATOR);
}

#[test]
fn a_second_start_finds_its_data() {
    let server = Server::start();
    server.add(&format!("dn: OU=Kept,{BASE}\nobjectClass: organizationalUnit\n"));
    // The account that signs in to ask keeps its sign-ins, so it changes with each question.
    let everything = ["(!(sAMAccountName=Administrator))", "*"];
    let before = server.search(&everything).stdout;
    let domain = server.stop();
    let server = Server::on(domain, &[]);
    assert_eq!(server.search(&everything).stdout, before);
    // After a stop that was not asked for, too.
    let server = Server::on(server.kill(), &[]);
    assert_eq!(server.search(&everything).stdout, before);
}

#[test]
fn the_start_screen_says_what_a_newcomer_needs() {
    let server = Server::start();
    let screen = server.screen_until_ready();
    for text in [BASE, "Administrator", "ldapsearch -x -H ldap", &server.url("ldap"), &server.url("ldaps"), "ca.pem"] {
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
    }
    assert!(!screen.contains(PASSWORD));
}

#[test]
fn listeners_can_be_off() {
    let server = Server::with(&["--ldaps", "off", "--http", "off", "--https", "off"]);
    assert_eq!(server.search(&["-b", "", "-s", "base"]).entries().len(), 1);
    assert!(!server.screen_until_ready().contains("ldaps://"));
}

#[test]
fn settings_come_from_flag_environment_and_file() {
    let domain = Domain::new();
    let file = domain.beside("own.toml");
    fs::write(&file, "idle-seconds-max = 77\nlog-format = \"json\"\n").expect("the folder is writable");
    let mut command = bailiwick_tests::command("config");
    command.env("BAILIWICK_LOG_LEVEL", "debug").arg("--config").arg(&file).args(["--ldap", "127.0.0.1:1389"]);
    let shown: Output = run(&mut command, "");
    assert_eq!(shown.code, 0, "{shown}");
    let line = |name: &str| {
        let found =
            shown.stdout.lines().find(|line| line.split(|c: char| c.is_whitespace() || c == '=').next() == Some(name));
        found.unwrap_or_else(|| panic!("no {name} in {}", shown.stdout)).to_owned()
    };
    assert!(line("ldap").contains("127.0.0.1:1389") && line("ldap").contains("flag"), "{}", line("ldap"));
    assert!(line("log-level").contains("debug") && line("log-level").contains("environment"), "{}", line("log-level"));
    assert!(line("idle-seconds-max").contains("77") && line("idle-seconds-max").contains("own.toml:1"));
    assert!(line("https").contains("127.0.0.1:5001") && line("https").contains("default"));
}
