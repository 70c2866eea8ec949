//! Searches, compared with what LDAP finds by the filter that each stands for.

use std::collections::BTreeSet;

use bailiwick_tests::{BASE, Domain, Server, command, load_organisation, run};
use serde_json::{Value, json};

use super::client::{Request, ask, done};

/// The names of all that a search found, page after page.
fn names(server: &Server, path: &str, filter: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{path}{cursor}");
        let reply = Request::new("POST", &path).body(filter.to_string()).send(server).expect(200).json();
        for entry in reply["results"].as_array().expect("results are an array") {
            let dn = entry["distinguishedname"].as_str().expect("it was asked for").to_owned();
            assert!(found.insert(dn), "an entry comes once");
        }
        match reply["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// A source of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

fn statement(numbers: &mut Numbers, depth: usize) -> Value {
    let choice = if depth == 0 { numbers.below(4) } else { numbers.below(9) };
    let pair = |numbers: &mut Numbers| {
        let attribute = numbers.one(&["name", "sAMAccountName", "objectClass", "description", "mail", "cn"]);
        let value = numbers.one(&["a*", "*a*", "Bob Baker", "staff", "user", "group", "*", "*@example.com", "x(y)*"]);
        json!({ attribute: value })
    };
    match choice {
        0..=2 => pair(numbers),
        3 => json!({ numbers.one(&["description", "mail", "manager"]): null }),
        4 => json!({ "or": [statement(numbers, depth - 1), statement(numbers, depth - 1)] }),
        5 => json!({ "nor": [statement(numbers, 0), statement(numbers, 0)] }),
        6 => json!({ "not": statement(numbers, depth - 1) }),
        7 => {
            let bits = [2, 32, 512][numbers.below(3)];
            json!({ "band": { "userAccountControl": bits } })
        }
        _ => {
            let mut all = serde_json::Map::new();
            for _ in 0..2 {
                if let Value::Object(one) = statement(numbers, depth - 1) {
                    all.extend(one);
                }
            }
            json!({ "and": all })
        }
    }
}

#[test]
fn generated_filters_find_what_ldap_finds_by_the_filter_they_stand_for() {
    let server = Server::start();
    load_organisation(&server);
    let mut numbers = Numbers(20_260_101);
    for round in 0..60 {
        let filter = statement(&mut numbers, 3);
        let path = "/search?limit=7&properties=distinguishedName&includeDetails=true";
        let reply = Request::new("POST", path).body(filter.to_string()).send(&server).expect(200).json();
        let used = reply["request"]["filterUsed"].as_str().expect("details were asked for").to_owned();
        let by_ldap: BTreeSet<String> = server
            .search(&["-E", "pr=1000/noprompt", &used, "1.1"])
            .entries()
            .into_iter()
            .map(|entry| entry.dn)
            .collect();
        assert_eq!(names(&server, path, &filter), by_ldap, "round {round}: {filter} is {used}");
    }
}

#[test]
fn d_29_users_and_groups_are_searched_where_the_caller_says() {
    let server = Server::start();
    load_organisation(&server);
    let count = |path: &str| done(&server, "GET", path, "")["count"].clone();
    assert_eq!(count("/search/user?searchBase=OU=Abroad,OU=People,DC=example,DC=com"), 1);
    assert_eq!(count("/search/user?searchBase=OU=People,DC=example,DC=com&scope=onelevel"), 3);
    assert_eq!(count("/search/group?searchBase=OU=Groups,DC=example,DC=com&limit=0"), 5);
    ask(&server, "GET", "/search/group?domain=elsewhere.com", "").expect_fault(400, Some("domain"), "Commit");
}

#[test]
fn d_32_a_search_that_is_cut_says_so_and_goes_on_with_a_cursor() {
    let server = Server::with(&["--rest-search-entries-max", "3"]);
    load_organisation(&server);
    let path = "/search/group?limit=0&properties=distinguishedName";
    let first = done(&server, "GET", path, "");
    assert_eq!((first["count"].as_i64(), first["truncated"].as_bool()), (Some(3), Some(true)));
    let all = names(&server, path, &json!({ "name": "*" }));
    assert_eq!(all.len(), server.search(&["(objectClass=group)", "1.1"]).entries().len());
    // A cursor is for the same search by the same caller.
    let cursor = first["cursor"].as_str().expect("there is more");
    let other = format!("/search/user?limit=0&cursor={cursor}");
    ask(&server, "GET", &other, "").expect_fault(400, Some("cursor"), "Commit");
    done(&server, "GET", &format!("{path}&cursor={cursor}"), "");
}

#[test]
fn d_33_all_values_of_an_attribute_come_at_once() {
    let people = format!("OU=Crowd,{BASE}");
    let mut ldif = format!("dn: {people}\nobjectClass: organizationalUnit\n\n");
    let mut group = format!("dn: CN=crowd,{people}\nobjectClass: group\nsAMAccountName: crowd\n");
    for number in 0..1600 {
        ldif += &format!("dn: CN=c{number},{people}\nobjectClass: contact\n\n");
        group += &format!("member: CN=c{number},{people}\n");
    }
    let domain = Domain::new();
    let mut import = command("import");
    run(import.args(["-", "--quiet", "--data"]).arg(domain.data()), &(ldif + &group)).expect(0, &[]);
    let server = Server::on(domain, &[]);
    let reply = done(&server, "GET", "/search/group?searchBase=crowd&scope=base&properties=member", "");
    assert_eq!(reply["results"][0]["member"].as_array().map(Vec::len), Some(1600));
}

#[test]
fn d_26_values_cannot_change_the_filter() {
    let server = Server::start();
    let reply =
        ask(&server, "POST", "/search?includeDetails=true", r#"{"name":"x)(objectClass=*"}"#).expect(200).json();
    assert_eq!(reply["count"], 0);
    assert_eq!(reply["request"]["filterUsed"], r"(&(name=x\29\28objectClass=*))");
}

#[test]
fn the_caller_sees_what_the_directory_shows_it() {
    let server = Server::start();
    load_organisation(&server);
    let body = r#"{"dn":"ann","new":"UEBzc3cwcmQh"}"#;
    done(&server, "PUT", "/password/reset", body);
    let secret = format!("dn: OU=Machines,{BASE}\nchangetype: modify\nadd: description\ndescription: x\n");
    server.modify(&secret).expect(0, &[]);
    let by_ann = Request::new("PUT", "/edit").by("ann", "P@ssw0rd!");
    by_ann.body(r#"{"dn":"bob","edits":{"set":{"title":"x"}}}"#).send(&server).expect_fault(422, None, "Commit");
    let by_ann = Request::new("POST", "/create/user").by("ann", "P@ssw0rd!").body(r#"{"cn":"x"}"#).send(&server);
    assert_eq!(by_ann.code(), -2_147_024_891, "{}", by_ann.text);
    let by_ann = Request::new("DELETE", "/delete?dn=bob").by("ann", "P@ssw0rd!").send(&server);
    assert_eq!(by_ann.expect(400).code(), -2_147_024_891);
}
