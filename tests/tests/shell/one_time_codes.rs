//! `bailiwick user otp`: shown once, confirmed by a code, and administered through the one process that may write.

use bailiwick_credential::{SEED_OCTETS, Seed, Step};
use bailiwick_tests::Server;

use super::{Shell, both_ways};

/// What a device makes of a seed that was typed into it.
fn seed(text: &str) -> Seed {
    let bits = text.bytes().flat_map(|character| {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == character);
        let value = value.expect("a seed is in base32");
        (0..5).rev().map(move |bit| (value >> bit & 1) as u8)
    });
    let bits: Vec<u8> = bits.collect();
    let octets: Vec<u8> = bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |octet, bit| octet << 1 | bit)).collect();
    Seed::new(<[u8; SEED_OCTETS]>::try_from(octets).expect("a seed has 20 octets"))
}

/// What the device shows now.
fn code(seed: &Seed) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is after 1970");
    String::from_utf8(seed.code(Step::at(now.as_secs() as i64)).to_vec()).expect("digits are text")
}

fn text<'v>(value: &'v serde_json::Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[test]
fn codes_are_enabled_confirmed_and_disabled() {
    both_ways(|shell| {
        shell.does(&["user", "create", "ada"]);
        shell.does(&["user", "otp", "status", "ada"]).expect(0, &["no one-time codes"]);
        shell.run(&["user", "otp", "confirm", "ada", "000000"]).expect(1, &["otp enable"]);
        let shown = shell.json(&["user", "otp", "enable", "ada"]);
        let seed = seed(text(&shown, "seed"));
        let uri = text(&shown, "uri");
        assert!(uri.starts_with("otpauth://totp/example.com:ada@example.com?secret="), "{uri}");
        assert!(uri.contains(text(&shown, "seed")));
        assert_eq!(shown["recoveryCodes"].as_array().map(Vec::len), Some(8));
        assert_eq!(text(&shell.json(&["user", "otp", "status", "ada"]), "state"), "pending");
        shell.run(&["user", "otp", "confirm", "ada", "no code"]).expect(1, &["not right"]);
        shell.does(&["user", "otp", "confirm", "ada", &code(&seed)]);
        let status = shell.json(&["user", "otp", "status", "ada"]);
        assert_eq!((text(&status, "state"), &status["recoveryCodes"]), ("active", &8.into()));
        shell.run(&["user", "otp", "enable", "ada"]).expect(1, &["otp disable"]);
        shell.does(&["user", "otp", "disable", "ada"]);
        shell.run(&["user", "otp", "disable", "ada"]).expect(1, &["no one-time codes"]);
        shell.run(&["user", "otp", "enable", "nobody"]).expect(13, &["nobody"]);
    });
}

#[test]
fn people_are_shown_seed_address_and_recovery_codes_once() {
    both_ways(|shell| {
        shell.does(&["user", "create", "ada"]);
        let shown = shell.does(&["user", "otp", "enable", "ada"]);
        shown.expect(0, &["otpauth://totp/", "Recovery codes", "bailiwick user otp confirm ada"]);
        let again = shell.does(&["user", "otp", "status", "ada"]);
        assert!(!again.says("secret=") && again.says("has not confirmed"), "{again}");
    });
}

#[test]
fn what_a_server_was_asked_holds_when_it_is_stopped() {
    let shell = Shell::Online(Box::new(Server::start()));
    shell.does(&["user", "create", "ada"]);
    let shown = shell.json(&["user", "otp", "enable", "ada"]);
    shell.does(&["user", "otp", "confirm", "ada", &code(&seed(text(&shown, "seed")))]);
    let Shell::Online(server) = shell else { return };
    let shell = Shell::Offline(server.stop());
    assert_eq!(text(&shell.json(&["user", "otp", "status", "ada"]), "state"), "active");
    let audit = shell.run(&["audit", "--json", "--kind", "administer"]);
    audit.expect(0, &["second-factor.enrol", "second-factor.confirm", "\"face\":\"ldap\""]);
    assert!(!audit.says(text(&shown, "seed")));
}

#[test]
fn only_the_owner_over_the_socket_administers_the_host() {
    let server = Server::start();
    let oid = bailiwick_ldap::extended::host_administration::OID;
    // An administrator of the domain is none of the host: to the network the operation is not there.
    let operation = |url: &str, more: &[&str]| {
        let mut arguments = vec!["-H", url];
        arguments.extend(more);
        arguments.push(oid);
        server.bare_tool("ldapexop", &arguments, "")
    };
    let (name, password) = (bailiwick_tests::ADMINISTRATOR, bailiwick_tests::PASSWORD);
    operation(&server.url("ldap"), &["-x", "-D", name, "-w", password]).expect(1, &["(2)", "not known"]);
    let socket = format!("ldapi://{}", server.data().join("ldapi").display().to_string().replace('/', "%2F"));
    operation(&socket, &["-x", "-D", name, "-w", password]).expect(1, &["(50)"]);
    operation(&socket, &["-Q", "-Y", "EXTERNAL"]).expect(1, &["(2)", "cannot be read"]);
    let root_dse = |url: &str| {
        let arguments = ["-x", "-LLL", "-H", url, "-b", "", "-s", "base", "supportedExtension"];
        server.bare_tool("ldapsearch", &arguments, "")
    };
    assert!(root_dse(&socket).says(oid));
    assert!(!root_dse(&server.url("ldap")).says(oid));
}
