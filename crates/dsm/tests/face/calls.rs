//! Compounds, deletions and listings: what holds beyond single answers. Specification sections 3.3 to 3.6.

use serde_json::{Value, json};

use crate::world::{World, escaped};

fn compound(world: &World, sid: &str, compound: &str, more: &str) -> Value {
    let query =
        format!("api=SYNO.Entry.Request&version=1&method=request&compound={}&{more}&_sid={sid}", escaped(compound));
    world.get(&query).body
}

#[test]
fn items_fail_one_by_one_and_the_whole_succeeds() {
    let world = World::new();
    let sid = world.administrator();
    let items = r#"[{"api":"SYNO.API.Info","method":"Query","version":"1","query":["SYNO.API.Info"]},
                    {"api":"SYNO.None","method":"x","version":1},
                    {"api":"SYNO.DirectoryServer.Domain","method":"GetInfo","version":1}]"#;
    let answer = compound(&world, &sid, items, "mode=\"parallel\"&stop_when_error=true");
    let results = answer["data"]["result"].as_array().unwrap();
    assert_eq!((results.len(), &answer["data"]["has_fail"], &answer["success"]), (3, &json!(true), &json!(true)));
    assert_eq!((&results[0]["method"], &results[0]["version"]), (&json!("query"), &json!(1)));
    assert_eq!(results[1], json!({"api":"SYNO.None","error":{"code":102},"method":"x","success":false,"version":1}));
    assert_eq!(results[2]["data"]["domain"], "example.com");
    let answer = compound(&world, &sid, items, "mode=sequential&stop_when_error=true");
    assert_eq!(answer["data"]["result"].as_array().unwrap().len(), 2);
}

#[test]
fn each_item_has_the_rights_of_whoever_calls() {
    let world = World::new();
    let items = r#"[{"api":"SYNO.DirectoryServer.Domain","method":"GetInfo","version":1,"_sid":"x"}]"#;
    let code = |sid: &str| compound(&world, sid, items, "")["data"]["result"][0]["error"]["code"].clone();
    assert_eq!(code("nobody"), 119);
    assert_eq!(code(&world.user("plain")), 105);
}

#[test]
fn compounds_are_bounded() {
    let world = World::new();
    let sid = world.administrator();
    let code = |text: &str| compound(&world, &sid, text, "")["error"].clone();
    assert_eq!(code("{}"), json!({"code":120,"errors":{"name":"compound","reason":"type"}}));
    assert_eq!(code(&format!("[{}]", vec!["{}"; 201].join(",")))["code"], 120);
    let mut nested = r#"[{"api":"SYNO.API.Info","method":"query","version":1}]"#.to_owned();
    for _ in 0..3 {
        nested = format!(r#"[{{"api":"SYNO.Entry.Request","method":"request","version":1,"compound":{nested}}}]"#);
    }
    let answer = compound(&world, &sid, &nested, "");
    assert!(answer.to_string().contains("\"code\":120"), "{answer}");
    // Those in compounds count too, or a small request could ask for millions of answers.
    let many = vec!["{}"; 150].join(",");
    let inner = format!(r#"{{"api":"SYNO.Entry.Request","method":"request","version":1,"compound":[{many}]}}"#);
    let answer = compound(&world, &sid, &format!("[{inner},{inner}]"), "");
    assert_eq!(answer["data"]["result"][0]["success"], true);
    assert_eq!(answer["data"]["result"][1]["error"]["code"], 120);
    let missing = world.get("api=SYNO.Entry.Request&version=1&method=request").body;
    assert_eq!(missing["error"], json!({"code":120,"errors":{"name":"compound","reason":"required"}}));
}

#[test]
fn a_name_with_every_special_character_is_made_listed_and_deleted() {
    let world = World::new();
    let sid = world.administrator();
    let place = "CN=Users,DC=example,DC=com";
    let cn = r##"Doe\, "J" \\ #1 + <x>; é="##;
    let name = escaped(r##" #Doe, "J" + <x>; é=\ "##);
    let query = format!(
        "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=doe&password=Password123&first_name={name}&_sid={sid}"
    );
    let made = world.get(&query).body;
    let dn = made["data"]["dn"].as_str().unwrap_or_else(|| panic!("{made} {cn}")).to_owned();
    let list = |offset: usize| {
        let place = escaped(place);
        let query = format!(
            "api=SYNO.ActiveDirectory.Directory&version=3&method=list&basedn={place}&offset={offset}&limit=1&_sid={sid}"
        );
        world.get(&query).body["data"].clone()
    };
    assert_eq!(list(0)["data"][0]["dn"], dn.as_str());
    // Pasted between quotes as one client does it, and properly.
    let paste = |dn: &str| {
        format!(
            r#"[{{"api":"SYNO.ActiveDirectory.User","method":"set","version":2,"userList":[{{"dn":{dn},"web":"x"}}]}}]"#
        )
    };
    let answer = compound(&world, &sid, &paste(&json!(dn).to_string()), "");
    assert_eq!(answer["data"]["has_fail"], false, "{answer}");
    let delete = format!(
        "api=SYNO.ActiveDirectory.Directory&version=2&method=delete&dnList={}&_sid={sid}",
        escaped(&json!([dn]).to_string())
    );
    let task = world.get(&delete).body["data"]["task_id"].as_str().unwrap().to_owned();
    let polled = world.get(&format!("api=SYNO.ActiveDirectory.Polling&version=1&method=get&task_id={task}&_sid={sid}"));
    assert_eq!(polled.body["data"], json!({"data":[{"dn":dn,"status":{}}],"finished":true,"total":1}));
    assert_ne!(list(0)["data"][0]["dn"], dn.as_str());
}

#[test]
fn a_name_that_was_pasted_unescaped_is_found() {
    let world = World::new();
    let sid = world.administrator();
    let query = format!(
        "api=SYNO.DirectoryServer.User&version=1&method=Create&logon_name=jd&password=Password123&first_name={}&_sid={sid}",
        escaped("Doe, John")
    );
    assert_eq!(world.get(&query).body["data"]["dn"], r"CN=Doe\, John,CN=Users,DC=example,DC=com");
    let items = r#"[{"api":"SYNO.ActiveDirectory.User","method":"set","version":2,"userList":[{"dn":"CN=Doe\, John,CN=Users,DC=example,DC=com","web":"x"}]}]"#;
    assert_eq!(compound(&world, &sid, items, "")["data"]["has_fail"], false);
}

#[test]
fn pages_hold_every_object_once_in_order_and_the_total_is_true() {
    let world = World::new();
    let sid = world.administrator();
    let place = escaped("CN=Users,DC=example,DC=com");
    let list = |offset: i64, limit: i64| {
        let query = format!(
            "api=SYNO.ActiveDirectory.Directory&version=3&method=list&basedn={place}&offset={offset}&limit={limit}&_sid={sid}"
        );
        world.get(&query).body
    };
    let names = |answer: &Value| -> Vec<String> {
        let rows = answer["data"]["data"].as_array().unwrap();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_lowercase()).collect()
    };
    let all = list(0, -1);
    let expected = names(&all);
    assert!(expected.is_sorted() && expected.len() > 10);
    let mut paged = Vec::new();
    for offset in (0..).step_by(3).take_while(|offset| *offset < expected.len() as i64 + 3) {
        let page = list(offset, 3);
        assert_eq!(page["data"]["total"], expected.len());
        paged.extend(names(&page));
    }
    assert_eq!(paged, expected);
    assert_eq!(names(&list(0, 0)), Vec::<String>::new());
    assert_eq!((list(-1, 3)["error"]["code"].clone(), list(0, -2)["error"]["code"].clone()), (json!(120), json!(120)));
}
