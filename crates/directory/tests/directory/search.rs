//! What a search finds, what it shows of it, and how it goes on.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_directory::Native;
use bailiwick_domain::{
    Budget, Change, Collect, Directory, Entry, Error, ExtendedDnForm, Position, Progress, Requester, Scope, SortKey,
};

use crate::domain::{BASE, add, apply, context, find, founded, request, run, signed_in_administrator};

/// The matching rule of chains.
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";
/// What a search may spend on the thread that others wait for.
const INLINE: Budget = Budget { entries_examined: 256, entries_sent: 1000 };
const WHOLE: Budget = Budget { entries_examined: u32::MAX, entries_sent: u32::MAX };

/// A domain with a unit of three people and a group.
fn staffed() -> Native {
    let directory = founded();
    let unit = format!("OU=Staff,{BASE}");
    apply(
        &directory,
        &[
            add(&unit, &[("objectClass", "organizationalUnit")]),
            person(&unit, "ada", "Ada", "Lovelace", "3"),
            person(&unit, "bea", "Bea", "Curie", "1"),
            person(&unit, "cleo", "Cleo", "Noether", "2"),
            add(
                &format!("CN=Readers,{unit}"),
                &[
                    ("objectClass", "group"),
                    ("sAMAccountName", "readers"),
                    ("member", &format!("CN=ada,{unit}")),
                    ("member", &format!("CN=bea,{unit}")),
                ],
            ),
        ],
    )
    .expect("the staff is added");
    directory
}

fn person(unit: &str, name: &str, given: &str, family: &str, number: &str) -> Change {
    add(
        &format!("CN={name},{unit}"),
        &[
            ("objectClass", "user"),
            ("sAMAccountName", name),
            ("givenName", given),
            ("sn", family),
            ("uidNumber", number),
            ("mail", &format!("{name}@example.com")),
        ],
    )
}

fn names(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.dn.split(',').next().unwrap_or_default().to_owned()).collect()
}

fn modify(name: &str, operation: Operation, attribute: &str, values: &[&str]) -> Change {
    Change::Modify {
        name: ObjectName::parse(name).unwrap(),
        modifications: vec![Modification {
            operation,
            attribute: attribute.to_owned(),
            values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
        }],
        permissive: false,
        sd_flags: None,
    }
}

#[test]
fn names_and_values_compare_without_regard_to_case() {
    let directory = staffed();
    for filter in ["(SAMACCOUNTNAME=Ada)", "(&(objectClass=PERSON)(mail=ADA@EXAMPLE.COM))", "(sn=lovelace)"] {
        assert_eq!(names(&find(&directory, BASE, Scope::Subtree, filter, &["1.1"])), ["CN=ada"], "{filter}");
    }
}

#[test]
fn an_unknown_attribute_is_undefined_in_a_filter_and_ignored_in_a_selection() {
    let directory = staffed();
    for filter in ["(enabledService=x)", "(!(enabledService=x))", "(&(sn=*)(enabledService=x))"] {
        assert!(find(&directory, BASE, Scope::Subtree, filter, &["1.1"]).is_empty(), "{filter}");
    }
    let either = find(&directory, BASE, Scope::Subtree, "(|(enabledService=x)(cn=ada))", &["dn", "nothing", "sn"]);
    assert_eq!(either.len(), 1);
    assert_eq!(either[0].attributes.len(), 1);
}

#[test]
fn a_search_below_a_leaf_finds_the_leaf() {
    let directory = staffed();
    let leaf = format!("CN=ada,OU=Staff,{BASE}");
    assert_eq!(find(&directory, &leaf, Scope::Subtree, "(objectClass=*)", &["1.1"]).len(), 1);
    assert!(find(&directory, &leaf, Scope::OneLevel, "(objectClass=*)", &["1.1"]).is_empty());
    assert!(find(&directory, &leaf, Scope::Subtree, "(sAMAccountName=bea)", &["1.1"]).is_empty());
}

#[test]
fn absolute_true_and_false_hold_for_all_and_for_none() {
    let directory = staffed();
    let leaf = format!("CN=ada,OU=Staff,{BASE}");
    assert_eq!(find(&directory, &leaf, Scope::Base, "(&)", &["1.1"]).len(), 1);
    assert!(find(&directory, &leaf, Scope::Base, "(|)", &["1.1"]).is_empty());
}

#[test]
fn objects_are_found_by_guid_and_sid() {
    let directory = staffed();
    let ada = &find(&directory, BASE, Scope::Subtree, "(cn=ada)", &["objectGUID", "objectSid"])[0];
    let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let guid = hex(&ada.values("objectGUID")[0]);
    let sid = bailiwick_adtypes::sid::Sid::from_bytes(&ada.values("objectSid")[0]).unwrap();
    for base in [format!("<GUID={guid}>"), format!("<SID={sid}>")] {
        assert_eq!(names(&find(&directory, &base, Scope::Base, "(objectClass=*)", &["1.1"])), ["CN=ada"], "{base}");
    }
    let users = format!("<WKGUID=A9D1CA15768811D1ADED00C04FD8D5CD,{BASE}>");
    assert_eq!(names(&find(&directory, &users, Scope::Base, "(objectClass=*)", &["1.1"])), ["CN=Users"]);
    let by_sid = format!("(objectSid={sid})");
    assert_eq!(names(&find(&directory, BASE, Scope::Subtree, &by_sid, &["1.1"])), ["CN=ada"]);
}

#[test]
fn a_class_name_stands_for_an_object_category() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    assert_eq!(find(&directory, &unit, Scope::Subtree, "(objectCategory=person)", &["1.1"]).len(), 3);
    assert_eq!(find(&directory, &unit, Scope::Subtree, "(objectCategory=user)", &["1.1"]).len(), 3);
    assert_eq!(find(&directory, &unit, Scope::Subtree, "(objectCategory=group)", &["1.1"]).len(), 1);
}

#[test]
fn ambiguous_names_resolve_by_prefix_and_by_two_words() {
    let directory = staffed();
    for filter in ["(anr=lovel)", "(anr=ada lovelace)", "(anr=lovelace ada)", "(anr==ada)"] {
        assert_eq!(names(&find(&directory, BASE, Scope::Subtree, filter, &["1.1"])), ["CN=ada"], "{filter}");
    }
    assert!(find(&directory, BASE, Scope::Subtree, "(anr==lovel)", &["1.1"]).is_empty());
}

#[test]
fn constructed_attributes_come_only_when_asked_for() {
    let directory = staffed();
    let leaf = format!("CN=ada,OU=Staff,{BASE}");
    let plain = &find(&directory, &leaf, Scope::Base, "(objectClass=*)", &[])[0];
    assert!(plain.values("canonicalName").is_empty() && plain.values("tokenGroups").is_empty());
    assert!(!plain.values("memberOf").is_empty() && !plain.values("objectGUID").is_empty());
    let named = &find(&directory, &leaf, Scope::Base, "(objectClass=*)", &["canonicalName", "tokenGroups"])[0];
    assert_eq!(named.text("canonicalName"), Some("example.com/Staff/ada"));
    // Readers, Domain Users and what Domain Users are in.
    assert_eq!(named.values("tokenGroups").len(), 3);
    let many = find(&directory, BASE, Scope::Subtree, "(cn=ada)", &["tokenGroups"]);
    assert!(many[0].values("tokenGroups").is_empty(), "tokenGroups is for base searches");
}

#[test]
fn values_beyond_the_limit_come_in_ranges() {
    let directory = staffed();
    let group = format!("CN=Readers,OU=Staff,{BASE}");
    let requester = Requester::system();
    let mut context = context(&requester);
    context.limits.range_values_max = 1;
    let ask = |selection: &str| {
        let filter = Filter::parse("(objectClass=*)").unwrap();
        let request = request(&group, Scope::Base, filter, &[selection]);
        let mut found = Collect::default();
        directory.search(&context, &request, None, WHOLE, &mut found).unwrap();
        let attributes = &found.entries[0].attributes;
        attributes.iter().map(|attribute| (attribute.name.clone(), attribute.values.len())).collect::<Vec<_>>()
    };
    assert_eq!(ask("member"), [("member;range=0-0".to_owned(), 1)]);
    assert_eq!(ask("member;range=0-*"), [("member;range=0-0".to_owned(), 1)]);
    assert_eq!(ask("member;range=1-*"), [("member;range=1-*".to_owned(), 1)]);
    assert_eq!(ask("member;range=2-*"), []);
    assert_eq!(ask("member;range=1-0"), [], "a range that ends before it begins");
}

#[test]
fn extended_names_carry_guid_and_sid() {
    let directory = staffed();
    let group = format!("CN=Readers,OU=Staff,{BASE}");
    let mut request = request(&group, Scope::Base, Filter::parse("(objectClass=*)").unwrap(), &["member"]);
    request.options.extended_dn = Some(ExtendedDnForm::Text);
    let entry = &run(&directory, &request, WHOLE).unwrap()[0];
    assert!(entry.dn.starts_with("<GUID=") && entry.dn.contains(">;<SID=S-1-5-21-") && entry.dn.ends_with(&group));
    assert!(String::from_utf8_lossy(&entry.values("member")[0]).starts_with("<GUID="));
}

#[test]
fn sorted_results_come_in_order_and_in_pages() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    let mut request = request(&unit, Scope::OneLevel, Filter::parse("(objectClass=*)").unwrap(), &["1.1"]);
    for (attribute, reverse, expected) in [
        ("sn", false, ["CN=bea", "CN=ada", "CN=cleo", "CN=Readers"]),
        ("uidNumber", false, ["CN=bea", "CN=cleo", "CN=ada", "CN=Readers"]),
        ("uidNumber", true, ["CN=Readers", "CN=ada", "CN=cleo", "CN=bea"]),
    ] {
        request.options.sort = vec![SortKey { attribute: attribute.to_owned(), rule: None, reverse }];
        for (entries_examined, entries_sent) in [(u32::MAX, 1), (u32::MAX, 3), (u32::MAX, u32::MAX), (1, 1), (1, 2)] {
            let budget = Budget { entries_examined, entries_sent };
            assert_eq!(
                names(&run(&directory, &request, budget).unwrap()),
                expected,
                "{attribute} {reverse} {budget:?}"
            );
        }
    }
    request.options.sort = vec![SortKey { attribute: "memberOf".to_owned(), rule: None, reverse: false }];
    assert_eq!(run(&directory, &request, WHOLE), Err(Error::CannotSort));
}

#[test]
fn a_full_page_says_more_only_when_there_is_more() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    let request = request(&unit, Scope::OneLevel, Filter::parse("(objectClass=user)").unwrap(), &["1.1"]);
    let requester = Requester::system();
    let mut found = Collect::default();
    let exactly = Budget { entries_examined: u32::MAX, entries_sent: 3 };
    assert_eq!(directory.search(&context(&requester), &request, None, exactly, &mut found), Ok(Progress::Done));
    let fewer = Budget { entries_examined: u32::MAX, entries_sent: 2 };
    let progress = directory.search(&context(&requester), &request, None, fewer, &mut found);
    assert!(matches!(progress, Ok(Progress::More(_))));
}

#[test]
fn a_position_that_is_not_ours_is_refused() {
    let directory = staffed();
    let request = request(BASE, Scope::Subtree, Filter::parse("(cn=ada)").unwrap(), &["1.1"]);
    let requester = Requester::system();
    let mut found = Collect::default();
    for nonsense in [vec![], vec![0], vec![1, 2, 3], vec![3; 5], vec![2]] {
        let position = Position(nonsense);
        assert_eq!(
            directory.search(&context(&requester), &request, Some(&position), WHOLE, &mut found),
            Err(Error::InvalidPosition)
        );
    }
}

/// A client polls for changes by USN. Between two slices of its search an object behind the search's position and one
/// before it are changed: in id order the first would be missed while the second moves the client's mark past it.
#[test]
fn changes_by_usn_are_each_seen_while_writes_go_on() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    let filter = Filter::parse("(&(objectClass=user)(uSNChanged>=1))").unwrap();
    let request = request(&unit, Scope::OneLevel, filter, &["uSNChanged"]);
    let requester = Requester::system();
    let one = Budget { entries_examined: 1, entries_sent: u32::MAX };
    let mut found = Collect::default();
    let mut position = None;
    while found.entries.is_empty() {
        match directory.search(&context(&requester), &request, position.as_ref(), one, &mut found).unwrap() {
            Progress::More(next) => position = Some(next),
            Progress::Done => panic!("the first slice cannot be the last"),
        }
    }
    for name in ["ada", "cleo"] {
        let change = modify(&format!("CN={name},{unit}"), Operation::Replace, "title", &["Dr"]);
        apply(&directory, &[change]).unwrap();
    }
    while let Progress::More(next) =
        directory.search(&context(&requester), &request, position.as_ref(), one, &mut found).unwrap()
    {
        position = Some(next);
    }
    let usns: Vec<u64> = found.entries.iter().filter_map(|entry| entry.text("uSNChanged")?.parse().ok()).collect();
    assert!(usns.is_sorted(), "{usns:?}");
    assert_eq!(names(&found.entries), ["CN=ada", "CN=bea", "CN=ada", "CN=cleo"]);
}

#[test]
fn tombstones_are_seen_with_the_control_only() {
    let directory = staffed();
    let name = format!("CN=ada,OU=Staff,{BASE}");
    apply(&directory, &[Change::Delete { name: ObjectName::parse(&name).unwrap(), tree: false }]).unwrap();
    assert!(find(&directory, BASE, Scope::Subtree, "(sAMAccountName=ada)", &["1.1"]).is_empty());
    let mut request = request(BASE, Scope::Subtree, Filter::parse("(sAMAccountName=ada)").unwrap(), &[]);
    request.options.show_deleted = true;
    let found = run(&directory, &request, WHOLE).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].dn.contains("\\0ADEL:") && found[0].dn.contains("CN=Deleted Objects"));
    assert_eq!(found[0].text("isDeleted"), Some("TRUE"));
    assert!(found[0].values("memberOf").is_empty());
}

#[test]
fn renaming_an_object_changes_every_name_that_shows_it() {
    let directory = staffed();
    let unit = ObjectName::parse(&format!("OU=Staff,{BASE}")).unwrap();
    apply(
        &directory,
        &[Change::Rename(bailiwick_domain::Rename {
            name: unit,
            new_rdn: bailiwick_adtypes::dn::Rdn { attribute: "OU".to_owned(), value: "Crew, all".to_owned() },
            delete_old_rdn: true,
            new_superior: None,
        })],
    )
    .unwrap();
    let group = &find(&directory, BASE, Scope::Subtree, "(cn=Readers)", &["member"])[0];
    assert_eq!(group.dn, format!("CN=Readers,OU=Crew\\, all,{BASE}"));
    assert_eq!(group.text("member"), Some(format!("CN=ada,OU=Crew\\, all,{BASE}").as_str()));
    assert_eq!(find(&directory, &format!("ou=crew\\2c ALL,{BASE}"), Scope::OneLevel, "(cn=ada)", &["1.1"]).len(), 1);
}

#[test]
fn the_administrator_finds_everything_there_is() {
    let directory = founded();
    let administrator = signed_in_administrator(&directory);
    let contexts = [BASE.to_owned(), format!("CN=Configuration,{BASE}"), format!("CN=Schema,CN=Configuration,{BASE}")];
    for base in contexts {
        let request = request(&base, Scope::Subtree, Filter::parse("(objectClass=*)").unwrap(), &["objectGUID"]);
        let mut found = Collect::default();
        directory.search(&context(&administrator), &request, None, WHOLE, &mut found).unwrap();
        let everything = run(&directory, &request, WHOLE).unwrap();
        assert_eq!(found.entries, everything, "{base}");
    }
}

#[test]
fn limits_follow_the_policy_object() {
    let directory = founded();
    let policy = find(
        &directory,
        &format!("CN=Configuration,{BASE}"),
        Scope::Subtree,
        "(objectClass=queryPolicy)",
        &["lDAPAdminLimits"],
    );
    assert!(policy[0].values("lDAPAdminLimits").contains(&b"MaxPageSize=1000".to_vec()));
    apply(&directory, &[modify(&policy[0].dn, Operation::Replace, "lDAPAdminLimits", &["MaxPageSize=7"])]).unwrap();
    assert_eq!(directory.limits().page_entries_max, 7);
    assert_eq!(directory.limits().range_values_max, 1500, "what the policy does not say keeps its default");
}

/// A chain was followed on the network thread however long it was.
#[test]
fn a_long_chain_is_followed_at_leisure_only() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    let contact = |number: usize| format!("CN=c{number},{unit}");
    let contacts: Vec<String> = (0..1100).map(contact).collect();
    let mut changes: Vec<Change> = contacts.iter().map(|name| add(name, &[("objectClass", "contact")])).collect();
    let mut attributes = vec![("objectClass", "group"), ("sAMAccountName", "everybody")];
    attributes.extend(contacts.iter().map(|name| ("member", name.as_str())));
    changes.push(add(&format!("CN=Everybody,{unit}"), &attributes));
    apply(&directory, &changes).unwrap();
    let requester = Requester::system();
    let ask = |group: &str| {
        let filter = Filter::parse(&format!("(memberOf:{IN_CHAIN}:=CN={group},{unit})")).unwrap();
        request(BASE, Scope::Subtree, filter, &["1.1"])
    };
    let mut found = Collect::default();
    let short = directory.search(&context(&requester), &ask("Readers"), None, INLINE, &mut found);
    assert_eq!((short, found.entries.len()), (Ok(Progress::Done), 2));
    let mut found = Collect::default();
    let long = directory.search(&context(&requester), &ask("Everybody"), None, INLINE, &mut found);
    assert!(matches!(long, Ok(Progress::More(_))) && found.entries.is_empty(), "{long:?}");
    for budget in [WHOLE, INLINE, Budget { entries_sent: 300, ..INLINE }] {
        let mut names = names(&run(&directory, &ask("Everybody"), budget).unwrap());
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 1100, "{budget:?}");
    }
}

#[test]
fn a_filter_follows_so_many_chains_and_no_more() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    let ask = |chains: usize| {
        let chain = format!("(memberOf:{IN_CHAIN}:=CN=Readers,{unit})");
        let filter = Filter::parse(&format!("(|{})", chain.repeat(chains))).unwrap();
        run(&directory, &request(BASE, Scope::Subtree, filter, &["1.1"]), WHOLE).map(|found| found.len())
    };
    assert_eq!(ask(16), Ok(2));
    assert_eq!(ask(17), Err(Error::AdministrativeLimit));
}

/// An object that another names in two values was found twice.
#[test]
fn an_object_is_found_once_however_many_values_name_it() {
    let directory = staffed();
    let ada = format!("CN=ada,OU=Staff,{BASE}");
    let values = [format!("B:2:AA:{ada}"), format!("B:2:BB:{ada}")];
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    apply(&directory, &[modify(&ada, Operation::Add, "msDS-KeyCredentialLink", &values)]).unwrap();
    for budget in [WHOLE, Budget { entries_examined: 1, entries_sent: 1 }] {
        let filter = Filter::parse(&format!("(msDS-KeyCredentialLink-BL={ada})")).unwrap();
        let found = run(&directory, &request(BASE, Scope::Subtree, filter, &["1.1"]), budget).unwrap();
        assert_eq!(names(&found), ["CN=ada"], "{budget:?}");
    }
}

#[test]
fn every_object_has_a_security_descriptor() {
    let directory = staffed();
    let unit = format!("OU=Staff,{BASE}");
    assert_eq!(find(&directory, &unit, Scope::Subtree, "(nTSecurityDescriptor=*)", &["1.1"]).len(), 5);
    assert!(find(&directory, &unit, Scope::Subtree, "(!(nTSecurityDescriptor=*))", &["1.1"]).is_empty());
}
