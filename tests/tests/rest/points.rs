//! Where this server does better than the one whose interface it serves: a test for each point of the specification's
//! section 16 that shows on the wire. Others stand beside the languages, in `crates/rest`.

use bailiwick_tests::{BASE, Server, USERS};
use serde_json::json;

use super::client::{Request, allow_quick_changes, ask, base64, done};

const PASSWORD: &str = "UEBzc3cwcmQh";

fn is_there(server: &Server, account: &str) -> bool {
    !server.search(&[&format!("(sAMAccountName={account})"), "1.1"]).entries().is_empty()
}

fn value(server: &Server, account: &str, attribute: &str) -> String {
    server.search(&[&format!("(sAMAccountName={account})"), attribute]).entries()[0].value(attribute)
}

fn values(server: &Server, account: &str, attribute: &str) -> Vec<String> {
    server.search(&[&format!("(sAMAccountName={account})"), attribute]).entries()[0].values(attribute)
}

#[test]
fn d_01_a_400_means_that_nothing_was_created() {
    let server = Server::start();
    for rest in [
        r#""mail":["a","b"]"#,
        r#""password":"YQ==","userAccountControl":512"#,
        r#""manager":"CN=Nobody,DC=example,DC=com""#,
        r#""telephoneNumber":"""#,
        r#""sAMAccountName":"Administrator""#,
    ] {
        let answer = ask(&server, "POST", "/create/user", &format!(r#"{{"cn":"Eve",{rest}}}"#)).expect(400);
        assert!(answer.json().get("dn").is_none(), "{rest}");
        assert!(server.search(&["(cn=Eve)", "1.1"]).entries().is_empty(), "{rest}");
    }
    // One change: the audit of the server has one event, and the object one version for all it was made with.
    done(
        &server,
        "POST",
        "/create/user",
        &format!(r#"{{"cn":"Eve","userAccountControl":"NormalUser","password":"{PASSWORD}"}}"#),
    );
    let entry = &server.search(&["(cn=Eve)", "uSNCreated", "uSNChanged"]).entries()[0];
    assert_eq!(entry.value("uSNCreated"), entry.value("uSNChanged"));
}

#[test]
fn d_04_flags_are_written_as_the_caller_says() {
    let server = Server::start();
    let user = |name: &str, rest: &str| {
        done(&server, "POST", "/create/user", &format!(r#"{{"cn":"{name}"{rest}}}"#));
        value(&server, name, "userAccountControl")
    };
    assert_eq!(user("u1", ""), "546");
    assert_eq!(user("u2", &format!(r#","password":"{PASSWORD}""#)), "546");
    assert_eq!(user("u3", r#","userAccountControl":"NormalUser, PasswordNotRequired""#), "544");
    assert_eq!(user("u4", r#","userAccountControl":"NormalUser, Disabled""#), "514");
    assert_eq!(user("u5", &format!(r#","userAccountControl":512,"password":"{PASSWORD}""#)), "512");
    let answer = ask(&server, "POST", "/create/user", r#"{"cn":"u6","userAccountControl":"NormalUser"}"#);
    answer.expect_fault(400, Some("password"), "Set");
    assert!(!is_there(&server, "u6"));
}

#[test]
fn d_05_and_06_a_password_is_understood_or_refused() {
    let server = Server::start();
    let user = |password: &str| {
        let body = json!({ "cn": "Eve", "userAccountControl": "NormalUser", "password": password });
        ask(&server, "POST", "/create/user", &body.to_string())
    };
    user("no base64!").expect_fault(400, Some("password"), "Set");
    user("/w==").expect_fault(400, Some("password"), "Set");
    user(PASSWORD).expect(201);
    // It signs in with what the Base64 says.
    Request::new("GET", "/search?limit=1").by("Eve", "P@ssw0rd!").send(&server).expect(200);
}

#[test]
fn d_07_a_group_says_its_own_account_name_and_type() {
    let server = Server::start();
    let group = |body: &str| ask(&server, "POST", "/create/group", body);
    let long = "g".repeat(64);
    group(&format!(r#"{{"cn":"g1","sAMAccountName":"{long}","groupType":-2147483640}}"#)).expect(201);
    assert_eq!(value(&server, &long, "groupType"), "-2147483640");
    group(r#"{"cn":"g2","groupType":"Universal","scope":"universal"}"#).expect(201);
    assert_eq!(value(&server, "g2", "groupType"), "8");
    group(r#"{"cn":"g3","groupType":2,"type":"security"}"#).expect_fault(400, Some("groupType"), "Set");
}

#[test]
fn d_08_a_group_is_what_the_documentation_says() {
    let server = Server::start();
    done(&server, "POST", "/create/group", r#"{"cn":"g1"}"#);
    assert_eq!(value(&server, "g1", "groupType"), "-2147483646");
    done(&server, "POST", "/create/group", r#"{"cn":"g2","type":"distribution","scope":"domainLocal"}"#);
    assert_eq!(value(&server, "g2", "groupType"), "4");
    let server = Server::with(&["--rest-group-default", "distribution-universal"]);
    done(&server, "POST", "/create/group", r#"{"cn":"g1"}"#);
    assert_eq!(value(&server, "g1", "groupType"), "8");
}

#[test]
fn d_09_and_10_a_group_of_no_known_kind_is_refused_in_words() {
    let server = Server::start();
    let group = |body: &str| ask(&server, "POST", "/create/group", body);
    let said = group(r#"{"cn":"g","scope":"galactic"}"#).expect_fault(400, Some("scope"), "Set");
    assert!(said.contains("galactic"), "{said}");
    group(r#"{"cn":"g","scope":"6"}"#).expect_fault(400, Some("scope"), "Set");
    let said = group(r#"{"cn":"g","type":"secret"}"#).expect_fault(400, Some("type"), "Set");
    assert!(said.contains("'secret' is not a valid group type."), "{said}");
    assert!(!is_there(&server, "g"));
    done(&server, "POST", "/create/group", r#"{"cn":"g","scope":"domain_local"}"#);
}

#[test]
fn d_11_and_12_restrictions_are_about_the_most_special_class() {
    let server = Server::with(&[
        "--rest-create-classes",
        "group",
        "--rest-delete-classes",
        "none",
        "--rest-password-classes",
        "computer",
    ]);
    ask(&server, "POST", "/create/user", r#"{"cn":"Eve"}"#).expect(400);
    done(&server, "POST", "/create/group", r#"{"cn":"g"}"#);
    let refused = ask(&server, "DELETE", "/delete?dn=g", "").expect(400).json();
    assert!(refused.get("error").is_none(), "a plain refusal: {refused}");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("'group'")));
    let body = format!(r#"{{"dn":"Guest","new":"{PASSWORD}"}}"#);
    ask(&server, "PUT", "/password/reset", &body).expect(400);
    done(&server, "PUT", "/edit", r#"{"dn":"g","edits":{"set":{"description":"x"}}}"#);
    done(&server, "PUT", "/rename", r#"{"dn":"g","newName":"h"}"#);
}

#[test]
fn d_13_a_container_goes_with_what_is_in_it_only_when_asked_to() {
    let server = Server::start();
    let unit = |name: &str, path: &str, rest: &str| {
        done(&server, "POST", "/create/ou", &format!(r#"{{"cn":"{name}","path":"{path}"{rest}}}"#));
    };
    unit("a", BASE, "");
    unit("b", "OU=a,DC=example,DC=com", "");
    unit("c", "OU=a,DC=example,DC=com", r#","protect":true"#);
    let delete = |dn: &str, rest: &str| ask(&server, "DELETE", &format!("/delete?dn={dn},DC=example,DC=com{rest}"), "");
    let answer = delete("OU=a", "");
    answer.expect_fault(400, None, "Delete");
    assert_eq!(answer.code(), -2_147_016_683);
    let said = delete("OU=a", "&recursive=true").expect_fault(400, Some("dn"), "Delete");
    assert!(said.contains("OU=c,OU=a"), "{said}");
    assert_eq!(server.search(&["(ou=b)", "1.1"]).entries().len(), 1, "nothing went");
    delete("OU=b,OU=a", "").expect(200);
    delete("OU=c,OU=a", "").expect_fault(400, None, "Delete");
}

#[test]
fn d_14_what_the_system_needs_keeps_its_name_and_place() {
    let server = Server::start();
    ask(&server, "PUT", "/rename", r#"{"dn":"Domain Admins","newName":"x"}"#).expect_fault(400, Some("dn"), "Rename");
    let body = format!(r#"{{"dn":"Domain Admins","dest":"{BASE}"}}"#);
    ask(&server, "POST", "/move", &body).expect_fault(400, Some("dn"), "Move");
}

#[test]
fn d_15_protection_denies_deletion_on_the_unit_and_through_its_parent() {
    let server = Server::start();
    done(&server, "POST", "/create/ou", &format!(r#"{{"cn":"safe","path":"{BASE}","protect":true}}"#));
    let data = server.data().to_owned();
    let acl = |object: &str| {
        let mut command = bailiwick_tests::command("acl");
        bailiwick_tests::run(command.args(["show", object, "--data"]).arg(&data), "")
    };
    acl("safe").expect(0, &["(D;;DTSD;;;WD)"]);
    acl(BASE).expect(0, &["(D;;DC;;;WD)"]);
    ask(&server, "DELETE", "/delete?dn=OU=safe,DC=example,DC=com", "").expect(400);
    server.tool("ldapdelete", &["OU=safe,DC=example,DC=com"], "").expect(50, &[]);
}

#[test]
fn d_16_and_17_values_go_by_what_they_are_or_not_at_all() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"Ada","title":"Clerk","otherTelephone":["1","2"]}"#);
    let edit = |edits: &str| ask(&server, "PUT", "/edit", &format!(r#"{{"dn":"Ada","edits":{edits}}}"#));
    edit(r#"{"replace":{"otherTelephone":{"2":"3"},"title":{"CLERK":"Boss"}}}"#).expect(202);
    assert_eq!(values(&server, "Ada", "otherTelephone"), ["1", "3"]);
    assert_eq!(value(&server, "Ada", "title"), "Boss");
    edit(r#"{"set":{"sn":"x"},"replace":{"otherTelephone":{"9":"8"}}}"#).expect_fault(
        422,
        Some("otherTelephone"),
        "Replace",
    );
    edit(r#"{"set":{"sn":"x"},"remove":{"title":"Clerk"}}"#).expect_fault(422, Some("title"), "Remove");
    assert!(values(&server, "Ada", "sn").is_empty(), "nothing was changed");
    edit(r#"{"remove":{"title":"Boss"}}"#).expect(202);
    assert!(values(&server, "Ada", "title").is_empty());
}

#[test]
fn d_18_an_attribute_is_known_by_the_schema_of_the_directory() {
    let server = Server::start();
    let answer = ask(&server, "POST", "/create/user", r#"{"cn":"Eve","shoeSize":39}"#);
    answer.expect_fault(400, Some("shoeSize"), "Set");
    assert_eq!(answer.code(), -2_147_016_694);
    done(
        &server,
        "POST",
        "/create/user",
        r#"{"cn":"Eve","msExchHideFromAddressLists":true,"extensionAttribute1":"x"}"#,
    );
}

#[test]
fn d_19_and_20_addresses_are_never_lost() {
    let server = Server::start();
    done(
        &server,
        "POST",
        "/create/user",
        r#"{"cn":"Ada","proxyAddresses":["SMTP:a@x.com","smtp:b@x.com","X500:/o=Old/cn=ada","SIP:ada@x.com"]}"#,
    );
    let edit = |edits: &str| ask(&server, "PUT", "/edit", &format!(r#"{{"dn":"Ada","edits":{edits}}}"#));
    let addresses = || {
        let mut found = values(&server, "Ada", "proxyAddresses");
        found.sort();
        found
    };
    edit(r#"{"remove":{"proxyAddresses":"smtp:nobody@x.com"}}"#).expect_fault(422, Some("proxyAddresses"), "Remove");
    edit(r#"{"remove":{"proxyAddresses":"A@X.com"}}"#).expect(202);
    assert_eq!(addresses(), ["SIP:ada@x.com", "SMTP:b@x.com", "X500:/o=Old/cn=ada"]);
    edit(r#"{"add":{"proxyAddresses":["c@x.com","smtp:b@x.com"]}}"#).expect(202);
    edit(r#"{"add":{"proxyAddresses":"SMTP:c@x.com"}}"#).expect(202);
    assert_eq!(addresses(), ["SIP:ada@x.com", "SMTP:c@x.com", "X500:/o=Old/cn=ada", "smtp:b@x.com"]);
    edit(r#"{"add":{"proxyAddresses":["SMTP:d@x.com","SMTP:e@x.com"]}}"#).expect_fault(
        422,
        Some("proxyAddresses"),
        "Add",
    );
    edit(r#"{"replace":{"proxyAddresses":["SMTP:z@x.com"]}}"#).expect(202);
    assert_eq!(addresses(), ["SMTP:z@x.com"]);
    edit(r#"{"remove":{"proxyAddresses":"z@x.com"}}"#).expect(202);
    assert!(addresses().is_empty());
}

#[test]
fn d_40_ranges_are_checked_before_anything_is_written() {
    let server = Server::start();
    let long = "x".repeat(2000);
    let answer = ask(&server, "POST", "/create/user", &json!({ "cn": "Eve", "title": long }).to_string());
    answer.expect_fault(400, Some("title"), "Set");
    assert!(!is_there(&server, "Eve"));
    done(&server, "POST", "/create/user", r#"{"cn":"Eve"}"#);
    let edit = json!({ "dn": "Eve", "edits": { "set": { "sn": "x", "title": long } } });
    ask(&server, "PUT", "/edit", &edit.to_string()).expect_fault(422, Some("title"), "Set");
    assert!(values(&server, "Eve", "sn").is_empty());
}

#[test]
fn d_41_every_refusal_has_the_same_shape() {
    let server = Server::start();
    let missing = ask(&server, "DELETE", "/delete?dn=CN=Nobody,DC=example,DC=com", "");
    missing.expect_fault(400, Some("dn"), "Delete");
    assert_eq!(missing.code(), -2_147_016_656);
    for answer in [
        Request::new("GET", "/search").without("authorization").send(&server).expect(401),
        ask(&server, "GET", "/nothing", "").expect(404),
        ask(&server, "POST", "/delete", "").expect(405),
        Request::new("POST", "/create/user").header("Content-Type", "text/plain").body("{}").send(&server).expect(415),
    ] {
        assert_eq!(answer.json()["success"], false);
        assert!(answer.json()["message"].is_string());
    }
}

#[test]
fn d_42_clashes_have_their_real_code_and_attribute() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"Ada","userPrincipalName":"ada@example.com"}"#);
    let again = ask(&server, "POST", "/create/user", r#"{"cn":"Ada","sAMAccountName":"other"}"#);
    let said = again.expect_fault(400, None, "Create");
    assert!(said.starts_with("A child entry with the name 'Ada' already exists."), "{said}");
    assert_eq!(again.code(), i64::from(i32::MIN));
    let name = ask(&server, "POST", "/create/user", r#"{"cn":"Eve","sAMAccountName":"Ada"}"#);
    name.expect_fault(400, Some("sAMAccountName"), "Set");
    assert_eq!(name.code(), -2_147_019_886);
    let principal = ask(&server, "POST", "/create/user", r#"{"cn":"Eve","userPrincipalName":"ADA@example.com"}"#);
    principal.expect_fault(400, Some("userPrincipalName"), "Set");
}

#[test]
fn d_45_and_46_details_and_texts_are_the_documented_ones() {
    let server = Server::start();
    for (path, body, text) in [
        ("/create/user", r#"{"cn":"u"}"#, "The user was successfully created."),
        ("/create/group", r#"{"cn":"g"}"#, "The group was successfully created."),
        ("/create/ou", r#"{"cn":"o","path":"DC=example,DC=com"}"#, "The OU was successfully created."),
    ] {
        assert_eq!(done(&server, "POST", path, body)["message"], text);
    }
    let edit = |edits: &str| ask(&server, "PUT", "/edit", &format!(r#"{{"dn":"g","edits":{edits}}}"#));
    edit(r#"{"add":{"member":"CN=Nobody,DC=example,DC=com"}}"#).expect_fault(422, Some("member"), "Add");
    edit(r#"{"set":{"groupType":"Global, Sleepy"}}"#).expect_fault(400, Some("groupType"), "Set");
    edit(r#"{"clear":"sAMAccountName"}"#).expect_fault(422, Some("sAMAccountName"), "Clear");
}

#[test]
fn d_47_a_unit_needs_a_place() {
    let server = Server::start();
    ask(&server, "POST", "/create/ou", r#"{"cn":"o"}"#).expect_fault(400, Some("path"), "Create");
}

#[test]
fn d_48_passwords_are_for_accounts_and_refusals_have_their_words() {
    let server = Server::start();
    allow_quick_changes(&server);
    done(
        &server,
        "POST",
        "/create/user",
        &format!(r#"{{"cn":"Ada","userAccountControl":512,"password":"{PASSWORD}"}}"#),
    );
    let reset = |body: &str| ask(&server, "PUT", "/password/reset", body);
    reset(&format!(r#"{{"dn":"Domain Users","new":"{PASSWORD}"}}"#)).expect_fault(400, Some("dn"), "Set");
    let said = reset(r#"{"dn":"Ada","new":"YQ=="}"#);
    assert!(said.expect_fault(400, Some("password"), "Set").starts_with("password_not_complex "));
    assert_eq!(said.code(), -2_147_023_571);
    reset(r#"{"dn":"Ada","new":"===="}"#).expect_fault(400, Some("password"), "Set");
    let change = |current: &str| {
        let body = json!({ "dn": "Ada", "current": base64(current.as_bytes()), "new": base64(b"An0ther-P@ss") });
        ask(&server, "PUT", "/password/change", &body.to_string())
    };
    let wrong = change("Wr0ng-P@ss");
    assert!(wrong.expect_fault(400, Some("password"), "Set").starts_with("error_not_found "));
    assert_eq!(wrong.code(), -2_147_024_810);
    change("P@ssw0rd!").expect(200);
    Request::new("GET", "/search?limit=1").by("Ada", "An0ther-P@ss").send(&server).expect(200);
}

#[test]
fn d_52_operations_on_one_attribute_are_done_in_their_order() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"Ada","otherTelephone":["1"]}"#);
    let edits = r#"{"dn":"Ada","edits":{"add":{"otherTelephone":["2","3"]},"remove":{"otherTelephone":"2"},"replace":{"otherTelephone":{"3":"4"}}}}"#;
    done(&server, "PUT", "/edit", edits);
    let mut found = values(&server, "Ada", "otherTelephone");
    found.sort();
    assert_eq!(found, ["1", "4"]);
}

#[test]
fn d_53_a_password_can_be_encrypted_for_the_server() {
    let server = Server::start();
    done(
        &server,
        "POST",
        "/create/user",
        &format!(r#"{{"cn":"Ada","userAccountControl":512,"password":"{PASSWORD}"}}"#),
    );
    let public = server.data().join("tls/password.pem");
    let mut openssl = std::process::Command::new("sh");
    let script = "printf %s 'Sea1ed-P@ss' | openssl pkeyutl -encrypt -pubin -inkey \"$1\" -pkeyopt rsa_padding_mode:oaep \
        -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 | base64 -w0";
    let sealed = bailiwick_tests::run(openssl.args(["-c", script, "sh"]).arg(&public), "");
    sealed.expect(0, &[]);
    let body = json!({ "dn": "Ada", "new": sealed.stdout.trim(), "encrypted": true });
    done(&server, "PUT", "/password/reset", &body.to_string());
    Request::new("GET", "/search?limit=1").by("Ada", "Sea1ed-P@ss").send(&server).expect(200);
    // Whatever is wrong with it, the answer is the same.
    let answers: Vec<String> = ["AAAA", &base64(&[7; 384]), &base64(&[0; 256])]
        .iter()
        .map(|sealed| {
            let body = json!({ "dn": "Ada", "new": sealed, "encrypted": true });
            ask(&server, "PUT", "/password/reset", &body.to_string()).expect(400).text
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn d_54_nulls_leave_alone_and_empty_lists_are_refused() {
    let server = Server::start();
    done(&server, "POST", "/create/user", r#"{"cn":"Ada","title":"x","mail":null}"#);
    let edit = |edits: &str| ask(&server, "PUT", "/edit", &format!(r#"{{"dn":"Ada","edits":{edits}}}"#));
    edit(r#"{"set":{"title":null,"sn":"y"}}"#).expect(202);
    assert_eq!(value(&server, "Ada", "title"), "x");
    let said = edit(r#"{"set":{"otherTelephone":[]}}"#).expect_fault(400, Some("otherTelephone"), "Set");
    assert!(said.to_lowercase().contains("clear"), "{said}");
    let nothing = edit(r#"{"set":{"title":null}}"#).expect(422).json();
    assert_eq!(nothing["message"], "No edit operations were specified.");
    assert!(nothing.get("error").is_none());
}

#[test]
fn d_56_writes_are_in_the_audit_under_the_number_of_their_request() {
    let server = Server::with(&["--audit-flush-ms-max", "1"]);
    let answer =
        ask(&server, "POST", "/create/user", &format!(r#"{{"cn":"Ada","password":"{PASSWORD}"}}"#)).expect(201);
    let id = answer.header("x-request-id")[0].to_owned();
    ask(&server, "DELETE", "/delete?dn=Ada", "").expect(200);
    let log = server.log();
    let domain = server.stop();
    let mut audit = bailiwick_tests::command("audit");
    let output = bailiwick_tests::run(audit.args(["--json", "--kind", "add", "--data"]).arg(domain.data()), "");
    output.expect(0, &[]);
    let event: serde_json::Value = serde_json::from_str(output.stdout.lines().next().expect("an event")).expect("JSON");
    assert_eq!(event["face"], "rest");
    assert_eq!(event["request"].to_string().trim_matches('"'), id);
    assert_eq!(event["who"]["name"], "EXAMPLE\\Administrator");
    assert_eq!(event["object"]["name"], format!("CN=Ada,{USERS}"));
    for secret in ["P@ssw0rd!", PASSWORD, bailiwick_tests::PASSWORD] {
        assert!(!output.stdout.contains(secret) && !log.contains(secret));
    }
}

#[test]
fn d_58_a_name_that_is_none_is_said_to_be_none() {
    let server = Server::start();
    for (method, path, body) in [
        ("DELETE", "/delete?dn=CN=a,,b", ""),
        ("PUT", "/rename", r#"{"dn":"CN=\"","newName":"x"}"#),
        ("POST", "/move", r#"{"dn":"CN=a,=b","dest":"DC=x"}"#),
        ("PUT", "/password/reset", r#"{"dn":"CN=\\zz","new":"UEBzc3cwcmQh"}"#),
    ] {
        let answer = ask(&server, method, path, body).expect(400);
        assert_eq!(answer.code(), -2_147_016_654, "{path}: {}", answer.text);
    }
    // No other character is special.
    done(&server, "POST", "/create/user", r#"{"cn":"a/b","sAMAccountName":"ab"}"#);
    done(&server, "DELETE", &format!("/delete?dn=CN=a/b,{USERS}"), "");
}
