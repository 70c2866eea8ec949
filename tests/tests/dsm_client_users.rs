//! The project's own client of the DSM web API against the real server: the host's own users, what their passwords must
//! be like.

use bailiwick_client::directory::NewUser as NewPerson;
use bailiwick_client::user::{
    Expiry, NewUser, PasswordExpiryChange, PasswordPolicyChange, User, UserChange, UserField, UserKind, UserOrder,
    UserQuery, Users,
};
use bailiwick_client::{Client, Error, PasswordRule, Refusal, Secret, Session, SignIn, TaskId, Trust};
use bailiwick_tests::{PASSWORD, Server, USERS};

const ALL_FIELDS: [UserField; 10] = [
    UserField::Uid,
    UserField::Description,
    UserField::Email,
    UserField::Expiry,
    UserField::CannotChangePassword,
    UserField::PasswordNeverExpires,
    UserField::PasswordLastChange,
    UserField::IsPasswordPending,
    UserField::Groups,
    UserField::SecondFactor,
];

async fn sign_in(server: &Server, account: &str, password: &str) -> Result<Session, Error> {
    let authority = std::fs::read(server.authority_file()).expect("the server has an authority");
    let builder = Client::builder(&server.url("http")).expect("the start screen shows an address");
    let client = builder.trust(Trust::Pem(authority)).build().expect("the authority can be trusted");
    client.sign_in(SignIn::new(account, Secret::new(password))).await
}

/// The host's own administrator.
async fn admin(server: &Server) -> Session {
    sign_in(server, "admin", PASSWORD).await.expect("the host's administrator may sign in")
}

async fn user(users: Users<'_>, name: &str) -> User {
    users.get_user(name, &ALL_FIELDS).await.expect("the user is there")
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, is_meant: impl Fn(&Refusal) -> bool) {
    let error = result.expect_err("the server must refuse");
    assert!(error.refusal().is_some_and(is_meant), "{error:?}");
}

#[tokio::test]
async fn created_users_are_there_and_can_sign_in() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let new = NewUser {
        description: "a \"person\" \\ of +1&=% ünd ⛵".to_owned(),
        email: "toto@example.com".to_owned(),
        cannot_change_password: true,
        ..NewUser::new("toto", Secret::new(r#"Pa"ss\w0rd +&=%"#))
    };
    let created = users.create_user(&new).await.expect("the user can be created");
    assert_eq!(created.name, "toto");
    assert!(created.uid > 1025, "{created:?}");
    let found = user(users, "toto").await;
    assert_eq!((found.name.as_str(), found.uid, found.expiry), ("toto", Some(created.uid), Some(Expiry::Normal)));
    assert_eq!((found.description, found.email), (Some(new.description.clone()), Some(new.email.clone())));
    assert_eq!((found.cannot_change_password, found.password_never_expires), (Some(true), Some(true)));
    assert_eq!((found.is_password_pending, found.has_second_factor), (Some(false), Some(false)));
    assert_eq!(found.groups, Some(vec!["users".to_owned()]));
    assert!(found.password_last_change.is_some_and(|day| day > 20_000));
    let own = sign_in(&server, "toto", new.password.expose()).await.expect("the user may sign in");
    assert_refused(own.users().create_user(&NewUser::new("titi", PASSWORD.into())).await, |refusal| {
        matches!(refusal, Refusal::NotPermitted)
    });
}

#[tokio::test]
async fn users_that_cannot_be_are_refused_by_their_reason() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let create = async |name: &str, password: &str| users.create_user(&NewUser::new(name, password.into())).await;
    create("toto", PASSWORD).await.expect("the user can be created");
    assert_refused(create("toto", PASSWORD).await, |refusal| matches!(refusal, Refusal::UserExists));
    assert_refused(create("TOTO", PASSWORD).await, |refusal| matches!(refusal, Refusal::UserExists));
    assert_refused(create("root", PASSWORD).await, |refusal| matches!(refusal, Refusal::UserNameReserved));
    for name in ["", "a/b", "a\"b", "a\nb", "-a", " a", &"a".repeat(65)] {
        assert_refused(create(name, PASSWORD).await, |refusal| matches!(refusal, Refusal::BadParameter { .. }));
    }
    for password in ["a", "", "no digits Here", "NO-LOWER-1", "titi-Titi-1"] {
        let is_meant = |refusal: &Refusal| matches!(refusal, Refusal::PasswordRefused(PasswordRule::Strength));
        assert_refused(create("titi", password).await, is_meant);
    }
    let page = users.get_users(&UserQuery::default()).await.expect("users can be listed");
    assert_eq!(page.users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["admin", "guest", "toto"]);
    assert_refused(users.get_user("titi", &[]).await, |refusal| matches!(refusal, Refusal::NoSuchUser));
}

#[tokio::test]
async fn users_are_listed_page_by_page() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    for name in ["b", "123", "true"] {
        users.create_user(&NewUser::new(name, PASSWORD.into())).await.expect("the user can be created");
    }
    let names = async |query: UserQuery| {
        let page = users.get_users(&query).await.expect("users can be listed");
        let names: Vec<String> = page.users.into_iter().map(|user| user.name).collect();
        (names.join(" "), page.offset, page.total)
    };
    assert_eq!(names(UserQuery::default()).await, ("123 admin b guest true".to_owned(), 0, 5));
    let page = UserQuery { offset: 1, limit: Some(2), ..UserQuery::default() };
    assert_eq!(names(page).await, ("admin b".to_owned(), 1, 5));
    let backwards = UserQuery { sort_by: UserOrder::Uid, descending: true, ..UserQuery::default() };
    assert_eq!(names(backwards).await, ("true 123 b guest admin".to_owned(), 0, 5));
    assert_eq!(names(UserQuery { limit: Some(0), ..UserQuery::default() }).await, (String::new(), 0, 5));
    let query = UserQuery { additional: vec![UserField::Expiry], ..UserQuery::default() };
    let found = users.get_users(&query).await.expect("users can be listed").users;
    let guest = found.iter().find(|user| user.name == "guest").expect("there is a guest");
    assert_eq!((guest.expiry, &guest.email, guest.uid), (Some(Expiry::Now), &None, None));
}

#[tokio::test]
async fn users_change_only_where_told() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let new = NewUser { email: "toto@example.com".to_owned(), ..NewUser::new("toto", PASSWORD.into()) };
    let created = users.create_user(&new).await.expect("the user can be created");
    let change = UserChange {
        new_name: Some("titi".to_owned()),
        password: Some("Blue-Harbour-42".into()),
        description: Some("renamed".to_owned()),
        ..UserChange::default()
    };
    let changed = users.modify_user("toto", &change).await.expect("the user can be changed");
    assert_eq!((changed.name.as_str(), changed.uid), ("titi", created.uid));
    let found = user(users, "titi").await;
    assert_eq!((found.description.as_deref(), found.email.as_deref()), (Some("renamed"), Some("toto@example.com")));
    sign_in(&server, "titi", "Blue-Harbour-42").await.expect("the new password counts");
    let is_wrong = |refusal: &Refusal| matches!(refusal, Refusal::WrongCredentials);
    assert_refused(sign_in(&server, "titi", PASSWORD).await, is_wrong);
    assert_refused(sign_in(&server, "toto", "Blue-Harbour-42").await, is_wrong);

    let disable = UserChange { expiry: Some(Expiry::Now), ..UserChange::default() };
    users.modify_user("titi", &disable).await.expect("the user can be changed");
    assert_refused(sign_in(&server, "titi", "Blue-Harbour-42").await, |refusal| {
        matches!(refusal, Refusal::AccountDisabled)
    });
    let until = Expiry::On { year: 2099, month: 3, day: 9 };
    let change = UserChange { expiry: Some(until), ..UserChange::default() };
    users.modify_user("titi", &change).await.expect("the user can be changed");
    assert_eq!(user(users, "titi").await.expiry, Some(until));
    sign_in(&server, "titi", "Blue-Harbour-42").await.expect("the account is good until then");
    assert_refused(users.modify_user("toto", &change).await, |refusal| matches!(refusal, Refusal::NoSuchUser));
    assert_refused(users.modify_user("admin", &disable).await, |refusal| matches!(refusal, Refusal::LastAdministrator));
}

#[tokio::test]
async fn deleted_users_are_gone_and_their_numbers_too() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let new = NewUser::new("toto", PASSWORD.into());
    let first = users.create_user(&new).await.expect("the user can be created");
    assert_eq!(users.delete_user("toto").await.expect("the user can be deleted"), Some(first.uid));
    assert_refused(users.get_user("toto", &[]).await, |refusal| matches!(refusal, Refusal::NoSuchUser));
    assert_refused(users.delete_user("toto").await, |refusal| matches!(refusal, Refusal::NoSuchUser));
    assert_refused(sign_in(&server, "toto", PASSWORD).await, |refusal| matches!(refusal, Refusal::WrongCredentials));
    let second = users.create_user(&new).await.expect("the name is free again");
    assert!(second.uid > first.uid);
    assert_refused(users.delete_user("guest").await, |refusal| matches!(refusal, Refusal::DefaultAccount));
}

#[tokio::test]
async fn groups_are_joined_and_left_by_a_task() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    users.create_user(&NewUser::new("bob", PASSWORD.into())).await.expect("the user can be created");
    let task = users.affect_groups("bob", &["administrators", "no such group"], &[]).await.expect("a task starts");
    assert!(task.as_str().starts_with("@administrators/groupbatch"), "{task}");
    let state = users.wait_for_groups(&task).await.expect("the task comes to its end");
    assert!(state.finished && state.succeeded && state.name == "bob" && state.progress == state.total, "{state:?}");
    assert_eq!(users.affect_groups_status(&task).await.expect("it is still known"), state);
    assert_eq!(user(users, "bob").await.groups, Some(vec!["administrators".to_owned(), "users".to_owned()]));
    let of_bob = sign_in(&server, "bob", PASSWORD).await.expect("bob may sign in");
    of_bob.users().get_users(&UserQuery::default()).await.expect("bob is an administrator now");

    let task = users.affect_groups("bob", &[], &["administrators"]).await.expect("a task starts");
    users.wait_for_groups(&task).await.expect("the task comes to its end");
    assert_eq!(user(users, "bob").await.groups, Some(vec!["users".to_owned()]));
    let refused = users.affect_groups("nobody", &["administrators"], &[]).await;
    assert_refused(refused, |refusal| matches!(refusal, Refusal::NoSuchUser));
    let unknown = users.affect_groups_status(&TaskId::new("@administrators/groupbatch0")).await;
    assert_refused(unknown, |refusal| matches!(refusal, Refusal::NoSuchTask));
}

#[tokio::test]
async fn the_password_policy_is_changed_and_obeyed() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let before = users.get_password_policy().await.expect("there is a policy");
    assert!(before.strong_password.min_length_enable && before.strong_password.min_length == 8, "{before:?}");
    let mut change = PasswordPolicyChange { password_must_change: Some(true), ..PasswordPolicyChange::default() };
    change.strong_password.min_length = Some(30);
    users.set_password_policy(&change).await.expect("the policy can be changed");
    let mut expected = before.clone();
    expected.password_must_change = true;
    expected.strong_password.min_length = 30;
    assert_eq!(users.get_password_policy().await.expect("there is a policy"), expected);
    let refused = users.create_user(&NewUser::new("bob", PASSWORD.into())).await;
    assert_refused(refused, |refusal| matches!(refusal, Refusal::PasswordRefused(PasswordRule::Strength)));
    let long = PASSWORD.repeat(2);
    users.create_user(&NewUser::new("bob", long.as_str().into())).await.expect("that is long enough");
    assert_refused(sign_in(&server, "bob", &long).await, |refusal| matches!(refusal, Refusal::PasswordMustChange));
    change.strong_password.min_length = Some(1000);
    assert_refused(users.set_password_policy(&change).await, |refusal| matches!(refusal, Refusal::BadParameter { .. }));
    assert_eq!(users.get_password_policy().await.expect("there is a policy"), expected);
}

#[tokio::test]
async fn when_passwords_expire_is_changed() {
    let server = Server::start();
    let session = admin(&server).await;
    let users = session.users();
    let before = users.get_password_expiry().await.expect("it can be asked for");
    assert!(!before.password_expire_enable && before.allow_reset_after_expired, "{before:?}");
    let change = PasswordExpiryChange {
        password_expire_enable: Some(true),
        max_age: Some(30),
        min_age_enable: Some(true),
        min_age: Some(2),
        mail_notification_days: Some("7,3,1".to_owned()),
        never_expired_list: Some(vec!["admin".to_owned()]),
        ..PasswordExpiryChange::default()
    };
    users.set_password_expiry(&change).await.expect("it can be changed");
    let after = users.get_password_expiry().await.expect("it can be asked for");
    assert_eq!((after.password_expire_enable, after.max_age, after.min_age), (true, Some(30), Some(2)));
    assert_eq!((after.mail_notification_days.as_str(), after.never_expired_list), ("7,3,1", vec!["admin".to_owned()]));
    let wrong = PasswordExpiryChange { max_age: Some(0), ..change };
    assert_refused(users.set_password_expiry(&wrong).await, |refusal| matches!(refusal, Refusal::BadParameter { .. }));
}

#[tokio::test]
async fn a_password_is_confirmed() {
    let server = Server::start();
    let session = admin(&server).await;
    let token = session.users().password_confirm(&PASSWORD.into()).await.expect("that is the password");
    assert!(token.expose().len() > 16);
    let wrong = session.users().password_confirm(&"wrong".into()).await;
    assert_refused(wrong, |refusal| matches!(refusal, Refusal::WrongPassword));
}

#[tokio::test]
async fn names_kept_for_the_system_are_told() {
    let server = Server::start();
    let names = admin(&server).await.users().get_username_policy().await.expect("they can be asked for");
    assert_eq!(names[..4], ["root", "rootuser", "rootusr", "admin"]);
    assert!(!names.iter().any(|name| name == "test" || name == "toto"));
}

#[tokio::test]
async fn the_hosts_view_of_the_domain_is_brought_up_to_date() {
    let server = Server::start();
    let session = admin(&server).await;
    let directory = session.directory();
    let person = NewPerson::new("jdoe", USERS, PASSWORD.into());
    let created = directory.create_new_user(&person).await.expect("admin administers the domain too");
    let task = directory.update_domain_records().await.expect("a task starts");
    assert!(task.as_str().starts_with("@administrators/DomainUpdate"), "{task}");
    directory.wait_for_update(&task).await.expect("the task comes to its end");
    let query = UserQuery { kind: UserKind::Domain, additional: vec![UserField::Uid], ..UserQuery::default() };
    let names = async || {
        let page = session.users().get_users(&query).await.expect("users can be listed");
        page.users.into_iter().map(|user| user.name).collect::<Vec<_>>()
    };
    assert!(names().await.contains(&"EXAMPLE\\jdoe".to_owned()), "{:?}", names().await);
    directory.delete_item(&created.dn).await.expect("the task comes to its end");
    let task = directory.update_domain_records().await.expect("a task starts");
    directory.wait_for_update(&task).await.expect("the task comes to its end");
    assert!(!names().await.contains(&"EXAMPLE\\jdoe".to_owned()));
    let unknown = directory.get_task_status(&TaskId::new("@administrators/DomainUpdate0")).await;
    assert_refused(unknown, |refusal| matches!(refusal, Refusal::NoSuchTask));
}
