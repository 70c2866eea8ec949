//! Sign-ins and sessions: tokens, keys, cookies, codes of a second factor, ends. Specification section 2.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_credential::Step;
use bailiwick_domain::administration::{self, Kind, Selector};
use bailiwick_domain::{Process, Protection, Requester};
use serde_json::json;

use crate::world::{HOST_PASSWORD, PASSWORD, START, World, escaped};

const CALL: &str = "api=SYNO.DirectoryServer.Domain&version=1&method=GetInfo";

fn with_cookie(world: &World, sid: &str, headers: &[(&str, &str)]) -> u64 {
    let cookie = format!("other=1; id={sid}");
    let mut all = vec![("cookie", cookie.as_str())];
    all.extend(headers);
    world.send("GET", &format!("/webapi/entry.cgi?{CALL}"), "", &all).code()
}

#[test]
fn a_sign_in_answers_with_what_every_client_needs() {
    let world = World::new();
    let answer = world.login("administrator@example.com", PASSWORD, "enable_syno_token=yes&session=Core");
    let data = &answer.body["data"];
    assert_eq!((&data["account"], &data["is_portal_port"]), (&json!("EXAMPLE\\Administrator"), &json!(false)));
    assert_eq!((data["sid"].as_str().unwrap().len(), data["synotoken"].as_str().unwrap().len()), (86, 13));
    assert!(data.get("ik_message").is_none() && data["did"] == "" && data["device_id"] == "");
    assert!(answer.cookies[0].starts_with("id=") && answer.cookies[0].contains("HttpOnly"));
    assert!(!answer.cookies[0].contains("Secure"));
    assert_eq!(world.login("Administrator", PASSWORD, "").body["data"]["synotoken"], "--------");
    assert!(world.login("Administrator", PASSWORD, "format=sid").cookies.is_empty());
}

#[test]
fn a_token_is_asked_of_cookies_and_right_where_it_is_shown() {
    let world = World::new();
    let data = world.login("Administrator", PASSWORD, "enable_syno_token=yes").body["data"].clone();
    let (sid, token) = (data["sid"].as_str().unwrap(), data["synotoken"].as_str().unwrap());
    assert_eq!(with_cookie(&world, sid, &[]), 119);
    assert_eq!(with_cookie(&world, sid, &[("X-SYNO-TOKEN", token)]), 0);
    assert_eq!(with_cookie(&world, sid, &[("X-SYNO-TOKEN", "wrong")]), 119);
    assert_eq!(world.get(&format!("{CALL}&_sid={sid}")).code(), 0);
    assert_eq!(world.get(&format!("{CALL}&_sid={sid}&SynoToken=wrong")).code(), 119);
    assert_eq!(world.get(&format!("{CALL}&_sid={sid}&SynoToken=\"{token}\"")).code(), 0);
    // A session that asked for none takes anything, but for what a link on another site would do.
    let sid = world.administrator();
    assert_eq!(with_cookie(&world, &sid, &[("Sec-Fetch-Site", "cross-site")]), 119);
    assert_eq!(with_cookie(&world, &sid, &[("Sec-Fetch-Site", "same-origin")]), 0);
    assert_eq!(world.get(&format!("{CALL}&_sid={sid}&SynoToken=--------")).code(), 0);
    assert_eq!(with_cookie(&world, &sid, &[]), 0);
    // An unknown id is not helped by a good cookie.
    let query = format!("/webapi/entry.cgi?{CALL}&_sid=unknown");
    assert_eq!(world.send("GET", &query, "", &[("cookie", &format!("id={sid}"))]).code(), 119);
}

#[test]
fn sign_ins_fail_with_the_numbers_of_the_table() {
    let world = World::new();
    let sid = world.administrator();
    for name in ["disabled", "fresh"] {
        world.user(name);
        let list = escaped(&format!(
            "[{{\"dn\":\"CN={name},CN=Users,DC=example,DC=com\",\"{}\":true}}]",
            if name == "disabled" { "account_is_disabled" } else { "change_password_next_logon" }
        ));
        let query = format!("api=SYNO.ActiveDirectory.User&version=2&method=set&userList={list}&_sid={sid}");
        assert_eq!(world.get(&query).code(), 0, "{name}");
    }
    for (account, password, code) in [
        ("Administrator", "wrong", 400),
        ("nobody", "wrong", 400),
        ("Administrator", "", 400),
        ("disabled", "Password123", 401),
        ("fresh", "Password123", 410),
        ("Administrator", PASSWORD, 0),
    ] {
        assert_eq!(world.login(account, password, "").code(), code, "{account}");
    }
    assert_eq!(world.login("Administrator", PASSWORD, "logintype=ldap").code(), 400);
    assert_eq!(world.get("api=SYNO.API.Auth&version=3&method=login").code(), 101);
    assert_eq!(world.get("api=SYNO.API.Auth&version=6&method=login").code(), 400);
}

#[test]
fn a_password_in_the_clear_is_for_loopback_tls_and_the_envelope() {
    let world = World::new();
    let far = |protection| Requester::anonymous(Some("192.0.2.9".parse().unwrap()), protection);
    let login = |protection| {
        let body =
            format!("api=SYNO.API.Auth&version=6&method=login&account=Administrator&passwd={}", escaped(PASSWORD));
        world.send_from(&far(protection), "POST", "/webapi/auth.cgi", &body, &[])
    };
    assert_eq!(login(Protection::None).code(), 402);
    let answer = login(Protection::Encrypted);
    assert!(answer.code() == 0 && answer.cookies[0].contains("; Secure"));
    // A session that is there may be used in the clear, but sets no password there.
    let sid = world.administrator();
    let call = |query: &str| {
        let target = format!("/webapi/entry.cgi?{query}&_sid={sid}");
        world.send_from(&far(Protection::None), "GET", &target, "", &[]).code()
    };
    assert_eq!(call(CALL), 0);
    let create = "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=x&password=Password123";
    assert_eq!(call(create), 403);
}

#[test]
fn sessions_outlive_a_restart_and_end_in_time() {
    let world = World::new();
    let short = world.login("Administrator", PASSWORD, "").body["data"]["sid"].as_str().unwrap().to_owned();
    let long = world.administrator();
    let world = world.restarted();
    let code = |sid: &str| world.get(&format!("{CALL}&_sid={sid}")).code();
    assert_eq!((code(&short), code(&long)), (0, 0));
    world.wait(16 * 60);
    assert_eq!((code(&short), code(&long)), (106, 0));
}

#[test]
fn a_session_ends_with_its_account_its_password_and_at_sign_out() {
    let world = World::new();
    let administrator = world.administrator();
    let call = |query: &str| world.get(&format!("{query}&_sid={administrator}")).code();
    let probe = |sid: &str| world.get(&format!("{CALL}&_sid={sid}")).code();
    let (changed, deleted) = (world.user("changed"), world.user("deleted"));
    assert_eq!((probe(&changed), probe(&deleted)), (105, 105));
    let change = "api=SYNO.DirectoryServer.User&version=1&method=ChangePassword&password=Password456";
    assert_eq!(call(&format!("{change}&user_dn=CN=changed,CN=Users,DC=example,DC=com")), 0);
    let delete = "api=SYNO.DirectoryServer.User&version=1&method=Delete";
    assert_eq!(call(&format!("{delete}&dn=CN=deleted,CN=Users,DC=example,DC=com")), 0);
    assert_eq!((probe(&changed), probe(&deleted)), (119, 119));
    let logout = "api=SYNO.API.Auth&version=7&method=logout&session=webui";
    let anonymous = world.get(logout);
    assert!(anonymous.body == json!({ "success": true }) && probe(&administrator) == 0);
    assert!(world.get(&format!("{logout}&_sid={administrator}")).cookies[0].starts_with("id=;"));
    assert_eq!(probe(&administrator), 119);
}

#[test]
fn rights_are_those_of_now() {
    let world = World::new();
    let (sid, user) = (world.administrator(), world.user("ada"));
    let probe = || world.get(&format!("{CALL}&_sid={user}")).code();
    assert_eq!(probe(), 105);
    let change = |method: &str| {
        let query = format!(
            "api=SYNO.DirectoryServer.Group&version=1&method={method}&user_dn=CN=ada,CN=Users,DC=example,DC=com\
             &group_dn=CN=Domain Admins,CN=Users,DC=example,DC=com&_sid={sid}"
        );
        assert_eq!(world.get(&query).code(), 0);
    };
    change("AddMember");
    assert_eq!(probe(), 0);
    change("RemoveMember");
    assert_eq!(probe(), 105);
}

#[test]
fn a_second_factor_is_asked_for_counted_and_spared_a_trusted_device() {
    let world = World::new();
    world.user("ada");
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    let ada = administration::find(world.directory.as_ref(), &context, Kind::User, &Selector::parse("ada")).unwrap();
    let subject = Subject::Domain(ada.sid.unwrap());
    let seed = world.accounts.second_factors.enrol(&context, &subject).unwrap().seed;
    let code_at = |seconds: i64| String::from_utf8(seed.code(Step::at(START + seconds)).to_vec()).unwrap();
    world.accounts.second_factors.confirm(&context, &subject, &code_at(0)).unwrap();

    let asked = world.login("ada", "Password123", "");
    assert_eq!((asked.code(), &asked.body["error"]["errors"]["types"]), (403, &json!([{ "type": "otp" }])));
    let token = asked.body["error"]["errors"]["token"].as_str().unwrap();
    assert_eq!(world.login("ada", "wrong", "").code(), 400);
    assert_eq!(world.login("ada", "Password123", &format!("otp_code={}", code_at(0))).code(), 404);
    world.wait(60);
    let more = format!("otp_code={}&enable_device_token=yes&device_name=laptop", code_at(60));
    let answer = world.login("ada", token, &more);
    let device = answer.body["data"]["device_id"].as_str().unwrap_or_else(|| panic!("{answer:?}"));
    assert!(device.len() == 86 && answer.cookies[1].starts_with("did="));
    assert_eq!(world.login("ada", token, &more).code(), 400);
    assert_eq!(world.login("ada", "Password123", &format!("device_id={device}&device_name=laptop")).code(), 0);
    assert_eq!(world.login("ada", "Password123", &format!("device_id={device}&device_name=phone")).code(), 403);
    assert_eq!(world.login("ada", "Password123", "device_id=other").code(), 403);
    // A device is trusted as long as the enrolment is the same: one that was stolen ends with it.
    world.wait(60);
    let context = world.process.context(&system, 1);
    world.accounts.second_factors.remove(&subject).unwrap();
    let seed = world.accounts.second_factors.enrol(&context, &subject).unwrap().seed;
    let code = String::from_utf8(seed.code(Step::at(START + 120)).to_vec()).unwrap();
    world.accounts.second_factors.confirm(&context, &subject, &code).unwrap();
    assert_eq!(world.login("ada", "Password123", &format!("device_id={device}&device_name=laptop")).code(), 403);
}

#[test]
fn the_administrator_of_the_host_acts_on_the_directory() {
    let world = World::new();
    assert_eq!(world.login("admin", "wrong", "").code(), 400);
    let sid = world.sid("Admin", HOST_PASSWORD);
    let create = "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=x&password=Password123";
    assert_eq!(world.get(&format!("{create}&_sid={sid}")).code(), 0);
    let world = world.restarted();
    assert_eq!(world.get(&format!("{CALL}&_sid={sid}")).code(), 0);
}
