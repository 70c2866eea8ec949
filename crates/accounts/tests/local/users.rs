//! Making, changing, listing and removing users.

use bailiwick_accounts::expiry::Expiry;
use bailiwick_accounts::listing::{Listing, Sort};
use bailiwick_accounts::name::NameFault;
use bailiwick_accounts::policy::PasswordFault;
use bailiwick_accounts::user::{Error, NewUser, UserChange};

use crate::{Host, at, password};

fn expired(text: &str) -> Option<Expiry> {
    Some(text.parse().unwrap())
}

#[test]
fn a_host_has_admin_and_guest_once() {
    let host = Host::new();
    assert!(!at(9, |context| host.users.found(context, &password("Other-secret-1"))).unwrap());
    let page = host.users.list(&Listing::default()).unwrap();
    let seen: Vec<_> =
        page.entries.iter().map(|user| (user.uid, user.name.as_str(), user.expiry.to_string())).collect();
    assert_eq!(seen, [(1024, "admin", "normal".into()), (1025, "guest", "now".into())]);
    assert_eq!(host.users.groups(1024).unwrap(), ["administrators", "users"]);
    assert_eq!(host.users.groups(1025).unwrap(), ["users"]);
}

#[test]
fn numbers_are_never_given_again() {
    let host = Host::new();
    let uids: Vec<u32> = ["ada", "bob", "cid"].map(|name| host.create(name).unwrap().uid).into();
    assert_eq!(uids, [1026, 1027, 1028]);
    assert_eq!(at(0, |context| host.users.delete(context, "CID")).unwrap().uid, 1028);
    assert_eq!(host.create("cid").unwrap().uid, 1029);
}

#[test]
fn what_a_user_can_be_called_is_looked_at_in_an_order() {
    let host = Host::new();
    host.create("ada").unwrap();
    for (name, text, is_expected) in [
        ("", "x", (|error| matches!(error, Error::Name(NameFault::Empty))) as fn(&Error) -> bool),
        ("a/b", "x", |error| matches!(error, Error::Name(NameFault::Character))),
        ("ADA", "x", |error| matches!(error, Error::Taken)),
        ("root", "x", |error| matches!(error, Error::Reserved)),
        ("bob", "short", |error| matches!(error, Error::Password(PasswordFault::TooShort { minimum: 8 }))),
        ("bob", "xx-Bob-1234", |error| matches!(error, Error::Password(PasswordFault::HoldsUserName))),
    ] {
        let error = host.create_with(name, text).unwrap_err();
        assert!(is_expected(&error), "{name}: {error:?}");
    }
    assert_eq!(host.names(), ["ada"]);
}

#[test]
fn texts_have_bounds() {
    let host = Host::new();
    let create = |new: NewUser| at(0, |context| host.users.create(context, &new, &password("Violet-7-harbour")));
    let new = NewUser { name: "ada".into(), ..NewUser::default() };
    assert!(matches!(create(NewUser { description: "x".repeat(65), ..new.clone() }), Err(Error::Description)));
    assert!(matches!(create(NewUser { email: "nobody".into(), ..new.clone() }), Err(Error::Email)));
    let groups = vec!["administrators".to_owned(), "nonsense".to_owned()];
    let ada = create(NewUser { description: "x".repeat(64), email: "a@b;c@d".into(), groups, ..new }).unwrap();
    assert_eq!(host.users.groups(ada.uid).unwrap(), ["administrators", "users"]);
}

#[test]
fn a_change_is_whole_or_nothing() {
    let host = Host::new();
    let ada = host.create("ada").unwrap();
    host.create("bob").unwrap();
    let change = |name: &str, change: UserChange, text: Option<&str>| {
        at(9, |context| host.users.change(context, name, &change, text.map(password).as_ref()))
    };
    let renamed = |name: &str| UserChange { new_name: Some(name.into()), ..UserChange::default() };
    assert!(matches!(change("zoe", renamed("zoë"), None), Err(Error::NoSuchUser)));
    assert!(matches!(change("ada", renamed("BOB"), None), Err(Error::Taken)));
    assert!(matches!(change("ada", renamed("root"), None), Err(Error::Reserved)));
    assert!(matches!(change("ada", renamed(""), None), Err(Error::Name(_))));
    assert!(matches!(change("admin", renamed("boss"), None), Err(Error::BuiltIn)));
    let both = UserChange { description: Some("Countess".into()), ..renamed("lovelace") };
    assert!(matches!(change("ada", both.clone(), Some("weak")), Err(Error::Password(_))));
    assert_eq!(host.users.find("ada").unwrap(), Some(ada.clone()));

    let after = change("ada", both, Some("Harbour-9-violet")).unwrap();
    assert_eq!((after.uid, after.name.as_str(), after.description.as_str()), (ada.uid, "lovelace", "Countess"));
    assert!(after.password_changed > ada.password_changed);
    assert_eq!(host.users.find("ada").unwrap(), None);
    assert_eq!(change("lovelace", renamed("LoveLace"), None).unwrap().name, "LoveLace");
    assert_eq!(change("admin", renamed("admin"), None).unwrap().uid, 1024);
}

#[test]
fn somebody_always_administers_the_host() {
    let host = Host::new();
    let disable = |name: &str, expiry: &str| {
        let change = UserChange { expiry: expired(expiry), ..UserChange::default() };
        at(0, |context| host.users.change(context, name, &change, None).map(drop))
    };
    assert!(matches!(disable("admin", "now"), Err(Error::LastAdministrator)));
    assert!(matches!(disable("admin", "2026/12/31"), Err(Error::LastAdministrator)));
    assert!(matches!(at(0, |context| host.users.delete(context, "admin")), Err(Error::BuiltIn)));

    host.create("ada").unwrap();
    at(0, |context| host.groups.change_members(context, "administrators", &["ada".into()], &[])).unwrap();
    disable("admin", "now").unwrap();
    assert!(matches!(disable("ada", "now"), Err(Error::LastAdministrator)));
    assert!(matches!(at(0, |context| host.users.delete(context, "ada")), Err(Error::LastAdministrator)));
    let names: Vec<_> = at(0, |context| host.users.administrators(context.now)).unwrap();
    assert_eq!(names.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["ada"]);
    disable("admin", "normal").unwrap();
    at(0, |context| host.users.delete(context, "ada")).unwrap();
}

#[test]
fn lists_have_every_order_and_a_true_total() {
    let host = Host::new();
    for (name, description, email, expiry) in
        [("Cid", "bb", "c@x", "now"), ("ada", "CC", "b@x", "2027/3/1"), ("Bob", "aa", "a@x", "normal")]
    {
        let new = NewUser {
            name: name.into(),
            description: description.into(),
            email: email.into(),
            expiry: expiry.parse().unwrap(),
            ..NewUser::default()
        };
        at(0, |context| host.users.create(context, &new, &password("Violet-7-harbour"))).unwrap();
    }
    let list = |sort, descending, offset, limit| {
        let page = host.users.list(&Listing { sort, descending, offset, limit }).unwrap();
        (page.total, page.entries.into_iter().map(|user| user.name).collect::<Vec<_>>().join(" "))
    };
    for (sort, expected) in [
        (Sort::Name, "ada admin Bob Cid guest"),
        (Sort::Number, "admin guest Cid ada Bob"),
        (Sort::Description, "Bob Cid ada guest admin"),
        (Sort::Email, "admin guest Bob ada Cid"),
        (Sort::Expired, "admin Bob guest Cid ada"),
    ] {
        assert_eq!(list(sort, false, 0, None), (5, expected.to_owned()), "{sort:?}");
        let words: Vec<&str> = expected.split(' ').collect();
        assert_eq!(list(sort, false, 1, Some(2)), (5, words[1..3].join(" ")), "{sort:?}");
        assert_eq!(list(sort, false, 9, Some(2)), (5, String::new()), "{sort:?}");
    }
    assert_eq!(list(Sort::Name, true, 0, Some(2)).1, "guest Cid");
}
