//! Who may call what: a row for each method in `rights.txt`. A new method without a row fails.

use std::fmt::Write;

use bailiwick_dsm::catalog::CATALOG;

use crate::world::World;

#[test]
fn every_method_has_a_row_of_what_it_answers_nobody_a_user_and_an_administrator() {
    let world = World::new();
    world.user("plain");
    let mut table = String::new();
    for api in CATALOG {
        for method in api.methods {
            let call = |sid: &str| {
                let version = api.versions.1;
                world.get(&format!("api={}&version={version}&method={}&_sid={sid}", api.name, method.name)).code()
            };
            // A session each time, since one of the methods ends it.
            let (user, administrator) = (world.sid("plain", "Password123"), world.administrator());
            let (nobody, user, administrator) = (call("nobody"), call(&user), call(&administrator));
            let name = format!("{} {}", api.name, method.name);
            writeln!(table, "{name:<44} {nobody:>3} {user:>3} {administrator:>5}").expect("a String takes everything");
        }
    }
    let expected = include_str!("rights.txt");
    let expected: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
    let found: Vec<&str> = table.lines().collect();
    assert_eq!(found, expected, "\n{table}");
}
