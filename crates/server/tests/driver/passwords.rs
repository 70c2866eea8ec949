//! Passwords over LDAP: unicodePwd, Password Modify, failed sign-ins, and the hashing pool while it is full.
//! RFC 3062, [MS-ADTS] 3.1.1.3.1.5.

use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_credential::{Cost, Password};
use bailiwick_directory::{Native, NewDomain, Options, SPACES, provision};
use bailiwick_ldap::extended::password_modify::{OID, PasswordModify, PasswordModifyResponse};
use bailiwick_ldap::request::{AddRequest, BindRequest, ModifyRequest, Request};
use bailiwick_server::clock;
use bailiwick_store::Memory;

use crate::client::{Client, End};
use crate::fake::{Fake, HELD, NAME, PASSWORD, REMEMBERED};
use crate::started::{Started, start, start_with};

pub const ADMINISTRATOR: &str = "CN=Administrator,CN=Users,DC=example,DC=com";
pub const ADMINISTRATORS: &str = "Secret-Adm1n!";
pub const ADA: &str = "CN=ada,CN=Users,DC=example,DC=com";
pub const FIRST: &str = "Sommer-2026";
pub const SECOND: &str = "Winter-2026";

/// A server of a real directory in memory, in which passwords may be changed at once and three guesses lock.
pub fn domain() -> Started<Native> {
    populated(start_with(founded(), &[]))
}

/// A new domain in memory.
pub fn founded() -> Native {
    let store = Memory::open(SPACES);
    let new = NewDomain {
        dns_domain: "example.com".to_owned(),
        netbios: "EXAMPLE".to_owned(),
        host: "dc1".to_owned(),
        admin_password: Password::new(ADMINISTRATORS.as_bytes()),
        cost: Cost::CHEAP,
    };
    provision(&store, &new, clock::now(), &clock::fill_random).unwrap();
    Native::open(Box::new(store), Options { cost: Cost::CHEAP }).unwrap()
}

/// The same with a policy that tests can wait for, and with Ada.
pub fn populated<D>(server: Started<D>) -> Started<D> {
    let mut administrator = administrator(&server);
    let policy = [("minPwdAge", "0"), ("lockoutThreshold", "3")];
    for (attribute, value) in policy {
        assert_eq!(modify(&mut administrator, "DC=example,DC=com", &[replace(attribute, value.as_bytes())]).code, 0);
    }
    let values = [
        ("objectClass", b"user".to_vec()),
        ("sAMAccountName", b"ada".to_vec()),
        ("userAccountControl", b"512".to_vec()),
        ("unicodePwd", quoted(FIRST)),
    ];
    let attributes =
        values.into_iter().map(|(name, value)| Attribute { name: name.into(), values: vec![value] }).collect();
    let end = administrator.run(&Request::Add(AddRequest { entry: ADA, attributes }), &[]).1;
    assert_eq!(end.code, 0, "{}", end.text);
    server
}

pub fn administrator<D>(server: &Started<D>) -> Client {
    let mut client = server.tls_client();
    assert_eq!(client.bind(ADMINISTRATOR, ADMINISTRATORS).code, 0);
    client
}

fn quoted(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub fn replace(attribute: &str, value: &[u8]) -> Modification {
    step(Operation::Replace, attribute, value)
}

fn step(operation: Operation, attribute: &str, value: &[u8]) -> Modification {
    Modification { operation, attribute: attribute.to_owned(), values: vec![value.to_vec()] }
}

pub fn modify(client: &mut Client, entry: &str, modifications: &[Modification]) -> End {
    client.run(&Request::Modify(ModifyRequest { entry, modifications: modifications.to_vec() }), &[]).1
}

fn change(client: &mut Client, old: &str, new: &str) -> End {
    let steps = [step(Operation::Delete, "unicodePwd", &quoted(old)), step(Operation::Add, "unicodePwd", &quoted(new))];
    modify(client, ADA, &steps)
}

pub fn password_modify(client: &mut Client, request: PasswordModify<'_>) -> End {
    client.extended(OID, Some(&request.encode()))
}

pub fn check(end: &End, code: u32, start: &str) {
    assert!(end.code == code && end.text.starts_with(start), "{} {}", end.code, end.text);
}

#[test]
fn an_administrator_resets_and_a_user_changes() {
    let server = domain();
    let mut ada = server.tls_client();
    assert_eq!(ada.bind(ADA, FIRST).code, 0);
    check(&change(&mut ada, "Wrong-123", SECOND), 19, "00000056: ");
    check(&change(&mut ada, FIRST, "short"), 19, "0000052D: ");
    check(&change(&mut ada, FIRST, FIRST), 19, "0000052D: ");
    check(&modify(&mut ada, ADA, &[replace("unicodePwd", &quoted(SECOND))]), 50, "00002098: ");
    check(&change(&mut ada, FIRST, SECOND), 0, "");
    assert_eq!(ada.bind("EXAMPLE\\ada", SECOND).code, 0);
    let mut administrator = administrator(&server);
    check(&modify(&mut administrator, ADA, &[replace("unicodePwd", &quoted("Herbst-2026"))]), 0, "");
    check(&modify(&mut administrator, ADA, &[replace("unicodePwd", b"unquoted")]), 53, "0000001F: ");
    check(&modify(&mut administrator, ADA, &[step(Operation::Delete, "unicodePwd", &quoted("x"))]), 53, "0000001F: ");
    assert_eq!(ada.bind("ada@example.com", "Herbst-2026").code, 0);
}

#[test]
fn passwords_are_not_set_in_the_clear() {
    let server = domain();
    let mut client = server.client();
    assert_eq!(client.bind(ADMINISTRATOR, ADMINISTRATORS).code, 0);
    check(&modify(&mut client, ADA, &[replace("unicodePwd", &quoted(SECOND))]), 53, "0000001F: ");
    check(&modify(&mut client, ADA, &[replace("userPassword", SECOND.as_bytes())]), 53, "0000001F: ");
    let request = PasswordModify { identity: Some(ADA.as_bytes()), new_password: Some(b"x"), old_password: None };
    check(&password_modify(&mut client, request), 53, "0000001F: ");
    assert_eq!(client.start_tls(&server.authority()).code, 0);
    check(&modify(&mut client, ADA, &[replace("unicodePwd", &quoted(SECOND))]), 0, "");
}

#[test]
fn password_modify_sets_changes_and_makes_passwords() {
    let server = domain();
    let mut administrator = administrator(&server);
    for identity in [ADA, "dn:CN=ada,CN=Users,DC=example,DC=com", "ada", "u:EXAMPLE\\ada"] {
        let request = PasswordModify {
            identity: Some(identity.as_bytes()),
            new_password: Some(SECOND.as_bytes()),
            old_password: None,
        };
        check(&password_modify(&mut administrator, request), 0, "");
    }
    let request = PasswordModify { identity: Some(b"nobody"), new_password: Some(b"x"), old_password: None };
    check(&password_modify(&mut administrator, request), 32, "0000208D: ");
    let mut ada = server.tls_client();
    assert_eq!(ada.bind(ADA, SECOND).code, 0);
    let own = |old: &'static [u8], new: &'static [u8]| PasswordModify {
        identity: None,
        old_password: Some(old),
        new_password: Some(new),
    };
    check(&password_modify(&mut ada, own(b"Wrong-123", b"Herbst-2026")), 19, "00000056: ");
    check(&password_modify(&mut ada, own(b"Winter-2026", b"abc")), 19, "0000052D: ");
    check(&password_modify(&mut ada, own(b"Winter-2026", b"Herbst-2026")), 0, "");
    let made = PasswordModify { old_password: Some(b"Herbst-2026"), ..PasswordModify::default() };
    let end = password_modify(&mut ada, made);
    check(&end, 0, "");
    let response = PasswordModifyResponse::decode(end.value.as_deref()).unwrap();
    let made = String::from_utf8(response.generated_password.unwrap().to_vec()).unwrap();
    assert_eq!(ada.bind(ADA, &made).code, 0);
    check(&password_modify(&mut server.tls_client(), PasswordModify::default()), 1, "000004DC: ");
    check(&ada.extended(OID, Some(b"nonsense")), 2, "0000203D: ");
}

#[test]
fn failed_sign_ins_carry_their_number() {
    let server = domain();
    let mut administrator = administrator(&server);
    let mut client = server.tls_client();
    let mut expect = |password: &str, data: &str| {
        let end = client.bind(ADA, password);
        assert!(end.code == 49 && end.text.contains(&format!(", data {data}, v")), "{data}: {}", end.text);
    };
    let mut set = |attribute: &str, value: &[u8]| {
        check(&modify(&mut administrator, ADA, &[replace(attribute, value)]), 0, "");
    };
    expect("Wrong-123", "52e");
    for (attribute, refusing, data, letting) in [
        ("userAccountControl", &b"514"[..], "533", &b"512"[..]),
        ("accountExpires", b"1", "701", b"0"),
        ("pwdLastSet", b"0", "773", b"-1"),
        ("userWorkstations", b"PC1", "531", b"dc1"),
        ("logonHours", &[0; 21], "530", &[0xff; 21]),
    ] {
        set(attribute, refusing);
        expect(FIRST, data);
        set(attribute, letting);
    }
    expect("Wrong-124", "52e");
    expect("Wrong-125", "52e");
    expect(FIRST, "775");
    set("lockoutTime", b"0");
    assert_eq!(client.bind(ADA, FIRST).code, 0);
}

#[test]
fn a_storm_of_wrong_binds_slows_the_guesser_and_nobody_else() {
    let server = domain();
    let mut administrator = administrator(&server);
    std::thread::scope(|scope| {
        for guesser in 0..4 {
            let mut client = server.tls_client();
            scope.spawn(move || {
                for guess in 0..100 {
                    let end = client.bind(&format!("nobody{guesser}"), &format!("Guess-{guess}"));
                    assert!(matches!(end.code, 49 | 51), "{}", end.text);
                }
            });
        }
        for _ in 0..20 {
            assert_eq!(administrator.search("CN=Users,DC=example,DC=com", "(cn=ada)").0.len(), 1);
        }
    });
    let mut client = server.tls_client();
    check(&client.bind(ADA, FIRST), 51, "0000200E: ");
    // A password that was right before is no guess.
    assert_eq!(client.bind(ADMINISTRATOR, ADMINISTRATORS).code, 0);
}

#[test]
fn nobody_reads_a_password() {
    let server = domain();
    let mut administrator = administrator(&server);
    for attribute in ["unicodePwd", "supplementalCredentials", "ntPwdHistory"] {
        let (entries, _) =
            administrator.search("CN=Users,DC=example,DC=com", &format!("(&(cn=ada)(!({attribute}=x)))"));
        assert!(entries.is_empty(), "{attribute}");
    }
    let (entries, _) = administrator.search("CN=Users,DC=example,DC=com", "(cn=ada)");
    let shown = format!("{:?}", entries[0].attributes);
    assert!(!shown.contains("unicodePwd") && !shown.contains("userPassword"));
}

#[test]
fn password_modify_is_advertised() {
    let server = start();
    let (entries, _) = server.client().search("", "(objectClass=*)");
    let extensions = entries[0].attributes.iter().find(|(name, _)| name == "supportedExtension").unwrap();
    assert!(extensions.1.iter().any(|oid| oid == OID.as_bytes()));
}

#[test]
fn while_the_hashing_pool_is_shut_searches_and_remembered_binds_answer() {
    let server = start_with(Fake::default(), &[("hashing-threads", "1")]);
    let mut held = server.client();
    held.send(&Request::Bind(BindRequest::simple(HELD, PASSWORD.as_bytes())), &[]);
    server.directory.wait_for_held(1);
    // This one waits behind it.
    let mut waiting = server.client();
    waiting.send(&Request::Bind(BindRequest::simple(NAME, PASSWORD.as_bytes())), &[]);
    let mut client = server.client();
    for _ in 0..20 {
        assert_eq!(client.bind(REMEMBERED, "x").code, 0);
        assert_eq!(client.search("DC=example", "(cn=3)").0.len(), 1);
    }
    server.directory.let_go();
    assert_eq!(held.end().1.code, 0);
    assert_eq!(waiting.end().1.code, 0);
}
