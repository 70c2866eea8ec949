//! The project's own client of the DSM web API against the real server: what it does is looked at over LDAP.

use bailiwick_client::directory::{
    Directory, GroupScope, GroupType, NewGroup, NewUser, ObjectCategory, ObjectQuery, ObjectScope, UserInformation,
};
use bailiwick_client::{
    Client, Compound, Dsm, Error, Handshaking, Mode, Parameters, Refusal, Secret, Session, SignIn, TaskId, Trust,
};
use bailiwick_ldap::result_code::ResultCode;
use bailiwick_tests::{BASE, Client as Ldap, PASSWORD, Server, USERS};
use serde_json::{Value, json};

/// A unit whose name needs every kind of escape that RFC 4514 has.
const UNIT: &str = r#"OU=\#1 \"A\+B\"\, C\; \<D\> \\ é,DC=example,DC=com"#;
const NEW_PASSWORD: &str = "Blue-Harbour-42";

fn client(server: &Server, listener: &str) -> Client {
    let authority = std::fs::read(server.authority_file()).expect("the server has an authority");
    let builder = Client::builder(&server.url(listener)).expect("the start screen shows an address");
    builder.trust(Trust::Pem(authority)).build().expect("the authority can be trusted")
}

fn administrator() -> SignIn {
    SignIn::new("Administrator", Secret::new(PASSWORD))
}

async fn session(server: &Server) -> Session {
    client(server, "http").sign_in(administrator()).await.expect("the administrator may sign in")
}

fn ldap(server: &Server) -> Ldap {
    Ldap::administrator(server.address("ldap"))
}

/// The values of attributes of an entry, as one text each.
#[track_caller]
fn values(server: &Server, name: &str, attributes: &[&str]) -> Vec<String> {
    let (_, found) = ldap(server).read(name, attributes).expect("the server answers");
    let value = |name: &&str| {
        let values = found.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name)).flat_map(|(_, values)| values);
        values.map(|value| String::from_utf8_lossy(value).into_owned()).collect::<Vec<_>>().join(" | ")
    };
    attributes.iter().map(value).collect()
}

fn is_there(server: &Server, filter: &str) -> bool {
    !ldap(server).search(BASE, filter, &["1.1"]).expect("the server answers").is_empty()
}

fn may_sign_in(server: &Server, name: &str, password: &str) -> bool {
    let mut client = Ldap::connect(server.address("ldap")).expect("the server listens");
    client.bind(name, password) == Ok(ResultCode::Success)
}

#[track_caller]
fn assert_directory_failed<T: std::fmt::Debug>(result: Result<T, Error>, words: &str) {
    let error = result.expect_err("the directory must refuse");
    let Some(Refusal::DirectoryFailed { causes }) = error.refusal() else { panic!("{error:?}") };
    assert!(!causes.is_empty() && causes.iter().all(|cause| cause.code == 10237), "{causes:?}");
    assert!(causes[0].message.contains(words), "{causes:?}");
}

async fn create_person(directory: Directory<'_>, name: &str) -> String {
    let user = NewUser::new(name, USERS, Secret::new(PASSWORD));
    directory.create_new_user(&user).await.expect("the user can be created").dn
}

#[tokio::test]
async fn dsm_6_and_7_sign_in_over_both_and_out_again() {
    let server = Server::start();
    for (dsm, listener) in [Dsm::Six, Dsm::Seven].into_iter().flat_map(|dsm| [(dsm, "http"), (dsm, "https")]) {
        let client = client(&server, listener);
        let session = client.sign_in(administrator().dsm(dsm)).await.expect("the administrator may sign in");
        assert_eq!(session.is_bound(), dsm == Dsm::Seven);
        assert_eq!(session.directory().get_directory_info().await.expect("it is served").status, "running");
        let kept = session.clone();
        session.sign_out().await.expect("anybody may sign out");
        let error = kept.directory().get_directory_info().await.expect_err("the session is over");
        assert!(error.refusal().is_some_and(Refusal::is_session_over), "{error:?}");
    }
}

#[tokio::test]
async fn the_newest_manner_is_taken_and_can_be_required_or_left() {
    let server = Server::start();
    let client = client(&server, "http");
    let session = client.sign_in(administrator().handshaking(Handshaking::Required)).await.expect("it takes part");
    assert!(session.is_bound());
    let session = client.sign_in(administrator().handshaking(Handshaking::Never)).await.expect("it is not needed");
    assert!(!session.is_bound());
    assert!(session.offer().api("SYNO.API.Auth").is_some_and(|api| api.max_version == 7));
    assert!(client.offer(&[]).await.expect("anybody may ask").apis().count() > 10);
}

#[tokio::test]
async fn wrong_passwords_and_names_are_alike() {
    let server = Server::start();
    for (account, password) in [("Administrator", "wrong"), ("nobody", PASSWORD), ("a\"b\n\\c", "ä+&=%")] {
        for listener in ["http", "https"] {
            let sign_in = SignIn::new(account, Secret::new(password));
            let error = client(&server, listener).sign_in(sign_in).await.expect_err("nobody may sign in so");
            assert!(matches!(error.refusal(), Some(Refusal::WrongCredentials)), "{error:?}");
        }
    }
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_ends_it_before_the_password_leaves() {
    let server = Server::start();
    let client = Client::new(&server.url("https")).expect("the start screen shows an address");
    let error = client.sign_in(administrator()).await.expect_err("nobody signed that certificate");
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
}

#[tokio::test]
async fn the_domain_tells_its_names() {
    let server = Server::start();
    let info = session(&server).await.directory().get_directory_info().await.expect("it is served");
    let domain = info.domain.expect("it is served");
    assert_eq!((domain.realm.as_str(), domain.workgroup.as_str()), ("EXAMPLE.COM", "EXAMPLE"));
    let [controller] = info.controllers.try_into().expect("there is one controller");
    assert_eq!(controller.cn.to_uppercase(), "DC1");
    assert_eq!(controller.roles, ["pdc", "rid", "schema", "naming", "infrastructure"]);
}

#[tokio::test]
async fn created_users_are_there_and_can_sign_in() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let user = NewUser {
        email: "jdoe@example.com".to_owned(),
        description: "a \"person\" \\ of +1&=% ünd ⛵".to_owned(),
        password_never_expire: true,
        ..NewUser::new("jdoe", USERS, Secret::new(r#"Pass "word" \ +&=% 1"#))
    };
    let created = directory.create_new_user(&user).await.expect("the user can be created");
    assert_eq!((created.dn.as_str(), created.name.as_str()), (&*format!("CN=jdoe,{USERS}"), "EXAMPLE\\jdoe"));
    let attributes = ["sAMAccountName", "userPrincipalName", "mail", "description", "userAccountControl"];
    let expected = ["jdoe", "jdoe@example.com", "jdoe@example.com", &user.description, "66048"];
    assert_eq!(values(&server, &created.dn, &attributes), expected);
    assert!(may_sign_in(&server, &created.dn, user.password.expose()));

    assert_directory_failed(directory.create_new_user(&user).await, "add");
    let lost = NewUser { located_dn: "OU=None,DC=example,DC=com".to_owned(), ..NewUser::new("a", "", PASSWORD.into()) };
    assert_directory_failed(directory.create_new_user(&lost).await, "add");
    let simple = NewUser::new("simple", USERS, Secret::new("a"));
    assert_directory_failed(directory.create_new_user(&simple).await, "add");
    assert!(!is_there(&server, "(|(cn=simple)(cn=a))"));
}

#[tokio::test]
async fn flags_of_created_users_count() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let disabled = NewUser { account_is_disabled: true, ..NewUser::new("off", USERS, PASSWORD.into()) };
    let created = directory.create_new_user(&disabled).await.expect("the user can be created");
    assert!(!may_sign_in(&server, &created.dn, PASSWORD));
    let fresh = NewUser { change_password_next_logon: true, ..NewUser::new("fresh", USERS, PASSWORD.into()) };
    let created = directory.create_new_user(&fresh).await.expect("the user can be created");
    assert_eq!(values(&server, &created.dn, &["pwdLastSet", "userAccountControl"]), ["0", "512"]);
    assert!(!may_sign_in(&server, &created.dn, PASSWORD));
    let sign_in = SignIn::new("fresh", PASSWORD.into());
    let error = client(&server, "http").sign_in(sign_in).await.expect_err("the password must be changed first");
    assert!(matches!(error.refusal(), Some(Refusal::PasswordMustChange)), "{error:?}");
    let sign_in = SignIn::new("off", PASSWORD.into());
    let error = client(&server, "http").sign_in(sign_in).await.expect_err("the account is disabled");
    assert!(matches!(error.refusal(), Some(Refusal::AccountDisabled)), "{error:?}");
}

#[tokio::test]
async fn changed_passwords_are_the_ones_that_count() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let dn = create_person(directory, "jdoe").await;
    let password = Secret::new(r#"Ne\w"pass, +1 ünd"#);
    directory.change_user_password(&dn, &password).await.expect("the password can be changed");
    assert!(may_sign_in(&server, &dn, password.expose()));
    assert!(!may_sign_in(&server, &dn, PASSWORD));
    assert_directory_failed(directory.change_user_password(&dn, &"a".into()).await, "modify");
    assert_directory_failed(directory.change_user_password(&format!("CN=x,{USERS}"), &password).await, "modify");
    assert!(may_sign_in(&server, &dn, password.expose()));
}

#[tokio::test]
async fn what_is_known_of_a_user_changes_only_where_told() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let dn = create_person(directory, "jdoe").await;
    let text = |text: &str| Some(text.to_owned());
    let all = UserInformation {
        first_name: text("John"),
        last_name: text("Doe"),
        display_name: text("John \"J\" Doe"),
        description: text("came in"),
        initials: text("JD"),
        physical_delivery_office_name: text("Office"),
        telephone_number: text("123-444-5677"),
        web: text("https://example.com/?a=1&b=2"),
    };
    directory.modify_user_info(&dn, &all).await.expect("the user can be changed");
    let attributes = [
        "givenName",
        "sn",
        "displayName",
        "description",
        "initials",
        "physicalDeliveryOfficeName",
        "telephoneNumber",
        "wWWHomePage",
    ];
    let expected =
        ["John", "Doe", "John \"J\" Doe", "came in", "JD", "Office", "123-444-5677", "https://example.com/?a=1&b=2"];
    assert_eq!(values(&server, &dn, &attributes), expected);

    let some = UserInformation { telephone_number: text(""), last_name: text("Roe"), ..UserInformation::default() };
    directory.modify_user_info(&dn, &some).await.expect("the user can be changed");
    assert_eq!(values(&server, &dn, &["givenName", "sn", "telephoneNumber"]), ["John", "Roe", ""]);
    let nobody = format!("CN=nobody,{USERS}");
    assert_directory_failed(directory.modify_user_info(&nobody, &some).await, "ldb updaterecords: modify");
}

#[tokio::test]
async fn groups_are_created_and_joined() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let user = create_person(directory, "jdoe").await;
    let group = NewGroup {
        description: "of mine".to_owned(),
        email: "group@example.com".to_owned(),
        group_type: GroupType::Security,
        scope: GroupScope::Universal,
        ..NewGroup::new("My Group", USERS)
    };
    let created = directory.create_new_group(&group).await.expect("the group can be created");
    assert_eq!((created.dn.as_str(), created.name.as_str()), (&*format!("CN=My Group,{USERS}"), "EXAMPLE\\My Group"));
    let attributes = ["sAMAccountName", "description", "mail", "groupType"];
    assert_eq!(values(&server, &created.dn, &attributes), ["My Group", "of mine", "group@example.com", "-2147483640"]);
    let list =
        NewGroup { group_type: GroupType::Distribution, scope: GroupScope::Local, ..NewGroup::new("List", USERS) };
    let list = directory.create_new_group(&list).await.expect("the group can be created");
    assert_eq!(values(&server, &list.dn, &["groupType"]), ["4"]);
    assert_directory_failed(directory.create_new_group(&group).await, "add");

    for _ in 0..2 {
        let members = directory.add_user_to_group(&user, &created.dn).await.expect("the user may be a member");
        assert_eq!(members, [user.as_str()]);
        assert_eq!(values(&server, &created.dn, &["member"]), [user.as_str()]);
    }
    let nobody = format!("CN=nobody,{USERS}");
    assert_directory_failed(directory.add_user_to_group(&nobody, &created.dn).await, "modify");
    assert_directory_failed(directory.add_user_to_group(&user, &nobody).await, "modify");
    assert_eq!(values(&server, &created.dn, &["member"]), [user.as_str()]);
}

#[tokio::test]
async fn names_that_are_taken_are_told() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let dn = create_person(directory, "jdoe").await;
    for (name, expected) in [("jdoe", true), ("JDOE", true), ("Domain Admins", true), ("nobody", false), (&dn, false)] {
        assert_eq!(directory.does_dn_exist(name).await.expect("anything may be asked for"), expected, "{name}");
    }
    assert!(!directory.does_dn_exist("a\"b\n\\*)(cn=*").await.expect("anything may be asked for"));
}

#[tokio::test]
async fn names_with_every_special_character_go_both_ways() {
    let server = Server::start();
    let made = ldap(&server).add(UNIT, &[("objectClass", "organizationalUnit")]);
    assert_eq!(made, Ok(ResultCode::Success));
    let session = session(&server).await;
    let directory = session.directory();
    let user = NewUser::new("jdoe", UNIT, PASSWORD.into());
    let created = directory.create_new_user(&user).await.expect("the user can be created");
    directory.change_user_password(&created.dn, &NEW_PASSWORD.into()).await.expect("the user is found");
    assert!(may_sign_in(&server, &created.dn, NEW_PASSWORD));
    let group = directory.create_new_group(&NewGroup::new("Group", UNIT)).await.expect("the group can be created");
    directory.add_user_to_group(&created.dn, &group.dn).await.expect("both are found");
    let page = directory.list_directory_objects(UNIT, &ObjectQuery::default()).await.expect("the unit is found");
    assert_eq!(page.objects.iter().map(|object| &object.dn).collect::<Vec<_>>(), [&group.dn, &created.dn]);
    let deletion = directory.delete_items(&[&created.dn, UNIT]).await.expect("the task comes to its end");
    assert_eq!((deletion.total, deletion.failures().count()), (2, 0));
    assert!(!is_there(&server, "(|(cn=jdoe)(cn=Group))"));
}

#[tokio::test]
async fn objects_are_listed_page_by_page() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let unit = "OU=People,DC=example,DC=com";
    assert_eq!(ldap(&server).add(unit, &[("objectClass", "organizationalUnit")]), Ok(ResultCode::Success));
    for number in 0..5 {
        let user = NewUser::new(format!("user{number}"), unit, PASSWORD.into());
        directory.create_new_user(&user).await.expect("the user can be created");
    }
    directory.create_new_group(&NewGroup::new("group", unit)).await.expect("the group can be created");
    let names = async |query: ObjectQuery| {
        let page = directory.list_directory_objects(unit, &query).await.expect("the unit is there");
        let names: Vec<String> = page.objects.into_iter().map(|object| object.name).collect();
        (names.join(" "), page.total)
    };
    let all = ObjectQuery { limit: ObjectQuery::ALL, ..ObjectQuery::default() };
    assert_eq!(names(all.clone()).await, ("group user0 user1 user2 user3 user4".to_owned(), 6));
    let page = ObjectQuery { offset: 2, limit: 3, ..all.clone() };
    assert_eq!(names(page).await, ("user1 user2 user3".to_owned(), 6));
    let groups = ObjectQuery { categories: vec![ObjectCategory::Group], ..all.clone() };
    assert_eq!(names(groups).await, ("group".to_owned(), 1));
    let past = ObjectQuery { offset: 10, ..all.clone() };
    assert_eq!(names(past).await, (String::new(), 6));
    let base = ObjectQuery { scope: ObjectScope::Base, ..all.clone() };
    assert_eq!(names(base).await, ("People".to_owned(), 1));

    let page = directory.list_directory_objects(BASE, &ObjectQuery { scope: ObjectScope::Subtree, ..all }).await;
    let objects = page.expect("the domain is there").objects;
    let user = objects.iter().find(|object| object.account_name == "user3").expect("everything is listed");
    assert_eq!((user.category, user.account_expires, user.disabled), (ObjectCategory::Person, None, false));
    assert!(user.deletable && user.movable && user.renamable);
    let controller = objects.iter().find(|object| object.category == ObjectCategory::Computer).expect("there is one");
    assert!(!controller.deletable);
    let missing = directory.list_directory_objects("OU=None,DC=example,DC=com", &ObjectQuery::default()).await;
    assert_directory_failed(missing, "no such object");
}

#[tokio::test]
async fn deleted_items_are_gone_and_what_stays_is_told() {
    let server = Server::start();
    let session = session(&server).await;
    let directory = session.directory();
    let user = create_person(directory, "jdoe").await;
    let nobody = format!("CN=nobody,{USERS}");
    let builtin = format!("CN=Guest,{USERS}");
    let deletion = directory.delete_items(&[&user, &nobody, &builtin]).await.expect("the task comes to its end");
    assert!(deletion.finished && deletion.total == 3);
    assert_eq!(
        deletion.objects.iter().map(|object| object.dn.as_str()).collect::<Vec<_>>(),
        [&user, &nobody, &builtin]
    );
    let failures: Vec<_> = deletion.failures().collect();
    assert_eq!(failures.iter().map(|(dn, _)| *dn).collect::<Vec<_>>(), [&nobody, &builtin]);
    assert!(failures.iter().all(|(_, cause)| cause.code == 10237), "{failures:?}");
    assert!(!is_there(&server, "(cn=jdoe)") && is_there(&server, "(cn=Guest)"));

    let user = create_person(directory, "jdoe").await;
    let deletion = directory.delete_item(&user).await.expect("the task comes to its end");
    assert_eq!((deletion.total, deletion.failures().count()), (1, 0));
    let deletion = directory.delete_items(&[]).await.expect("nothing to do is done at once");
    assert_eq!((deletion.finished, deletion.total), (true, 0));
    let task = directory.start_deletion(&[&nobody]).await.expect("a task can be started");
    let other = client(&server, "https").sign_in(administrator()).await.expect("the administrator may sign in");
    other.directory().entry_request(&task).await.expect("a task may be asked for in another session");
    let error = directory.entry_request(&TaskId::new("@administrators/nothing")).await.expect_err("it is not there");
    assert!(matches!(error.refusal(), Some(Refusal::NoSuchTask)), "{error:?}");
}

#[tokio::test]
async fn any_method_can_be_called_alone_and_in_compounds() {
    let server = Server::start();
    let session = session(&server).await;
    let dn = create_person(session.directory(), "jdoe").await;
    let object = json!({"dn": dn, "telephoneNumber": "1"});
    let answer = session.directory().set_entry_request("SYNO.ActiveDirectory.User", "set", "userList", object).await;
    let answer = answer.expect("the server takes compounds");
    assert!(!answer.has_fail && answer.result[0].outcome.is_ok());
    assert_eq!(values(&server, &dn, &["telephoneNumber"]), ["1"]);

    let info = ("SYNO.ActiveDirectory.Info", "get", 3);
    for (mode, expected) in [(Mode::Sequential, 3), (Mode::Parallel, 3), (Mode::UpToFailure, 2)] {
        let compound = Compound::new(mode)
            .call(info.0, info.1, info.2, json!({}))
            .call(info.0, "nothing", 3, Value::Null)
            .call("SYNO.ActiveDirectory.Group", "conflict", 1, json!({"name": "jdoe"}));
        let answer = session.compound(&compound).await.expect("the server takes compounds");
        assert!(answer.has_fail && answer.result.len() == expected, "{answer:?}");
        assert!(matches!(&answer.result[1].outcome, Err(refused) if matches!(refused.refusal, Refusal::NoSuchMethod)));
    }
    let parameters = Parameters::new().json("dn", "x");
    for (api, method, version, expected) in [
        ("SYNO.Nothing", "get", 1, 102),
        (info.0, "nothing", 1, 103),
        (info.0, "get", 99, 104),
        ("SYNO.ActiveDirectory.Group", "conflict", 1, 120),
    ] {
        let error = session.run(api, method, version, &parameters).await.expect_err("that cannot be called");
        assert!(matches!(&error, Error::Refused(refused) if refused.code == expected), "{api} {method}: {error:?}");
    }
}

#[tokio::test]
async fn a_bound_session_may_be_used_by_many_at_once() {
    const CALLS: usize = 40;
    let server = Server::start();
    let session = session(&server).await;
    assert!(session.is_bound());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let session = session.clone();
        calls.spawn(async move { session.directory().does_dn_exist("Administrator").await });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(true))).count(), CALLS, "{answers:?}");
}

#[tokio::test]
async fn a_user_may_sign_in_and_administer_nothing() {
    let server = Server::start();
    let of_administrator = session(&server).await;
    create_person(of_administrator.directory(), "jdoe").await;
    for account in ["jdoe", "EXAMPLE\\jdoe", "jdoe@example.com"] {
        let session = client(&server, "http").sign_in(SignIn::new(account, PASSWORD.into())).await;
        let session = session.expect("a user may sign in");
        let user = NewUser::new("mine", USERS, PASSWORD.into());
        let error = session.directory().create_new_user(&user).await.expect_err("a user may not do that");
        assert!(matches!(error.refusal(), Some(Refusal::NotPermitted)), "{error:?}");
    }
    assert!(!is_there(&server, "(cn=mine)"));
}
