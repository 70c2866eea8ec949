//! Searches from parameters to replies, on a real directory.

use bailiwick_adtypes::object_name::ObjectName;
use bailiwick_credential::{KEY_OCTETS, Vault};
use bailiwick_domain::{Directory, Requester};
use bailiwick_rest::filter;
use bailiwick_rest::search::{Bounds, Cursors, Endpoint, Found, InvalidCursor, Parameters, Reply, Search};
use bailiwick_rest::value::Presentation;

use crate::domain::{Domain, USERS, json, octets};

const BASE: &str = "DC=contoso,DC=com";

fn search(domain: &Domain, endpoint: Endpoint, query: &[(&str, &str)], body: Option<&str>) -> Search {
    let parameters = Parameters::read(query.iter().copied()).expect("parameters");
    let lookup = |name: &str| domain.directory.attribute_type(name);
    let filter = match body {
        Some(body) => filter::read(&json(body), endpoint.criteria(), &lookup).expect("a filter"),
        None => filter::fixed(endpoint.criteria()),
    };
    let base = ObjectName::parse(parameters.base.as_deref().unwrap_or(BASE)).expect("a name");
    Search::new(endpoint, &endpoint.shipped_defaults(), &parameters, base, filter)
}

fn run(domain: &Domain, search: &Search, bounds: Bounds) -> Found {
    search.run(&domain.directory, &domain.context(), None, bounds, &|| true).expect("found")
}

fn reply(domain: &Domain, found: &Found, details: Option<&Search>, cursor: Option<&str>) -> String {
    let presentation = Presentation::default();
    let reply = Reply {
        host: "dc01.contoso.com",
        port: 636,
        details,
        filter_unsaid: false,
        presentation: &presentation,
        cursor,
    };
    reply.to_json(found, &|name| domain.directory.attribute_type(name)).to_string()
}

fn names(found: &Found) -> Vec<&str> {
    found.entries.iter().filter_map(|entry| entry.text("name")).collect()
}

fn john(domain: &Domain) {
    domain.add(
        "user",
        "John Doe",
        &[
            ("displayName", "John Doe"),
            ("mail", "john@contoso.com"),
            ("sAMAccountName", "jdoe"),
            ("userAccountControl", "66050"),
            ("userPrincipalName", "john@contoso.com"),
        ],
    );
}

#[test]
fn the_reply_of_section_9_5_is_written_so() {
    let domain = Domain::founded();
    john(&domain);
    let query = [("limit", "1"), ("includeDetails", "true")];
    let search = search(&domain, Endpoint::User, &query, Some(r#"{"sAMAccountName":"jdoe"}"#));
    let found = run(&domain, &search, Bounds::default());
    let expected = r#"{
  "host": "dc01.contoso.com",
  "request": {
    "filterUsed": "(&(sAMAccountName=jdoe)(objectClass=user)(objectCategory=person))",
    "limit": 1,
    "propertyCount": 6,
    "propertiesRequested": [
      "displayName",
      "mail",
      "name",
      "samAccountName",
      "userAccountControl",
      "userPrincipalName"
    ]
  },
  "count": 1,
  "results": [
    {
      "adspath": "LDAP://dc01.contoso.com:636/CN=John Doe,CN=Users,DC=contoso,DC=com",
      "displayname": "John Doe",
      "mail": "john@contoso.com",
      "name": "John Doe",
      "samaccountname": "jdoe",
      "useraccountcontrol": "Disabled, NormalUser, PasswordNeverExpires",
      "userprincipalname": "john@contoso.com"
    }
  ]
}"#;
    assert_eq!(reply(&domain, &found, Some(&search), None), expected);
}

#[test]
fn nothing_found_is_a_reply_without_results() {
    let domain = Domain::founded();
    let search = search(&domain, Endpoint::User, &[], Some(r#"{"cn":"nobody"}"#));
    let found = run(&domain, &search, Bounds::default());
    let expected = "{\n  \"host\": \"dc01.contoso.com\",\n  \"count\": 0,\n  \"results\": []\n}";
    assert_eq!(reply(&domain, &found, None, None), expected);
}

#[test]
fn d_32_a_cut_reply_says_so_and_its_cursor_goes_on() {
    let domain = Domain::founded();
    for number in 0..7 {
        domain.add("group", &format!("Team {number}"), &[]);
    }
    let query = [("limit", "3"), ("sortBy", "name"), ("sortDir", "desc"), ("properties", "name")];
    let search = search(&domain, Endpoint::Group, &query, Some(r#"{"name":"Team*"}"#));
    let cursors = Cursors::new(Vault::new(&[7; KEY_OCTETS]));
    let (mut seen, mut position) = (Vec::new(), None);
    for page in 0..3 {
        let found = search.run(&domain.directory, &domain.context(), position, Bounds::default(), &|| true).unwrap();
        seen.extend(names(&found).into_iter().map(str::to_owned));
        let cursor = found.next.as_ref().map(|next| cursors.seal(&search, &domain.requester, next, &octets));
        assert_eq!(cursor.is_some(), page < 2);
        let written = reply(&domain, &found, None, cursor.as_deref());
        assert_eq!(written.contains("\"truncated\": true"), page < 2, "{written}");
        position = cursor.map(|cursor| cursors.open(&search, &domain.requester, &cursor).expect("our own"));
    }
    assert_eq!(seen, ["Team 6", "Team 5", "Team 4", "Team 3", "Team 2", "Team 1", "Team 0"]);
}

#[test]
fn a_limit_that_is_just_reached_cuts_nothing() {
    let domain = Domain::founded();
    for number in 0..3 {
        domain.add("group", &format!("Team {number}"), &[]);
    }
    let search = search(&domain, Endpoint::Group, &[("limit", "3")], Some(r#"{"name":"Team*"}"#));
    let found = run(&domain, &search, Bounds::default());
    assert_eq!((found.entries.len(), found.next), (3, None));
}

#[test]
fn the_host_bounds_what_a_limit_of_zero_means() {
    let domain = Domain::founded();
    let search = search(&domain, Endpoint::Generic, &[("limit", "0"), ("properties", "*")], None);
    let all = run(&domain, &search, Bounds::default());
    assert!(all.next.is_none() && all.entries.len() > 20);
    let few = run(&domain, &search, Bounds { entries_max: 5, ..Bounds::default() });
    assert!(few.next.is_some() && few.entries.len() == 5);
    let small = run(&domain, &search, Bounds { octets_max: 5000, ..Bounds::default() });
    assert!(small.next.is_some() && small.entries.len() < all.entries.len());
    let hurried = search.run(&domain.directory, &domain.context(), None, Bounds::default(), &|| false).unwrap();
    assert!(hurried.entries.len() <= all.entries.len());
}

#[test]
fn d_33_all_values_of_an_attribute_come_under_its_plain_name() {
    let domain = Domain::founded();
    let members: Vec<String> = (0..4).map(|number| domain.add("user", &format!("User {number}"), &[])).collect();
    let pairs: Vec<(&str, &str)> = members.iter().map(|member| ("member", member.as_str())).collect();
    domain.add("group", "Staff", &pairs);
    let search = search(&domain, Endpoint::Group, &[("properties", "member")], Some(r#"{"cn":"Staff"}"#));
    let found = run(&domain, &search, Bounds::default());
    assert_eq!((found.entries[0].values("member").len(), found.values_cut), (4, false));
    let found = run(&domain, &search, Bounds { values_max: 3, ..Bounds::default() });
    assert_eq!((found.entries[0].values("member").len(), found.values_cut), (3, true));
    assert!(reply(&domain, &found, None, None).contains("\"truncated\": true"));
}

#[test]
fn a_cursor_opens_for_the_same_search_and_caller_only() {
    let domain = Domain::founded();
    let cursors = Cursors::new(Vault::new(&[7; KEY_OCTETS]));
    let all = search(&domain, Endpoint::Generic, &[("limit", "1")], None);
    let other = search(&domain, Endpoint::Generic, &[("limit", "1"), ("searchBase", USERS)], None);
    let wider = search(&domain, Endpoint::Generic, &[("limit", "5"), ("properties", "*")], None);
    let next = run(&domain, &all, Bounds::default()).next.expect("there is more");
    let cursor = cursors.seal(&all, &domain.requester, &next, &octets);
    assert_eq!(cursors.open(&all, &domain.requester, &cursor), Ok(next.clone()));
    assert_eq!(cursors.open(&wider, &domain.requester, &cursor), Ok(next), "what is returned may change");
    assert_eq!(cursors.open(&other, &domain.requester, &cursor), Err(InvalidCursor));
    let nobody = Requester::anonymous(None, bailiwick_domain::Protection::Local);
    assert_eq!(cursors.open(&all, &nobody, &cursor), Err(InvalidCursor));
    for nonsense in ["", "x", "é", &cursor[1..], &"A".repeat(20_000)] {
        assert_eq!(cursors.open(&all, &domain.requester, nonsense), Err(InvalidCursor));
    }
    let elsewhere = Cursors::new(Vault::new(&[8; KEY_OCTETS]));
    assert_eq!(elsewhere.open(&all, &domain.requester, &cursor), Err(InvalidCursor));
}
