//! Groups and who is in them.

use bailiwick_accounts::group::{Error, GROUPS_MAX};
use bailiwick_accounts::listing::Listing;

use crate::{Host, at};

fn members(host: &Host, group: &str, are_members: bool) -> Vec<String> {
    let page = host.groups.members(group, are_members, &Listing::default()).unwrap();
    assert_eq!(page.total, page.entries.len() as u64);
    page.entries.into_iter().map(|user| user.name).collect()
}

#[test]
fn a_host_has_its_groups_and_they_stay() {
    let host = Host::new();
    let page = host.groups.list(&Listing::default()).unwrap();
    let seen: Vec<_> = page.entries.iter().map(|group| (group.gid, group.name.as_str())).collect();
    assert_eq!(seen, [(101, "administrators"), (1023, "http"), (100, "users")]);
    for name in ["administrators", "users", "http"] {
        assert!(matches!(host.groups.delete(name), Err(Error::BuiltIn)), "{name}");
        assert!(matches!(host.groups.change(name, Some("other"), None), Err(Error::BuiltIn)), "{name}");
        assert_eq!(host.groups.change(name, Some(name), Some("mine")).unwrap().description, "mine");
    }
}

#[test]
fn own_groups_are_made_renamed_and_removed() {
    let host = Host::new();
    assert_eq!(host.groups.create("staff", "").unwrap().gid, 65_536);
    assert!(matches!(host.groups.create("STAFF", ""), Err(Error::Taken)));
    assert!(matches!(host.groups.create("a:b", ""), Err(Error::Name(_))));
    assert!(matches!(host.groups.create("x", &"d".repeat(65)), Err(Error::Description)));
    assert!(matches!(host.groups.change("staff", Some("Users"), None), Err(Error::Taken)));
    assert!(matches!(host.groups.change("nobody", None, None), Err(Error::NoSuchGroup)));
    assert_eq!(host.groups.change("staff", Some("crew"), Some("all")).unwrap().gid, 65_536);
    assert_eq!(host.groups.delete("Crew").unwrap().description, "all");
    assert_eq!(host.groups.create("staff", "").unwrap().gid, 65_537);
}

#[test]
fn there_are_so_many_groups_at_most() {
    let host = Host::new();
    for number in 3..GROUPS_MAX {
        host.groups.create(&format!("g{number}"), "").unwrap();
    }
    assert!(matches!(host.groups.create("one more", ""), Err(Error::TooMany)));
}

#[test]
fn members_come_and_go_and_nobody_leaves_users() {
    let host = Host::new();
    for name in ["ada", "bob"] {
        host.create(name).unwrap();
    }
    host.groups.create("staff", "").unwrap();
    let change = |group: &str, join: &[&str], leave: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        at(0, |context| host.groups.change_members(context, group, &owned(join), &owned(leave)))
    };
    change("staff", &["ada", "BOB", "nobody"], &[]).unwrap();
    assert_eq!(members(&host, "staff", true), ["ada", "bob"]);
    assert_eq!(members(&host, "staff", false), ["admin", "guest"]);
    change("staff", &["ada"], &["ada"]).unwrap();
    assert_eq!(members(&host, "staff", true), ["bob"]);
    change("users", &[], &["ada"]).unwrap();
    assert_eq!(members(&host, "users", false), [] as [String; 0]);
    assert!(matches!(change("nothing", &[], &[]), Err(Error::NoSuchGroup)));
    assert!(matches!(change("administrators", &[], &["admin"]), Err(Error::LastAdministrator)));
    change("administrators", &["ada"], &["admin"]).unwrap();
    assert_eq!(members(&host, "administrators", true), ["ada"]);
    at(0, |context| host.users.delete(context, "bob")).unwrap();
    assert_eq!(members(&host, "staff", true), [] as [String; 0]);
}

#[test]
fn the_groups_of_a_user_change_together() {
    let host = Host::new();
    let ada = host.create("ada").unwrap().uid;
    host.groups.create("staff", "").unwrap();
    let change = |uid: u32, join: &[&str], leave: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        at(0, |context| host.groups.change_groups_of(context, uid, &owned(join), &owned(leave)))
    };
    assert!(change(ada, &["staff", "administrators", "misspelt"], &["users"]).unwrap());
    assert_eq!(host.users.groups(ada).unwrap(), ["administrators", "staff", "users"]);
    assert!(change(ada, &["staff"], &["staff", "administrators"]).unwrap());
    assert_eq!(host.users.groups(ada).unwrap(), ["users"]);
    assert!(!change(9999, &[], &[]).unwrap());
    assert!(matches!(change(1024, &["staff"], &["administrators"]), Err(Error::LastAdministrator)));
    assert_eq!(host.users.groups(1024).unwrap(), ["administrators", "users"]);
    let leave = ["administrators".to_owned()];
    assert!(at(0, |context| host.groups.check_leaving(context, 1024, &leave)).is_err());
    assert!(at(0, |context| host.groups.check_leaving(context, ada, &leave)).is_ok());
}
