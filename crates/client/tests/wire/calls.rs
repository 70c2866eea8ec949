//! What each method sends, and what it makes of the answer that the pages show.

use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick_client::directory::{
    GroupScope, GroupType, NewGroup, NewUser, ObjectCategory, ObjectQuery, ObjectScope, UpdateStatus, UserInformation,
};
use bailiwick_client::user::{
    self, Expiry, PasswordExpiryChange, PasswordPolicyChange, UserChange, UserField, UserQuery,
};
use bailiwick_client::{Compound, Error, Mode, Refusal, Secret, TaskId};
use serde_json::{Value, json};

use crate::fake::{Answer, Asked, Fake, Manner, success};

const USER_DN: &str = "CN=Doe\\, John,CN=Users,DC=example,DC=com";
const GROUP_DN: &str = "CN=My Group,CN=Groups,DC=example,DC=com";
const TASK: &str = "@administrators/Synoads_SYNO.ActiveDirectory.Directory_delete6145EA17C4F03DA9";

/// The fields of a request beside those that every request has, as `name=value`, those of the envelope with `*`.
fn sent(asked: &Asked) -> String {
    let own = asked.fields.iter().filter(|(name, _)| name.as_str() != "_sid");
    let mark = |name: &String| if asked.sealed.contains(name) { "*" } else { "" };
    let fields: Vec<String> = own.map(|(name, value)| format!("{}{name}={value}", mark(name))).collect();
    fields.join("\n")
}

#[track_caller]
fn check_sent(fake: &Fake, expected: &[&str]) {
    assert_eq!(sent(&fake.last()), expected.join("\n"));
}

fn compound_of(item: Value) -> Answer {
    let has_fail = item.get("error").is_some();
    Answer::Json(success(json!({"has_fail": has_fail, "result": [item]})))
}

#[tokio::test]
async fn get_directory_info() {
    let fake = Fake::start(Manner::answering(|_| {
        Answer::Json(success(json!({"data": {
            "domainBasicInfo": {"realm": "MY.DOMAIN.COM", "workgroup": "NETBIOSNAME"},
            "domainControllers": [{"cn": "AD", "dn": "CN=AD,OU=Domain Controllers,DC=MY", "dnshostname": "AD.MY",
                "roles": ["pdc", "rid", "schema", "naming", "infrastructure"]}],
        }, "status": "running"})))
    }))
    .await;
    let info = fake.session().await.directory().get_directory_info().await.unwrap();
    assert_eq!((info.status.as_str(), info.domain.unwrap().workgroup.as_str()), ("running", "NETBIOSNAME"));
    assert_eq!(info.controllers[0].roles.len(), 5);
    check_sent(&fake, &["api=SYNO.ActiveDirectory.Info", "method=get", "version=3"]);
}

#[tokio::test]
async fn list_directory_objects() {
    let fake = Fake::start(Manner::answering(|_| {
        Answer::Json(success(
            json!({"data": [{"dn": "CN=jdoe", "name": "jdoe", "objectCategory": "person"}], "total": 9}),
        ))
    }))
    .await;
    let session = fake.session().await;
    let page = session.directory().list_directory_objects(USER_DN, &ObjectQuery::default()).await.unwrap();
    assert_eq!((page.total, page.objects[0].name.as_str()), (9, "jdoe"));
    let all = r#"objectCategory=["person","group","organizationalUnit","computer","container","builtinDomain"]"#;
    let base = r#"basedn="CN=Doe\\, John,CN=Users,DC=example,DC=com""#;
    let method = "method=list";
    let api = "api=SYNO.ActiveDirectory.Directory";
    check_sent(
        &fake,
        &[r#"action="enum""#, api, base, "limit=40", method, all, "offset=0", r#"scope="one""#, "version=3"],
    );
    let query = ObjectQuery {
        scope: ObjectScope::Subtree,
        categories: vec![ObjectCategory::Group],
        offset: 10,
        limit: ObjectQuery::ALL,
    };
    session.directory().list_directory_objects(USER_DN, &query).await.unwrap();
    let groups = r#"objectCategory=["group"]"#;
    check_sent(
        &fake,
        &[r#"action="enum""#, api, base, "limit=-1", method, groups, "offset=10", r#"scope="sub""#, "version=3"],
    );
}

#[tokio::test]
async fn create_new_user() {
    let fake = Fake::start(Manner::answering(|_| {
        Answer::Json(success(json!({"dn": "CN=jdoe,CN=Users,DC=example,DC=com", "name": "EXAMPLE\\jdoe"})))
    }))
    .await;
    let user = NewUser {
        email: "jdoe@example.com".to_owned(),
        password_never_expire: true,
        ..NewUser::new("jdoe", "CN=Users,DC=example,DC=com", Secret::new("Pass\"word 123"))
    };
    let created = fake.session().await.directory().create_new_user(&user).await.unwrap();
    assert_eq!((created.dn.as_str(), created.name.as_str()), ("CN=jdoe,CN=Users,DC=example,DC=com", "EXAMPLE\\jdoe"));
    check_sent(
        &fake,
        &[
            "account_is_disabled=false",
            "api=SYNO.ActiveDirectory.User",
            "cannot_change_password=false",
            "change_password_next_logon=false",
            r#"description="""#,
            r#"email="jdoe@example.com""#,
            r#"located_dn="CN=Users,DC=example,DC=com""#,
            r#"logon_name="jdoe""#,
            "method=create",
            r#"*password="Pass\"word 123""#,
            "password_never_expire=true",
            "version=1",
        ],
    );
}

#[tokio::test]
async fn a_directory_that_refuses_says_why() {
    let fake = Fake::start(Manner::answering(|_| {
        let cause = json!([{"code": 10237, "msg": "ldb updaterecords: add: entry already exists"}]);
        Answer::Json(json!({"error": {"code": 10104, "errors": cause}, "success": false}))
    }))
    .await;
    let group = NewGroup::new("My Group", "CN=Groups,DC=example,DC=com");
    let error = fake.session().await.directory().create_new_group(&group).await.unwrap_err();
    let Some(Refusal::DirectoryFailed { causes }) = error.refusal() else { panic!("{error:?}") };
    assert_eq!((causes.len(), causes[0].code), (1, 10237));
    let text = "SYNO.ActiveDirectory.Group create: the directory refused: ldb updaterecords: add: entry already exists \
                (code 10104)";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn reset_password() {
    let fake = Fake::start(Manner::answering(|_| Answer::Json(success(json!({"msg": 3}))))).await;
    assert_eq!(fake.session().await.directory().reset_password("jdoe").await.unwrap(), 3);
    check_sent(&fake, &["api=SYNO.Auth.ForgotPwd", "method=send", r#"user="jdoe""#, "version=1"]);
}

#[tokio::test]
async fn change_user_password() {
    let fake = Fake::start(Manner::answering(|_| {
        let data = json!([{"code": 0, "msg": "update record successfully"}]);
        compound_of(
            json!({"api": "SYNO.ActiveDirectory.User", "data": data, "method": "set", "success": true, "version": 2}),
        )
    }))
    .await;
    let session = fake.session().await;
    session.directory().change_user_password(USER_DN, &Secret::new("Pa\\ss\"1")).await.unwrap();
    let compound = concat!(
        r#"*compound=[{"api":"SYNO.ActiveDirectory.User","method":"set","version":2,"userList":[{"#,
        r#""dn":"CN=Doe\\, John,CN=Users,DC=example,DC=com","enbl_change_password":true,"password":"Pa\\ss\"1"}]}]"#
    );
    let (api, mode) = ("api=SYNO.Entry.Request", r#"mode="sequential""#);
    check_sent(&fake, &[api, compound, "method=request", mode, "stop_when_error=true", "version=1"]);
}

#[tokio::test]
async fn create_new_group() {
    let fake =
        Fake::start(Manner::answering(|_| Answer::Json(success(json!({"dn": GROUP_DN, "name": "N\\My Group"}))))).await;
    let group = NewGroup {
        group_type: GroupType::Distribution,
        scope: GroupScope::Local,
        ..NewGroup::new("My Group", "CN=Groups,DC=example,DC=com")
    };
    let created = fake.session().await.directory().create_new_group(&group).await.unwrap();
    assert_eq!((created.dn.as_str(), created.name.as_str()), (GROUP_DN, "N\\My Group"));
    check_sent(
        &fake,
        &[
            "api=SYNO.ActiveDirectory.Group",
            r#"description="""#,
            r#"email="""#,
            r#"located_dn="CN=Groups,DC=example,DC=com""#,
            "method=create",
            r#"name="My Group""#,
            r#"scope="local""#,
            r#"type="distribution""#,
            "version=1",
        ],
    );
}

#[tokio::test]
async fn add_user_to_group() {
    let fake = Fake::start(Manner::answering(|_| {
        let data = json!({"members": [USER_DN]});
        let api = "SYNO.ActiveDirectory.Group.Member";
        compound_of(json!({"api": api, "data": data, "method": "add", "success": true, "version": 1}))
    }))
    .await;
    let members = fake.session().await.directory().add_user_to_group(USER_DN, GROUP_DN).await.unwrap();
    assert_eq!(members, [USER_DN]);
    let compound: Value = serde_json::from_str(fake.last().field("compound")).unwrap();
    let api = "SYNO.ActiveDirectory.Group.Member";
    let expected = json!([{"api": api, "method": "add", "version": 1, "dn": GROUP_DN, "members": [USER_DN]}]);
    assert_eq!(compound, expected);
    assert!(fake.last().sealed.is_empty(), "what is no secret needs no key");
}

#[tokio::test]
async fn does_dn_exist() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(success(json!({"isConflict": asked.field("name") == "\"jdoe\""})))
    }))
    .await;
    let session = fake.session().await;
    assert!(session.directory().does_dn_exist("jdoe").await.unwrap());
    assert!(!session.directory().does_dn_exist("nobody").await.unwrap());
    check_sent(&fake, &["api=SYNO.ActiveDirectory.Group", "method=conflict", r#"name="nobody""#, "version=1"]);
}

#[tokio::test]
async fn modify_user_info_fails_when_the_call_within_fails() {
    let fake = Fake::start(Manner::answering(|_| {
        let error = json!({"code": 10104, "errors": [{"code": 10237, "msg": "ldb updaterecords: modify"}]});
        compound_of(json!({"api": "SYNO.ActiveDirectory.User", "error": error, "method": "set", "success": false, "version": 2}))
    }))
    .await;
    let information = UserInformation {
        first_name: Some("John".to_owned()),
        web: Some("http://example.com".to_owned()),
        ..UserInformation::default()
    };
    let session = fake.session().await;
    let error = session.directory().modify_user_info(USER_DN, &information).await.unwrap_err();
    assert!(
        matches!(error.refusal(), Some(Refusal::DirectoryFailed { causes }) if causes[0].code == 10237),
        "{error:?}"
    );
    let compound: Value = serde_json::from_str(fake.last().field("compound")).unwrap();
    let user = json!({"dn": USER_DN, "firstName": "John", "web": "http://example.com"});
    let api = "SYNO.ActiveDirectory.User";
    assert_eq!(compound, json!([{"api": api, "method": "set", "version": 2, "userList": [user]}]));
}

#[tokio::test]
async fn set_entry_request() {
    let fake = Fake::start(Manner::answering(|_| {
        compound_of(json!({"api": "A", "data": [{"code": 0}], "method": "set", "success": true, "version": 2}))
    }))
    .await;
    let session = fake.session().await;
    let answer = session.directory().set_entry_request("A", "set", "list", json!({"dn": "x"})).await.unwrap();
    assert!(!answer.has_fail && answer.result.len() == 1);
    let compound: Value = serde_json::from_str(fake.last().field("compound")).unwrap();
    assert_eq!(compound, json!([{"api": "A", "method": "set", "version": 2, "list": [{"dn": "x"}]}]));
}

#[tokio::test]
async fn compounds_keep_their_order_and_outcomes() {
    let fake = Fake::start(Manner::answering(|_| {
        Answer::Json(success(json!({"has_fail": true, "result": [
            {"api": "A", "data": 7, "method": "get", "success": true, "version": 1},
            {"api": "B", "error": {"code": 103}, "method": "x", "success": false, "version": 1},
        ]})))
    }))
    .await;
    let compound = Compound::new(Mode::Parallel).call("A", "get", 1, json!({"x": 1})).call("B", "x", 1, Value::Null);
    let answer = fake.session().await.compound(&compound).await.unwrap();
    let [first, second] = answer.result.try_into().unwrap();
    assert_eq!(first.read::<u32>().unwrap(), 7);
    assert!(matches!(second.read::<u32>().unwrap_err().refusal(), Some(Refusal::NoSuchMethod)));
    let (compound, mode) = (
        r#"*compound=[{"api":"A","method":"get","version":1,"x":1},{"api":"B","method":"x","version":1}]"#,
        r#"mode="parallel""#,
    );
    check_sent(
        &fake,
        &["api=SYNO.Entry.Request", compound, "method=request", mode, "stop_when_error=false", "version=1"],
    );
}

#[tokio::test]
async fn update_domain_records_and_get_task_status() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(success(match asked.field("method") {
            "update_start" => json!({"task_id": "@administrators/DomainUpdate6146195136397F2"}),
            _ if ASKED.fetch_add(1, Ordering::Relaxed) == 0 => json!({"status": "updating"}),
            _ => json!({"status": "finish"}),
        }))
    }))
    .await;
    let session = fake.session().await;
    let task = session.directory().update_domain_records().await.unwrap();
    assert_eq!(task, TaskId::new("@administrators/DomainUpdate6146195136397F2"));
    let api = "api=SYNO.Core.Directory.Domain";
    check_sent(&fake, &[api, r#"domain_name="@all""#, "method=update_start", "version=1"]);
    assert_eq!(session.directory().get_task_status(&task).await.unwrap(), UpdateStatus::Updating);
    session.directory().wait_for_update(&task).await.unwrap();
    let id = r#"task_id="@administrators/DomainUpdate6146195136397F2""#;
    check_sent(&fake, &[api, "method=update_status", id, "version=1"]);
}

#[tokio::test]
async fn delete_items_waits_for_the_task() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let fake = Fake::start(Manner::answering(|asked| match asked.field("method") {
        "delete" => Answer::Json(success(json!({"task_id": TASK}))),
        _ => {
            let finished = ASKED.fetch_add(1, Ordering::Relaxed) == 1;
            let done = json!({"dn": GROUP_DN, "status": {}});
            let failed = json!({"dn": USER_DN, "status": {"code": 10237, "msg": "ldb updaterecords: delete: no such object"}});
            let data = if finished { json!([done, failed]) } else { json!([done]) };
            let data = json!({"data": data, "finished": finished, "total": 2});
            compound_of(json!({"api": "SYNO.ActiveDirectory.Polling", "data": data, "method": "get", "success": true, "version": 1}))
        }
    }))
    .await;
    let session = fake.session().await;
    let deletion = session.directory().delete_items(&[GROUP_DN, USER_DN]).await.unwrap();
    assert_eq!((deletion.finished, deletion.total, deletion.objects.len()), (true, 2, 2));
    assert_eq!(deletion.failures().map(|(dn, _)| dn).collect::<Vec<_>>(), [USER_DN]);
    let compound: Value = serde_json::from_str(fake.last().field("compound")).unwrap();
    let api = "SYNO.ActiveDirectory.Polling";
    assert_eq!(compound, json!([{"api": api, "method": "get", "version": 1, "task_id": TASK}]));
    assert_eq!(fake.last().field("mode"), r#""parallel""#);
    let delete = fake.asked().into_iter().find(|asked| asked.field("method") == "delete").unwrap();
    let list: Value = serde_json::from_str(delete.field("dnList")).unwrap();
    assert_eq!((list, delete.field("version")), (json!([GROUP_DN, USER_DN]), "2"));
}

#[tokio::test]
async fn a_forgotten_task_is_told() {
    let fake = Fake::start(Manner::answering(|_| {
        compound_of(
            json!({"api": "SYNO.ActiveDirectory.Polling", "error": {"code": 117}, "method": "get", "success": false}),
        )
    }))
    .await;
    let session = fake.session().await;
    let error = session.directory().entry_request(&TaskId::new("x")).await.unwrap_err();
    assert!(matches!(error.refusal(), Some(Refusal::NoSuchTask)), "{error:?}");
}

#[tokio::test]
async fn get_users_and_get_user() {
    let fake = Fake::start(Manner::answering(|asked| {
        let users = json!([{"name": "test_api", "uid": 1027, "expired": "normal"}]);
        Answer::Json(success(match asked.field("method") {
            "list" => json!({"offset": 0, "total": 5, "users": users}),
            _ => json!({"users": users}),
        }))
    }))
    .await;
    let session = fake.session().await;
    let query = UserQuery { additional: vec![UserField::Email, UserField::Expiry], ..UserQuery::default() };
    let page = session.users().get_users(&query).await.unwrap();
    assert_eq!((page.total, page.users[0].name.as_str()), (5, "test_api"));
    check_sent(
        &fake,
        &[
            r#"additional=["email","expired"]"#,
            "api=SYNO.Core.User",
            "limit=-1",
            "method=list",
            "offset=0",
            r#"sort_by="name""#,
            r#"sort_direction="ASC""#,
            r#"type="local""#,
            "version=1",
        ],
    );
    let user = session.users().get_user("123", &[UserField::Description]).await.unwrap();
    assert_eq!((user.uid, user.expiry), (Some(1027), Some(Expiry::Normal)));
    let additional = r#"additional=["description"]"#;
    let (api, name) = ("api=SYNO.Core.User", r#"name="123""#);
    check_sent(&fake, &[additional, api, "method=get", name, r#"type="local""#, "version=1"]);
}

#[tokio::test]
async fn create_modify_and_delete_user() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(success(match asked.field("method") {
            "create" => json!({"name": "toto", "uid": 1030}),
            "set" => json!({"name": "test_user2", "password_last_change": 20106, "uid": 1028}),
            _ => json!({"name": "toto", "uid": 1030}),
        }))
    }))
    .await;
    let session = fake.session().await;
    let new = user::NewUser { expiry: Expiry::Now, ..user::NewUser::new("toto", Secret::new("Pw+1")) };
    let created = session.users().create_user(&new).await.unwrap();
    assert_eq!((created.name.as_str(), created.uid), ("toto", 1030));
    check_sent(
        &fake,
        &[
            "api=SYNO.Core.User",
            "cannot_chg_passwd=false",
            r#"description="""#,
            r#"email="""#,
            r#"expired="now""#,
            "method=create",
            r#"name="toto""#,
            "notify_by_email=false",
            "passwd_never_expire=true",
            r#"*password="Pw+1""#,
            "send_password=false",
            "version=1",
        ],
    );
    let change = UserChange {
        new_name: Some("test_user2".to_owned()),
        expiry: Some(Expiry::On { year: 2027, month: 3, day: 9 }),
        ..UserChange::default()
    };
    let changed = session.users().modify_user("toto", &change).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.password_last_change), ("test_user2", Some(20106)));
    let (api, expired) = ("api=SYNO.Core.User", r#"expired="2027/3/9""#);
    let new_name = r#"new_name="test_user2""#;
    check_sent(&fake, &[api, expired, "method=set", r#"name="toto""#, new_name, "version=1"]);
    assert_eq!(session.users().delete_user("toto").await.unwrap(), Some(1030));
    check_sent(&fake, &[api, "method=delete", r#"name="toto""#, "version=1"]);
}

#[tokio::test]
async fn affect_groups_and_its_status() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(success(match asked.field("method") {
            "join" => json!({"task_id": "@administrators/groupbatch1737238746C6723E33"}),
            _ => {
                json!({"auto_remove": false, "data": {"name": "bob", "pid": 1, "progress": 1, "total": 1, "uid": 1028},
                "finish": true, "info": {"api": "SYNO.Core.User.Group"}, "success": true})
            }
        }))
    }))
    .await;
    let session = fake.session().await;
    let task = session.users().affect_groups("bob", &["administrators"], &[]).await.unwrap();
    let api = "api=SYNO.Core.User.Group";
    let join = r#"join_group=["administrators"]"#;
    check_sent(&fake, &[api, join, "leave_group=[]", "method=join", r#"name="bob""#, "version=1"]);
    let state = session.users().affect_groups_status(&task).await.unwrap();
    assert!(state.finished && state.succeeded && state.name == "bob");
    let id = r#"task_id="@administrators/groupbatch1737238746C6723E33""#;
    check_sent(&fake, &[api, "method=join_status", id, "version=1"]);
    assert_eq!(session.users().wait_for_groups(&task).await.unwrap(), state);
}

#[tokio::test]
async fn password_policy() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(success(match asked.field("method") {
            "get" => json!({"enable_reset_passwd_by_email": false, "password_must_change": false,
                "strong_password": {"exclude_username": true, "min_length": 8}}),
            _ => json!({}),
        }))
    }))
    .await;
    let session = fake.session().await;
    let policy = session.users().get_password_policy().await.unwrap();
    assert!(policy.strong_password.exclude_username && policy.strong_password.min_length == 8);
    let mut change = PasswordPolicyChange { password_must_change: Some(true), ..PasswordPolicyChange::default() };
    change.strong_password.min_length = Some(12);
    session.users().set_password_policy(&change).await.unwrap();
    let rules = r#"strong_password={"min_length":12}"#;
    let api = "api=SYNO.Core.User.PasswordPolicy";
    check_sent(&fake, &[api, "method=set", "password_must_change=true", rules, "version=1"]);
}

#[tokio::test]
async fn password_expiry() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(match asked.field("method") {
            "get" => success(json!({"allow_reset_after_expired": true, "mail_notification_days": ""})),
            _ => json!({"success": true}),
        })
    }))
    .await;
    let session = fake.session().await;
    assert!(session.users().get_password_expiry().await.unwrap().allow_reset_after_expired);
    let change = PasswordExpiryChange {
        password_expire_enable: Some(true),
        max_age: Some(30),
        never_expired_list: Some(vec!["bob".to_owned()]),
        ..PasswordExpiryChange::default()
    };
    session.users().set_password_expiry(&change).await.unwrap();
    let (api, never) = ("api=SYNO.Core.User.PasswordExpiry", r#"never_expired_list=["bob"]"#);
    check_sent(&fake, &[api, "max_age=30", "method=set", never, "password_expire_enable=true", "version=1"]);
}

#[tokio::test]
async fn password_confirm() {
    let fake = Fake::start(Manner::answering(|asked| {
        Answer::Json(match asked.field("password") {
            "\"right\"" => success(json!({"SynoConfirmPWToken": "t0ken"})),
            _ => json!({"error": {"code": 3121}, "success": false}),
        })
    }))
    .await;
    let session = fake.session().await;
    assert_eq!(session.users().password_confirm(&"right".into()).await.unwrap().expose(), "t0ken");
    let api = "api=SYNO.Core.User.PasswordConfirm";
    check_sent(&fake, &[api, "method=auth", r#"*password="right""#, "version=2"]);
    let error = session.users().password_confirm(&"wrong".into()).await.unwrap_err();
    assert!(matches!(error.refusal(), Some(Refusal::WrongPassword)), "{error:?}");
}

#[tokio::test]
async fn a_method_of_an_api_that_is_not_offered_is_not_called() {
    let fake = Fake::start(Manner::default()).await;
    let session = fake.session().await;
    let before = fake.asked().len();
    let error = session.users().get_username_policy().await.unwrap_err();
    assert!(matches!(&error, Error::NotOffered { api } if api == "SYNO.Core.User.UsernamePolicy"), "{error:?}");
    assert_eq!(fake.asked().len(), before);
}
