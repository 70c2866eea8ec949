//! Add, modify, modify DN, delete and compare. RFC 4511 sections 4.6 to 4.10.

use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_ldap::control::{Control, PermissiveModify, TreeDelete};
use bailiwick_ldap::request::{AddRequest, CompareRequest, DeleteRequest, ModifyDnRequest, ModifyRequest, Request};

use crate::started::start;

fn add(entry: &str) -> Request<'_> {
    let attributes = vec![Attribute { name: "objectClass".into(), values: vec![b"top".to_vec()] }];
    Request::Add(AddRequest { entry, attributes })
}

#[test]
fn a_second_add_of_the_same_name_is_refused() {
    let server = start();
    let mut client = server.signed_in();
    assert_eq!(client.run(&add("CN=a,DC=example"), &[]).1.code, 0);
    let (_, end) = client.run(&add("CN=a,DC=example"), &[]);
    assert_eq!(end.code, 68);
    assert!(end.text.starts_with("00002071: "));
    assert_eq!(client.run(&add("nonsense"), &[]).1.code, 34);
}

#[test]
fn changes_need_somebody_who_signed_in() {
    assert_eq!(start().client().run(&add("CN=a"), &[]).1.code, 1);
}

#[test]
fn controls_reach_the_change() {
    let server = start();
    let mut client = server.signed_in();
    let modification = Modification { operation: Operation::Add, attribute: "sn".into(), values: vec![b"x".to_vec()] };
    let modify = Request::Modify(ModifyRequest { entry: "CN=a", modifications: vec![modification] });
    assert_eq!(client.run(&modify, &[]).1.code, 50);
    assert_eq!(client.run(&modify, &[Control::critical(PermissiveModify::OID, None)]).1.code, 0);
    let delete = Request::Delete(DeleteRequest { entry: "CN=a" });
    assert_eq!(client.run(&delete, &[]).1.code, 66);
    assert_eq!(client.run(&delete, &[Control::critical(TreeDelete::OID, None)]).1.code, 0);
}

#[test]
fn a_rename_carries_its_three_names() {
    let server = start();
    let mut client = server.signed_in();
    let request = ModifyDnRequest {
        entry: "CN=a,DC=example",
        new_rdn: "CN=b",
        delete_old_rdn: true,
        new_superior: Some("OU=x,DC=example"),
    };
    assert_eq!(client.run(&Request::ModifyDn(request), &[]).1.code, 0);
    let keep = ModifyDnRequest { delete_old_rdn: false, ..request };
    assert_eq!(client.run(&Request::ModifyDn(keep), &[]).1.code, 53);
    let nonsense = ModifyDnRequest { new_rdn: "CN=a,CN=b", ..request };
    assert_eq!(client.run(&Request::ModifyDn(nonsense), &[]).1.code, 34);
}

#[test]
fn compare_answers_true_or_false() {
    let server = start();
    let mut client = server.signed_in();
    let mut compare = |value: &[u8]| {
        let request = CompareRequest { entry: "CN=a", attribute: "cn", value };
        client.run(&Request::Compare(request), &[]).1.code
    };
    assert_eq!((compare(b"yes"), compare(b"no")), (6, 5));
}

#[test]
fn changes_in_flight_together_are_all_answered() {
    let server = start();
    let mut client = server.signed_in();
    let names: Vec<String> = (0..500).map(|number| format!("CN={number}")).collect();
    let mut octets = Vec::new();
    let mut codec = bailiwick_ldap::client::Client::new();
    for name in &names {
        codec.send(&mut octets, &add(name), &[]);
    }
    client.write(&octets);
    let mut ids: Vec<u32> = (0..500)
        .map(|_| {
            let (_, end) = client.end();
            assert_eq!(end.code, 0);
            end.id
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=500).collect::<Vec<_>>());
    assert_eq!(server.directory.added.lock().unwrap().len(), 500);
}

#[test]
fn a_mistake_in_a_change_is_answered_and_the_connection_goes_on() {
    let server = start();
    let mut client = server.signed_in();
    assert_eq!(client.run(&add("CN=trap"), &[]).1.code, 80);
    assert!(client.is_alive());
}
