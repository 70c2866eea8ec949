//! Tasks: what each kind does, that they survive a kill at any commit, and how long they can be asked for.

use std::sync::Arc;

use bailiwick_accounts::group::Groups;
use bailiwick_accounts::sync::Sync;
use bailiwick_accounts::task::{Error, IdForm, State, Stepped, TASK_OBJECTS_MAX, Task, Tasks, Wish, Work};
use bailiwick_accounts::user::{NewUser, Users};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{Cost, Password};
use bailiwick_domain::{Protection, Requester};
use bailiwick_store::{Faults, Memory, Store};

use crate::domain::{Domain, NOW, as_system, from_scratch, host, shown, user_dn};

fn start(host: &Arc<dyn Store>, form: IdForm, work: Work) -> Result<Task, Error> {
    start_at(NOW, host, form, work)
}

fn start_at(now: FileTime, host: &Arc<dyn Store>, form: IdForm, work: Work) -> Result<Task, Error> {
    as_system(now, |context| Tasks::new(Arc::clone(host)).start(context, form, work))
}

/// Runs tasks until none waits, or the store fails.
fn run(domain: &Domain, host: &Arc<dyn Store>) -> Result<(), ()> {
    let tasks = Tasks::new(Arc::clone(host));
    let sync = Sync::new(Arc::clone(host), "EXAMPLE");
    loop {
        match as_system(NOW, |context| tasks.step(domain, context, &sync)) {
            Ok(Stepped::Idle) => return Ok(()),
            Ok(Stepped::Task(_)) => {}
            Err(_) => return Err(()),
        }
    }
}

fn get(host: &Arc<dyn Store>, task: &Task) -> Task {
    Tasks::new(Arc::clone(host)).get(task.id.as_str()).unwrap().unwrap()
}

fn deletion(names: &[String]) -> Work {
    Work::DeleteObjects { names: names.to_vec(), wish: Wish::of(&Requester::system()) }
}

fn words(task: &Task) -> Vec<&str> {
    task.objects().map(|(_, outcome)| outcome.word.as_str()).collect()
}

/// A host with users `u0` and so on.
fn host_with_users(count: u32) -> (Arc<dyn Store>, Vec<u32>) {
    let host = host();
    let users = Users::new(Arc::clone(&host), Cost::CHEAP);
    let uids = as_system(NOW, |context| {
        users.found(context, &Password::new(b"Adm1n-secret")).unwrap();
        (0..count)
            .map(|number| {
                let new = NewUser { name: format!("u{number}"), ..NewUser::default() };
                users.create(context, &new, &Password::new(b"Violet-7-harbour")).unwrap().uid
            })
            .collect()
    });
    (host, uids)
}

#[test]
fn objects_are_deleted_in_order_each_for_itself() {
    let domain = Domain::founded();
    let host = host();
    for name in ["ada", "bob"] {
        domain.add_user(name);
    }
    let names = [user_dn("ada"), "no name".to_owned(), user_dn("nobody"), user_dn("bob"), user_dn("krbtgt")];
    let task = start(&host, IdForm::DirectoryDelete, deletion(&names)).unwrap();
    assert_eq!((task.state, task.total, task.progress), (State::Waiting, 5, 0));
    run(&domain, &host).unwrap();
    let task = get(&host, &task);
    assert_eq!((task.state, task.progress), (State::Finished, 5));
    assert_eq!(task.objects().map(|(name, _)| name).collect::<Vec<_>>(), names);
    let words = words(&task);
    assert_eq!((words[0], words[1], words[2], words[3]), ("success", "invalid-name", "no-such-object", "success"));
    assert!(words[4].starts_with("refused:"), "{}", words[4]);
}

#[test]
fn objects_are_deleted_under_the_rights_of_who_asked() {
    let domain = Domain::founded();
    let host = host();
    domain.add_user("ada");
    let nobody = Wish::of(&Requester::anonymous(None, Protection::Encrypted));
    let work = Work::DeleteObjects { names: vec![user_dn("ada")], wish: nobody };
    let task = start(&host, IdForm::DirectoryDelete, work).unwrap();
    run(&domain, &host).unwrap();
    assert_ne!(words(&get(&host, &task)), ["success"]);
    assert!(!domain.add_user("ada"), "she is there still");
}

/// What was deleted before a kill is not told as never having been there.
#[test]
fn a_deletion_that_is_cut_anywhere_tells_the_truth() {
    for seed in 0..8 {
        let domain = Domain::founded();
        let names: Vec<String> = (0..100).map(|number| user_dn(&format!("u{number}"))).collect();
        for number in 0..100 {
            domain.add_user(&format!("u{number}"));
        }
        let faults = |life: u64| Faults {
            seed: seed * 100 + life,
            die_before_per_mille: 250,
            die_after_per_mille: 250,
            ..Faults::NONE
        };
        let mut memory = Arc::new(Memory::open(bailiwick_accounts::SPACES));
        let store: Arc<dyn Store> = Arc::<Memory>::clone(&memory);
        let task = start(&store, IdForm::DirectoryDelete, deletion(&names)).unwrap();
        let mut life = 0;
        loop {
            life += 1;
            memory = Arc::new(memory.restart_with_faults(faults(life)));
            let store: Arc<dyn Store> = Arc::<Memory>::clone(&memory);
            if run(&domain, &store).is_ok() {
                break;
            }
        }
        let store: Arc<dyn Store> = memory;
        let task = get(&store, &task);
        assert_eq!(task.state, State::Finished);
        assert_eq!(words(&task), ["success"; 100], "seed {seed}, {life} lives");
    }
}

#[test]
fn a_sync_is_a_task_and_only_one_at_a_time() {
    let domain = Domain::founded();
    domain.add_user("ada");
    let host = host();
    let first = start(&host, IdForm::DomainUpdate, Work::SyncDomain).unwrap();
    let second = start(&host, IdForm::Sync, Work::SyncDomain).unwrap();
    assert_eq!(first.id, second.id);
    run(&domain, &host).unwrap();
    let task = get(&host, &first);
    assert_eq!((task.state, task.progress, task.sync.percent), (State::Finished, 100, 100));
    assert_eq!(shown(&host), from_scratch(&domain));
    let third = start(&host, IdForm::Sync, Work::SyncDomain).unwrap();
    assert!(third.id.as_str().starts_with("sync_"));
}

/// The task of a sync, cut at each of its commits in turn: after the restart it goes on and says what it came to.
#[test]
fn a_sync_that_is_cut_at_any_commit_finishes_after_the_restart() {
    let domain = Domain::founded();
    for number in 0..600 {
        domain.add_user(&format!("u{number}"));
    }
    let expected = from_scratch(&domain);
    let asked = Arc::new(Memory::open(bailiwick_accounts::SPACES));
    let store: Arc<dyn Store> = Arc::<Memory>::clone(&asked);
    let task = start(&store, IdForm::DomainUpdate, Work::SyncDomain).unwrap();
    for is_durable in [false, true] {
        let mut commit = 0;
        loop {
            let faults = match is_durable {
                false => Faults { die_before_commit: Some(commit), ..Faults::NONE },
                true => Faults { die_after_commit: Some(commit), ..Faults::NONE },
            };
            let cut = Arc::new(asked.restart_with_faults(faults));
            let store: Arc<dyn Store> = Arc::<Memory>::clone(&cut);
            let is_cut = run(&domain, &store).is_err();
            let after: Arc<dyn Store> = Arc::new(cut.restart());
            run(&domain, &after).unwrap();
            let task = get(&after, &task);
            assert_eq!((task.state, task.progress), (State::Finished, 100), "commit {commit}");
            assert_eq!(task.totals, Sync::new(Arc::clone(&after), "EXAMPLE").totals().unwrap());
            assert!(shown(&after) == expected, "commit {commit}, durable {is_durable}");
            if !is_cut {
                break;
            }
            commit += 1;
        }
        assert!(commit > 4, "a task has more commits than {commit}");
    }
}

#[test]
fn groups_of_many_users_change_by_and_by() {
    let domain = Domain::founded();
    let (host, users) = host_with_users(40);
    let groups = Groups::new(Arc::clone(&host));
    groups.create("staff", "").unwrap();
    let work = Work::ChangeGroups {
        users: users.clone(),
        name: "u0".to_owned(),
        join: vec!["staff".to_owned(), "misspelt".to_owned()],
        leave: Vec::new(),
    };
    let task = start(&host, IdForm::GroupBatch, work).unwrap();
    let tasks = Tasks::new(Arc::clone(&host));
    let sync = Sync::new(Arc::clone(&host), "EXAMPLE");
    as_system(NOW, |context| tasks.step(&domain, context, &sync)).unwrap();
    let half = get(&host, &task);
    assert_eq!((half.state, half.total), (State::Running, 40));
    assert!((1..40).contains(&half.progress));
    run(&domain, &host).unwrap();
    assert!(get(&host, &task).is_success());
    assert_eq!(groups.members("staff", true, &Default::default()).unwrap().total, 40);
}

#[test]
fn a_task_that_would_leave_no_administrator_fails() {
    let domain = Domain::founded();
    let (host, _) = host_with_users(0);
    let leave = vec!["administrators".to_owned()];
    let work = Work::ChangeGroups { users: vec![1024], name: "admin".to_owned(), join: Vec::new(), leave };
    let task = start(&host, IdForm::GroupBatch, work).unwrap();
    run(&domain, &host).unwrap();
    let task = get(&host, &task);
    assert_eq!((task.state, task.failure.as_str()), (State::Failed, "last-administrator"));
}

#[test]
fn a_task_stops_between_slices_and_what_is_done_stays() {
    let domain = Domain::founded();
    let host = host();
    let names: Vec<String> = (0..100).map(|number| user_dn(&format!("u{number}"))).collect();
    for number in 0..100 {
        domain.add_user(&format!("u{number}"));
    }
    let task = start(&host, IdForm::DirectoryDelete, deletion(&names)).unwrap();
    let tasks = Tasks::new(Arc::clone(&host));
    let sync = Sync::new(Arc::clone(&host), "EXAMPLE");
    as_system(NOW, |context| tasks.step(&domain, context, &sync)).unwrap();
    assert!(tasks.stop(task.id.as_str()).unwrap());
    assert!(!tasks.stop("sync_0").unwrap());
    run(&domain, &host).unwrap();
    let task = get(&host, &task);
    assert_eq!(task.state, State::Stopped);
    assert!((1..100).contains(&task.progress));
    assert_eq!(task.outcomes.len() as u64, task.progress);
    // A stopped one is not stopped again, nor does it run again.
    assert!(tasks.stop(task.id.as_str()).unwrap());
    assert_eq!(get(&host, &task), task);
}

#[test]
fn tasks_have_bounds_and_empty_ones_end_at_once() {
    let host = host();
    let task = start(&host, IdForm::DirectoryDelete, deletion(&[])).unwrap();
    assert_eq!((task.state, task.total), (State::Finished, 0));
    let many = vec![String::new(); TASK_OBJECTS_MAX + 1];
    assert!(matches!(start(&host, IdForm::DirectoryDelete, deletion(&many)), Err(Error::TooLarge)));
    let one = deletion(&[user_dn("x")]);
    let mut started = 0;
    let refused = loop {
        match start(&host, IdForm::DirectoryDelete, one.clone()) {
            Ok(_) => started += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, Error::TooMany));
    let tasks = Tasks::new(Arc::clone(&host));
    assert_eq!(tasks.unfinished("@administrators/Synoads").unwrap().len(), started);
    assert_eq!(tasks.unfinished("sync_").unwrap().len(), 0);
    assert_eq!(tasks.ids("@administrators/").unwrap().len(), started + 1);
}

#[test]
fn an_ended_task_can_be_asked_for_some_time() {
    let domain = Domain::founded();
    let host = host();
    let task = start(&host, IdForm::Sync, Work::SyncDomain).unwrap();
    run(&domain, &host).unwrap();
    let tasks = Tasks::new(Arc::clone(&host));
    let is_there = |task: &Task| tasks.get(task.id.as_str()).unwrap().is_some();
    let later = |minutes: u64| NOW.after(Interval::from_seconds(minutes * 60));
    start_at(later(59), &host, IdForm::DirectoryDelete, deletion(&[])).unwrap();
    assert!(is_there(&task));
    start_at(later(61), &host, IdForm::DirectoryDelete, deletion(&[])).unwrap();
    assert!(!is_there(&task));
}
