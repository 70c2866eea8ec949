//! A forgotten password: who gets a letter, what its link is good for, and what the page does. Specification section 3.7.

use bailiwick_accounts::mail::{Letter, State};
use bailiwick_accounts::user::{NewUser, UserChange};
use bailiwick_credential::Password;
use bailiwick_domain::administration::{self, Kind, Selector};
use bailiwick_domain::{Process, Protection, Requester};

use crate::world::{PASSWORD, World, escaped};

const NEW: &str = "Violet-Harbour-7";
const LINK: &str = "https://dc1.example.com:5001/reset-password?ticket=";

/// A world in which the domain's ada and the host's bert have addresses, and letters are on.
fn world() -> World {
    let world = World::new();
    world.accounts.policies.change_password(|policy| policy.reset_by_email = true).unwrap();
    let sid = world.administrator();
    let made = world.get(&format!(
        "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=ada&password=Password123\
         &email=ada@example.com&_sid={sid}"
    ));
    assert_eq!(made.code(), 0, "{made:?}");
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    let bert = NewUser { name: "bert".into(), email: "bert@example.com; b@example.com".into(), ..NewUser::default() };
    world.accounts.users.found(&context, &Password::new(PASSWORD.as_bytes())).unwrap();
    world.accounts.users.create(&context, &bert, &Password::new(b"Password123")).unwrap();
    world
}

fn from(address: &str) -> Requester {
    Requester::anonymous(Some(address.parse().unwrap()), Protection::Encrypted)
}

fn call(world: &World, from: &Requester, rest: &str) -> u64 {
    let target = format!("/webapi/entry.cgi?api=SYNO.Auth.ForgotPwd&version=1&{rest}");
    world.send_from(from, "GET", &target, "", &[]).code()
}

fn send(world: &World, from: &Requester, name: &str) {
    let target = format!("/webapi/entry.cgi?api=SYNO.Auth.ForgotPwd&version=1&method=send&user={}", escaped(name));
    let answer = world.send_from(from, "GET", &target, "", &[]);
    assert_eq!(answer.body, serde_json::json!({ "data": { "msg": 3 }, "success": true }), "{name}");
}

/// Letters that wait, in the order in which they were written.
fn letters(world: &World) -> Vec<Letter> {
    let slips = world.accounts.outbox.list(0, 100).unwrap();
    let waiting = slips.iter().filter(|slip| matches!(slip.state, State::Waiting { .. }));
    waiting.map(|slip| world.accounts.outbox.show(slip.number).unwrap().1).collect()
}

/// The ticket in the last letter.
fn ticket(world: &World) -> String {
    let letter = letters(world).pop().expect("there is a letter");
    let (_, after) = letter.text().split_once(LINK).expect("there is a link");
    after.split_whitespace().next().unwrap().to_owned()
}

fn reset(world: &World, from: &Requester, ticket: &str, password: &str) -> u64 {
    call(world, from, &format!("method=reset&ticket={ticket}&password={}", escaped(password)))
}

#[test]
fn accounts_of_domain_and_host_come_back_by_a_letter() {
    for (name, account, address) in [
        ("ada", "ada", "ada@example.com"),
        ("EXAMPLE\\ada", "ada", "ada@example.com"),
        ("bert", "bert", "bert@example.com"),
    ] {
        let world = world();
        let home = from("192.0.2.1");
        let sid = world.sid(account, "Password123");
        send(&world, &home, name);
        assert_eq!(letters(&world)[0].to(), address);
        let ticket = ticket(&world);
        world.wait(60);
        assert_eq!(call(&world, &home, &format!("method=get&ticket={ticket}")), 0);
        assert_eq!(reset(&world, &home, &ticket, NEW), 0, "{name}");
        assert_eq!(world.login(account, "Password123", "").code(), 400);
        assert_eq!(world.login(account, NEW, "").code(), 0);
        // Whoever was signed in is not any more, the ticket is used up, and the account is told.
        let call_with_session =
            world.get(&format!("api=SYNO.DirectoryServer.Domain&version=1&method=GetInfo&_sid={sid}"));
        assert_eq!(call_with_session.code(), 119, "{call_with_session:?}");
        assert_eq!(reset(&world, &home, &ticket, NEW), 404);
        let told = letters(&world).pop().unwrap();
        assert!(told.subject().contains("was changed") && !told.text().contains(LINK), "{told:?}");
    }
}

#[test]
fn whoever_gets_no_letter_is_answered_like_everybody_else() {
    let world = world();
    let sid = world.administrator();
    let silent = format!(
        "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=silent&password=Password123&_sid={sid}"
    );
    assert_eq!(world.get(&silent).code(), 0);
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    let admin = UserChange { email: Some("admin@example.com".into()), ..UserChange::default() };
    world.accounts.users.change(&context, "admin", &admin, None).unwrap();
    // An unknown name, accounts without an address, administrators, and one that may not sign in.
    for (number, name) in ["nobody", "silent", "Administrator", "admin", "guest", "krbtgt", ""].iter().enumerate() {
        if !name.is_empty() {
            send(&world, &from(&format!("192.0.2.{number}")), name);
        }
    }
    assert!(letters(&world).is_empty());
}

#[test]
fn nothing_is_sent_and_nothing_redeemed_while_it_is_switched_off() {
    let world = world();
    let home = from("192.0.2.1");
    send(&world, &home, "ada");
    let ticket = ticket(&world);
    world.accounts.policies.change_password(|policy| policy.reset_by_email = false).unwrap();
    assert_eq!(call(&world, &home, "method=send&user=ada"), 105);
    assert_eq!(reset(&world, &home, &ticket, NEW), 404);
    assert_eq!(letters(&world).len(), 1);
}

#[test]
fn a_ticket_is_void_after_any_change_of_the_password() {
    let world = world();
    let home = from("192.0.2.1");
    let sid = world.administrator();
    send(&world, &home, "ada");
    let of_ada = ticket(&world);
    let changed = format!(
        "api=SYNO.DirectoryServer.User&version=1&method=ChangePassword&user_dn=CN=ada,CN=Users,DC=example,DC=com\
         &password=Other-Word-12&_sid={sid}"
    );
    assert_eq!(world.get(&changed).code(), 0);
    assert_eq!(reset(&world, &home, &of_ada, NEW), 404);
    send(&world, &home, "bert");
    let of_bert = ticket(&world);
    world.wait(1);
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    let setter = bailiwick_accounts::user::Setter::Administrator;
    world.accounts.users.set_password(&context, "bert", &Password::new(b"Other-Word-12"), setter).unwrap();
    assert_eq!(reset(&world, &home, &of_bert, NEW), 404);
}

#[test]
fn a_password_that_the_policy_refuses_leaves_the_ticket_good() {
    for name in ["ada", "bert"] {
        let world = world();
        let home = from("192.0.2.1");
        send(&world, &home, name);
        let ticket = ticket(&world);
        for bad in ["short", "alllowercase", ""] {
            assert!([3121, 404].contains(&reset(&world, &home, &ticket, bad)), "{name} {bad}");
        }
        assert_eq!(world.login(name, "Password123", "").code(), 0);
        assert_eq!(reset(&world, &home, &ticket, NEW), 0);
    }
}

#[test]
fn another_address_half_an_hour_and_a_disabled_account_make_a_ticket_worth_nothing() {
    let world = world();
    let home = from("192.0.2.1");
    send(&world, &home, "ada");
    let ticket = ticket(&world);
    assert_eq!(reset(&world, &from("192.0.2.2"), &ticket, NEW), 404);
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    let found = administration::find(world.directory.as_ref(), &context, Kind::User, &Selector::parse("ada")).unwrap();
    administration::disable(world.directory.as_ref(), &context, &found).unwrap();
    assert_eq!(reset(&world, &home, &ticket, NEW), 404);
    administration::enable(world.directory.as_ref(), &context, &found).unwrap();
    assert_eq!(call(&world, &home, &format!("method=get&ticket={ticket}")), 0);
    world.wait(31 * 60);
    assert_eq!(reset(&world, &home, &ticket, NEW), 404);
}

#[test]
fn an_administrator_made_meanwhile_and_an_owner_without_the_right_set_no_password() {
    let world = world();
    let home = from("192.0.2.1");
    let system = Requester::system();
    let context = world.process.context(&system, 1);
    send(&world, &home, "bert");
    let ticket = ticket(&world);
    let groups = ["administrators".to_owned()];
    let uid = world.accounts.users.find("bert").unwrap().unwrap().uid;
    assert!(world.accounts.groups.change_groups_of(&context, uid, &groups, &[]).unwrap());
    assert_eq!(reset(&world, &home, &ticket, NEW), 404);
    let bound = NewUser {
        name: "carl".into(),
        email: "carl@example.com".into(),
        cannot_change_password: true,
        ..NewUser::default()
    };
    world.accounts.users.create(&context, &bound, &Password::new(b"Password123")).unwrap();
    let before = letters(&world).len();
    send(&world, &home, "carl");
    assert_eq!(letters(&world).len(), before);
}

#[test]
fn letters_are_few() {
    let world = world();
    // An account gets one in five minutes, wherever that is asked for.
    send(&world, &from("192.0.2.1"), "ada");
    send(&world, &from("192.0.2.2"), "ada");
    assert_eq!(letters(&world).len(), 1);
    world.wait(5 * 60);
    send(&world, &from("192.0.2.2"), "ada");
    assert_eq!(letters(&world).len(), 2);
    // An address gets ten at once, whatever the names.
    for _ in 0..10 {
        send(&world, &from("192.0.2.3"), "nobody");
    }
    send(&world, &from("192.0.2.3"), "bert");
    assert_eq!(letters(&world).len(), 2);
    send(&world, &from("192.0.2.4"), "bert");
    assert_eq!(letters(&world).len(), 3);
}

/// The status and the text of the page.
fn page(world: &World, from: &Requester, method: &str, query: &str, body: &str) -> (u16, String) {
    let request = http::Request::builder().method(method).uri(format!("/reset-password{query}"));
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    let response = world.dsm.reset_password_page(&request, from);
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(response.headers()[name], value);
    }
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    (response.status().as_u16(), String::from_utf8(response.into_body()).unwrap())
}

#[test]
fn the_page_asks_twice_says_what_is_wrong_and_sets_the_password() {
    let world = world();
    let home = from("192.0.2.1");
    send(&world, &home, "ada");
    let ticket = ticket(&world);
    let get = |from: &Requester, ticket: &str| page(&world, from, "GET", &format!("?ticket={ticket}"), "");
    let (status, text) = get(&home, &ticket);
    assert!(status == 200 && text.contains("<strong>ada</strong>") && text.contains("new-password"), "{text}");
    let post = |password: &str, again: &str| {
        let form = format!("ticket={ticket}&password={}&again={}", escaped(password), escaped(again));
        page(&world, &home, "POST", "", &form)
    };
    for (password, again, status, words) in [
        (NEW, "other", 422, "not the same"),
        ("a", "a", 422, "characters or more"),
        (NEW, NEW, 200, "Your password is set"),
        (NEW, NEW, 404, "not good any more"),
    ] {
        let (found, text) = post(password, again);
        assert!(found == status && text.contains(words) && !text.contains(NEW), "{text}");
    }
    assert_eq!(world.login("ada", NEW, "").code(), 0);
    assert_eq!(get(&home, "%3Cscript%3E").0, 404);
    assert_eq!(page(&world, &home, "DELETE", "", "").0, 405);
    assert_eq!(page(&world, &home, "POST", "", &"x".repeat(100_000)).0, 413);
    let clear = Requester::anonymous(Some("192.0.2.1".parse().unwrap()), Protection::None);
    assert_eq!(get(&clear, &ticket).0, 403);
}
