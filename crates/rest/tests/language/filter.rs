//! The filter language: the worked examples of section 10.8, and what section 16.6 changes.

use bailiwick_adtypes::filter::{FILTER_DEPTH_MAX, Filter};
use bailiwick_rest::filter::{self, FilterError, Keyword};
use bailiwick_rest::search::Endpoint::{self, Computer, Generic, Group, User};
use bailiwick_rest::value::flags::UnknownFlag;

use crate::domain::{attribute, json};

fn read(endpoint: Endpoint, body: &str) -> Result<Filter, FilterError> {
    filter::read(&json(body), endpoint.criteria(), &attribute)
}

/// The body stands for the filter: as text, which replies show, and as the tree that the text is read as.
fn check(endpoint: Endpoint, body: &str, expected: &str) {
    let filter = read(endpoint, body).unwrap_or_else(|error| panic!("{body}: {error}"));
    assert_eq!(filter.to_string(), expected, "{body}");
    assert_eq!(Filter::parse(expected), Ok(filter), "{body}");
}

fn refuse(body: &str, expected: FilterError) {
    assert_eq!(read(Generic, body), Err(expected), "{body}");
}

const BIT_AND: &str = "1.2.840.113556.1.4.803";
const BIT_OR: &str = "1.2.840.113556.1.4.804";
const CHAIN: &str = "1.2.840.113556.1.4.1941";

#[test]
fn examples_1_to_12_on_the_generic_search() {
    check(Generic, r#"{"name":"John Doe"}"#, "(&(name=John Doe))");
    check(Generic, r#"{"mail":null}"#, "(&(!(mail=*)))");
    check(Generic, r#"{"mail":"*"}"#, "(&(mail=*))");
    check(Generic, r#"{"and":{"name":"John Do*","mail":"*@contoso.com"}}"#, "(&(name=John Do*)(mail=*@contoso.com))");
    check(
        Generic,
        r#"{"or":[{"name":"*Doe"},{"and":{"mail":"john@*","physicalDeliveryOfficeName":"The Burbs"}}]}"#,
        "(|(name=*Doe)(&(mail=john@*)(physicalDeliveryOfficeName=The Burbs)))",
    );
    check(Generic, r#"{"and":{"co":"US","not":{"name":"That guy"}}}"#, "(&(co=US)(!(name=That guy)))");
    check(
        Generic,
        r#"{"nor":[{"proxyAddresses":"*contoso.com"},{"proxyAddresses":"*doeindust*.com"},{"proxyAddresses":null}]}"#,
        "(&(!(proxyAddresses=*contoso.com))(!(proxyAddresses=*doeindust*.com))(!(!(proxyAddresses=*))))",
    );
    check(Generic, r#"{"not":{"name":"x"}}"#, "(!(name=x))");
    check(Generic, r#"{"not":{"mail":null}}"#, "(!(!(mail=*)))");
    check(Generic, r#"{"band":{"userAccountControl":2}}"#, &format!("(userAccountControl:{BIT_AND}:=2)"));
    check(Generic, r#"{"bor":{"userAccountControl":65568}}"#, &format!("(userAccountControl:{BIT_OR}:=65568)"));
    check(
        Generic,
        r#"{"recurse":{"memberOf":"CN=All Staff,OU=Groups,DC=contoso,DC=com"}}"#,
        &format!("(memberOf:{CHAIN}:=CN=All Staff,OU=Groups,DC=contoso,DC=com)"),
    );
}

#[test]
fn examples_13_to_21_join_the_criteria_of_the_endpoint() {
    check(User, r#"{"sAMAccountName":"jdoe"}"#, "(&(sAMAccountName=jdoe)(objectClass=user)(objectCategory=person))");
    check(
        User,
        r#"{"or":[{"sn":"Doe"},{"sn":"Roe"}]}"#,
        "(&(|(sn=Doe)(sn=Roe))(objectClass=user)(objectCategory=person))",
    );
    check(User, r#"{"and":{"objectClass":"USER","mail":"*"}}"#, "(&(objectClass=USER)(mail=*)(objectCategory=person))");
    check(
        User,
        r#"{"band":{"userAccountControl":2}}"#,
        &format!("(&(userAccountControl:{BIT_AND}:=2)(objectClass=user)(objectCategory=person))"),
    );
    check(
        User,
        r#"{"and":{"department":"IT","recurse":{"memberOf":"CN=VPN,DC=contoso,DC=com"},"not":{"title":"Intern"}}}"#,
        &format!(
            "(&(department=IT)(memberOf:{CHAIN}:=CN=VPN,DC=contoso,DC=com)(!(title=Intern))(objectClass=user)(objectCategory=person))"
        ),
    );
    check(
        Group,
        r#"{"band":{"groupType":2147483648}}"#,
        &format!("(&(groupType:{BIT_AND}:=2147483648)(objectClass=group))"),
    );
    check(
        Group,
        r#"{"nor":[{"name":"Domain *"},{"description":null}]}"#,
        "(&(&(!(name=Domain *))(!(!(description=*))))(objectClass=group))",
    );
    check(
        Computer,
        r#"{"operatingSystem":"Windows Server*"}"#,
        "(&(operatingSystem=Windows Server*)(objectClass=computer))",
    );
    check(
        Computer,
        r#"{"and":{"or":[{"name":"PC1*"},{"name":"PC2*"}],"nor":[{"description":"*test*"}]}}"#,
        "(&(|(name=PC1*)(name=PC2*))(&(!(description=*test*)))(objectClass=computer))",
    );
}

#[test]
fn examples_22_to_25_values_and_nesting() {
    check(Generic, r#"{"primaryGroupID":513}"#, "(&(primaryGroupID=513))");
    check(Generic, r#"{"description":""}"#, "(&(!(description=*)))");
    check(Generic, r#"{"AND":{"cn":"a\\28b\\29"}}"#, r"(&(cn=a\28b\29))");
    check(
        Generic,
        r#"{"or":[{"and":{"sn":"Doe","givenName":"J*"}},{"and":{"sn":"Roe","mail":null}}]}"#,
        "(|(&(sn=Doe)(givenName=J*))(&(sn=Roe)(!(mail=*))))",
    );
}

#[test]
fn d_22_all_members_of_the_root_count() {
    check(Generic, r#"{"name":"a","mail":"b"}"#, "(&(name=a)(mail=b))");
    check(Group, r#"{"or":[{"cn":"a"}],"mail":"b"}"#, "(&(|(cn=a))(mail=b)(objectClass=group))");
}

#[test]
fn d_23_not_takes_any_statement_and_several() {
    check(Generic, r#"{"not":{"and":{"a":"1"}}}"#, "(!(&(a=1)))");
    check(Generic, r#"{"not":{"a":"1","b":"2"}}"#, "(&(!(a=1))(!(b=2)))");
    check(Group, r#"{"not":{"a":"1","b":"2"}}"#, "(&(&(!(a=1))(!(b=2)))(objectClass=group))");
}

#[test]
fn d_24_nor_negates_every_statement_but_not() {
    check(
        Generic,
        r#"{"nor":[{"band":{"userAccountControl":2}},{"name":"x"}]}"#,
        &format!("(&(!(userAccountControl:{BIT_AND}:=2))(!(name=x)))"),
    );
    check(Generic, r#"{"nor":[{"not":{"name":"x"}},{"or":[{"a":"1"}]}]}"#, "(&(!(name=x))(!(|(a=1))))");
}

#[test]
fn d_25_members_of_one_alternative_are_alternatives() {
    check(Generic, r#"{"or":[{"a":"1","b":"2"}]}"#, "(|(a=1)(b=2))");
    check(Generic, r#"{"nor":[{"a":"1","b":"2"}]}"#, "(&(!(a=1))(!(b=2)))");
}

#[test]
fn d_26_values_cannot_change_the_filter() {
    check(Generic, r#"{"name":"x)(objectClass=*"}"#, r"(&(name=x\29\28objectClass=*))");
    check(Generic, r#"{"name":"a\\2ab"}"#, r"(&(name=a\2ab))");
    check(Generic, r#"{"name":"CONTOSO\\jdoe"}"#, r"(&(name=CONTOSO\5cjdoe))");
    check(Generic, r#"{"name":"a\\"}"#, r"(&(name=a\5c))");
    check(Generic, r#"{"objectGUID":"\\00\\ff"}"#, r"(&(objectGUID=\00\ff))");
    for name in ["x)(a", "", "a b", "name=x", "member;range=x", "1", "ä"] {
        refuse(&format!("{{\"{name}\":1}}"), FilterError::AttributeName { name: name.to_owned() });
        refuse(&format!("{{\"band\":{{\"{name}\":1}}}}"), FilterError::AttributeName { name: name.to_owned() });
    }
}

#[test]
fn d_26_escapes_in_names_of_objects_are_those_of_names() {
    check(Generic, r#"{"manager":"CN=Doe\\, John,DC=contoso"}"#, r"(&(manager=CN=Doe\5c, John,DC=contoso))");
    check(Generic, r#"{"manager":"CN=Doe\\5c, John,DC=contoso"}"#, r"(&(manager=CN=Doe\5c, John,DC=contoso))");
    check(Generic, r#"{"manager":"CN=Doe\\2c John,DC=contoso"}"#, r"(&(manager=CN=Doe\5c2c John,DC=contoso))");
    check(Generic, r#"{"manager":"*"}"#, "(&(manager=*))");
    check(
        Generic,
        r#"{"recurse":{"memberOf":"CN=A\\,*,DC=contoso"}}"#,
        &format!(r"(memberOf:{CHAIN}:=CN=A\5c,\2a,DC=contoso)"),
    );
}

#[test]
fn d_27_truth_values_numbers_and_dates_have_their_directory_form() {
    check(Generic, r#"{"isDeleted":true}"#, "(&(isDeleted=TRUE))");
    check(Generic, r#"{"isDeleted":false}"#, "(&(isDeleted=FALSE))");
    check(Generic, r#"{"a":1.5}"#, "(&(a=1.5))");
    check(Generic, r#"{"a":1e3}"#, "(&(a=1000))");
    check(Generic, r#"{"accountExpires":9223372036854775807}"#, "(&(accountExpires=9223372036854775807))");
    check(Generic, r#"{"a":"2022-04-21T00:00:00Z"}"#, "(&(a=2022-04-21T00:00:00Z))");
    check(
        Generic,
        r#"{"band":{"userAccountControl":"Disabled, NormalUser"}}"#,
        &format!("(userAccountControl:{BIT_AND}:=514)"),
    );
    check(Generic, r#"{"bor":{"groupType":"Security"}}"#, &format!("(groupType:{BIT_OR}:=2147483648)"));
    check(Generic, r#"{"band":{"a":" 7 "}}"#, &format!("(a:{BIT_AND}:=7)"));
    check(Generic, r#"{"band":{"a":true}}"#, &format!("(a:{BIT_AND}:=1)"));
}

#[test]
fn d_28_recurse_wants_a_name() {
    for value in ["null", "\"\"", "\" \"", "5", "true", "[]", "{}"] {
        refuse(
            &format!("{{\"recurse\":{{\"memberOf\":{value}}}}}"),
            FilterError::NameExpected { attribute: "memberOf".to_owned() },
        );
    }
}

#[test]
fn d_28_depth_and_size_are_bounded() {
    let nested = |depth: usize| {
        let body = format!("{}{}{}", r#"{"not":"#.repeat(depth), r#"{"a":"1"}"#, "}".repeat(depth));
        read(Generic, &body).map(|filter| filter.depth())
    };
    assert_eq!(nested(FILTER_DEPTH_MAX - 1), Ok(FILTER_DEPTH_MAX));
    assert_eq!(nested(FILTER_DEPTH_MAX), Err(FilterError::TooDeep));
    let wide = format!("{{\"or\":[{}{{\"a\":1}}]}}", r#"{"a":1},"#.repeat(16_384));
    refuse(&wide, FilterError::TooManyStatements);
}

#[test]
fn a_filter_of_the_greatest_depth_is_json_of_an_allowed_depth() {
    let alternatives = FILTER_DEPTH_MAX - 1;
    let body = format!("{}{}{}", r#"{"or":["#.repeat(alternatives), r#"{"a":"1"}"#, "]}".repeat(alternatives));
    assert_eq!(read(Generic, &body).map(|filter| filter.depth()), Ok(FILTER_DEPTH_MAX));
}

#[test]
fn example_33_and_other_empty_statements_are_refused() {
    for (body, keyword) in [
        (r#"{"and":{}}"#, Keyword::And),
        (r#"{"or":[]}"#, Keyword::Or),
        (r#"{"nor":[{}]}"#, Keyword::Nor),
        (r#"{"not":{}}"#, Keyword::Not),
        (r#"{"or":[{"a":1},{}]}"#, Keyword::Or),
    ] {
        refuse(body, FilterError::NoStatement { keyword });
    }
    for body in ["{}", "[]", "[{\"a\":1}]", "1", "null", "\"(a=b)\""] {
        refuse(body, FilterError::NotAFilter);
    }
}

#[test]
fn parse_errors_have_the_texts_of_section_10_6() {
    let text = |body: &str| read(Generic, body).expect_err(body).to_string();
    assert_eq!(text(r#"{"and":[]}"#), "'And' must be followed by a JSON object.");
    assert_eq!(text(r#"{"or":{}}"#), "'Or' must be followed by a JSON array of objects.");
    assert_eq!(text(r#"{"or":[1]}"#), "'Or' must be followed by a JSON array of objects.");
    assert_eq!(text(r#"{"nor":null}"#), "'Nor' must be followed by a JSON array of objects.");
    assert_eq!(text(r#"{"band":1}"#), "'BitwiseAnd' must be followed by a JSON object.");
    assert_eq!(text(r#"{"bor":[]}"#), "'BitwiseOr' must be followed by a JSON object.");
    assert_eq!(text(r#"{"recurse":"x"}"#), "'Recurse' must be followed by a JSON object.");
    let scalar = "When not using a FilterType, the only valid JSON is a Name/Value property.";
    assert_eq!(text(r#"{"a":[1]}"#), scalar);
    assert_eq!(text(r#"{"a":{"b":1}}"#), scalar);
    assert_eq!(text(r#"{"band":{"a":null}}"#), "Can not convert Null to Int64.");
}

#[test]
fn parse_errors_name_what_is_at_fault() {
    let property = |body: &str| read(Generic, body).expect_err(body).property().map(str::to_owned);
    assert_eq!(property(r#"{"and":{"mail":[]}}"#).as_deref(), Some("mail"));
    assert_eq!(property(r#"{"band":{"a":"x"}}"#).as_deref(), Some("a"));
    assert_eq!(property(r#"{"BAND":{"a":1,"b":2}}"#).as_deref(), Some("band"));
    assert_eq!(property("{}"), None);
    refuse(r#"{"band":{"a":1.5}}"#, FilterError::NumberExpected { attribute: "a".to_owned() });
    refuse(r#"{"band":{}}"#, FilterError::OneAttributeExpected { keyword: Keyword::BitwiseAnd });
    refuse(r#"{"a":1e99}"#, FilterError::LongNumber { attribute: "a".to_owned() });
    let flag = UnknownFlag { token: "Off".to_owned() };
    refuse(
        r#"{"bor":{"userAccountControl":"Off"}}"#,
        FilterError::UnknownFlag { attribute: "userAccountControl".to_owned(), flag },
    );
}

#[test]
fn without_a_body_the_criteria_are_the_filter() {
    let fixed = |endpoint: Endpoint| filter::fixed(endpoint.criteria()).to_string();
    assert_eq!(fixed(Generic), "(objectClass=*)");
    assert_eq!(fixed(User), "(&(objectClass=user)(objectCategory=person))");
    assert_eq!(fixed(Group), "(&(objectClass=group))");
    assert_eq!(fixed(Computer), "(&(objectClass=computer))");
}
