//! Many connections that add at once: no two objects share an identifier.

use std::collections::BTreeSet;

use bailiwick_ldap::result_code::ResultCode;
use bailiwick_tests::{BASE, Client, Domain, Server};

const CONNECTIONS: usize = 16;
const ADDS: usize = 25;

fn add_from_everywhere(server: &Server, round: usize) {
    let address = server.address("ldap");
    std::thread::scope(|scope| {
        for connection in 0..CONNECTIONS {
            scope.spawn(move || {
                let mut client = Client::administrator(address);
                for number in 0..ADDS {
                    let account = format!("r{round}c{connection}n{number}");
                    let name = format!("CN={account},CN=Users,{BASE}");
                    let attributes = [("objectClass", "user"), ("sAMAccountName", account.as_str())];
                    assert_eq!(client.add(&name, &attributes), Ok(ResultCode::Success), "{name}");
                }
            });
        }
    });
}

/// The values of an attribute that every user has.
fn distinct(server: &Server, attribute: &str) -> BTreeSet<Vec<u8>> {
    let mut client = Client::administrator(server.address("ldap"));
    let found = client.search(BASE, "(&(objectClass=user)(cn=r*))", &[attribute]).expect("the server answers");
    found.into_iter().map(|(_, mut attributes)| attributes.remove(0).1.remove(0)).collect()
}

#[test]
fn sids_guids_and_usns_are_distinct() {
    let mut domain = Domain::new();
    let mut greatest_before = Vec::new();
    for round in 1..=2 {
        let server = Server::on(domain, &[]);
        add_from_everywhere(&server, round);
        let sids = distinct(&server, "objectSid");
        for attribute in ["objectSid", "objectGUID", "uSNCreated", "sAMAccountName"] {
            assert_eq!(distinct(&server, attribute).len(), round * CONNECTIONS * ADDS, "{attribute}");
        }
        // RIDs are little-endian at the end of a SID. A crash between the rounds must not give any of them again.
        let rid = |sid: &Vec<u8>| u32::from_le_bytes(sid[24..].try_into().expect("a SID ends in four octets"));
        let greatest = sids.iter().map(rid).max();
        assert!(greatest > greatest_before.last().copied().flatten());
        greatest_before.push(greatest);
        domain = server.kill();
    }
}

#[test]
fn one_name_is_given_once_however_many_ask() {
    let server = Server::start();
    let address = server.address("ldap");
    let name = format!("CN=the-one,CN=Users,{BASE}");
    let codes: Vec<_> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let name = &name;
                scope.spawn(move || {
                    let account = format!("one{connection}");
                    let attributes = [("objectClass", "user"), ("sAMAccountName", account.as_str())];
                    Client::administrator(address).add(name, &attributes).expect("the server answers")
                })
            })
            .collect();
        asking.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let count = |code| codes.iter().filter(|actual| **actual == code).count();
    assert_eq!(count(ResultCode::Success), 1, "{codes:?}");
    assert_eq!(count(ResultCode::EntryAlreadyExists), CONNECTIONS - 1, "{codes:?}");
}
