//! Who may call: names with passwords, and tokens with no more rights than their account.

use bailiwick_tests::{Domain, Output, PASSWORD, Server, command, run};
use serde_json::Value;

use super::client::{ADMINISTRATOR, Request, ask, curl, done};

/// `bailiwick token` on the folder of a server or of none.
#[track_caller]
fn token(domain: &Domain, arguments: &[&str]) -> Output {
    let mut command = command("token");
    command.args(arguments).arg("--data").arg(domain.data());
    run(&mut command, "")
}

/// Makes a token and gives its text and its id.
#[track_caller]
fn make(domain: &Domain, user: &str, scope: &str) -> (String, String) {
    let output = token(domain, &["create", user, "--scope", scope, "--note", "a test", "--json"]);
    output.expect(0, &[]);
    let made: Value = serde_json::from_str(&output.stdout).expect("it is JSON");
    (made["token"].as_str().expect("a token").to_owned(), made["id"].as_str().expect("an id").to_owned())
}

#[test]
fn d_39_every_operation_wants_somebody() {
    let server = Server::start();
    for (method, path) in [
        ("POST", "/create/user"),
        ("POST", "/create/group"),
        ("POST", "/create/ou"),
        ("DELETE", "/delete"),
        ("PUT", "/edit"),
        ("POST", "/move"),
        ("PUT", "/password/change"),
        ("PUT", "/password/reset"),
        ("PUT", "/rename"),
        ("GET", "/search"),
        ("POST", "/search"),
        ("GET", "/search/computer"),
        ("POST", "/search/computer"),
        ("GET", "/search/group"),
        ("POST", "/search/group"),
        ("GET", "/search/user"),
        ("POST", "/search/user"),
    ] {
        let answer = Request::new(method, path).without("authorization").send(&server).expect(401);
        assert_eq!(answer.header("www-authenticate").len(), 2, "{method} {path}");
        Request::new(method, path).by(ADMINISTRATOR, "Wrong-Herring-31").send(&server).expect(401);
    }
}

#[test]
fn somebody_is_named_in_every_way_that_a_sign_in_knows() {
    let server = Server::start();
    for name in [
        "Administrator",
        "EXAMPLE\\Administrator",
        "Administrator@example.com",
        "CN=Administrator,CN=Users,DC=example,DC=com",
    ] {
        Request::new("GET", "/search?limit=1").by(name, PASSWORD).send(&server).expect(200);
    }
}

#[test]
fn passwords_and_tokens_come_over_tls_where_that_is_required() {
    let server = Server::with(&["--require-encryption"]);
    let (secret, _) = make(server.domain(), "Administrator", "rest");
    Request::new("GET", "/search?limit=1").send(&server).expect(403);
    Request::new("GET", "/search?limit=1").bearer(&secret).send(&server).expect(403);
    let url = format!("https://localhost:{}/search?limit=1", server.address("https").port());
    let who = format!("{ADMINISTRATOR}:{PASSWORD}");
    assert!(curl(&server, &["--user", &who, &url]).contains("\"count\": 1"));
    let header = format!("Authorization: Bearer {secret}");
    assert!(curl(&server, &["--header", &header, &url]).contains("\"count\": 1"));
}

#[test]
fn a_token_is_its_account_within_its_scopes() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"help","userAccountControl":512,"password":"UEBzc3cwcmQh"}"#);
    done(&server, "POST", "/create/user", r#"{"cn":"other"}"#);
    let (secret, id) = make(server.domain(), "help", "rest:search,rest:edit");
    let edit = || {
        Request::new("PUT", "/edit")
            .bearer(&secret)
            .body(r#"{"dn":"other","edits":{"set":{"title":"x"}}}"#)
            .send(&server)
    };
    let search = || Request::new("GET", "/search?limit=1").bearer(&secret).send(&server);
    search().expect(200);
    assert_eq!(edit().expect(422).code(), -2_147_024_891, "the account may not");
    let delete = Request::new("DELETE", "/delete?dn=other").bearer(&secret).send(&server).expect(403);
    assert!(delete.text.contains("rest:delete"), "{}", delete.text);
    // Groups count from the next request on.
    let member = r#"{"dn":"Domain Admins","edits":{"add":{"member":"CN=help,CN=Users,DC=example,DC=com"}}}"#;
    done(&server, "PUT", "/edit", member);
    edit().expect(202);
    Request::new("DELETE", "/delete?dn=other").bearer(&secret).send(&server).expect(403);
    // What happens to the account happens to the token.
    done(&server, "PUT", "/edit", r#"{"dn":"help","edits":{"set":{"userAccountControl":514}}}"#);
    search().expect(401);
    done(&server, "PUT", "/edit", r#"{"dn":"help","edits":{"set":{"userAccountControl":512}}}"#);
    search().expect(200);
    token(server.domain(), &["list"]).expect(0, &[&id, "rest:search,rest:edit", "a test"]);
    token(server.domain(), &["revoke", &id]).expect(0, &[]);
    search().expect(401);
    token(server.domain(), &["revoke", &id]).expect(1, &["no such token"]);
}

#[test]
fn a_token_outlives_the_server_and_lies_nowhere_in_the_clear() {
    let server = Server::start();
    let (secret, id) = make(server.domain(), "Administrator", "rest");
    Request::new("GET", "/search?limit=1").bearer(&secret).send(&server).expect(200);
    let log = server.log();
    let domain = server.stop();
    let listed = token(&domain, &["list", "--json"]);
    let tokens: Value = serde_json::from_str(&listed.stdout).expect("it is JSON");
    assert_eq!(tokens[0]["id"], id.as_str());
    assert!(tokens[0]["lastUsed"].is_string(), "the last use was written down: {tokens}");
    assert!(!log.contains(&secret) && !listed.stdout.contains(&secret));
    for (path, octets) in domain.contents() {
        let found = octets.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "the token is in {}", path.display());
    }
    let server = Server::on(domain, &[]);
    Request::new("GET", "/search?limit=1").bearer(&secret).send(&server).expect(200);
    Request::new("GET", "/search?limit=1").bearer(&secret[..secret.len() - 1]).send(&server).expect(401);
}

#[test]
fn guesses_are_slowed_and_locked_as_everywhere() {
    let server = Server::start();
    let statuses: Vec<u16> = (0..60)
        .map(|number| Request::new("GET", "/search").by("nobody", &format!("Wrong-{number}")).send(&server).status)
        .collect();
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
    ask(&server, "GET", "/search?limit=1", "").expect(200);
}

#[test]
fn the_api_can_be_switched_off() {
    let server = Server::with(&["--rest", "off"]);
    ask(&server, "GET", "/search", "").expect(404);
}
