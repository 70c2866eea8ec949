//! The order in which errors are decided, and what a request may look like. Specification sections 1.1, 1.2 and 1.7.

use bailiwick_domain::{Protection, Requester};

use crate::world::World;

#[test]
fn the_first_step_that_fails_decides() {
    let world = World::new();
    let user = world.user("plain");
    for (query, code) in [
        ("", 101),
        ("api=SYNO.API.Info&method=query", 101),
        ("api=SYNO.API.Info&version=1", 101),
        ("method=query&version=1", 101),
        ("api=%FF&method=query&version=1", 101),
        ("api=SYNO.None&method=None&version=99", 102),
        ("api=SYNO.Core.None&method=list&version=1", 102),
        ("api=SYNO.DirectoryServer.User&method=None&version=99", 104),
        ("api=SYNO.DirectoryServer.User&method=Create&version=x", 104),
        ("api=SYNO.DirectoryServer.User&method=None&version=1", 103),
        ("api=SYNO.DirectoryServer.User&method=create&version=1", 119),
        ("api=SYNO.DirectoryServer.User&method=Create&version=\"1\"", 119),
        ("api=\"SYNO.API.Info\"&method=\"Query\"&version=\"1\"", 0),
    ] {
        assert_eq!(world.get(query).code(), code, "{query}");
    }
    let query = format!("api=SYNO.DirectoryServer.User&method=Create&version=1&_sid={user}");
    assert_eq!(world.get(&query).body.to_string(), r#"{"error":{"code":105},"success":false}"#);
}

#[test]
fn every_path_leads_to_every_api_and_others_nowhere() {
    let world = World::new();
    for path in ["entry", "query", "auth", "encryption"] {
        let target = format!("/webapi/{path}.cgi?api=SYNO.API.Info&version=1&method=query");
        assert_eq!(world.send("GET", &target, "", &[]).code(), 0, "{path}");
    }
    let answer = world.send("POST", "/webapi/entry.cgi/SYNO.API.Info?api=", "version=1&method=query", &[]);
    assert_eq!(answer.code(), 0);
    assert_eq!(world.send("GET", "/webapi/none.cgi?api=SYNO.API.Info", "", &[]).status, 404);
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(world.send(method, "/webapi/entry.cgi", "", &[]).status, 405, "{method}");
    }
}

#[test]
fn json_is_no_form_and_what_is_too_large_is_no_request() {
    let world = World::new();
    let body = r#"{"api":"SYNO.API.Info","version":1,"method":"query"}"#;
    let request = http::Request::post("/webapi/entry.cgi").header("content-type", "application/json");
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    let response = world.dsm.answer(&request, &Requester::anonymous(None, Protection::Local));
    assert_eq!(response.body(), br#"{"error":{"code":101},"success":false}"#);
    assert_eq!(world.get(&"a".repeat(17 * 1024)).code(), 101);
    assert_eq!(world.send("POST", "/webapi/entry.cgi", &"a&".repeat(1001), &[]).code(), 101);
}

#[test]
fn the_table_that_dispatches_is_the_one_that_is_announced() {
    let world = World::new();
    let all = world.get("api=SYNO.API.Info&version=1&method=query&query=all").body["data"].clone();
    let all = all.as_object().unwrap();
    assert_eq!(all.len(), bailiwick_dsm::catalog::CATALOG.len());
    for (name, api) in all {
        assert_eq!(api["path"], "entry.cgi");
        for (version, is_there) in
            [(api["minVersion"].as_u64().unwrap(), true), (api["maxVersion"].as_u64().unwrap() + 1, false)]
        {
            let code = world.get(&format!("api={name}&version={version}&method=none")).code();
            assert_eq!(code, if is_there { 103 } else { 104 }, "{name} {version}");
        }
    }
    let some = world.get("api=SYNO.API.Info&version=1&method=query&query=SYNO.API.Auth,SYNO.Entry.,None").body;
    let some: Vec<&String> = some["data"].as_object().unwrap().keys().collect();
    assert_eq!(some, ["SYNO.API.Auth", "SYNO.Entry.Request", "SYNO.Entry.Request.Polling"]);
}

#[test]
fn hostile_values_change_nothing_and_are_answered() {
    let world = World::new();
    let sid = world.administrator();
    const NAMES: [&str; 14] = [
        "logon_name",
        "basedn",
        "dn",
        "user_dn",
        "group_dn",
        "dnList",
        "userList",
        "compound",
        "members",
        "name",
        "password",
        "group",
        "task_id",
        "strong_password",
    ];
    // All of them stay below what a body may have.
    let long = "x".repeat(280_000);
    for value in ["", "\"", "\\", "null", "[[[[", "{\"a\":", "CN=", "CN=a+b=c,DC=x", "é\u{1}\n'\"", &long] {
        let value = crate::world::escaped(value);
        for api in bailiwick_dsm::catalog::CATALOG.iter().filter(|api| !api.name.starts_with("SYNO.API")) {
            for method in api.methods {
                let mut body = format!("api={}&version={}&method={}&_sid={sid}", api.name, api.versions.1, method.name);
                for name in NAMES {
                    body.push_str(&format!("&{name}={value}"));
                }
                let answer = world.send("POST", "/webapi/entry.cgi", &body, &[]);
                assert_eq!(answer.status, 200, "{}", method.name);
                assert!(answer.body["success"].is_boolean());
            }
        }
    }
}
