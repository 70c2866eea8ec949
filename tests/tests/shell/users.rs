//! `bailiwick user`.

use bailiwick_tests::USERS;

use super::both_ways;

#[test]
fn a_user_is_made_found_changed_and_deleted() {
    both_ways(|shell| {
        let create = ["user", "create", "ada", "--name", "Ada Lovelace", "mail=ada@example.com", "url=a", "url=b"];
        shell.does(&create).expect(0, &[&format!("Made CN=Ada Lovelace,{USERS}")]);
        let ada = shell.json(&["user", "show", "ada"]);
        assert_eq!(ada["userPrincipalName"][0], "ada@example.com");
        assert_eq!(ada["displayName"][0], "Ada Lovelace");
        assert_eq!(ada["userAccountControl"][0], "514");
        assert_eq!(ada["url"].as_array().map(Vec::len), Some(2));
        shell.does(&["user", "set", "ada", "title=Countess", "mail=", "url-=a"]);
        let ada = shell.json(&["user", "show", "ada", "--attributes", "title,mail,url"]);
        assert_eq!(ada["title"][0], "Countess");
        assert_eq!(ada["mail"], serde_json::Value::Null);
        assert_eq!(ada["url"], serde_json::json!(["b"]));
        shell.does(&["user", "rename", "ada", "Ada Byron"]).expect(0, &[&format!("CN=Ada Byron,{USERS}")]);
        shell.does(&["user", "delete", "ada"]);
        shell.run(&["user", "show", "ada"]).expect(13, &["there is no user `ada`"]);
    });
}

#[test]
fn every_way_to_name_a_user_finds_the_same_one() {
    both_ways(|shell| {
        shell.does(&["user", "create", "ada"]);
        let ada = shell.json(&["user", "show", "ada", "--attributes", "objectGUID,objectSid"]);
        let dn = ada["dn"].as_str().expect("a name");
        let guid = ada["objectGUID"][0].as_str().expect("a GUID");
        let sid = ada["objectSid"][0].as_str().expect("a SID");
        for name in [dn, guid, sid, "ada@example.com", "EXAMPLE\\ada", "ADA"] {
            assert_eq!(shell.json(&["user", "show", name])["dn"], dn, "{name}");
        }
        shell.run(&["group", "show", "ada"]).expect(13, &["there is no group"]);
    });
}

#[test]
fn a_name_that_several_have_is_refused() {
    both_ways(|shell| {
        shell.does(&["unit", "create", "Sales"]);
        shell.does(&["unit", "create", "Berlin"]);
        shell.does(&["unit", "create", "Sales", "--in", "Berlin"]);
        shell.run(&["unit", "delete", "Sales"]).expect(13, &["more than one unit"]);
        shell.does(&["unit", "delete", "OU=Sales,OU=Berlin,DC=example,DC=com"]);
        shell.does(&["unit", "delete", "Sales"]);
    });
}

#[test]
fn accounts_are_enabled_and_disabled() {
    both_ways(|shell| {
        shell.does(&["user", "disable", "Administrator"]);
        shell.does(&["user", "disable", "Administrator"]);
        shell.does(&["user", "list"]).expect(0, &["NAME", "Administrator"]);
        let state = || shell.json(&["user", "show", "Administrator"])["userAccountControl"][0].clone();
        let disabled = state();
        shell.does(&["user", "enable", "Administrator"]);
        let number = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse::<i32>().ok());
        assert_eq!(number(&disabled).map(|bits| bits & !2), number(&state()));
        shell.does(&["user", "unlock", "Administrator"]);
    });
}

#[test]
fn lists_are_read_page_by_page_to_their_end() {
    both_ways(|shell| {
        let group = "dn: CN=g#,CN=Users,DC=example,DC=com\nobjectClass: group\nsAMAccountName: g#\n\n";
        let ldif: String = (0..1100).map(|number| group.replace('#', &number.to_string())).collect();
        shell.run_with(&["import", "--quiet", "-"], &ldif).expect(0, &[]);
        let list = shell.json(&["group", "list", "--filter", "(sAMAccountName=g*)", "--attributes", "cn"]);
        assert!(list.as_array().is_some_and(|groups| groups.len() >= 1100), "{list}");
        let few = shell.json(&["group", "list", "--limit", "3"]);
        assert_eq!(few.as_array().map(Vec::len), Some(3));
        shell.run(&["user", "list", "--filter", "(("]).expect(2, &["cannot be read"]);
        shell.run(&["user", "list", "--in", "nowhere"]).expect(13, &["there is no unit or container"]);
    });
}

#[test]
fn nothing_is_made_when_a_group_or_place_is_missing() {
    both_ways(|shell| {
        shell.run(&["user", "create", "ada", "--group", "nobody"]).expect(13, &["there is no group"]);
        shell.run(&["user", "create", "ada", "--in", "nowhere"]).expect(13, &[]);
        shell.run(&["user", "show", "ada"]).expect(13, &[]);
        shell.run(&["user", "create", "Administrator"]).expect(1, &["there already"]);
        shell.run(&["user", "create", "ada", "nonsense=1"]).expect(1, &["nonsense"]);
        shell.run(&["user", "create", "ada", "=1"]).expect(2, &[]);
    });
}
