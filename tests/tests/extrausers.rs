//! The domain's accounts as the C library sees them: libnss-extrausers reads what `--sync-extrausers` writes, in a mount
//! namespace of the test's own, so that the machine's own accounts stay as they are.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bailiwick_tests::{Domain, Running, ServerCommand, USERS};

/// How long a sync of a small domain may take.
const SYNC_MAX: Duration = Duration::from_secs(30);

/// What `getent DATABASE KEY` prints where the machine's extra users are those of `folder`.
fn getent(folder: &Path, database: &str, key: &str) -> String {
    let services = folder.join("nsswitch.conf");
    fs::write(&services, "passwd: files extrausers\ngroup: files extrausers\n").expect("the folder is writable");
    let script = r#"mount --bind "$1" /var/lib/extrausers && mount --bind "$2" /etc/nsswitch.conf && getent "$3" "$4""#;
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", script, "sh"])
        .args([folder, &services])
        .args([database, key])
        .output()
        .expect("unshare can be started");
    // getent says 2 of what is not there.
    let expected = [Some(0), Some(2)];
    assert!(expected.contains(&output.status.code()), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("names are text")
}

/// Starts a server on the domain and waits until the files say something that holds.
fn serve_until(domain: &Domain, folder: &Path, holds: impl Fn(&str) -> bool, work: impl FnOnce(&Running)) {
    let server = ServerCommand::new(&domain.data()).flags(&["--sync-extrausers", &folder.to_string_lossy()]).start();
    let until = Instant::now() + SYNC_MAX;
    while !fs::read_to_string(folder.join("passwd")).is_ok_and(|passwd| holds(&passwd)) {
        assert!(Instant::now() < until, "the files never came to it");
        std::thread::yield_now();
    }
    work(&server);
    assert!(server.stop().success());
}

#[test]
fn the_host_sees_the_domains_accounts() {
    assert!(rustix::process::geteuid().is_root(), "only root may mount, in a namespace of its own too");
    let domain = Domain::new();
    let folder = domain.beside("extrausers");
    let user = |name: &str| {
        format!(
            "dn: CN={name},{USERS}\nchangetype: add\nobjectClass: user\nsAMAccountName: {name}\ndisplayName: {name} L.\n\
             userAccountControl: 544\n\n"
        )
    };
    serve_until(
        &domain,
        &folder,
        |passwd| passwd.contains("Administrator"),
        |server| {
            let staff = format!(
                "dn: CN=staff,{USERS}\nchangetype: add\nobjectClass: group\nsAMAccountName: staff\n\
             member: CN=ada,{USERS}\nmember: CN=bob,{USERS}\n\n"
            );
            let changes = user("ada") + &user("bob") + &staff;
            server.tool("ldapmodify", &[], &changes).expect(0, &[]);
        },
    );

    serve_until(
        &domain,
        &folder,
        |passwd| passwd.contains("bob"),
        |server| {
            let ada = getent(&folder, "passwd", r"EXAMPLE\ada");
            let fields: Vec<&str> = ada.trim_end().split(':').collect();
            assert_eq!(fields.len(), 7, "{ada}");
            assert_eq!((fields[0], fields[1]), (r"EXAMPLE\ada", "x"));
            assert_eq!((fields[3], fields[4]), ("1000513", "ada L."));
            assert_eq!((fields[5], fields[6]), ("/home/EXAMPLE/ada", "/usr/sbin/nologin"));
            assert_eq!(getent(&folder, "passwd", fields[2]), ada, "by number too");
            let staff = getent(&folder, "group", r"EXAMPLE\staff");
            assert!(staff.trim_end().ends_with(r":EXAMPLE\ada,EXAMPLE\bob"), "{staff}");
            assert!(getent(&folder, "group", "1000512").starts_with(r"EXAMPLE\Domain Admins:x:1000512:"));

            let changes = format!(
                "dn: CN=ada,{USERS}\nchangetype: modify\nreplace: sAMAccountName\nsAMAccountName: ada.l\n\n\
             dn: CN=bob,{USERS}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n\n"
            );
            server.tool("ldapmodify", &[], &changes).expect(0, &[]);
        },
    );

    serve_until(
        &domain,
        &folder,
        |passwd| passwd.contains("ada.l"),
        |_| {
            assert!(getent(&folder, "passwd", r"EXAMPLE\ada.l").starts_with(r"EXAMPLE\ada.l:x:1001"));
            for gone in [r"EXAMPLE\ada", r"EXAMPLE\bob", r"EXAMPLE\krbtgt"] {
                assert_eq!(getent(&folder, "passwd", gone), "", "{gone}");
            }
            assert!(getent(&folder, "group", r"EXAMPLE\staff").trim_end().ends_with(r":EXAMPLE\ada.l"));
            assert!(getent(&folder, "passwd", "root").starts_with("root:"));
        },
    );
}
