//! `ldapsearch`: bases, scopes, selections and limits. What filters find is in the clients' table.

use bailiwick_tests::{ADMINISTRATOR, BASE, Server, load_organisation};

#[track_caller]
fn names(server: &Server, arguments: &[&str]) -> Vec<String> {
    let mut all = arguments.to_vec();
    all.push("1.1");
    let mut names: Vec<_> = server.search(&all).entries().into_iter().map(|entry| entry.dn).collect();
    names.sort();
    names
}

#[test]
fn the_root_dse_tells_what_clients_need() {
    let server = Server::start();
    let root = &server.search(&["-b", "", "-s", "base", "(objectClass=*)", "*", "+"]).entries()[0];
    assert_eq!(root.dn, "");
    assert_eq!(root.value("defaultNamingContext"), BASE);
    assert_eq!(root.value("rootDomainNamingContext"), BASE);
    assert_eq!(root.value("configurationNamingContext"), format!("CN=Configuration,{BASE}"));
    assert_eq!(root.value("schemaNamingContext"), format!("CN=Schema,CN=Configuration,{BASE}"));
    assert_eq!(root.value("subschemaSubentry"), format!("CN=Aggregate,CN=Schema,CN=Configuration,{BASE}"));
    for context in [BASE.to_owned(), format!("CN=Configuration,{BASE}"), format!("CN=Schema,CN=Configuration,{BASE}")] {
        assert!(root.values("namingContexts").contains(&context));
    }
    assert_eq!(
        root.values("supportedLDAPVersion"),
        ["3", "2"].map(String::from)[..root.values("supportedLDAPVersion").len()]
    );
    assert_eq!(root.value("domainFunctionality"), "7");
    assert_eq!(root.value("forestFunctionality"), "7");
    assert_eq!(root.value("domainControllerFunctionality"), "7");
    for capability in ["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670", "1.2.840.113556.1.4.1935"] {
        assert!(root.values("supportedCapabilities").contains(&capability.to_owned()));
    }
    for control in
        ["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.473", "1.2.840.113556.1.4.417", "2.16.840.1.113730.3.4.2"]
    {
        assert!(root.values("supportedControl").contains(&control.to_owned()), "{control}");
    }
    for extension in ["1.3.6.1.4.1.1466.20037", "1.3.6.1.4.1.4203.1.11.3"] {
        assert!(root.values("supportedExtension").contains(&extension.to_owned()), "{extension}");
    }
    assert_eq!(root.value("dnsHostName"), "dc1.example.com");
    assert_eq!(root.value("ldapServiceName"), "example.com:dc1$@EXAMPLE.COM");
    assert!(root.value("dsServiceName").starts_with("CN=NTDS Settings,CN=DC1,CN=Servers,"));
    assert_eq!(root.value("isSynchronized"), "TRUE");
    assert!(root.value("currentTime").ends_with(".0Z"));
    assert!(root.value("highestCommittedUSN").parse::<u64>().is_ok());
    // Only when named: clients trip over what they did not ask for.
    assert!(root.values("netlogon").is_empty());
    assert!(root.values("tokenGroups").is_empty());
}

#[test]
fn base_and_scope_are_always_honoured() {
    let server = Server::start();
    load_organisation(&server);
    let people = format!("OU=People,{BASE}");
    let name = |rdn: &str| format!("{rdn},{people}");
    assert_eq!(names(&server, &["-b", &people, "-s", "base", "(objectClass=*)"]), std::slice::from_ref(&people));
    assert_eq!(
        names(&server, &["-b", &people, "-s", "one", "(objectClass=*)"]),
        [name("CN=Ann Archer"), name("CN=Bob Baker"), name("CN=Cy Carter"), name("OU=Abroad")]
    );
    assert_eq!(
        names(&server, &["-b", &people, "-s", "sub", "(objectClass=user)"]),
        [name("CN=Ann Archer"), name("CN=Bob Baker"), name("CN=Cy Carter"), name("CN=Dora Dyer,OU=Abroad")]
    );
    // A leaf as the base of a subtree is what Gitea and Jellyfin ask for.
    let bob = name("CN=Bob Baker");
    assert_eq!(names(&server, &["-b", &bob, "(objectClass=*)"]), std::slice::from_ref(&bob));
    assert!(names(&server, &["-b", &bob, "-s", "one", "(objectClass=*)"]).is_empty());
    assert!(names(&server, &["-b", &bob, "(sAMAccountName=ann)"]).is_empty());
}

#[test]
fn a_base_can_be_a_guid_a_sid_or_a_well_known_container() {
    let server = Server::start();
    let administrator = &server.search(&["(sAMAccountName=Administrator)", "objectGUID", "objectSid"]).entries()[0];
    let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let guid = hex(&administrator.octets("objectGUID")[0]);
    let sid = hex(&administrator.octets("objectSid")[0]);
    for base in [format!("<GUID={guid}>"), format!("<SID={sid}>")] {
        assert_eq!(names(&server, &["-b", &base, "-s", "base", "(objectClass=*)"]), [ADMINISTRATOR]);
    }
    let users = format!("<WKGUID=A9D1CA15768811D1ADED00C04FD8D5CD,{BASE}>");
    assert_eq!(names(&server, &["-b", &users, "-s", "base", "(objectClass=*)"]), [format!("CN=Users,{BASE}")]);
    let nobody = "<GUID=00000000000000000000000000000001>";
    server.search(&["-b", nobody, "-s", "base", "(objectClass=*)"]).expect(32, &["0000208D: "]);
}

#[test]
fn selections_return_what_was_asked_for() {
    let server = Server::start();
    load_organisation(&server);
    let ask = |selection: &[&str]| {
        let mut all = vec!["(sAMAccountName=bob)"];
        all.extend(selection);
        server.search(&all).entries().remove(0)
    };
    assert!(ask(&["1.1"]).names().is_empty());
    assert_eq!(ask(&["SAMACCOUNTNAME"]).values("sAMAccountName"), ["bob"]);
    assert_eq!(ask(&["mail", "noSuchAttribute", "dn"]).names(), ["mail"]);
    let user = ask(&["*"]);
    assert!(user.names().contains(&"objectGUID"));
    for constructed in ["canonicalName", "tokenGroups", "allowedAttributes", "createTimeStamp", "subschemaSubEntry"] {
        assert!(!user.names().contains(&constructed), "{constructed} without being asked for");
    }
    assert_eq!(ask(&["canonicalName"]).value("canonicalName"), "example.com/People/Bob Baker");
    assert!(!ask(&["subschemaSubEntry"]).values("subschemaSubEntry").is_empty());
    assert!(ask(&["+"]).names().contains(&"createTimeStamp") || !ask(&["createTimeStamp"]).names().is_empty());
    for secret in ["unicodePwd", "dBCSPwd", "supplementalCredentials", "ntPwdHistory"] {
        assert!(ask(&["*", secret]).values(secret).is_empty());
    }
    let types = server.search(&["-A", "(sAMAccountName=bob)", "mail", "sn"]);
    types.expect(0, &["mail:\n", "sn:\n"]);
    assert!(!types.says("bob@example.com"));
}

#[test]
fn limits_give_what_there_is_and_say_so() {
    let server = Server::start();
    let output = server.search(&["-z", "3", "(objectClass=group)", "cn"]);
    output.expect(4, &[]);
    assert_eq!(output.stdout.matches("dn: ").count(), 3);
    assert_eq!(names(&server, &["-z", "1", "(sAMAccountName=Administrator)"]).len(), 1);
}

#[test]
fn a_search_elsewhere_is_referred() {
    let server = Server::start();
    server.search(&["-b", "DC=elsewhere,DC=org", "(objectClass=*)"]).expect(10, &["0000202B: "]);
    server.search(&["-b", "CN=x,,", "(objectClass=*)"]).expect(34, &["0000"]);
}

#[test]
fn subtrees_of_the_domain_refer_to_the_other_contexts() {
    let server = Server::start();
    let all = server.search(&["(objectClass=domainDNS)", "1.1"]);
    all.expect(0, &[&format!("CN=Configuration,{BASE}")]);
    let scoped = server.search(&["-E", "!domainScope", "(objectClass=domainDNS)", "1.1"]);
    assert!(!scoped.says("CN=Configuration"), "{scoped}");
}

#[test]
fn group_nesting_is_followed_through_cycles() {
    let server = Server::start();
    load_organisation(&server);
    let ann = format!("CN=Ann Archer,OU=People,{BASE}");
    let groups = format!("OU=Groups,{BASE}");
    let above = names(&server, &[&format!("(member:1.2.840.113556.1.4.1941:={ann})")]);
    let expected = ["admins-of-app", "loop-a", "loop-b", "staff"].map(|name| format!("CN={name},{groups}"));
    assert_eq!(above, expected);
    let tokens = server.search(&["-b", &ann, "-s", "base", "(objectClass=*)", "tokenGroups"]).entries();
    // The four groups and Domain Users; Users of Builtin comes with the latter.
    assert_eq!(tokens[0].octets("tokenGroups").len(), 6);
}

#[test]
fn a_filter_that_is_too_deep_harms_nobody() {
    let server = Server::start();
    let deep = |levels: usize| "(!".repeat(levels) + "(cn=x)" + &")".repeat(levels);
    let refused = server.search(&[&deep(65), "1.1"]);
    assert_ne!(refused.code, 0, "{refused}");
    server.search(&[&deep(62), "-z", "1", "1.1"]).expect(0, &[]);
}

#[test]
fn an_or_of_a_thousand_equalities_is_a_set() {
    let server = Server::start();
    load_organisation(&server);
    let many: String = (0..1000).map(|n| format!("(sAMAccountName=nobody{n})")).collect();
    assert_eq!(names(&server, &[&format!("(|{many}(sAMAccountName=bob))")]).len(), 1);
}
