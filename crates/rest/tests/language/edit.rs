//! The edit language: the examples of section 6.6, and what section 16.3 changes, on a real directory.

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_domain::{AttributeFault, Change, Directory, Error};
use bailiwick_rest::edit::{EditError, Edits, Keyword, PROXY_ADDRESSES};
use bailiwick_rest::json::Value;
use bailiwick_rest::value::ValueFault;
use bailiwick_rest::value::flags::UnknownFlag;

use crate::domain::{Domain, USERS, attribute, json};

fn read(edits: &str) -> Result<Edits, EditError> {
    Edits::read(Some(&json(edits)), &attribute)
}

/// The modifications, each as `operation attribute=value|value`.
fn modifications(edits: &str, addresses: &[&str]) -> Result<Vec<String>, EditError> {
    let addresses: Vec<Vec<u8>> = addresses.iter().map(|address| address.as_bytes().to_vec()).collect();
    let modifications = read(edits)?.modifications(&addresses)?;
    Ok(modifications.iter().map(shown).collect())
}

fn shown(modification: &Modification) -> String {
    let operation = match modification.operation {
        Operation::Add => "add",
        Operation::Delete => "delete",
        Operation::Replace => "replace",
    };
    let values: Vec<_> = modification.values.iter().map(|value| String::from_utf8_lossy(value)).collect();
    format!("{operation} {}={}", modification.attribute, values.join("|"))
}

fn check(edits: &str, expected: &[&str]) {
    assert_eq!(modifications(edits, &[]).unwrap_or_else(|error| panic!("{edits}: {error}")), expected, "{edits}");
}

/// The addresses that an edit leaves, as a directory would make them of the modifications.
fn addresses(stored: &[&str], edits: &str) -> Result<Vec<String>, EditError> {
    let mut addresses: Vec<Vec<u8>> = stored.iter().map(|address| address.as_bytes().to_vec()).collect();
    for modification in read(edits)?.modifications(&addresses)? {
        assert_eq!(modification.attribute, PROXY_ADDRESSES);
        match modification.operation {
            Operation::Add => addresses.extend(modification.values),
            Operation::Delete => addresses.retain(|address| !modification.values.contains(address)),
            Operation::Replace => addresses = modification.values,
        }
    }
    let mut addresses: Vec<_> = addresses.into_iter().map(|address| String::from_utf8(address).unwrap()).collect();
    addresses.sort();
    Ok(addresses)
}

fn check_addresses(stored: &[&str], edits: &str, expected: &[&str]) {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(addresses(stored, edits).unwrap_or_else(|error| panic!("{edits}: {error}")), expected, "{edits}");
}

fn refuse(edits: &str, expected: EditError) {
    assert_eq!(modifications(edits, &[]), Err(expected), "{edits}");
}

#[test]
fn examples_1_to_9_of_section_6_6() {
    check(r#"{"set":{"description":"Temp"}}"#, &["replace description=Temp"]);
    check(r#"{"set":{"userAccountControl":514}}"#, &["replace userAccountControl=514"]);
    check(r#"{"set":{"userAccountControl":512}}"#, &["replace userAccountControl=512"]);
    check(r#"{"set":{"lockoutTime":0}}"#, &["replace lockoutTime=0"]);
    check(r#"{"clear":"description"}"#, &["replace description="]);
    check(r#"{"clear":["description","manager"]}"#, &["replace description=", "replace manager="]);
    check(
        r#"{"add":{"member":"CN=John Doe,OU=Real Users,DC=contoso,DC=com"}}"#,
        &["add member=CN=John Doe,OU=Real Users,DC=contoso,DC=com"],
    );
    check(
        r#"{"add":{"member":["CN=A","CN=B"]},"remove":{"member":"CN=C"}}"#,
        &["add member=CN=A|CN=B", "delete member=CN=C"],
    );
    check(r#"{"add":{"title":"Boss"}}"#, &["replace title=Boss"]);
}

#[test]
fn examples_10_to_14_of_section_6_6_are_about_addresses() {
    check_addresses(
        &["SMTP:p@x.com"],
        r#"{"add":{"proxyAddresses":["smtp:a@x.com","smtp:b@x.com"]}}"#,
        &["SMTP:p@x.com", "smtp:a@x.com", "smtp:b@x.com"],
    );
    check_addresses(
        &["SMTP:old@x.com"],
        r#"{"add":{"proxyAddresses":"SMTP:new@x.com"}}"#,
        &["smtp:old@x.com", "SMTP:new@x.com"],
    );
    check_addresses(
        &["SMTP:p@x.com", "smtp:bad@x.com"],
        r#"{"remove":{"proxyAddresses":"smtp:bad@x.com"}}"#,
        &["SMTP:p@x.com"],
    );
    check_addresses(
        &["SMTP:old@x.com", "smtp:b@x.com"],
        r#"{"remove":{"proxyAddresses":"SMTP:old@x.com"}}"#,
        &["SMTP:b@x.com"],
    );
    check_addresses(
        &["SMTP:p@x.com", "smtp:old@x.com"],
        r#"{"replace":{"proxyAddresses":{"smtp:old@x.com":"smtp:new@x.com"}}}"#,
        &["SMTP:p@x.com", "smtp:new@x.com"],
    );
}

#[test]
fn examples_15_to_20_of_section_6_6() {
    check(r#"{"replace":{"title":{"Clerk":"Boss"}}}"#, &["delete title=Clerk", "add title=Boss"]);
    refuse(r#"{"set":{"description":null}}"#, EditError::NoEdits);
    refuse(r#"{"update":{"title":"x"}}"#, EditError::UnknownKeyword { name: "update".to_owned() });
    refuse(
        r#"{"set":{"title":{"a":"b"}}}"#,
        EditError::ValuesExpected { keyword: Keyword::Set, attribute: "title".to_owned() },
    );
    refuse(r#"{"set":"title"}"#, EditError::AttributesExpected { keyword: Keyword::Set });
    check(r#"{"add":{"memberOf":"CN=G"}}"#, &["add memberOf=CN=G"]);
}

#[test]
fn the_full_request_of_section_6_6_is_one_list() {
    let edits = r#"{
        "remove": { "proxyAddresses": [ "smtp:john.doe2@contoso.com", "smtp:john.doe@contoso.net" ] },
        "set": { "userAccountControl": 514 }
    }"#;
    let stored = ["SMTP:john.doe@contoso.com", "smtp:john.doe2@contoso.com", "smtp:john.doe@contoso.net"];
    let gone = "delete proxyAddresses=smtp:john.doe2@contoso.com|smtp:john.doe@contoso.net";
    let expected = [gone, "replace userAccountControl=514"];
    assert_eq!(modifications(edits, &stored), Ok(expected.map(str::to_owned).to_vec()));
}

#[test]
fn keywords_and_attributes_count_in_any_case_but_once() {
    check(r#"{"SET":{"TITLE":"x"},"Clear":"MAIL"}"#, &["replace title=x", "replace mail="]);
    refuse(r#"{"set":{"title":"x"},"Set":{}}"#, EditError::Repeated { name: "Set".to_owned() });
    refuse(r#"{"set":{"title":"x","Title":"y"}}"#, EditError::Repeated { name: "Title".to_owned() });
}

#[test]
fn d_18_unknown_attributes_are_named() {
    for (edits, keyword) in [(r#"{"set":{"titel":"x"}}"#, Keyword::Set), (r#"{"clear":"titel"}"#, Keyword::Clear)] {
        refuse(edits, EditError::UnknownAttribute { keyword, attribute: "titel".to_owned() });
    }
}

#[test]
fn d_16_replace_works_on_attributes_of_several_values() {
    check(
        r#"{"replace":{"otherTelephone":{"1":"2","3":4}}}"#,
        &["delete otherTelephone=1|3", "add otherTelephone=2|4"],
    );
    let expected = EditError::OldAndNewExpected { attribute: "title".to_owned() };
    refuse(r#"{"replace":{"title":"x"}}"#, expected.clone());
    refuse(r#"{"replace":{"title":{}}}"#, expected);
    for new in ["null", "[]", "{}"] {
        refuse(
            &format!("{{\"replace\":{{\"title\":{{\"a\":{new}}}}}}}"),
            EditError::NewValueExpected { keyword: Keyword::Replace, attribute: "title".to_owned() },
        );
    }
}

#[test]
fn d_17_remove_works_on_attributes_of_one_value() {
    check(r#"{"remove":{"title":"Clerk"}}"#, &["delete title=Clerk"]);
}

#[test]
fn d_19_removing_addresses_never_wipes_others() {
    let missing = |address: &str, keyword| Err(EditError::NoSuchAddress { keyword, address: address.to_owned() });
    let stored = ["SMTP:a@x", "smtp:b@x"];
    assert_eq!(addresses(&stored, r#"{"remove":{"proxyAddresses":"c@x"}}"#), missing("smtp:c@x", Keyword::Remove));
    let replace = r#"{"replace":{"proxyAddresses":{"smtp:c@x":"smtp:d@x"}}}"#;
    assert_eq!(addresses(&stored, replace), missing("smtp:c@x", Keyword::Replace));
    check_addresses(&["SMTP:a@x"], r#"{"remove":{"proxyAddresses":"SMTP:a@x"}}"#, &[]);
    check_addresses(&stored, r#"{"replace":{"proxyAddresses":["SMTP:c@x"]}}"#, &["SMTP:c@x"]);
    check_addresses(&["smtp:a@x", "smtp:b@x"], r#"{"remove":{"proxyAddresses":"smtp:a@x"}}"#, &["smtp:b@x"]);
    check_addresses(&["SMTP:a@x", "SIP:a@x"], r#"{"remove":{"proxyAddresses":"a@x"}}"#, &["SIP:a@x"]);
}

#[test]
fn d_20_other_types_are_kept_and_doubles_are_not_made() {
    let x500 = "X500:/o=Contoso/cn=Recipients/cn=ada";
    check_addresses(
        &[x500, "SMTP:ada@x", "SIP:ada@x"],
        r#"{"add":{"proxyAddresses":["ADA@X","ada.l@x","EUM:123;phone-context=x"]}}"#,
        &[x500, "SMTP:ada@x", "SIP:ada@x", "smtp:ada.l@x", "EUM:123;phone-context=x"],
    );
    check_addresses(&["SMTP:a@x", "smtp:b@x"], r#"{"add":{"proxyAddresses":"SMTP:b@x"}}"#, &["smtp:a@x", "SMTP:b@x"]);
    check_addresses(
        &["SMTP:a@x"],
        r#"{"set":{"proxyAddresses":["Smtp:a@x","A@x",":c@x"]}}"#,
        &["smtp:a@x", "smtp:c@x"],
    );
    refuse(
        r#"{"set":{"proxyAddresses":["SMTP:a@x","SMTP:b@x"]}}"#,
        EditError::SeveralPrimaries { keyword: Keyword::Set },
    );
    refuse(
        r#"{"add":{"proxyAddresses":"SMTP:a@x"},"replace":{"proxyAddresses":{"c@x":"SMTP:b@x"}}}"#,
        EditError::SeveralPrimaries { keyword: Keyword::Replace },
    );
    for text in ["ada", "smtp:ada", "", "smtp:@x", "X500:"] {
        let expected = EditError::InvalidAddress { keyword: Keyword::Add, text: text.to_owned() };
        refuse(&format!("{{\"add\":{{\"proxyAddresses\":\"{text}\"}}}}"), expected);
    }
}

#[test]
fn the_addresses_of_one_operation_are_bounded() {
    let listed = |count: usize| vec!["\"a@x\""; count].join(",");
    check_addresses(&[], &format!("{{\"add\":{{\"proxyAddresses\":[{}]}}}}", listed(1000)), &["smtp:a@x"]);
    let expected = EditError::TooManyAddresses { keyword: Keyword::Add };
    refuse(&format!("{{\"add\":{{\"proxyAddresses\":[{}]}}}}", listed(1001)), expected);
}

#[test]
fn an_address_can_change_its_mark() {
    let stored = ["SMTP:a@x", "smtp:b@x"];
    check_addresses(&stored, r#"{"replace":{"proxyAddresses":{"smtp:b@x":"SMTP:b@x"}}}"#, &["smtp:a@x", "SMTP:b@x"]);
    check_addresses(&stored, r#"{"replace":{"proxyAddresses":{"SMTP:a@x":"smtp:a@x"}}}"#, &["smtp:a@x", "smtp:b@x"]);
    check_addresses(&stored, r#"{"replace":{"proxyAddresses":{"SMTP:a@x":"SMTP:c@x"}}}"#, &["smtp:b@x", "SMTP:c@x"]);
}

#[test]
fn only_what_differs_is_written_unless_all_addresses_are_given_anew() {
    let stored = ["SMTP:a@x", "smtp:b@x"];
    let check =
        |edits: &str, expected: &[&str]| assert_eq!(modifications(edits, &stored).unwrap(), expected, "{edits}");
    check(r#"{"add":{"proxyAddresses":["b@x","c@x"]}}"#, &["add proxyAddresses=smtp:c@x"]);
    let nothing = ["delete proxyAddresses=SMTP:a@x", "add proxyAddresses=SMTP:a@x"];
    check(r#"{"add":{"proxyAddresses":"b@x"}}"#, &nothing);
    check(
        r#"{"add":{"proxyAddresses":"SMTP:b@x"}}"#,
        &["delete proxyAddresses=SMTP:a@x|smtp:b@x", "add proxyAddresses=smtp:a@x|SMTP:b@x"],
    );
    check(r#"{"set":{"proxyAddresses":"SMTP:a@x"}}"#, &["replace proxyAddresses=SMTP:a@x"]);
    check(r#"{"clear":"proxyAddresses"}"#, &["replace proxyAddresses="]);
    check(r#"{"clear":"proxyAddresses","add":{"proxyAddresses":"b@x"}}"#, &["replace proxyAddresses=smtp:b@x"]);
}

#[test]
fn operations_on_addresses_follow_one_another() {
    check_addresses(
        &["SMTP:a@x", "smtp:b@x"],
        r#"{"remove":{"proxyAddresses":"a@x"},"add":{"proxyAddresses":"SMTP:c@x"}}"#,
        &["smtp:b@x", "SMTP:c@x"],
    );
    check_addresses(&["SMTP:a@x"], r#"{"clear":"PROXYADDRESSES","add":{"proxyAddresses":"b@x"}}"#, &["smtp:b@x"]);
}

#[test]
fn d_54_null_never_erases_and_an_empty_array_is_refused() {
    check(r#"{"set":{"title":null,"mail":"a@b"},"add":null,"clear":null}"#, &["replace mail=a@b"]);
    refuse(r#"{"set":{"proxyAddresses":null}}"#, EditError::NoEdits);
    refuse("{}", EditError::NoEdits);
    refuse(r#"{"clear":[]}"#, EditError::NoEdits);
    refuse("null", EditError::NoEdits);
    assert_eq!(Edits::read(None, &attribute).err(), Some(EditError::NoEdits));
    refuse("[]", EditError::NotAnObject);
    for (edits, keyword, attribute) in [
        (r#"{"set":{"title":[]}}"#, Keyword::Set, "title"),
        (r#"{"add":{"member":[]}}"#, Keyword::Add, "member"),
        (r#"{"remove":{"proxyAddresses":[]}}"#, Keyword::Remove, PROXY_ADDRESSES),
    ] {
        refuse(edits, EditError::EmptyArray { keyword, attribute: attribute.to_owned() });
    }
    for names in ["5", "{}", r#"["mail",5]"#, r#"" ""#, r#"["mail",null]"#] {
        refuse(&format!("{{\"clear\":{names}}}"), EditError::NamesExpected);
    }
}

#[test]
fn one_value_takes_one_value() {
    for (edits, keyword) in [
        (r#"{"set":{"title":["a","b"]}}"#, Keyword::Set),
        (r#"{"add":{"title":["a","b"]}}"#, Keyword::Add),
        (r#"{"replace":{"title":{"a":"b","c":"d"}}}"#, Keyword::Replace),
    ] {
        refuse(edits, EditError::SeveralValues { keyword, attribute: "title".to_owned() });
    }
    check(r#"{"set":{"title":["a"]}}"#, &["replace title=a"]);
}

#[test]
fn flags_come_by_name_but_not_those_that_are_computed() {
    check(r#"{"set":{"userAccountControl":"normaluser, Disabled"}}"#, &["replace userAccountControl=514"]);
    check(
        r#"{"replace":{"userAccountControl":{"514":"NormalUser"}}}"#,
        &["delete userAccountControl=514", "add userAccountControl=512"],
    );
    for flags in ["528", "\"NormalUser, CannotChangePassword\"", "8389120"] {
        refuse(
            &format!("{{\"set\":{{\"userAccountControl\":{flags}}}}}"),
            EditError::ComputedFlags { keyword: Keyword::Set },
        );
    }
    let fault = ValueFault::UnknownFlag(UnknownFlag { token: "Off".to_owned() });
    let attribute = "userAccountControl".to_owned();
    refuse(r#"{"set":{"userAccountControl":"Off"}}"#, EditError::Value { keyword: Keyword::Set, attribute, fault });
}

#[test]
fn malformed_requests_are_told_from_refused_ones() {
    let is_refusal = |edits: &str| modifications(edits, &[]).expect_err(edits).is_refusal();
    for edits in ["{}", r#"{"set":{"title":["a","b"]}}"#, r#"{"remove":{"proxyAddresses":"a@x"}}"#] {
        assert!(is_refusal(edits), "{edits}");
    }
    for edits in ["[]", r#"{"x":1}"#, r#"{"set":{"x-y":1}}"#, r#"{"set":{"isDeleted":7}}"#, r#"{"set":{"mail":[]}}"#] {
        assert!(!is_refusal(edits), "{edits}");
    }
}

#[test]
fn d_45_the_operation_to_blame_is_found() {
    let edits =
        read(r#"{"add":{"member":"CN=A"},"remove":{"member":"CN=B"},"set":{"title":"x"},"clear":"mail"}"#).unwrap();
    assert_eq!(edits.blame("MEMBER", AttributeFault::NotPresent), Some(Keyword::Remove));
    assert_eq!(edits.blame("member", AttributeFault::ValueExists), Some(Keyword::Add));
    assert_eq!(edits.blame("title", AttributeFault::OutOfRange), Some(Keyword::Set));
    assert_eq!(edits.blame("mail", AttributeFault::NotAllowed), Some(Keyword::Clear));
    assert_eq!(edits.blame("cn", AttributeFault::NotAllowed), None);
    assert_eq!(edits.attributes().collect::<Vec<_>>(), ["member", "member", "title", "mail"]);
}

/// Makes an edit on a real object, as a handler does: read the addresses, work the list out, one change.
fn edit(domain: &Domain, dn: &str, edits: &str) -> Result<(), Error> {
    let lookup = |name: &str| domain.directory.attribute_type(name);
    let edits: Value = json(edits);
    let edits = Edits::read(Some(&edits), &lookup).expect("well formed");
    let stored = domain.read(dn)?.values(PROXY_ADDRESSES).to_vec();
    let modifications = edits.modifications(&stored).expect("the addresses are there");
    let change = Change::Modify { name: dn.parse().expect("a name"), modifications, permissive: false, sd_flags: None };
    domain.directory.apply(&domain.context(), &[change]).map(drop).map_err(|refused| refused.error)
}

fn text(domain: &Domain, dn: &str, attribute: &str) -> Vec<String> {
    let entry = domain.read(dn).expect("it is there");
    let mut values: Vec<_> =
        entry.values(attribute).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect();
    values.sort();
    values
}

#[test]
fn edits_have_their_effects_in_a_directory() {
    let domain = Domain::founded();
    let ada =
        domain.add("user", "Ada", &[("title", "Clerk"), ("proxyAddresses", "SMTP:ada@x.com"), ("otherTelephone", "1")]);
    let bob = domain.add("user", "Bob", &[]);
    let group = domain.add("group", "Staff", &[("member", &bob)]);
    edit(&domain, &ada, r#"{"replace":{"title":{"CLERK":"clerk"},"otherTelephone":{"1":"2"}}}"#).expect("replaced");
    assert_eq!(text(&domain, &ada, "title"), ["clerk"]);
    assert_eq!(text(&domain, &ada, "otherTelephone"), ["2"]);
    edit(&domain, &ada, r#"{"add":{"title":"Boss","proxyAddresses":"SMTP:boss@x.com"},"clear":"mail"}"#)
        .expect("added");
    assert_eq!(text(&domain, &ada, "title"), ["Boss"]);
    assert_eq!(text(&domain, &ada, PROXY_ADDRESSES), ["SMTP:boss@x.com", "smtp:ada@x.com"]);
    edit(&domain, &ada, r#"{"add":{"proxyAddresses":"ADA@x.com"}}"#).expect("there already");
    edit(&domain, &ada, r#"{"replace":{"proxyAddresses":{"ada@x.com":"SMTP:ada@x.com"}}}"#).expect("marked");
    assert_eq!(text(&domain, &ada, PROXY_ADDRESSES), ["SMTP:ada@x.com", "smtp:boss@x.com"]);
    edit(&domain, &group, &format!(r#"{{"add":{{"member":"{ada}"}},"remove":{{"member":"{bob}"}}}}"#))
        .expect("a member");
    assert_eq!(text(&domain, &group, "member"), [ada.as_str()]);
    edit(&domain, &ada, r#"{"set":{"accountExpires":"2022-04-21T00:00:00Z"},"remove":{"title":"boss"}}"#)
        .expect("removed");
    assert_eq!(text(&domain, &ada, "accountExpires"), ["132949728000000000"]);
    assert!(text(&domain, &ada, "title").is_empty());
}

#[test]
fn d_52_a_refused_edit_changes_nothing() {
    let domain = Domain::founded();
    let ada = domain.add("user", "Ada", &[("title", "Clerk")]);
    let refused = edit(&domain, &ada, r#"{"set":{"description":"x"},"replace":{"title":{"Cook":"Boss"}}}"#);
    assert_eq!(refused, Err(Error::attribute("title", AttributeFault::NotPresent)));
    assert!(text(&domain, &ada, "description").is_empty());
    let refused =
        edit(&domain, &ada, &format!(r#"{{"clear":"title","add":{{"memberOf":"CN=Domain Users,{USERS}"}}}}"#));
    assert_eq!(refused, Err(Error::attribute("memberOf", AttributeFault::BackLink)));
    assert_eq!(text(&domain, &ada, "title"), ["Clerk"]);
}
