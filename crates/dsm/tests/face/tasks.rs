//! What goes on after its call was answered: how far it is said to be, that it can be stopped, and that it outlives the
//! process. Specification sections 3.4, 3.5.4, 3.6.4 and 3.9.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::world::{World, escaped};

/// A world whose tasks wait, and a session of Administrator.
fn held() -> (World, String) {
    let world = World::new();
    world.holds_tasks.store(true, Ordering::Relaxed);
    let sid = world.administrator();
    (world, sid)
}

fn call(world: &World, sid: &str, call: &str) -> Value {
    world.get(&format!("{call}&_sid={sid}")).body
}

fn id(answer: &Value) -> String {
    answer["data"]["task_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

const START: &str = "api=SYNO.Core.Directory.Domain&version=1&method=update_start";
const UPDATE: &str = "api=SYNO.DirectoryServer.Sync&version=1&method=UpdateDomain";

fn status(world: &World, sid: &str, id: &str) -> Value {
    call(world, sid, &format!("api=SYNO.Core.Directory.Domain&version=1&method=update_status&task_id={id}"))
}

fn task_status(world: &World, sid: &str, id: &str) -> Value {
    call(world, sid, &format!("api=SYNO.DirectoryServer.Sync&version=1&method=GetTaskStatus&task_id={id}"))
}

#[test]
fn a_sync_says_how_far_it_is_in_both_dialects() {
    let (world, sid) = held();
    let started = id(&call(&world, &sid, UPDATE));
    assert!(started.starts_with("sync_"), "{started}");
    assert_eq!(id(&call(&world, &sid, START)), started, "the one that waits is the one that is meant");
    assert_eq!(status(&world, &sid, &started)["data"], json!({ "status": "updating" }));
    assert_eq!(
        task_status(&world, &sid, &started)["data"],
        json!({ "groups_synced": 0, "progress": 0, "status": "running", "users_synced": 0 })
    );
    let at_work = |world: &World| call(world, &sid, "api=SYNO.Core.Directory.Domain&version=1&method=get_db_status");
    assert_eq!(at_work(&world)["data"]["status"], "updating");
    world.step();
    let half = task_status(&world, &sid, &started);
    assert!(half["data"]["progress"].as_u64().is_some_and(|progress| progress < 100), "{half}");
    assert!(half["data"]["users_synced"].as_u64().is_some_and(|users| users > 0), "{half}");
    for _ in 0..5 {
        world.step();
    }
    assert_eq!(status(&world, &sid, &started)["data"], json!({ "status": "finish" }));
    let done = task_status(&world, &sid, &started)["data"].clone();
    assert_eq!((&done["progress"], &done["status"]), (&json!(100), &json!("completed")));
    let users = call(&world, &sid, "api=SYNO.Core.User&version=1&method=list&type=domain");
    assert_eq!(done["users_synced"], users["data"]["total"]);
    let groups = call(&world, &sid, "api=SYNO.Core.Group&version=1&method=list&type=domain");
    assert_eq!(done["groups_synced"], groups["data"]["total"]);
    // The second run has nothing to do, and its totals are the same.
    world.holds_tasks.store(false, Ordering::Relaxed);
    let again = id(&call(&world, &sid, START));
    assert!(again.starts_with("@administrators/DomainUpdate"), "{again}");
    assert_eq!(task_status(&world, &sid, &again)["data"], done);
    assert_eq!(at_work(&world)["data"]["status"], "finish");
}

#[test]
fn a_sync_that_was_stopped_has_failed_and_the_next_one_ends() {
    let (world, sid) = held();
    let started = id(&call(&world, &sid, START));
    world.step();
    let stop = format!("api=SYNO.Core.Directory.Domain&version=1&method=update_stop&task_id={started}");
    assert_eq!(call(&world, &sid, &stop), json!({ "success": true }));
    world.step();
    assert_eq!(status(&world, &sid, &started), json!({ "error": { "code": 1402 }, "success": false }));
    assert_eq!(task_status(&world, &sid, &started)["data"]["status"], "failed");
    world.holds_tasks.store(false, Ordering::Relaxed);
    let next = id(&call(&world, &sid, START));
    assert_eq!(status(&world, &sid, &next)["data"]["status"], "finish");
}

fn user(world: &World, sid: &str, name: &str) -> String {
    let create = "api=SYNO.DirectoryServer.User&version=1&method=Create";
    let made = call(world, sid, &format!("{create}&logon_name={name}&password=Password123"));
    made["data"]["dn"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

fn poll(world: &World, sid: &str, id: &str) -> Value {
    call(world, sid, &format!("api=SYNO.ActiveDirectory.Polling&version=1&method=get&task_id={id}"))["data"].clone()
}

fn delete(world: &World, sid: &str, names: &[String]) -> String {
    let names = escaped(&json!(names).to_string());
    id(&call(world, sid, &format!("api=SYNO.ActiveDirectory.Directory&version=2&method=delete&dnList={names}")))
}

#[test]
fn a_deletion_goes_on_after_a_restart() {
    let (world, sid) = held();
    let names = [user(&world, &sid, "ada"), "CN=nobody,DC=example,DC=com".to_owned(), user(&world, &sid, "bob")];
    let task = delete(&world, &sid, &names);
    assert_eq!(poll(&world, &sid, &task), json!({ "data": [], "finished": false, "total": 3 }));
    let world = world.restarted();
    world.step();
    let gone = |name: &str| json!({ "dn": name, "status": {} });
    let refused =
        json!({ "dn": names[1], "status": { "code": 10237, "msg": "ldb updaterecords: delete: no such object" } });
    let expected = json!({ "data": [gone(&names[0]), refused, gone(&names[2])], "finished": true, "total": 3 });
    assert_eq!(poll(&world, &sid, &task), expected);
    let listed = call(&world, &sid, "api=SYNO.Entry.Request.Polling&version=1&method=list&task_id_prefix=Synoads");
    assert_eq!(listed["data"]["admin"], json!([task]));
}

#[test]
fn a_deletion_that_is_stopped_goes_no_further() {
    let (world, sid) = held();
    let ada = user(&world, &sid, "ada");
    let task = delete(&world, &sid, std::slice::from_ref(&ada));
    let stop = format!("api=SYNO.Entry.Request.Polling&version=1&method=stop&task_id={task}");
    assert_eq!(call(&world, &sid, &stop), json!({ "success": true }));
    world.step();
    assert_eq!(poll(&world, &sid, &task), json!({ "data": [], "finished": true, "total": 1 }));
    let report = call(&world, &sid, &format!("api=SYNO.Entry.Request.Polling&version=1&method=status&task_id={task}"));
    assert_eq!((&report["data"]["finish"], &report["data"]["data"]["progress"]), (&json!(true), &json!(0)));
    let found = call(&world, &sid, "api=SYNO.ActiveDirectory.Group&version=1&method=conflict&name=ada");
    assert_eq!(found["data"]["isConflict"], true, "{found}");
}

#[test]
fn tasks_are_the_administrators_alone() {
    let (world, sid) = held();
    let plain = world.user("plain");
    let task = id(&call(&world, &sid, START));
    let status = format!("api=SYNO.Entry.Request.Polling&version=1&method=status&task_id={task}");
    assert_eq!(call(&world, &plain, &status)["error"]["code"], 117);
    let list = "api=SYNO.Entry.Request.Polling&version=1&method=list&task_id_prefix=Domain";
    assert_eq!(call(&world, &plain, list)["data"], json!({}));
    assert_eq!(call(&world, &sid, list)["data"]["admin"], json!([task]));
}

#[test]
fn the_schedule_is_what_the_host_follows_from_then_on() {
    let (world, sid) = held();
    let set = "api=SYNO.Core.Directory.Domain.Schedule&version=1&method=set&repeat_hour=6&enable=true";
    assert_eq!(call(&world, &sid, set), json!({ "success": true }));
    let every = |world: &World| world.accounts.schedule.every().expect("memory does not fail");
    assert_eq!(every(&world).map(|every| every.seconds()), Some(6 * 3600));
    let world = world.restarted();
    assert_eq!(every(&world).map(|every| every.seconds()), Some(6 * 3600));
    let off = "api=SYNO.Core.Directory.Domain.Schedule&version=1&method=set&enable=false";
    assert_eq!(call(&world, &sid, off), json!({ "success": true }));
    assert_eq!(every(&world), None);
    assert!(world.told().iter().any(|event| format!("{event:?}").contains("domain.sync-schedule")));
}
