//! The use-cases of administration on a real directory: what faces rely on beyond what the shell's tests show.

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_credential::Password;
use bailiwick_directory::Native;
use bailiwick_domain::administration::{
    self, AccountControl, Error, Guard, Kind, Listing, NewPassword, NewUnit, NewUser, Place, Selector, Target,
};
use bailiwick_domain::{Requester, Scope};

use crate::domain::{BASE, add, apply, context, find, founded};

const PASSWORD: &[u8] = b"Sommer-Wiese-31";

/// A user as faces make one, with what differs from test to test left out.
fn new_user<'a>(name: &'a str, password: Option<&'a Password>) -> NewUser<'a> {
    NewUser {
        name,
        account_name: name,
        principal_name: None,
        place: Place::Users,
        password,
        control: AccountControl::default(),
        must_change_password: false,
        cannot_change_password: false,
        attributes: Vec::new(),
    }
}

/// Whom the rules hold for; the system itself restores what was, policy or not.
fn administrator(directory: &Native) -> Requester {
    let system = Requester::system();
    administration::host_administrator(directory, &context(&system)).expect("the domain has a SID")
}

fn create(directory: &Native, new: NewUser<'_>) -> Result<Target, Error> {
    let requester = administrator(directory);
    let created = administration::create_user(directory, &context(&requester), new)?;
    administration::find(directory, &context(&requester), Kind::User, &Selector::from(created.dn))
}

fn text(directory: &Native, target: &Target, attribute: &str) -> String {
    let requester = Requester::system();
    let entry = administration::show(directory, &context(&requester), target, &[attribute]).expect("it is there");
    entry.text(attribute).unwrap_or_default().to_owned()
}

#[test]
fn a_user_comes_with_password_flags_and_attributes_at_once() {
    let directory = founded();
    let password = Password::new(PASSWORD);
    let control = AccountControl::PASSWORD_NEVER_EXPIRES;
    let ada = create(&directory, NewUser { control, ..new_user("ada", Some(&password)) }).expect("it is made");
    assert_eq!(text(&directory, &ada, "userAccountControl"), "66048");
    assert_ne!(text(&directory, &ada, "pwdLastSet"), "0");
}

#[test]
fn a_password_that_the_policy_refuses_leaves_nobody_behind() {
    let directory = founded();
    let password = Password::new(b"short");
    assert!(matches!(create(&directory, new_user("ada", Some(&password))), Err(Error::Directory(_))));
    assert!(find(&directory, BASE, Scope::Subtree, "(cn=ada)", &["1.1"]).is_empty());
}

#[test]
fn new_users_go_where_the_domain_says() {
    let directory = founded();
    apply(&directory, &[add(&format!("OU=People,{BASE}"), &[("objectClass", "organizationalUnit")])]).expect("a unit");
    let requester = Requester::system();
    let head = administration::find(&directory, &context(&requester), Kind::Any, &Selector::parse(BASE)).expect("head");
    let users = "B:32:A9D1CA15768811D1ADED00C04FD8D5CD:";
    let modification = |operation, place: &str| Modification {
        operation,
        attribute: "wellKnownObjects".to_owned(),
        values: vec![format!("{users}{place},{BASE}").into_bytes()],
    };
    let redirect = vec![modification(Operation::Delete, "CN=Users"), modification(Operation::Add, "OU=People")];
    administration::change_attributes(&directory, &context(&requester), &head, redirect).expect("it is redirected");
    let ada = create(&directory, NewUser { control: AccountControl::DISABLED, ..new_user("ada", None) });
    assert_eq!(ada.expect("it is made").dn.to_string(), format!("CN=ada,OU=People,{BASE}"));
}

#[test]
fn an_object_that_was_renamed_in_between_is_still_found() {
    let directory = founded();
    let requester = administrator(&directory);
    let context = context(&requester);
    let ada = create(&directory, NewUser { control: AccountControl::DISABLED, ..new_user("ada", None) }).expect("made");
    administration::rename(&directory, &context, &ada, "Ada, Countess").expect("renamed");
    let password = Password::new(PASSWORD);
    let new = NewPassword { password: &password, must_change: true, unlock: true };
    administration::set_password(&directory, &context, &ada, &new).expect("set");
    administration::enable(&directory, &context, &ada).expect("enabled");
    assert_eq!(text(&directory, &ada, "pwdLastSet"), "0");
    assert_eq!(text(&directory, &ada, "cn"), "Ada, Countess");
}

#[test]
fn a_password_changes_only_with_the_old_one() {
    let directory = founded();
    let requester = administrator(&directory);
    let context = context(&requester);
    let (old, new) = (Password::new(PASSWORD), Password::new(b"Winter-Wald-58"));
    // The policy of a new domain lets nobody change a password twice a day; one that must be changed may be.
    let ada = create(&directory, NewUser { must_change_password: true, ..new_user("ada", Some(&old)) }).expect("made");
    let wrong = administration::change_password(&directory, &context, &ada, &new, &new);
    assert!(matches!(wrong, Err(Error::Directory(_))), "{wrong:?}");
    administration::change_password(&directory, &context, &ada, &old, &new).expect("changed");
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let directory = founded();
    let requester = Requester::system();
    let context = context(&requester);
    let listing =
        Listing { kind: Kind::Group, place: None, filter: None, attributes: &["cn"], sort: Vec::new(), entries_max: 7 };
    let (mut names, mut next) = (Vec::new(), None);
    loop {
        let page = administration::list(&directory, &context, &listing, next.as_ref()).expect("a page");
        assert!(page.entries.len() <= 7);
        names.extend(page.entries.into_iter().map(|entry| entry.dn));
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    let all = find(&directory, BASE, Scope::Subtree, "(objectClass=group)", &["1.1"]);
    assert_eq!(names.len(), all.len());
}

#[test]
fn of_two_who_change_what_they_saw_the_second_is_told() {
    let directory = founded();
    let ada = create(&directory, new_user("ada", None)).expect_err("an enabled account needs a password");
    assert!(matches!(ada, Error::Directory(_)));
    let password = Password::new(PASSWORD);
    let ada = create(&directory, new_user("ada", Some(&password))).expect("it is made");
    let requester = administrator(&directory);
    let standing = administration::stand(&directory, &context(&requester), &ada).expect("it is there");
    assert_eq!((standing.class.as_str(), standing.guard), ("user", None));
    let change = |title: &str| {
        let values = vec![title.as_bytes().to_vec()];
        let change = Modification { operation: Operation::Replace, attribute: "title".to_owned(), values };
        administration::change_seen_attributes(&directory, &context(&requester), &ada, standing.usn, vec![change])
    };
    change("first").expect("nobody changed it meanwhile");
    assert_eq!(change("second"), Err(Error::Directory(bailiwick_domain::Error::Changed)));
    assert_eq!(text(&directory, &ada, "title"), "first");
}

#[test]
fn a_protected_unit_guards_its_tree_from_the_moment_it_is_made() {
    let directory = founded();
    let requester = administrator(&directory);
    let context = context(&requester);
    let unit = |name: &str, place: Place<'_>, protected: bool| {
        let new = NewUnit { name, place, protected, attributes: Vec::new() };
        let made = administration::create_unit(&directory, &context, new).expect("a unit");
        administration::find(&directory, &context, Kind::Unit, &Selector::from(made.dn)).expect("it is there")
    };
    let outer = unit("outer", Place::Domain, false);
    let inner = unit("inner", Place::At(&Selector::from(outer.dn.clone())), true);
    let guard = |target: &Target| administration::stand(&directory, &context, target).expect("it is there").guard;
    assert_eq!((guard(&outer), guard(&inner)), (None, Some(Guard::Protected)));
    let found = administration::find_guarded_below(&directory, &context, &outer).expect("it can be looked at");
    assert_eq!(found.map(|found| found.dn), Some(inner.dn.to_string()));
    assert!(administration::find_guarded_below(&directory, &context, &inner).expect("as well").is_none());
    assert!(administration::delete(&directory, &context, &inner, false).is_err());
}
