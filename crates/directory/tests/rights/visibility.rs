//! What cannot be read does not exist: for results, filters, compare and sort, and for names.

use bailiwick_adtypes::filter::Filter;
use bailiwick_adtypes::modification::Operation;
use bailiwick_domain::{
    AttributeFault, Directory, Error, ListOrder, ListRequest, Requester, Scope, SearchOptions, SortKey, list_by_search,
};

use crate::domain::{BASE, add, context, request};
use crate::{
    account, apply_as, delete, dn, find_as, grant, modify, object, peopled, read_as, replace, run_as, sales, sid,
};

/// The schemaIDGUIDs of `description`, `memberOf` and `member`.
const DESCRIPTION: &str = "bf967950-0de6-11d0-a285-00aa003049e2";
const MEMBER_OF: &str = "bf967991-0de6-11d0-a285-00aa003049e2";
const MEMBER: &str = "bf9679c0-0de6-11d0-a285-00aa003049e2";

fn names(entries: &[bailiwick_domain::Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.dn.split(',').next().unwrap()).collect()
}

#[test]
fn children_of_a_container_that_may_not_be_listed_are_not_there() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    let ada = account(&directory, &dn("Ada"));
    let eve = format!("CN=Eve,{}", sales());
    assert_eq!(names(&find_as(&directory, &bob, BASE, "(cn=Eve)", &["cn"])), ["CN=Eve"]);
    grant(&directory, &sales(), &format!("(D;;LC;;;{})", sid(&directory, &dn("Help"))));
    assert!(find_as(&directory, &bob, BASE, "(cn=Eve)", &["cn"]).is_empty());
    assert_eq!(names(&find_as(&directory, &bob, &sales(), "(objectClass=*)", &["cn"])), ["OU=Sales"]);
    let missing = Error::NoSuchObject { matched: String::new() };
    assert_eq!(read_as(&directory, &bob, &eve, &[]), Err(missing.clone()));
    assert_eq!(directory.compare(&context(&bob), &object(&eve), "cn", b"Eve"), Err(missing.clone()));
    for change in [replace(&eve, "description", "x"), delete(&eve), crate::rename(&eve, "CN=x", None)] {
        assert_eq!(apply_as(&directory, &bob, change), Err(missing.clone()));
    }
    assert_eq!(names(&find_as(&directory, &ada, BASE, "(cn=Eve)", &["cn"])), ["CN=Eve"]);
    // Not even as the closest ancestor of a name.
    let below = read_as(&directory, &bob, &format!("CN=x,{eve}"), &[]);
    assert_eq!(below, Err(Error::NoSuchObject { matched: sales() }));
    assert_eq!(read_as(&directory, &ada, &format!("CN=x,{eve}"), &[]), Err(Error::NoSuchObject { matched: eve }));
}

#[test]
fn list_object_mode_shows_single_children() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    let help = sid(&directory, &dn("Help"));
    let seen = || find_as(&directory, &bob, &sales(), "(|(cn=Eve)(cn=Crew))", &["cn"]).len();
    assert_eq!(seen(), 2);
    grant(&directory, &sales(), &format!("(D;;LC;;;{help})"));
    grant(&directory, &format!("CN=Crew,{}", sales()), &format!("(D;;LO;;;{help})"));
    assert_eq!(seen(), 0);
    let settings = format!("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}");
    crate::domain::apply(&directory, &[replace(&settings, "dSHeuristics", "001")]).unwrap();
    assert_eq!(seen(), 1);
    grant(&directory, &sales(), &format!("(D;;LO;;;{help})"));
    assert_eq!(seen(), 0);
}

#[test]
fn a_listing_counts_what_the_requester_may_know_of() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    let help = sid(&directory, &dn("Help"));
    let check = |expected: usize| {
        for (base, scope) in [(sales(), Scope::OneLevel), (sales(), Scope::Subtree), (BASE.to_owned(), Scope::Subtree)]
        {
            let base = object(&base);
            let request = ListRequest {
                base: &base,
                scope,
                categories: &["person", "group"],
                plain_view: false,
                order: ListOrder::Name,
                offset: 0,
                entries_max: None,
            };
            let listed = directory.list(&context(&bob), &request).unwrap();
            let searched = list_by_search(&directory, &context(&bob), &request).unwrap();
            assert_eq!((listed.total, listed.names.len()), (searched.total, searched.names.len()), "{request:?}");
            if base.to_string() == sales() {
                assert_eq!(listed.total, expected);
            }
        }
    };
    check(2);
    grant(&directory, &sales(), &format!("(D;;LC;;;{help})"));
    check(0);
    grant(&directory, &format!("CN=Crew,{}", sales()), &format!("(D;;LO;;;{help})"));
    let settings = format!("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}");
    crate::domain::apply(&directory, &[replace(&settings, "dSHeuristics", "001")]).unwrap();
    check(1);
}

#[test]
fn a_value_that_may_not_be_read_is_absent_everywhere() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    grant(&directory, &dn("Ada"), &format!("(OD;;RP;{DESCRIPTION};;{})", sid(&directory, &dn("Help"))));
    let ada = read_as(&directory, &bob, &dn("Ada"), &["*", "description"]).unwrap();
    assert!(ada.values("description").is_empty() && !ada.values("telephoneNumber").is_empty());
    let find = |filter: &str| {
        let found = find_as(&directory, &bob, &format!("CN=Users,{BASE}"), filter, &["cn"]);
        found.iter().filter(|entry| entry.dn == dn("Ada")).count()
    };
    for filter in ["(description=d)", "(description=*)", "(description=d*)", "(description>=a)", "(description<=z)"] {
        assert_eq!(find(filter), 0, "{filter}");
        assert_eq!(find(&format!("(&(cn=Ada)(!{filter}))")), 1, "{filter}");
        assert_eq!(find(&format!("(|(cn=Ada){filter})")), 1, "{filter}");
    }
    let compared = directory.compare(&context(&bob), &object(&dn("Ada")), "description", b"d");
    assert_eq!(compared, Err(Error::attribute("description", AttributeFault::NotPresent)));
    let mut sorted = request(BASE, Scope::Subtree, Filter::parse("(telephoneNumber=1)").unwrap(), &["cn"]);
    let key = SortKey { attribute: "description".to_owned(), rule: None, reverse: false };
    sorted.options = SearchOptions { sort: vec![key], domain_scope: true, ..SearchOptions::default() };
    let found = run_as(&directory, &bob, &sorted).unwrap();
    assert_eq!(found.last().unwrap().dn, dn("Ada"));
}

#[test]
fn a_descriptor_that_may_not_be_read_is_absent_in_filters() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    let count = |filter: &str| find_as(&directory, &bob, &format!("CN=Users,{BASE}"), filter, &["1.1"]).len();
    assert_eq!(count("(&(cn=Ada)(nTSecurityDescriptor=*))"), 1);
    grant(&directory, &dn("Ada"), &format!("(D;;RC;;;{})", sid(&directory, &dn("Bob"))));
    assert_eq!(count("(&(cn=Ada)(nTSecurityDescriptor=*))"), 0);
    assert_eq!(count("(&(cn=Ada)(!(nTSecurityDescriptor=*)))"), 1);
}

#[test]
fn links_that_may_not_be_read_are_absent_at_that_end_only() {
    let directory = peopled();
    let oz = account(&directory, &dn("Ada"));
    let everyone = sid(&directory, &dn("Domain Users"));
    let count = |filter: String| find_as(&directory, &oz, &format!("CN=Users,{BASE}"), &filter, &["1.1"]).len();
    let member_of = || count(format!("(memberOf={})", dn("Help")));
    let member = || count(format!("(member={})", dn("Bob")));
    assert_eq!((member_of(), member()), (1, 1));
    grant(&directory, &dn("Bob"), &format!("(OD;;RP;{MEMBER_OF};;{everyone})"));
    assert_eq!((member_of(), member()), (0, 1));
    assert_eq!(count("(&(cn=Bob)(memberOf=*))".to_owned()), 0);
    assert!(read_as(&directory, &oz, &dn("Bob"), &["*", "memberOf"]).unwrap().values("memberOf").is_empty());
    grant(&directory, &dn("Help"), &format!("(OD;;RP;{MEMBER};;{everyone})"));
    assert_eq!((member_of(), member()), (0, 0));
    assert_eq!(count("(&(cn=Help)(member=*))".to_owned()), 0);
    assert_eq!(count(format!("(&(cn=Help)(member:1.2.840.113556.1.4.1941:={}))", dn("Bob"))), 0);
}

#[test]
fn tombstones_are_the_business_of_administrators() {
    let directory = peopled();
    crate::domain::apply(&directory, &[delete(&format!("CN=Eve,{}", sales()))]).unwrap();
    let seen = |who: &Requester| {
        let mut request = request(BASE, Scope::Subtree, Filter::parse("(sAMAccountName=eve)").unwrap(), &["*"]);
        request.options.show_deleted = true;
        run_as(&directory, who, &request).unwrap().len()
    };
    assert_eq!(seen(&account(&directory, &dn("Bob"))), 0);
    assert_eq!(seen(&account(&directory, &dn("Oz"))), 0);
    assert_eq!(seen(&crate::domain::signed_in_administrator(&directory)), 1);
}

#[test]
fn nobody_is_let_in_only_when_the_forest_says_so() {
    let directory = peopled();
    let nobody = Requester::anonymous(None, bailiwick_domain::Protection::Encrypted);
    assert_eq!(read_as(&directory, &nobody, BASE, &["dc"]), Err(Error::NotSignedIn));
    let settings = format!("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}");
    crate::domain::apply(&directory, &[replace(&settings, "dSHeuristics", "0000002")]).unwrap();
    assert!(read_as(&directory, &nobody, BASE, &["dc"]).unwrap().values("dc").is_empty());
    grant(&directory, BASE, "(A;CI;RPLC;;;AN)");
    assert_eq!(read_as(&directory, &nobody, BASE, &["dc"]).unwrap().text("dc"), Some("example"));
    assert_eq!(apply_as(&directory, &nobody, replace(&dn("Ada"), "description", "x")), Err(Error::InsufficientRights));
    let new = add(&dn("New"), &[("objectClass", "user")]);
    assert_eq!(apply_as(&directory, &nobody, new), Err(Error::InsufficientRights));
}

#[test]
fn changed_rights_count_at_once() {
    let directory = peopled();
    let bob = account(&directory, &dn("Bob"));
    let help = sid(&directory, &dn("Help"));
    let write = || apply_as(&directory, &bob, replace(&dn("Ada"), "description", "x"));
    assert_eq!(write(), Err(Error::InsufficientRights));
    grant(&directory, BASE, &format!("(A;CI;WP;;;{help})"));
    assert_eq!(write(), Ok(()));
    let refused = modify(&dn("Ada"), Operation::Replace, "nTSecurityDescriptor", &[b"no descriptor"]);
    assert!(crate::domain::apply(&directory, &[refused]).is_err());
    assert_eq!(write(), Ok(()));
}
