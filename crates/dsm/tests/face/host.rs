//! The host's own accounts: what changes of them do to sign-ins, sessions, letters and the audit. Specification sections
//! 2.3, 3.10 and 4.4 to 4.6.

use bailiwick_accounts::listing::Listing;
use bailiwick_adtypes::file_time::Interval;
use bailiwick_domain::{Action, Protection, Requester};
use serde_json::{Value, json};

use crate::world::{HOST_PASSWORD, World, escaped};

/// A password that the policy takes.
const PASSWORD: &str = "Violet-Harbour-7";

/// Calls a method of `SYNO.Core.*` with a session.
fn call(world: &World, sid: &str, api: &str, method: &str, more: &str) -> Value {
    let version = if api == "NormalUser" && method == "set" { 2 } else { 1 };
    world.get(&format!("api=SYNO.Core.{api}&version={version}&method={method}&{more}&_sid={sid}")).body
}

fn code(answer: &Value) -> u64 {
    answer["error"]["code"].as_u64().unwrap_or_default()
}

/// A host with a user `ada`, and the id of a session of `admin`.
fn host_with_ada() -> (World, String) {
    let world = World::new();
    let admin = world.sid("admin", HOST_PASSWORD);
    let made = call(&world, &admin, "User", "create", &format!("name=ada&password={PASSWORD}&email=ada@example.com"));
    assert_eq!(made["data"]["name"], "ada", "{made}");
    (world, admin)
}

#[test]
fn a_user_that_was_made_signs_in_and_administers_nothing() {
    let (world, admin) = host_with_ada();
    let ada = world.sid("ADA", PASSWORD);
    assert_eq!(code(&call(&world, &ada, "User", "list", "")), 105);
    let own = call(&world, &ada, "NormalUser", "get", "")["data"].clone();
    assert_eq!((&own["username"], &own["email"]), (&json!("ada"), &json!("ada@example.com")));
    assert_eq!(call(&world, &ada, "Group", "admin_check", "")["data"], json!({ "is_admin": false }));
    assert_eq!(world.get(&format!("api=SYNO.DirectoryServer.Domain&version=1&method=GetInfo&_sid={ada}")).code(), 105);
    // Rights are those of now.
    let task = call(&world, &admin, "User.Group", "join", "name=ada&join_group=[\"administrators\"]");
    assert!(task["data"]["task_id"].as_str().unwrap().starts_with("@administrators/groupbatch"));
    assert_eq!(code(&call(&world, &ada, "User", "list", "")), 0);
    assert_eq!(code(&call(&world, &ada, "User", "delete", "name=ada")), 105);
}

#[test]
fn a_password_that_an_administrator_sets_ends_sessions() {
    let (world, admin) = host_with_ada();
    let ada = world.sid("ada", PASSWORD);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&password=Amber-Castle-9")), 0);
    assert_eq!(code(&call(&world, &ada, "NormalUser", "get", "")), 119);
    assert_eq!(world.login("ada", PASSWORD, "").code(), 400);
    let ada = world.sid("ada", "Amber-Castle-9");
    // His own ends all of his sessions but the one in which he set it.
    let other = world.sid("admin", HOST_PASSWORD);
    assert_eq!(code(&call(&world, &admin, "User", "set", &format!("name=admin&password={PASSWORD}"))), 0);
    assert_eq!(code(&call(&world, &other, "User", "list", "")), 119);
    assert_eq!(code(&call(&world, &admin, "User", "list", "")), 0);
    let world = world.restarted();
    assert_eq!(code(&call(&world, &admin, "User", "list", "")), 0);
    assert_eq!(code(&call(&world, &ada, "NormalUser", "get", "")), 0);
}

#[test]
fn a_user_that_is_disabled_renamed_or_deleted_is_so_at_the_door() {
    let (world, admin) = host_with_ada();
    let ada = world.sid("ada", PASSWORD);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&new_name=zoe")), 0);
    assert_eq!(call(&world, &ada, "NormalUser", "get", "")["data"]["username"], "zoe");
    assert_eq!(world.login("ada", PASSWORD, "").code(), 400);
    assert_eq!(world.login("zoe", PASSWORD, "").code(), 0);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=zoe&expired=now")), 0);
    assert_eq!(code(&call(&world, &ada, "NormalUser", "get", "")), 119);
    assert_eq!(world.login("zoe", PASSWORD, "").code(), 401);
    assert_eq!(world.login("zoe", "wrong", "").code(), 400);
    // Through the day of the end he may, and then not.
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=zoe&expired=2023/11/15")), 0);
    assert_eq!(world.login("zoe", PASSWORD, "").code(), 0);
    world.wait(2 * 86_400);
    assert_eq!(world.login("zoe", PASSWORD, "").code(), 401);
    let admin = world.sid("admin", HOST_PASSWORD);
    assert_eq!(code(&call(&world, &admin, "User", "delete", "name=zoe")), 0);
    assert_eq!(world.login("zoe", PASSWORD, "").code(), 400);
    assert_eq!(world.login("guest", "anything", "").code(), 400);
}

#[test]
fn passwords_end_and_are_replaced_as_the_policy_says() {
    let (world, admin) = host_with_ada();
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&passwd_never_expire=false")), 0);
    assert_eq!(code(&call(&world, &admin, "User.PasswordExpiry", "set", "password_expire_enable=true&max_age=1")), 0);
    world.wait(86_401);
    assert_eq!(world.login("ada", PASSWORD, "").code(), 409);
    assert_eq!(world.login("ada", "wrong", "").code(), 400);
    let admin = world.sid("admin", HOST_PASSWORD);
    assert_eq!(code(&call(&world, &admin, "User.PasswordExpiry", "set", "allow_reset_after_expired=false")), 0);
    assert_eq!(world.login("ada", PASSWORD, "").code(), 408);
    assert_eq!(code(&call(&world, &admin, "User.PasswordExpiry", "set", "never_expired_list=[\"ada\"]")), 0);
    assert_eq!(world.login("ada", PASSWORD, "").code(), 0);
    // What an administrator sets must be changed, if the policy says so.
    assert_eq!(code(&call(&world, &admin, "User.PasswordPolicy", "set", "password_must_change=true")), 0);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&password=Amber-Castle-9")), 0);
    assert_eq!(world.login("ada", "Amber-Castle-9", "").code(), 410);
}

#[test]
fn a_user_changes_his_password_within_the_rules() {
    let (world, admin) = host_with_ada();
    let ada = world.sid("ada", PASSWORD);
    let own = |old: &str, new: &str| {
        code(&call(&world, &ada, "NormalUser", "set", &format!("old_password={old}&password={new}")))
    };
    let policy = "strong_password={\"exclude_history\":true,\"exclude_common_password\":true,\"mixed_case\":false,\"min_length\":6}";
    assert_eq!(code(&call(&world, &admin, "User.PasswordPolicy", "set", &policy.replace('"', "%22"))), 0);
    assert_eq!(own("wrong", "Amber-Castle-9"), 3121);
    assert_eq!(own(PASSWORD, "short"), 3121);
    assert_eq!(own(PASSWORD, PASSWORD), 3122);
    assert_eq!(own(PASSWORD, "password1"), 3123);
    assert_eq!(own(PASSWORD, "Amber-Castle-9"), 0);
    assert_eq!(world.login("ada", "Amber-Castle-9", "").code(), 0);
    assert_eq!(own("Amber-Castle-9", PASSWORD), 3122);
    assert_eq!(code(&call(&world, &admin, "User.PasswordExpiry", "set", "min_age_enable=true&min_age=1")), 0);
    assert_eq!(own("Amber-Castle-9", "Copper-Valley-3"), 3121);
    assert_eq!(code(&call(&world, &admin, "User.PasswordExpiry", "set", "min_age_enable=false")), 0);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&cannot_chg_passwd=true")), 0);
    assert_eq!(own("Amber-Castle-9", "Copper-Valley-3"), 105);
}

#[test]
fn guessing_a_name_locks_it_whether_anybody_has_it_or_not() {
    let (world, _) = host_with_ada();
    for name in ["ada", "nobody-at-all"] {
        let codes: Vec<u64> = (0..12).map(|_| world.login(name, "wrong", "").code()).collect();
        assert_eq!(codes, [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 411, 411], "{name}");
    }
    assert_eq!(world.login("ada", PASSWORD, "").code(), 411);
    world.wait(31 * 60);
    assert_eq!(world.login("ada", PASSWORD, "").code(), 0);
}

#[test]
fn guesses_at_the_host_count_for_the_address_like_those_at_the_domain() {
    let (world, _) = host_with_ada();
    let stranger = Requester::anonymous(Some("192.0.2.9".parse().unwrap()), Protection::Encrypted);
    let login = |name: &str, password: &str| {
        let body = format!("api=SYNO.API.Auth&version=6&method=login&account={name}&passwd={}", escaped(password));
        world.send_from(&stranger, "POST", "/webapi/auth.cgi", &body, &[]).code()
    };
    let locked = |code: u64| code == 411 || code == 400;
    for number in 0..100 {
        assert!(locked(login(&format!("name-{number}"), "wrong")));
    }
    assert_eq!(login("admin", HOST_PASSWORD), 407);
    assert_eq!(world.login("admin", HOST_PASSWORD, "").code(), 0);
}

#[test]
fn a_password_in_the_clear_is_for_loopback_alone() {
    let (world, admin) = host_with_ada();
    let from = |protection| Requester::anonymous(Some("192.0.2.9".parse().unwrap()), protection);
    let send = |requester: &Requester, api: &str, method: &str, more: &str| {
        let target = format!("/webapi/entry.cgi?api=SYNO.Core.{api}&version=1&method={method}&{more}&_sid={admin}");
        world.send_from(requester, "GET", &target, "", &[]).code()
    };
    for (api, method, more) in [
        ("User", "create", "name=bob&password=Violet-Harbour-7"),
        ("User", "set", "name=ada&password=Amber-Castle-9"),
        ("User.PasswordConfirm", "auth", "password=Host-Secret-5"),
        ("User.PasswordMeter", "evaluate", "password=Violet-Harbour-7"),
        ("User.PasswordPolicy", "check", "password=Violet-Harbour-7"),
    ] {
        assert_eq!(send(&from(Protection::None), api, method, more), 105, "{api} {method}");
        assert_eq!(send(&from(Protection::Encrypted), api, method, more), 0, "{api} {method}");
    }
    assert_eq!(send(&from(Protection::None), "User", "set", "name=ada&description=Ada"), 0);
}

#[test]
fn letters_tell_users_of_their_accounts() {
    let (world, admin) = host_with_ada();
    let letters = || world.accounts.outbox.list(0, 10).unwrap();
    assert!(letters().is_empty());
    let create = format!("password={PASSWORD}&notify_by_email=true&email=a@example.com;b@example.com");
    assert_eq!(code(&call(&world, &admin, "User", "create", &format!("{create}&name=two&send_password=true"))), 0);
    assert_eq!(code(&call(&world, &admin, "User", "create", &format!("{create}&name=none&send_password=maybe"))), 3103);
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=ada&description=Ada&notify_by_email=true")), 0);
    let to: Vec<String> = letters().into_iter().map(|slip| slip.to).collect();
    assert_eq!(to, ["a@example.com", "b@example.com", "ada@example.com"]);
    let text = |number| world.accounts.outbox.show(number).unwrap().1.text().to_owned();
    assert!(text(1).contains("Name      two\n  Password  Violet-Harbour-7\n") && text(1).contains("example.com"));
    assert!(!text(3).contains("Password") && text(3).contains("was changed"));
}

#[test]
fn the_domains_accounts_are_shown_and_not_changed() {
    let (world, admin) = host_with_ada();
    world.user("jdoe");
    let list = |more: &str| call(&world, &admin, "User", "list", &format!("{more}&additional=uid,2fa_status"));
    assert_eq!(list("type=domain")["data"]["total"], 0);
    world.sync();
    let names = |answer: Value| -> Vec<String> {
        let users = answer["data"]["users"].as_array().unwrap();
        users.iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect()
    };
    let domain = names(list("type=domain"));
    assert!(domain.contains(&"EXAMPLE\\jdoe".to_owned()), "{domain:?}");
    assert_eq!(names(list("type=domain&domain_name=example.com")), domain);
    assert_eq!(names(list("type=domain&domain_name=other.com")), Vec::<String>::new());
    assert_eq!(names(list("type=ldap")), Vec::<String>::new());
    let all = names(list("type=all"));
    assert_eq!(all, [vec!["ada".to_owned(), "admin".to_owned(), "guest".to_owned()], domain].concat());
    let pages: Vec<String> =
        (0..all.len()).flat_map(|at| names(list(&format!("type=all&offset={at}&limit=1")))).collect();
    assert_eq!(pages, all);
    let jdoe = "name=EXAMPLE%5Cjdoe";
    let got = call(&world, &admin, "User", "get", &format!("{jdoe}&additional=groups"));
    assert_eq!(got["data"]["users"][0]["groups"], json!(["EXAMPLE\\Domain Users"]));
    assert_eq!(call(&world, &admin, "User.Group", "get", jdoe)["data"]["groups"], json!(["EXAMPLE\\Domain Users"]));
    for (method, more, expected) in [("set", "&description=x", 105), ("delete", "", 105)] {
        assert_eq!(code(&call(&world, &admin, "User", method, &format!("{jdoe}{more}"))), expected, "{method}");
    }
    assert_eq!(code(&call(&world, &admin, "User", "set", "name=EXAMPLE%5Cnobody&description=x")), 3106);
    assert_eq!(code(&call(&world, &admin, "User.Group", "join", &format!("{jdoe}&join_group=users"))), 3106);
    let users = "name=EXAMPLE%5CDomain%20Users";
    assert_eq!(call(&world, &admin, "Group", "get", users)["data"]["groups"][0]["gid"], 1_000_513);
    assert_eq!(code(&call(&world, &admin, "Group", "delete", users)), 105);
    let members = "group=EXAMPLE%5CDomain%20Users";
    assert_eq!(code(&call(&world, &admin, "Group.Member", "list", members)), 0);
    assert_eq!(code(&call(&world, &admin, "Group.Member", "list", &format!("{members}&ingroup=false"))), 3201);
    assert_eq!(code(&call(&world, &admin, "Group.Member", "add", &format!("{members}&name=ada"))), 105);
}

#[test]
fn a_user_of_the_domain_changes_his_own_password_and_goes_on() {
    let world = World::new();
    let jdoe = world.user("jdoe");
    // A password of the domain is a day old before its owner changes it.
    world.wait(86_401);
    let jdoe = [jdoe, world.sid("jdoe", "Password123")];
    let own = |old: &str, new: &str| {
        code(&call(&world, &jdoe[1], "NormalUser", "set", &format!("old_password={old}&password={new}")))
    };
    assert_eq!(own("wrong", "Password456"), 3121);
    assert_eq!(own("Password123", "a"), 3121);
    assert_eq!(own("Password123", "Password456"), 0);
    assert_eq!(code(&call(&world, &jdoe[1], "NormalUser", "get", "")), 0);
    assert_eq!(code(&call(&world, &jdoe[0], "NormalUser", "get", "")), 119);
    assert_eq!(world.login("jdoe", "Password456", "").code(), 0);
}

#[test]
fn a_proof_is_the_sessions_that_asked_for_it() {
    let world = World::new();
    let admin = world.sid("admin", HOST_PASSWORD);
    let answer = call(&world, &admin, "User.PasswordConfirm", "auth", &format!("password={HOST_PASSWORD}"));
    let token = answer["data"]["SynoConfirmPWToken"].as_str().unwrap();
    let holds = |session: &str| world.accounts.confirmations.holds(session, token, world.now()).unwrap();
    assert!(holds(&admin) && !holds("other"));
    assert!(
        !world.accounts.confirmations.holds(&admin, token, world.now().after(Interval::from_seconds(300))).unwrap()
    );
    for _ in 0..10 {
        assert_eq!(code(&call(&world, &admin, "User.PasswordConfirm", "auth", "password=wrong")), 3121);
    }
    // Guesses here are guesses at the door.
    assert_eq!(world.login("admin", HOST_PASSWORD, "").code(), 411);
}

#[test]
fn the_audit_hears_of_changes_by_the_name_of_whoever_made_them() {
    let (world, admin) = host_with_ada();
    assert_eq!(code(&call(&world, &admin, "User", "delete", "name=nobody")), 3106);
    assert_eq!(code(&call(&world, &admin, "Group", "create", "name=staff")), 0);
    let told: Vec<(String, String, bool)> = world
        .told()
        .into_iter()
        .filter_map(|event| match event.action {
            Action::Administer { use_case, subject } => Some((use_case.to_owned(), subject, event.result.is_ok())),
            _ => None,
        })
        .collect();
    let told: Vec<(&str, &str, bool)> = told.iter().map(|(case, who, ok)| (case.as_str(), who.as_str(), *ok)).collect();
    assert_eq!(
        told,
        [
            ("host-user.create", "ada", true),
            ("host-user.delete", "nobody", false),
            ("host-group.create", "staff", true)
        ]
    );
    assert_eq!(world.accounts.users.list(&Listing::default()).unwrap().total, 3);
}
