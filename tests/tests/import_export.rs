//! LDIF in and out: of the folder of a stopped server and through a running one, with mistakes and interruptions.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bailiwick_tests::{ADMINISTRATOR, BASE, Domain, Output, PASSWORD, Server, USERS, command, person, run};

const REFUSED: i32 = 10;
const NOT_LDIF: i32 = 11;

/// `bailiwick SUBCOMMAND` on the data folder of a domain.
fn on_folder(subcommand: &str, domain: &Domain) -> Command {
    let mut command = command(subcommand);
    command.arg("--data").arg(domain.data()).arg("--quiet");
    command
}

/// `bailiwick SUBCOMMAND` through a running server.
fn through(subcommand: &str, server: &Server) -> Command {
    let mut command = command(subcommand);
    command.args(["--url", &server.url("ldap"), "--bind", ADMINISTRATOR, "--quiet"]);
    command.env("BAILIWICK_BIND_PASSWORD", PASSWORD);
    command
}

fn import(mut command: Command, file: &Path, flags: &[&str]) -> Output {
    run(command.arg(file).args(flags), "")
}

#[track_caller]
fn export(mut command: Command, file: &Path) -> String {
    let output = run(command.arg(file), "");
    assert!(output.code == 0, "{output}");
    fs::read_to_string(file).expect("an export writes its file")
}

/// An organisation whose groups stand before their members, and whose people before their managers.
fn organisation(people: usize) -> String {
    let unit = format!("OU=Staff,{BASE}");
    let mut ldif = format!("version: 1\n\ndn: {unit}\nobjectClass: organizationalUnit\n\n");
    let name = |number: usize| format!("CN=Person {number},{unit}");
    for group in 0..10 {
        let _ = write!(ldif, "dn: CN=team{group},{unit}\nobjectClass: group\nsAMAccountName: team{group}\n");
        for member in (group..people).step_by(10) {
            let _ = writeln!(ldif, "member: {}", name(member));
        }
        ldif.push('\n');
    }
    for number in 0..people {
        ldif += person(&format!("p{number}"), "Person", &number.to_string(), &unit).trim_end();
        let _ = write!(ldif, "\nmanager: {}\n\n", name((number + 1) % people));
    }
    ldif
}

#[track_caller]
fn check_organisation(server: &Server, people: usize) {
    let found = server.search(&["-E", "pr=500/noprompt", "(&(objectClass=user)(mail=p*))", "manager", "memberOf"]);
    let found = found.entries();
    assert_eq!(found.len(), people);
    for person in found {
        assert_eq!((person.values("manager").len(), person.values("memberOf").len()), (1, 1), "{}", person.dn);
    }
}

#[test]
fn a_stopped_server_s_folder_takes_an_organisation() {
    const PEOPLE: usize = 3000;
    let domain = Domain::new();
    let file = domain.beside("staff.ldif");
    fs::write(&file, organisation(PEOPLE)).expect("the folder is writable");
    let output = import(on_folder("import", &domain), &file, &[]);
    output.expect(0, &["3011 imported"]);
    assert!(!domain.beside("staff.ldif.import").exists(), "the journal is removed at the end");
    check_organisation(&Server::on(domain, &[]), PEOPLE);
}

#[test]
fn a_running_server_takes_an_organisation() {
    const PEOPLE: usize = 300;
    let server = Server::start();
    let file = server.domain().beside("staff.ldif");
    fs::write(&file, organisation(PEOPLE)).expect("the folder is writable");
    import(through("import", &server), &file, &[]).expect(0, &["311 imported"]);
    check_organisation(&server, PEOPLE);
}

#[test]
fn an_export_makes_an_equal_directory() {
    let domain = Domain::new();
    let file = domain.beside("staff.ldif");
    fs::write(&file, organisation(200)).expect("the folder is writable");
    import(on_folder("import", &domain), &file, &[]).expect(0, &[]);
    let server = Server::on(domain, &[]);
    // What is hard to write down: bytes, line ends, spaces at both ends, other scripts, names that need escapes.
    server.add(&format!(
        "dn: OU=\\#odd\\, \\\"names\\\" 東京,{BASE}\nobjectClass: organizationalUnit\ndescription:: IHR3byBsaW5lcwphbmQgc3BhY2VzIA==\n\n\
         dn: CN=bytes,{USERS}\nobjectClass: contact\nthumbnailPhoto:: AAECAwQFBgcICQoLDA0ODw==\n"
    ));
    let through_server = export(through("export", &server), &server.domain().beside("online.ldif"));
    let domain = server.stop();
    let first = export(on_folder("export", &domain), &domain.beside("first.ldif"));
    assert_eq!(through_server, first, "online and offline exports differ");
    assert!(!first.contains("unicodePwd") && !first.contains("objectGUID"));

    let second = Domain::new();
    import(on_folder("import", &second), &domain.beside("first.ldif"), &["--existing", "update"]).expect(0, &[]);
    let again = export(on_folder("export", &second), &second.beside("again.ldif"));
    assert_eq!(first, again);
    check_organisation(&Server::on(second, &[]), 200);
}

#[test]
fn refused_records_are_told_with_their_lines() {
    let domain = Domain::new();
    let file = domain.beside("faulty.ldif");
    let unit = format!("OU=Faulty,{BASE}");
    let contact = |name: &str, more: &str| format!("dn: CN={name},{unit}\nobjectClass: contact\n{more}\n");
    let ldif = format!("dn: {unit}\nobjectClass: organizationalUnit\n\n")
        + &contact("a", "sn: Adams\n")
        + &contact("b", "noSuchAttribute: 1\n")
        + &contact("c", "sn: Carter\n")
        + &contact("d", "c: Germany\n")
        + &contact("e", &format!("manager: CN=nobody,{unit}\n"));
    fs::write(&file, &ldif).expect("the folder is writable");
    let line = |text: &str| ldif.lines().position(|line| line.starts_with(text)).expect("it is there") + 1;
    let (b, d, e) = (line("dn: CN=b,"), line("dn: CN=d,"), line("dn: CN=e,"));

    let stopped = import(on_folder("import", &domain), &file, &[]);
    stopped.expect(REFUSED, &[&format!("line {b}: "), "noSuchAttribute", "--continue"]);
    assert!(!stopped.says(&format!("line {d}: ")), "{stopped}");

    fs::write(&file, ldif.replace("noSuchAttribute: 1", "sn: Baker")).expect("the folder is writable");
    let resumed = import(on_folder("import", &domain), &file, &["--resume", "--continue"]);
    resumed.expect(REFUSED, &[&format!("line {d}: "), &format!("line {e}: ")]);
    assert!(!resumed.says(&format!("line {b}: ")), "{resumed}");
    let server = Server::on(domain, &[]);
    let there = server.search(&["-b", &unit, "-s", "one", "(objectClass=contact)", "sn"]).entries();
    let there: Vec<_> = there.iter().filter(|entry| !entry.values("sn").is_empty()).map(|e| e.value("sn")).collect();
    assert_eq!(there.len(), 3, "{there:?}");
}

#[test]
fn objects_that_are_there_already_are_refused_skipped_or_updated() {
    let domain = Domain::new();
    let file = domain.beside("one.ldif");
    let one = |title: &str| format!("dn: CN=one,{USERS}\nobjectClass: contact\ntitle: {title}\n\n");
    let title = |domain: Domain| {
        let server = Server::on(domain, &[]);
        let title = server.search(&["(cn=one)", "title"]).entries()[0].value("title");
        (server.stop(), title)
    };
    fs::write(&file, one("first")).expect("the folder is writable");
    import(on_folder("import", &domain), &file, &[]).expect(0, &["1 imported"]);
    fs::write(&file, one("second")).expect("the folder is writable");
    import(on_folder("import", &domain), &file, &[]).expect(REFUSED, &["line 1: "]);
    import(on_folder("import", &domain), &file, &["--existing", "skip"]).expect(0, &["1 there already"]);
    let (domain, kept) = title(domain);
    assert_eq!(kept, "first");
    import(on_folder("import", &domain), &file, &["--existing", "update"]).expect(0, &["1 brought up to date"]);
    assert_eq!(title(domain).1, "second");
}

#[test]
fn changes_are_imported_too() {
    let domain = Domain::new();
    let file = domain.beside("changes.ldif");
    let changes = format!(
        "dn: CN=one,{USERS}\nchangetype: add\nobjectClass: contact\n\n\
         dn: CN=one,{USERS}\nchangetype: modify\nadd: title\ntitle: Mason\n-\n\n\
         dn: CN=one,{USERS}\nchangetype: modrdn\nnewrdn: CN=two\ndeleteoldrdn: 1\n\n\
         dn: CN=three,{USERS}\nchangetype: add\nobjectClass: contact\n\n\
         dn: CN=three,{USERS}\nchangetype: delete\n"
    );
    fs::write(&file, changes).expect("the folder is writable");
    import(on_folder("import", &domain), &file, &[]).expect(0, &["5 imported"]);
    let server = Server::on(domain, &[]);
    assert_eq!(server.search(&["(cn=two)", "title"]).entries()[0].value("title"), "Mason");
    assert!(server.search(&["(|(cn=one)(cn=three))", "1.1"]).entries().is_empty());
}

#[test]
fn what_is_no_ldif_is_told_with_its_line() {
    let domain = Domain::new();
    let file = domain.beside("broken.ldif");
    let unit = format!("dn: OU=Broken,{BASE}\nobjectClass: organizationalUnit\n\n");
    for (text, line) in [
        ("once upon a time\n".to_owned(), "line 1: "),
        ("\x00\x01\x02\x03".to_owned(), "line 1: "),
        (String::from_utf8_lossy(&[0x1f, 0x8b, 8, 0, 0, 0]).into_owned(), "line 1: "),
        (unit.clone() + "dn: CN=cut,OU=Bro", "line 4: "),
    ] {
        fs::write(&file, text).expect("the folder is writable");
        let output = import(on_folder("import", &domain), &file, &[]);
        assert!(output.code == NOT_LDIF || output.code == REFUSED, "{output}");
        assert!(output.says(line), "no {line:?} in {output}");
        assert!(!output.says("panicked"), "{output}");
    }
    let missing = domain.beside("missing.ldif");
    let output = import(on_folder("import", &domain), &missing, &[]);
    assert!(output.code != 0 && output.says("missing.ldif"), "{output}");
}

#[test]
fn a_line_without_an_end_is_not_waited_for() {
    let domain = Domain::new();
    let mut command = on_folder("import", &domain);
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary can be started");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(format!("dn: CN=endless,{USERS}\ndescription: ").as_bytes()).expect("the import reads");
    let piece = vec![b'x'; 1 << 20];
    let mut written = 0_u64;
    // Whoever reads must stop by itself, long before this is enough for a disk.
    while stdin.write_all(&piece).is_ok() {
        written += 1;
        assert!(written < 10_000, "10 GB of one line were read");
    }
    drop(stdin);
    let mut complaint = String::new();
    child.stderr.take().expect("stderr is piped").read_to_string(&mut complaint).expect("it is text");
    assert_eq!(child.wait().expect("a child can be waited for").code(), Some(NOT_LDIF), "{complaint}");
    assert!(complaint.contains("line 2"), "{complaint}");
}

#[test]
fn a_folder_that_a_server_uses_is_reached_through_it() {
    let server = Server::start();
    let file = server.domain().beside("one.ldif");
    fs::write(&file, format!("dn: CN=one,{USERS}\nobjectClass: contact\n")).expect("the folder is writable");
    import(on_folder("import", server.domain()), &file, &[]).expect(0, &["1 imported"]);
    assert_eq!(server.search(&["(cn=one)", "1.1"]).entries().len(), 1);
    let out = server.domain().beside("out.ldif");
    import(on_folder("export", server.domain()), &out, &[]).expect(0, &["exported"]);
    assert!(fs::read_to_string(&out).is_ok_and(|text| text.contains("CN=one")));
}

#[test]
fn a_wrong_password_is_told() {
    let server = Server::start();
    let file = server.domain().beside("one.ldif");
    fs::write(&file, format!("dn: CN=one,{USERS}\nobjectClass: contact\n")).expect("the folder is writable");
    let mut command = through("import", &server);
    command.env("BAILIWICK_BIND_PASSWORD", "Wrong-Herring-31");
    let output = import(command, &file, &[]);
    assert_eq!(output.code, 12, "{output}");
    assert!(!output.says("Wrong-Herring-31"));
}

/// An import that was killed anywhere goes on, and everything is there once.
#[test]
fn a_killed_import_goes_on() {
    const PEOPLE: usize = 6000;
    let domain = Domain::new();
    let file = domain.beside("staff.ldif");
    fs::write(&file, organisation(PEOPLE)).expect("the folder is writable");
    let journal = domain.beside("staff.ldif.import");
    let mut kills = 0;
    for batches in [2, 5, 8] {
        let mut command = on_folder("import", &domain);
        command.arg(&file).arg("--resume").stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary can be started");
        // Killed after some batches were noted, wherever it is then.
        let noted = || fs::read(&journal).map_or(0, |text| text.iter().filter(|octet| **octet == b'\n').count());
        let is_running = |child: &mut Child| child.try_wait().expect("a child can be looked at").is_none();
        while noted() < batches && is_running(&mut child) {
            std::thread::yield_now();
        }
        kills += usize::from(is_running(&mut child));
        child.kill().expect("a child can be killed");
        child.wait().expect("a child can be waited for");
    }
    assert!(kills > 0, "the import was done before it could be killed");
    import(on_folder("import", &domain), &file, &["--resume"]).expect(0, &[]);
    check_organisation(&Server::on(domain, &[]), PEOPLE);
}
