//! Prints what it costs to decode a usual search and to write a usual entry:
//! `cargo run --release -p bailiwick-ldap --example throughput`.

use std::hint::black_box;
use std::time::Instant;

use bailiwick_adtypes::filter::{Assertion, Filter};
use bailiwick_ldap::connection::{Connection, Event, Limits};
use bailiwick_ldap::message::{MessageId, RequestMessage};
use bailiwick_ldap::request::{self, DereferenceAliases, Request, Scope, SearchRequest};
use bailiwick_ldap::response::{EntryWriter, LdapResult, ResponseKind, write_result};

const ROUNDS: u32 = 1_000_000;

fn main() {
    let id = MessageId::new(7).expect("7 is in the range");
    let request = search(id);
    measure("decode an equality search", || {
        black_box(RequestMessage::decode(black_box(&request)).is_ok());
    });

    let mut connection = Connection::in_clear(Limits::default());
    measure("the same through a connection", || {
        connection.feed(black_box(&request));
        if let Some(Event::Request(message)) = connection.next_event() {
            let id = black_box(&message).id;
            connection.finish(id);
        }
    });

    let attributes = attributes();
    let mut out = Vec::with_capacity(4096);
    measure("write an entry of 15 attributes", || {
        out.clear();
        let mut entry =
            EntryWriter::begin(&mut out, id, black_box("CN=Alice Example,OU=Sales,OU=People,DC=example,DC=com"));
        for (name, value) in black_box(&attributes) {
            entry.attribute(name);
            entry.value(value);
            entry.end_attribute();
        }
        entry.finish();
        black_box(&out);
    });
    println!("  ({} octets)", out.len());

    measure("write a search result done", || {
        out.clear();
        write_result(&mut out, id, ResponseKind::SearchDone, &LdapResult::SUCCESS, &[]);
        black_box(&out);
    });
}

fn measure(what: &str, mut operation: impl FnMut()) {
    for _ in 0..ROUNDS / 10 {
        operation();
    }
    let start = Instant::now();
    for _ in 0..ROUNDS {
        operation();
    }
    println!("{what}: {} ns", (start.elapsed() / ROUNDS).as_nanos());
}

fn search(id: MessageId) -> Vec<u8> {
    let mut out = Vec::new();
    let request = Request::Search(SearchRequest {
        base: "DC=example,DC=com",
        scope: Scope::Subtree,
        dereference_aliases: DereferenceAliases::Never,
        size_limit: 0,
        time_limit_seconds: 0,
        types_only: false,
        filter: Filter::Equality(Assertion { attribute: "sAMAccountName".into(), value: b"alice.example".to_vec() }),
        attributes: vec!["cn", "mail", "memberOf"],
    });
    request::write(&mut out, id, &request, &[]);
    out
}

fn attributes() -> Vec<(&'static str, Vec<u8>)> {
    let text = |value: &str| value.as_bytes().to_vec();
    vec![
        ("cn", text("Alice Example")),
        ("sn", text("Example")),
        ("givenName", text("Alice")),
        ("displayName", text("Alice Example")),
        ("sAMAccountName", text("alice.example")),
        ("userPrincipalName", text("alice.example@example.com")),
        ("mail", text("alice.example@example.com")),
        ("title", text("Head of Sales")),
        ("department", text("Sales")),
        ("telephoneNumber", text("+49 30 1234567")),
        ("objectGUID", vec![7; 16]),
        ("objectSid", vec![1; 28]),
        ("userAccountControl", text("512")),
        ("whenCreated", text("20250101120000.0Z")),
        ("distinguishedName", text("CN=Alice Example,OU=Sales,OU=People,DC=example,DC=com")),
    ]
}
