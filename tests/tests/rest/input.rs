//! Input that is wrong in every way: each is refused with its documented error, and nothing changes.

use bailiwick_tests::{BASE, Server};

use super::client::{Request, ask, done};

/// Everything that a change would show in: how many objects there are, and the newest version of any.
fn state(server: &Server) -> (usize, Option<u64>) {
    let entries = server.search(&["(objectClass=*)", "uSNChanged"]).entries();
    (entries.len(), entries.iter().filter_map(|entry| entry.value("uSNChanged").parse().ok()).max())
}

/// A method and path, a body, the status, and the property at fault.
type Row<'a> = (&'a str, &'a str, u16, Option<&'a str>);

#[test]
fn bad_input_is_refused_with_the_property_and_changes_nothing() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"Ada","sAMAccountName":"ada"}"#);
    let before = state(&server);
    let deep = format!(r#"{{"dn":"ada","edits":{}1{}}}"#, r#"{"set":"#.repeat(300), "}".repeat(300));
    let long = format!(r#"{{"cn":"{}"}}"#, "x".repeat(300));
    let rows: &[Row<'_>] = &[
        // JSON.
        ("POST /create/user", "{", 400, None),
        ("POST /create/user", r#"{"cn":"x","cn":"y"}"#, 400, Some("cn")),
        ("POST /create/user", r#"{"cn":"x","CN":"y"}"#, 400, Some("CN")),
        ("POST /create/user", r#"{"cn":"x",}"#, 400, None),
        ("POST /create/user", r#"{"cn":NaN}"#, 400, Some("cn")),
        ("POST /create/user", "null", 400, None),
        ("POST /create/user", "\"cn\"", 400, None),
        ("POST /create/user", "{\"cn\":\"\\ud800\"}", 400, Some("cn")),
        ("PUT /edit", &deep, 400, None),
        // Types.
        ("POST /create/user", r#"{"cn":["x"]}"#, 400, Some("cn")),
        ("POST /create/user", r#"{"cn":"x","path":{}}"#, 400, Some("path")),
        ("POST /create/user", r#"{"cn":"x","password":7}"#, 400, Some("password")),
        ("POST /create/user", r#"{"cn":"x","encrypted":"maybe"}"#, 400, Some("encrypted")),
        ("POST /create/user", r#"{"cn":"x","userAccountControl":{}}"#, 400, Some("userAccountControl")),
        ("POST /create/user", r#"{"cn":"x","accountExpires":"soon"}"#, 400, Some("accountExpires")),
        ("POST /create/user", r#"{"cn":"x","title":["a","b"]}"#, 400, Some("title")),
        ("POST /create/user", r#"{"cn":"x","manager":"nobody"}"#, 400, Some("manager")),
        ("POST /create/user", r#"{"cn":"x","thumbnailPhoto":"***"}"#, 400, Some("thumbnailPhoto")),
        ("POST /create/ou", r#"{"cn":"x","path":"DC=example,DC=com","protect":3}"#, 400, Some("protect")),
        ("POST /create/group", r#"{"cn":"x","groupType":"Global, Universal"}"#, 400, Some("groupType")),
        ("PUT /edit", r#"{"dn":"ada","edits":[]}"#, 400, Some("edits")),
        ("PUT /edit", r#"{"dn":"ada","edits":{"set":{"title":{"a":1}}}}"#, 400, Some("title")),
        ("PUT /edit", r#"{"dn":"ada","edits":{"clear":[7]}}"#, 400, Some("clear")),
        (
            "PUT /edit",
            r#"{"dn":"ada","edits":{"set":{"userAccountControl":"Sleepy"}}}"#,
            400,
            Some("userAccountControl"),
        ),
        ("PUT /edit", r#"{"dn":"ada","edits":{"set":{"shoeSize":3}}}"#, 400, Some("shoeSize")),
        ("PUT /password/reset", r#"{"dn":"ada","new":"?"}"#, 400, Some("password")),
        ("PUT /password/reset", r#"{"dn":"ada","new":"/w=="}"#, 400, Some("password")),
        // Names.
        ("POST /create/user", r#"{"cn":" "}"#, 400, Some("cn")),
        ("POST /create/user", r#"{"cn":"CN=a,OU=b"}"#, 400, Some("cn")),
        ("POST /create/user", &long, 400, None),
        ("POST /create/user", r#"{"cn":"x","sAMAccountName":"a/b:c"}"#, 400, Some("sAMAccountName")),
        ("POST /create/user", r#"{"cn":"x","path":"OU=x,="}"#, 400, Some("path")),
        ("PUT /edit", r#"{"dn":"CN=,,","edits":{"set":{"title":"x"}}}"#, 400, Some("dn")),
        ("PUT /edit", r#"{"dn":"","edits":{"set":{"title":"x"}}}"#, 400, Some("dn")),
        ("PUT /edit", r#"{"edits":{"set":{"title":"x"}}}"#, 400, Some("dn")),
        ("PUT /rename", r#"{"dn":"ada"}"#, 400, Some("newName")),
        ("POST /move", r#"{"dn":"ada"}"#, 400, Some("dest")),
        ("DELETE /delete?dn=ada&recursive=perhaps", "", 400, Some("recursive")),
        ("DELETE /delete?dn=ada&dn=bob", "", 400, Some("dn")),
        ("DELETE /delete?dn=%ff", "", 400, None),
        // What is not written this way.
        ("POST /create/user", r#"{"cn":"x","unicodePwd":"IgBhACIA"}"#, 400, Some("unicodePwd")),
        ("POST /create/user", r#"{"cn":"x","objectSid":"S-1-5-18"}"#, 400, Some("objectSid")),
        ("POST /create/user", r#"{"cn":"x","domain":"example.com"}"#, 400, Some("domain")),
        ("POST /create/user", r#"{"cn":"x","objectClass":"group"}"#, 400, Some("objectClass")),
        ("POST /create/user", r#"{"cn":"x","memberOf":"CN=Users,DC=example,DC=com"}"#, 400, Some("memberOf")),
        // Filters.
        ("POST /search", r#"{"and":[]}"#, 400, Some("and")),
        ("POST /search", r#"{"name":{"a":"b"}}"#, 400, Some("name")),
        ("POST /search", r#"{"na(me":"b"}"#, 400, Some("na(me")),
        ("POST /search", r#"{"recurse":{"memberOf":""}}"#, 400, Some("memberOf")),
    ];
    for (line, body, status, property) in rows {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let answer = ask(&server, method, path, body);
        assert_eq!(answer.status, *status, "{line} {body}: {}", answer.text);
        let told = answer.json();
        assert_eq!(told["success"], false, "{line} {body}");
        assert!(told["message"].as_str().is_some_and(|text| !text.is_empty()), "{line} {body}");
        if property.is_some() {
            assert_eq!(told["error"]["onProperty"].as_str(), *property, "{line} {body}: {}", answer.text);
        }
        assert_eq!(answer.header("content-length"), [answer.text.len().to_string()], "D-43: bodies are whole");
    }
    assert_eq!(state(&server), before);
}

#[test]
fn bodies_have_a_greatest_length() {
    let server = Server::with(&["--http-body-octets-max", "4096"]);
    let body = format!(r#"{{"cn":"x","description":"{}"}}"#, "y".repeat(5000));
    let answer = ask(&server, "POST", "/create/user", &body).expect(413);
    assert_eq!(answer.json()["success"], false);
}

#[test]
fn names_with_special_characters_are_names() {
    let server = Server::start();
    for (place, name) in
        ["Doe, John", "a+b", "q\"uote", "back\\slash", "<x>;y", "#hash", "a=b", "ü 😀", "a/b"].iter().enumerate()
    {
        let body = serde_json::json!({ "cn": name, "sAMAccountName": format!("u{place}"), "path": "CN=Users,DC=example,DC=com" });
        let made = done(&server, "POST", "/create/user", &body.to_string());
        let dn = made["dn"].as_str().expect("a new object has a DN").to_owned();
        let entry = server.search(&["-b", &dn, "-s", "base", "cn"]).entries();
        assert_eq!(entry[0].value("cn"), *name);
        let found = Request::new("POST", "/search?properties=cn")
            .body(serde_json::json!({ "distinguishedName": dn }).to_string());
        assert_eq!(found.send(&server).json()["results"][0]["cn"], *name, "{dn}");
        let edit = serde_json::json!({ "dn": dn, "edits": { "set": { "title": "x" } } });
        done(&server, "PUT", "/edit", &edit.to_string());
    }
    assert_eq!(server.search(&["-b", BASE, "(title=x)", "1.1"]).entries().len(), 9);
}
