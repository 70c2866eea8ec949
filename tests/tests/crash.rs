//! Killing the server again and again while it writes: every acknowledged change is there, and no half of another.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::mpsc::Sender;

use bailiwick_adtypes::modification::{Modification, Operation};
use bailiwick_ldap::result_code::ResultCode;
use bailiwick_tests::{BASE, Client, Domain, Server};

const ROUNDS: usize = 8;
const WRITERS: usize = 6;
/// After how many acknowledged changes the server is killed; each round at another moment.
const ACKNOWLEDGED: [usize; ROUNDS] = [1, 37, 80, 151, 24, 200, 63, 115];

/// What a writer knows of one of its users.
#[derive(Clone, Debug, PartialEq, Eq)]
struct User {
    /// In two attributes that one modify sets: they can only ever be equal.
    mark: Option<String>,
    /// Whether a manager is set, which the same modify does.
    manager: bool,
}

/// One change of one user.
#[derive(Clone, Debug)]
enum Change {
    Add(String),
    Mark(String, usize),
    Rename(String, String),
    Delete(String),
}

/// The users that must be there, by name.
type State = BTreeMap<String, User>;

impl Change {
    /// What a writer does as its change number `number`: users are added, marked, renamed, marked and some deleted.
    fn of(writer: usize, round: usize, number: usize) -> Change {
        let user = format!("r{round}w{writer}u{}", number / 5);
        let renamed = format!("{user}-renamed");
        match number % 5 {
            0 => Change::Add(user),
            1 => Change::Mark(user, number),
            2 => Change::Rename(user, renamed),
            3 => Change::Mark(renamed, number),
            _ if (number / 5).is_multiple_of(2) => Change::Delete(renamed),
            _ => Change::Mark(renamed, number),
        }
    }

    fn send(&self, client: &mut Client) -> bailiwick_tests::Ended {
        match self {
            Change::Add(user) => client.add(&name(user), &[("objectClass", "user"), ("sAMAccountName", user.as_str())]),
            Change::Mark(user, number) => {
                let text = format!("mark-{number}");
                let replace = |attribute: &str, value: &str| Modification {
                    operation: Operation::Replace,
                    attribute: attribute.to_owned(),
                    values: vec![value.as_bytes().to_vec()],
                };
                let manager = replace("manager", &format!("CN=Administrator,CN=Users,{BASE}"));
                client.modify(&name(user), vec![replace("title", &text), manager, replace("department", &text)])
            }
            Change::Rename(user, new) => client.rename(&name(user), &format!("CN={new}")),
            Change::Delete(user) => client.delete(&name(user)),
        }
    }

    fn apply(&self, state: &mut State) {
        match self {
            Change::Add(user) => _ = state.insert(user.clone(), User { mark: None, manager: false }),
            Change::Mark(user, number) => {
                state.insert(user.clone(), User { mark: Some(format!("mark-{number}")), manager: true });
            }
            Change::Rename(user, new) => {
                let moved = state.remove(user).expect("a writer renames what it added");
                state.insert(new.clone(), moved);
            }
            Change::Delete(user) => _ = state.remove(user),
        }
    }
}

fn name(user: &str) -> String {
    format!("CN={user},OU=Crash,{BASE}")
}

/// Writes until the server is gone. Gives the acknowledged changes, and the one that nobody knows about.
fn write(address: SocketAddr, writer: usize, round: usize, acknowledged: &Sender<()>) -> (Vec<Change>, Option<Change>) {
    let mut client = Client::administrator(address);
    let mut done = Vec::new();
    for number in 0.. {
        let change = Change::of(writer, round, number);
        match change.send(&mut client) {
            Ok(code) => assert_eq!(code, ResultCode::Success, "{change:?}"),
            Err(_lost) => return (done, Some(change)),
        }
        done.push(change);
        // Nobody counts any more once the server is killed.
        let _ = acknowledged.send(());
    }
    (done, None)
}

fn read(client: &mut Client) -> State {
    let attributes = ["cn", "title", "department", "manager"];
    let found = client.search(&format!("OU=Crash,{BASE}"), "(objectClass=user)", &attributes);
    let mut state = State::new();
    for (dn, attributes) in found.expect("the server answers") {
        let value = |name: &str| {
            let values =
                attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, values)| values);
            values.map(|values| String::from_utf8_lossy(&values[0]).into_owned())
        };
        let (title, manager) = (value("title"), value("manager").is_some());
        assert_eq!(title, value("department"), "half a modify of {dn}");
        assert_eq!(title.is_some(), manager, "half a modify of {dn}");
        let user = value("cn").expect("everybody has a name");
        assert_eq!(dn, name(&user), "a name and its attribute differ");
        assert!(state.insert(user, User { mark: title, manager }).is_none(), "{dn} is there twice");
    }
    state
}

/// Links from the other end: everybody with a manager is among the manager's reports, and nobody else.
fn check_links(client: &mut Client, state: &State) {
    let mut reports = BTreeSet::new();
    loop {
        let attribute = format!("directReports;range={}-*", reports.len());
        let base = format!("CN=Administrator,CN=Users,{BASE}");
        let found = client.search(&base, "(objectClass=user)", &[&attribute]).expect("the server answers");
        let Some((range, values)) = found[0].1.iter().find(|(_, values)| !values.is_empty()) else { break };
        reports.extend(values.iter().map(|value| String::from_utf8_lossy(value).into_owned()));
        if range.ends_with("-*") {
            break;
        }
    }
    let expected: BTreeSet<_> = state.iter().filter(|(_, user)| user.manager).map(|(user, _)| name(user)).collect();
    assert_eq!(reports, expected);
}

#[test]
fn acknowledged_changes_outlive_a_killed_server() {
    let mut domain = Domain::new();
    let mut state = State::new();
    for (round, target) in ACKNOWLEDGED.into_iter().enumerate() {
        let server = Server::on(domain, &[]);
        let address = server.address("ldap");
        let mut client = Client::administrator(address);
        if round == 0 {
            let unit = format!("OU=Crash,{BASE}");
            assert_eq!(client.add(&unit, &[("objectClass", "organizationalUnit")]), Ok(ResultCode::Success));
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let sender = sender.clone();
                std::thread::spawn(move || write(address, writer, round, &sender))
            })
            .collect();
        for _ in 0..target {
            receiver.recv().expect("writers write until the server is gone");
        }
        domain = server.kill();

        let logs: Vec<_> = writers.into_iter().map(|writer| writer.join().expect("no writer panics")).collect();
        let server = Server::on(domain, &[]);
        let mut client = Client::administrator(server.address("ldap"));
        let found = read(&mut client);
        for (done, _) in &logs {
            for change in done {
                change.apply(&mut state);
            }
        }
        // A change that was under way is there as a whole or not at all; what is there decides which.
        for (_, doubtful) in &logs {
            if let Some(change) = doubtful {
                let mut with = state.clone();
                change.apply(&mut with);
                if affected(change).iter().all(|user| found.get(user) == with.get(user)) {
                    state = with;
                }
            }
        }
        assert_eq!(found, state, "round {round}");
        check_links(&mut client, &state);
        domain = server.kill();
    }
}

/// The names that a change makes or takes away.
fn affected(change: &Change) -> Vec<String> {
    match change {
        Change::Add(user) | Change::Mark(user, _) | Change::Delete(user) => vec![user.clone()],
        Change::Rename(user, new) => vec![user.clone(), new.clone()],
    }
}
