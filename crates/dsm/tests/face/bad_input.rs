//! Bad input, made from the requests of the golden files: the first of each method, with each of its parameters left out
//! or replaced by what nobody means. Nothing panics, the answer is a documented number, and what was refused changed
//! nothing in the directory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bailiwick_domain::{Process, Requester};
use bailiwick_dsm::catalog::{Api, CATALOG, Family, Method};

use crate::world::{Answer, HOST_PASSWORD, World, escaped};

/// What stands in the place of a value; none leaves the parameter out.
const VALUES: [Option<&str>; 20] = [
    None,
    Some(""),
    Some("null"),
    Some("\"\""),
    Some("{"),
    Some("[\"a\","),
    Some("[[[[]]]]"),
    Some("{\"a\":{\"b\":[1,2,{}]}}"),
    Some("\""),
    Some("-1"),
    Some("99999999999999999999999"),
    Some("1e400"),
    Some("maybe"),
    Some("a\nb\r\n\u{0}\u{7}"),
    Some("O'Brien \"quoted\" \\ and <more>"),
    Some("CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\#i\\=j\\00k\\20,DC=example,DC=com"),
    Some("CN=,DC="),
    Some("<GUID=00000000-0000-0000-0000-000000000000>"),
    Some("(|(cn=*)(objectClass=*))"),
    Some("\u{202e}\u{fffd}\u{1f600}"),
];
/// Octets of a value that is far too long.
const LONG_OCTETS: usize = 1 << 20;
/// Parameters that say which call it is, and whose.
const CALL: [&str; 4] = ["api", "version", "method", "_sid"];

/// A request of a golden file, as its parameters.
type Request = BTreeMap<String, String>;

/// The first request of each method of an API.
fn requests(api: &Api) -> Vec<(&'static str, Request)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/face/golden/{}.txt", api.name));
    let file = fs::read_to_string(path).unwrap();
    let all: Vec<Request> = file.lines().filter_map(|line| line.strip_prefix("> ")).map(parameters).collect();
    let first = |method: &Method| {
        let found = all.iter().find(|request| request["api"] == api.name && request["method"] == method.name);
        (method.name, found.unwrap_or_else(|| panic!("{} {}", api.name, method.name)).clone())
    };
    api.methods.iter().map(first).collect()
}

fn parameters(query: &str) -> Request {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Sends a request as a form, so that values may be long.
fn send(world: &World, sids: &[(&str, String)], request: &Request) -> Answer {
    let mut body = String::new();
    for (name, value) in request {
        let value = sids.iter().fold(value.clone(), |value, (name, sid)| value.replace(&format!("{{{name}}}"), sid));
        body.push_str(&format!("{name}={}&", escaped(&value)));
    }
    world.send("POST", "/webapi/entry.cgi", &body, &[])
}

/// A domain with sessions of its administrator and of the host's.
struct Sessions {
    world: World,
    sids: [(&'static str, String); 2],
}

impl Sessions {
    fn new() -> Sessions {
        let world = World::new();
        let sids = [("sid", world.administrator()), ("admin", world.sid("admin", HOST_PASSWORD))];
        Sessions { world, sids }
    }

    /// Sends a request, once more with new sessions of a new domain when an earlier one has ended them.
    fn check(&mut self, api: &Api, request: &Request, shown: &str) {
        let mut before = usn(&self.world);
        let mut answer = send(&self.world, &self.sids, request);
        if answer.code() == 119 {
            *self = Sessions::new();
            before = usn(&self.world);
            answer = send(&self.world, &self.sids, request);
        }
        assert_eq!(answer.status, 200, "{shown}");
        assert!(is_documented(api.family, answer.code()), "{shown}: {}", answer.body);
        let is_changed = answer.code() != 0 && usn(&self.world) != before;
        assert!(!is_changed, "{shown} was refused and changed something: {}", answer.body);
    }
}

/// The numbers that an API answers bad input with. Specification sections 1.8, 1.9, 2.5 and 5.4.
fn is_documented(family: Family, code: u64) -> bool {
    let common = matches!(code, 0 | 101 | 103 | 104 | 105 | 117);
    common
        || match family {
            Family::Api => matches!(code, 120 | 400..=404 | 406..=411),
            Family::Entry => code == 120,
            Family::ActiveDirectory => matches!(code, 120 | 10104),
            Family::DirectoryServer => matches!(code, 400 | 403..=405),
            Family::CoreUser => matches!(code, 3101..=3124 | 7100),
            Family::CoreGroup => matches!(code, 3101..=3106 | 3201..=3210),
            Family::CoreDirectory => matches!(code, 114 | 120 | 1402 | 2601..=2628 | 2701..=2723),
            Family::ForgotPassword => matches!(code, 400 | 404),
            Family::Other => matches!(code, 114 | 120 | 404 | 407 | 3101..=3124 | 4203),
        }
}

/// What shows that something was changed.
fn usn(world: &World) -> Vec<Vec<u8>> {
    let system = Requester::system();
    let root = world.directory.root_dse(&world.process.context(&system, 1), &|_| true).unwrap();
    root.into_iter().filter(|attribute| attribute.name == "highestCommittedUSN").flat_map(|one| one.values).collect()
}

#[test]
fn whatever_a_parameter_holds_the_answer_is_documented() {
    for api in CATALOG {
        let mut sessions = Sessions::new();
        for (method, request) in requests(api) {
            for name in request.keys().filter(|name| !CALL.contains(&name.as_str())) {
                for value in VALUES {
                    let mut changed = request.clone();
                    match value {
                        Some(value) => drop(changed.insert(name.clone(), value.to_owned())),
                        None => drop(changed.remove(name)),
                    }
                    sessions.check(api, &changed, &format!("{} {method} {name}={value:?}", api.name));
                }
            }
        }
    }
}

#[test]
fn values_of_a_megabyte_are_refused_or_passed_over() {
    for api in CATALOG {
        let mut sessions = Sessions::new();
        for (method, request) in requests(api) {
            // One after the other of a method's parameters would show little more, and take long.
            let name = request.keys().filter(|name| !CALL.contains(&name.as_str())).min_by_key(|name| name.len());
            if let Some(name) = name {
                let mut changed = request.clone();
                changed.insert(name.clone(), "x".repeat(LONG_OCTETS));
                sessions.check(api, &changed, &format!("{} {method} {name} of a megabyte", api.name));
            }
        }
    }
}

#[test]
fn versions_that_there_are_not_are_refused_before_anything_else() {
    let world = World::new();
    for api in CATALOG {
        let (low, high) = (api.versions.0.to_string(), api.versions.1.to_string());
        let above = (api.versions.1 + 1).to_string();
        for method in api.methods.iter().map(|method| method.name).chain(["no-such-method"]) {
            for version in ["0", "-1", "x", "1.5", "4294967297", "99999999999999999999", &above] {
                let query = format!("api={}&version={version}&method={method}", api.name);
                assert_eq!(world.get(&query).code(), 104, "{query}");
            }
        }
        for version in [low, high] {
            let query = format!("api={}&version={version}&method=no-such-method", api.name);
            assert_eq!(world.get(&query).code(), 103, "{query}");
        }
        let query = format!("api={}&method={}", api.name, api.methods[0].name);
        assert_eq!(world.get(&query).code(), 101, "{query}");
    }
}

#[test]
fn compounds_that_are_broken_are_refused_as_a_whole_or_item_by_item() {
    let world = World::new();
    let sid = world.administrator();
    let whole = |compound: &str| {
        let query =
            format!("api=SYNO.Entry.Request&version=1&method=request&_sid={sid}&compound={}", escaped(compound));
        world.get(&query)
    };
    for broken in ["", "{", "[", "[{]", "null", "5", "\"x\"", "[1,2", "{\"api\":\"SYNO.API.Info\"}x"] {
        assert_eq!(whole(broken).code(), 120, "{broken}");
    }
    for (items, codes) in [
        ("[{}]", vec![101]),
        ("[1,\"x\",null,[]]", vec![101, 101, 101, 101]),
        (r#"[{"api":"SYNO.None","method":"get","version":1}]"#, vec![102]),
        (r#"[{"api":"SYNO.ActiveDirectory.Info","method":"get","version":[1]}]"#, vec![104]),
        (r#"[{"api":"SYNO.ActiveDirectory.Info","method":{},"version":1}]"#, vec![101]),
        (r#"[{"api":"SYNO.ActiveDirectory.Group","method":"conflict","version":1,"name":[]}]"#, vec![120]),
    ] {
        let answer = whole(items);
        let Some(results) = answer.body["data"]["result"].as_array() else {
            assert_eq!(answer.code(), 120, "{items}");
            continue;
        };
        let found: Vec<u64> =
            results.iter().map(|result| result["error"]["code"].as_u64().unwrap_or_default()).collect();
        assert_eq!(found, codes, "{items}");
    }
    let long = format!("[{}]", vec!["{}"; 201].join(","));
    assert_eq!(whole(&long).code(), 120);
}

#[test]
fn what_comes_in_a_forged_envelope_is_not_looked_at() {
    let world = World::new();
    let sid = world.administrator();
    let before = usn(&world);
    for envelope in [
        "x",
        "{}",
        "[]",
        "{\"rsa\":\"\",\"aes\":\"\"}",
        "{\"rsa\":\"AAAA\",\"aes\":\"U2FsdGVkX18BAgMEBQYHCA==\"}",
        "{\"rsa\":5}",
    ] {
        let create = "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=x&password=Password123";
        let body = format!("{create}&_sid={sid}&__cIpHeRtExT={}", escaped(envelope));
        let answer = world.send("POST", "/webapi/entry.cgi", &body, &[]);
        assert_eq!(
            answer.body["error"],
            serde_json::json!({
                "code": 120, "errors": { "name": "__cIpHeRtExT", "reason": "condition" }
            }),
            "{envelope}"
        );
        let login = format!("api=SYNO.API.Auth&version=6&method=login&__cIpHeRtExT={}", escaped(envelope));
        assert_eq!(world.send("POST", "/webapi/auth.cgi", &login, &[]).code(), 400, "{envelope}");
    }
    assert_eq!(usn(&world), before);
}

#[test]
fn names_with_special_characters_are_the_names_that_are_meant() {
    let world = World::new();
    let sid = world.administrator();
    let place = "CN=Users,DC=example,DC=com";
    for (number, name) in
        ["a,b", "a+b=c", "x\"y\"", "back\\slash", "#hash", "semi;colon", "a<b>", " lead", "O'Brien", "ümläut", "(*)"]
            .into_iter()
            .enumerate()
    {
        let call = |query: String| world.get(&format!("{query}&_sid={sid}"));
        let json = |text: &str| escaped(&serde_json::to_string(text).unwrap());
        let made = call(format!(
            "api=SYNO.ActiveDirectory.Group&version=2&method=create&name=g{number}&located_dn={}&description={}",
            json(place),
            json(name)
        ));
        assert_eq!(made.code(), 0, "{name}: {made:?}");
        let user = call(format!(
            "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=u{number}&password=Password123&first_name={}",
            json(name)
        ));
        let dn = user.body["data"]["dn"].as_str().unwrap_or_else(|| panic!("{name}: {user:?}")).to_owned();
        for query in [
            format!("api=SYNO.ActiveDirectory.Directory&version=3&method=list&scope=base&basedn={}", json(&dn)),
            format!("api=SYNO.ActiveDirectory.Directory&version=3&method=list&scope=base&basedn={}", escaped(&dn)),
        ] {
            let listed = call(query);
            assert_eq!(listed.body["data"]["data"][0]["dn"], serde_json::json!(dn), "{name}: {listed:?}");
        }
        let joined = call(format!(
            "api=SYNO.DirectoryServer.Group&version=1&method=AddMember&user_dn={}&group_dn={}",
            json(&dn),
            json(&format!("CN=g{number},{place}"))
        ));
        assert_eq!(joined.code(), 0, "{name}: {joined:?}");
        assert_eq!(call(format!("api=SYNO.DirectoryServer.User&version=1&method=Delete&dn={}", json(&dn))).code(), 0);
    }
}
