//! The view of the domain: what it follows, what following costs, and that every way to it ends at the same place.

mod domain;
mod tasks;

use std::sync::Arc;

use bailiwick_accounts::expiry::Expiry;
use bailiwick_accounts::sync::{Step, Sync, View};
use bailiwick_adtypes::file_time::Interval;
use bailiwick_adtypes::modification::Operation;
use bailiwick_store::{Faults, Memory, Store};

use domain::{BASE, Domain, NOW, as_system, from_scratch, host, shown, sync, sync_at, user_dn};

/// A domain with `users` users and a group that every third is in.
fn domain_of(users: usize) -> Domain {
    let domain = Domain::founded();
    assert!(domain.add_group("staff"));
    for number in 0..users {
        assert!(domain.add_user(&format!("u{number}")));
        if number % 3 == 0 {
            assert!(domain.modify(&user_dn("staff"), Operation::Add, "member", &user_dn(&format!("u{number}"))));
        }
    }
    domain
}

#[test]
fn the_view_has_the_domains_users_and_security_groups() {
    let domain = domain_of(4);
    let host = host();
    let progress = sync(&domain, &host);
    assert_eq!(progress.percent, 100);
    let view = View::new(Arc::clone(&host));
    let ada = view.find_user("example\\U3").unwrap().unwrap();
    assert_eq!((ada.name.as_str(), ada.expiry, ada.gid), ("EXAMPLE\\u3", Expiry::Now, 1_000_513));
    assert_eq!(view.groups_of(&ada).unwrap(), ["EXAMPLE\\Domain Users", "EXAMPLE\\staff"]);
    assert!(view.find_user("EXAMPLE\\Administrator").unwrap().is_some_and(|user| user.uid == 1_000_500));
    assert!(view.find_group("EXAMPLE\\Domain Admins").unwrap().is_some_and(|group| group.gid == 1_000_512));
    for absent in ["EXAMPLE\\DC1$", "u3", "EXAMPLE\\nobody"] {
        assert_eq!(view.find_user(absent).unwrap(), None, "{absent}");
    }
    assert_eq!(view.find_group("EXAMPLE\\Backup Operators").unwrap(), None);
    let totals = Sync::new(Arc::clone(&host), "EXAMPLE").totals().unwrap();
    assert_eq!(totals.users, progress.users);
    assert_eq!(totals.groups, progress.groups);
}

/// Something that is done to a domain; whether it was.
type Change<'d> = Box<dyn Fn() -> bool + 'd>;

/// Each change alone, followed by a run, against a projection from scratch.
#[test]
fn every_kind_of_change_is_followed() {
    let domain = domain_of(6);
    let host = host();
    sync(&domain, &host);
    assert!(domain.add(&format!("OU=Sales,{BASE}"), &[("objectClass", "organizationalUnit")]));
    let changes: Vec<(&str, Change<'_>)> = vec![
        ("new user", Box::new(|| domain.add_user("zoe"))),
        ("new group", Box::new(|| domain.add_group("crew"))),
        ("joined", Box::new(|| domain.modify(&user_dn("crew"), Operation::Add, "member", &user_dn("zoe")))),
        ("nested", Box::new(|| domain.modify(&user_dn("staff"), Operation::Add, "member", &user_dn("crew")))),
        ("described", Box::new(|| domain.set(&user_dn("zoe"), "description", "sales"))),
        ("ends", Box::new(|| domain.set(&user_dn("Administrator"), "accountExpires", "134484192000000000"))),
        ("account renamed", Box::new(|| domain.set(&user_dn("zoe"), "sAMAccountName", "zora"))),
        ("object renamed", Box::new(|| domain.rename(&user_dn("zoe"), "CN=zora", None))),
        ("moved", Box::new(|| domain.rename(&user_dn("u1"), "CN=u1", Some(&format!("OU=Sales,{BASE}"))))),
        ("unit renamed", Box::new(|| domain.rename(&format!("OU=Sales,{BASE}"), "OU=Trade", None))),
        ("left", Box::new(|| domain.modify(&user_dn("staff"), Operation::Delete, "member", &user_dn("u0")))),
        ("member deleted", Box::new(|| domain.delete(&user_dn("u3")))),
        ("no security group", Box::new(|| domain.set(&user_dn("crew"), "groupType", "2"))),
        ("a security group", Box::new(|| domain.set(&user_dn("crew"), "groupType", "-2147483646"))),
        ("group deleted", Box::new(|| domain.delete(&user_dn("staff")))),
        ("tree deleted", Box::new(|| domain.delete(&format!("OU=Trade,{BASE}")))),
        ("name taken over", Box::new(|| domain.add_user("u3"))),
    ];
    for (what, change) in changes {
        let before = shown(&host);
        assert!(change(), "{what}");
        sync(&domain, &host);
        assert_eq!(shown(&host), from_scratch(&domain), "{what}");
        assert_eq!(
            shown(&host) == before,
            ["nested", "object renamed", "moved", "unit renamed"].contains(&what),
            "{what}"
        );
    }
}

#[test]
fn a_later_run_reads_what_changed_and_no_more() {
    let domain = domain_of(1500);
    let host = host();
    domain.handed_out();
    let first = sync(&domain, &host);
    assert!(domain.handed_out() > 1500 && first.users > 1500);

    let nothing = sync(&domain, &host);
    // The head of the domain, to know whose changes they are.
    assert!(domain.handed_out() <= 2, "nothing changed");
    assert_eq!((nothing.objects_read, nothing.changes), (0, 0));

    for number in 0..5 {
        assert!(domain.set(&user_dn(&format!("u{number}")), "description", "new"));
    }
    // The host sees nothing of this one.
    assert!(domain.set(&user_dn("u9"), "telephoneNumber", "1"));
    let few = sync(&domain, &host);
    assert!(domain.handed_out() <= 9, "six changed");
    assert_eq!((few.objects_read, few.changes), (6, 5));

    assert!(domain.modify(&user_dn("staff"), Operation::Add, "member", &user_dn("u1")));
    let joined = sync(&domain, &host);
    assert_eq!((joined.objects_read, joined.changes), (1, 1));
}

#[test]
fn a_group_of_many_members_is_read_in_ranges() {
    let domain = domain_of(1600);
    for number in 0..1600 {
        domain.modify(&user_dn("staff"), Operation::Add, "member", &user_dn(&format!("u{number}")));
    }
    let host = host();
    sync(&domain, &host);
    let members = View::new(Arc::clone(&host)).members("EXAMPLE\\staff", &Default::default()).unwrap().unwrap();
    assert_eq!(members.total, 1600);
}

/// What is done to the domain between runs, drawn from a seed.
fn disturb(domain: &Domain, seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for step in 0..40 {
        let name = format!("u{}", draw(60));
        // Whatever the directory refuses is no change.
        let _ = match draw(8) {
            0 | 1 => domain.add_user(&name),
            2 => domain.delete(&user_dn(&name)),
            3 => domain.set(&user_dn(&name), "description", &format!("{seed}.{step}")),
            4 => domain.set(&user_dn(&name), "sAMAccountName", &format!("u{}", draw(60))),
            5 => domain.modify(&user_dn("staff"), Operation::Add, "member", &user_dn(&name)),
            6 => domain.modify(&user_dn("staff"), Operation::Delete, "member", &user_dn(&name)),
            _ => domain.add_group(&format!("g{}", draw(5))),
        };
    }
}

#[test]
fn many_small_runs_come_to_the_same_as_one() {
    let domain = domain_of(30);
    let host = host();
    for seed in 0..12 {
        disturb(&domain, seed);
        sync(&domain, &host);
        assert_eq!(shown(&host), from_scratch(&domain), "seed {seed}");
    }
}

/// A host whose power goes at one commit in four, before or after it is durable: after each restart the run goes on.
#[test]
fn a_run_that_is_cut_anywhere_ends_like_one_that_is_not() {
    for seed in 0..6 {
        let domain = domain_of(700);
        let faults = |life: u64| Faults {
            seed: seed * 1000 + life,
            die_before_per_mille: 125,
            die_after_per_mille: 125,
            refuse_per_mille: 50,
            ..Faults::NONE
        };
        let mut memory = Arc::new(Memory::with_faults(bailiwick_accounts::SPACES, faults(0)));
        let mut life = 0;
        for round in 0..6 {
            loop {
                let store: Arc<dyn Store> = Arc::<Memory>::clone(&memory);
                match sync_at(NOW, &domain, &store) {
                    Ok(_) => break,
                    Err(_) => {
                        life += 1;
                        memory = Arc::new(memory.restart_with_faults(faults(life)));
                    }
                }
            }
            let whole: Arc<dyn Store> = Arc::new(memory.restart());
            assert_eq!(shown(&whole), from_scratch(&domain), "seed {seed} round {round}");
            life += 1;
            memory = Arc::new(memory.restart_with_faults(faults(life)));
            disturb(&domain, seed * 100 + round);
        }
        assert!(life > 6, "seed {seed}: nothing was cut");
    }
}

/// A host whose power goes at one commit, before or after it is durable: each commit of a first run and of a later one, in
/// turn, until there is none left to cut.
#[test]
fn a_run_that_is_cut_at_any_step_ends_like_one_that_is_not() {
    let domain = domain_of(1100);
    let first = from_scratch(&domain);
    let followed = Arc::new(Memory::open(bailiwick_accounts::SPACES));
    let store: Arc<dyn Store> = Arc::<Memory>::clone(&followed);
    sync(&domain, &store);
    let cut_at_each = |start: &Memory, expected: &[String]| {
        for is_durable in [false, true] {
            let mut commit = 0;
            loop {
                let faults = match is_durable {
                    false => Faults { die_before_commit: Some(commit), ..Faults::NONE },
                    true => Faults { die_after_commit: Some(commit), ..Faults::NONE },
                };
                let cut = Arc::new(start.restart_with_faults(faults));
                let store: Arc<dyn Store> = Arc::<Memory>::clone(&cut);
                let is_cut = sync_at(NOW, &domain, &store).is_err();
                let after: Arc<dyn Store> = Arc::new(cut.restart());
                if is_cut {
                    sync(&domain, &after);
                }
                assert!(shown(&after) == expected, "commit {commit}, durable {is_durable}");
                if !is_cut {
                    break;
                }
                commit += 1;
            }
            assert!(commit >= 2, "a run has more commits than {commit}");
        }
    };
    cut_at_each(&Memory::open(bailiwick_accounts::SPACES), &first);
    for seed in 0..30 {
        disturb(&domain, seed);
    }
    for number in 200..900 {
        assert!(domain.set(&user_dn(&format!("u{number}")), "description", "moved on"));
    }
    cut_at_each(&followed, &from_scratch(&domain));
}

/// Changes that come while a run is under way are met by it or by the next one.
#[test]
fn changes_during_a_run_are_not_lost() {
    let domain = domain_of(1300);
    let host = host();
    let run = Sync::new(Arc::clone(&host), "EXAMPLE");
    for seed in 0.. {
        match as_system(NOW, |context| run.step(&domain, context)).unwrap() {
            Step::More(progress) => assert!(progress.percent < 100),
            Step::Done(_) => break,
        }
        disturb(&domain, seed);
    }
    sync(&domain, &host);
    assert_eq!(shown(&host), from_scratch(&domain));
}

/// A directory that was restored from an older state, or is another domain's: what the view has of it and the directory
/// has not is removed.
#[test]
fn a_view_of_another_domain_becomes_one_of_this() {
    let other = domain_of(900);
    let host = host();
    sync(&other, &host);
    let domain = domain_of(3);
    sync(&domain, &host);
    assert_eq!(shown(&host), from_scratch(&domain));
}

#[test]
fn the_schedule_wants_a_run_when_the_last_one_is_old() {
    let domain = domain_of(2);
    let host = host();
    let run = Sync::new(Arc::clone(&host), "EXAMPLE");
    let day = Interval::from_days(1);
    assert!(run.is_due(day, NOW).unwrap());
    sync(&domain, &host);
    assert_eq!(run.ended_at().unwrap(), Some(NOW));
    assert!(!run.is_due(day, NOW).unwrap());
    assert!(run.is_due(day, NOW.after(day)).unwrap());
    // After a month the whole domain is walked once more, and nothing is written for it but the marks of the walk.
    let month = NOW.after(Interval::from_days(31));
    let walked = sync_at(month, &domain, &host).unwrap();
    assert!(walked.objects_read > 3);
    assert_eq!(shown(&host), from_scratch(&domain));
}
