//! One-time codes that are enrolled over the API, the policy that wants them, and passwords that owners change.
//! Specification sections 2.3, 3.9.4, 3.12 and 3.15.

use bailiwick_accounts::second_factor::Subject;
use bailiwick_credential::{Seed, Step};
use bailiwick_domain::{Protection, Requester};
use serde_json::{Value, json};

use crate::world::{HOST_PASSWORD, PASSWORD, World, escaped};

fn call(world: &World, sid: &str, call: &str) -> Value {
    world.get(&format!("{call}&_sid={sid}")).body
}

/// Enrols the owner of a session, and gives the seed.
fn enrol(world: &World, sid: &str) -> Seed {
    let shown = call(world, sid, "api=SYNO.Core.OTP&version=2&method=get_qrcode");
    assert_eq!(shown["data"]["recovery_codes"].as_array().map(Vec::len), Some(8));
    let secret = shown["data"]["secret"].as_str().unwrap_or_else(|| panic!("{shown}"));
    let url = shown["data"]["qr_code_url"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/") && url.contains(secret), "{url}");
    let seed = Seed::new(from_base32(secret).try_into().expect("a seed has its length"));
    let code = code(world, &seed);
    let confirm = format!("api=SYNO.Core.OTP&version=2&method=auth_tmp_code&code={code}");
    assert_eq!(call(world, sid, &confirm), json!({ "success": true }));
    seed
}

fn code(world: &World, seed: &Seed) -> String {
    String::from_utf8(seed.code(Step::at(world.now().unix_seconds())).to_vec()).expect("digits are text")
}

/// What a device makes of the text that is typed into it. RFC 4648 section 6.
fn from_base32(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for character in text.bytes().filter(|character| character.is_ascii_alphanumeric()) {
        let value = if character.is_ascii_digit() { character - b'2' + 26 } else { character - b'A' };
        bits = bits << 5 | u32::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    octets
}

#[test]
fn codes_are_enrolled_asked_for_and_given_up() {
    let world = World::new();
    let sid = world.administrator();
    let seed = enrol(&world, &sid);
    let own = call(&world, &sid, "api=SYNO.Core.OTP&version=2&method=get");
    assert_eq!((&own["data"]["OTP_enable"], &own["data"]["recovery_codes"]), (&json!(true), &json!(8)));
    assert_eq!(call(&world, &sid, "api=SYNO.Core.OTP&version=2&method=get_qrcode")["error"]["code"], 105);
    assert_eq!(world.login("Administrator", PASSWORD, "format=sid").code(), 403);
    // The code that confirmed is used up.
    world.wait(30);
    let more = format!("format=sid&otp_code={}", code(&world, &seed));
    assert_eq!(world.login("Administrator", PASSWORD, &more).code(), 0);
    let reset = |code: &str| call(&world, &sid, &format!("api=SYNO.Core.OTP&version=2&method=reset&code={code}"));
    assert_eq!(reset("none")["error"]["code"], 404);
    world.wait(30);
    assert_eq!(reset(&code(&world, &seed)), json!({ "success": true }));
    assert_eq!(world.login("Administrator", PASSWORD, "format=sid").code(), 0);
}

#[test]
fn a_seed_is_not_shown_where_others_could_read_it() {
    let world = World::new();
    let sid = world.administrator();
    let afar = Requester::anonymous(Some("192.0.2.7".parse().unwrap()), Protection::None);
    let target = format!("/webapi/entry.cgi?api=SYNO.Core.OTP&version=2&method=get_qrcode&_sid={sid}");
    assert_eq!(world.send_from(&afar, "GET", &target, "", &[]).code(), 105);
}

#[test]
fn the_policy_keeps_out_whoever_has_no_codes() {
    let world = World::new();
    let (sid, host) = (world.administrator(), world.sid("admin", HOST_PASSWORD));
    world.user("plain");
    let set = |sid: &str, word: &str| {
        let query = format!("api=SYNO.Core.OTP.EnforcePolicy&version=1&method=set&otp_enforce_option={word}");
        call(&world, sid, &query)
    };
    assert_eq!(set(&sid, "admin")["error"]["code"], 4203, "whoever sets it would be kept out");
    let seed = enrol(&world, &sid);
    assert_eq!(set(&sid, "admin"), json!({ "success": true }));
    assert_eq!(set(&host, "none"), json!({ "success": true }));
    assert_eq!(set(&sid, "admin"), json!({ "success": true }));
    // Administrators of the host too, and nobody else.
    assert_eq!(world.login("admin", HOST_PASSWORD, "format=sid").code(), 406);
    assert_eq!(world.login("admin", "wrong", "format=sid").code(), 400);
    assert_eq!(world.login("plain", "Password123", "format=sid").code(), 0);
    assert_eq!(world.login("Administrator", PASSWORD, "format=sid").code(), 403);
    // Sessions that have begun go on, and their owners enrol.
    let own = call(&world, &host, "api=SYNO.Core.NormalUser&version=1&method=get");
    assert_eq!((&own["data"]["OTP_enforced"], &own["data"]["OTP_enable"]), (&json!(true), &json!(false)));
    let of_host = enrol(&world, &host);
    world.wait(30);
    let more = format!("format=sid&otp_code={}", code(&world, &of_host));
    assert_eq!(world.login("admin", HOST_PASSWORD, &more).code(), 0);
    let reset = format!("api=SYNO.Core.OTP&version=2&method=reset&code={}", code(&world, &seed));
    assert_eq!(call(&world, &sid, &reset)["error"]["code"], 105, "the policy wants them");
    assert_eq!(set(&sid, "user"), json!({ "success": true }));
    assert_eq!(world.login("plain", "Password123", "format=sid").code(), 406);
    let world = world.restarted();
    assert_eq!(world.login("plain", "Password123", "format=sid").code(), 406);
    let policy = call(&world, &sid, "api=SYNO.Core.OTP.EnforcePolicy&version=1&method=get");
    assert_eq!(policy["data"]["otp_enforce_option"], "user");
}

#[test]
fn owners_change_their_passwords_and_their_other_sessions_end() {
    let world = World::new();
    world.user("jdoe");
    // Passwords are a day old before their owners change them.
    world.wait(2 * 86_400);
    let (one, other) = (world.sid("jdoe", "Password123"), world.sid("jdoe", "Password123"));
    let change = |api: &str, method: &str, old: &str, new: &str| {
        let query = format!("api={api}&version=1&method={method}&old_password={old}&password={}", escaped(new));
        call(&world, &one, &query)
    };
    let domain = "SYNO.Core.Directory.Domain";
    assert_eq!(change(domain, "set_password", "wrong", "Password456")["error"]["code"], 2607);
    assert_eq!(change(domain, "set_password", "Password123", "a")["error"]["code"], 2723);
    assert_eq!(change(domain, "set_password", "Password123", "Password456"), json!({ "success": true }));
    let mine = "api=SYNO.Core.NormalUser&version=1&method=get";
    assert_eq!(call(&world, &one, mine)["success"], true);
    assert_eq!(call(&world, &other, mine)["error"]["code"], 119);
    assert_eq!(world.login("jdoe", "Password123", "format=sid").code(), 400);
    assert_eq!(world.login("jdoe", "Password456", "format=sid").code(), 0);
    let ldap = "SYNO.Core.Directory.LDAP.User";
    assert_eq!(change(ldap, "set_pwd", "wrong", "Password789")["error"]["code"], 2706);
}

#[test]
fn owners_are_told_when_their_passwords_end_soon() {
    let world = World::new();
    let sid = world.administrator();
    world.user("jdoe");
    let set = "api=SYNO.Core.Directory.LDAP.Login.Notify&version=1&method=set&enable=true";
    assert_eq!(call(&world, &sid, set), json!({ "success": true }));
    let check = "api=SYNO.Core.Directory.LDAP.Login.Notify&version=1&method=check";
    assert_eq!(call(&world, &world.sid("jdoe", "Password123"), check)["data"], json!({}));
    // The domain's passwords last 42 days.
    world.wait(39 * 86_400);
    let told = call(&world, &world.sid("jdoe", "Password123"), check);
    assert_eq!(told["data"], json!({ "password_expires_in_days": 3 }));
    let off = "api=SYNO.Core.Directory.LDAP.Login.Notify&version=1&method=set&enable=false";
    assert_eq!(call(&world, &world.administrator(), off), json!({ "success": true }));
    assert_eq!(call(&world, &world.sid("jdoe", "Password123"), check)["data"], json!({}));
}

#[test]
fn the_audit_hears_of_codes() {
    let world = World::new();
    let sid = world.sid("admin", HOST_PASSWORD);
    enrol(&world, &sid);
    let told = format!("{:?}", world.told());
    let subject = Subject::Host(bailiwick_accounts::ADMIN_UID).to_string();
    assert!(told.contains("second-factor.enrol") && told.contains("second-factor.confirm") && told.contains(&subject));
}
