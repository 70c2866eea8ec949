//! Who may go when: each test feeds requests and looks at the events.

use super::*;
use crate::control::Control;
use crate::extended::cancel::{self, Cancel};
use crate::request::{self, AbandonRequest, BindRequest, DeleteRequest, ExtendedRequest};

fn id(number: u32) -> MessageId {
    MessageId::new(number).unwrap()
}

fn octets(number: u32, request: &Request<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    request::write(&mut out, id(number), request, &[]);
    out
}

fn delete(number: u32) -> Vec<u8> {
    octets(number, &Request::Delete(DeleteRequest { entry: "cn=x" }))
}

fn bind(number: u32) -> Vec<u8> {
    octets(number, &Request::Bind(BindRequest::simple("", b"")))
}

fn abandon(number: u32, target: u32) -> Vec<u8> {
    let target = id(target);
    octets(number, &Request::Abandon(AbandonRequest { target }))
}

fn start_tls(number: u32) -> Vec<u8> {
    octets(number, &Request::Extended(start_tls::request()))
}

/// What an event says, without the borrowed request.
#[derive(Debug, PartialEq)]
enum Seen {
    Request(u32),
    Abandon(u32),
    Refuse(u32, Refusal),
    Unbind,
    Disconnect(Violation),
}

fn event(connection: &mut Connection) -> Option<Seen> {
    connection.next_event().map(|event| match event {
        Event::Request(message) => Seen::Request(message.id.number()),
        Event::Abandon(target) => Seen::Abandon(target.number()),
        Event::Refuse { id, refusal, .. } => Seen::Refuse(id.number(), refusal),
        Event::Unbind => Seen::Unbind,
        Event::Disconnect(violation) => Seen::Disconnect(violation),
    })
}

#[track_caller]
fn check(connection: &mut Connection, expected: &[Seen]) {
    let seen: Vec<_> = std::iter::from_fn(|| event(connection)).collect();
    assert_eq!(seen, expected);
}

fn connection(input: &[Vec<u8>]) -> Connection {
    let mut connection = Connection::in_clear(Limits::default());
    connection.feed(&input.concat());
    connection
}

#[test]
fn requests_come_out_however_they_arrive() {
    let mut connection = Connection::in_clear(Limits::default());
    let mut seen = Vec::new();
    for octet in [delete(1), delete(2)].concat() {
        connection.spare()[0] = octet;
        connection.filled(1);
        seen.extend(std::iter::from_fn(|| event(&mut connection)));
    }
    assert_eq!(seen, [Seen::Request(1), Seen::Request(2)]);
}

#[test]
fn a_request_is_read_whole_with_its_controls() {
    let mut out = Vec::new();
    let operation = Request::Delete(DeleteRequest { entry: "cn=x" });
    let controls = [Control::critical("1.2.3", Some(b"v"))];
    request::write(&mut out, id(5), &operation, &controls);
    let mut connection = connection(&[out]);
    assert_eq!(
        connection.next_event(),
        Some(Event::Request(RequestMessage { id: id(5), operation, controls: controls.to_vec().into() }))
    );
}

#[test]
fn a_bind_waits_until_all_else_has_finished() {
    let mut connection = connection(&[delete(1), delete(2), bind(3), delete(4)]);
    check(&mut connection, &[Seen::Request(1), Seen::Request(2)]);
    connection.finish(id(2));
    check(&mut connection, &[]);
    connection.finish(id(1));
    check(&mut connection, &[Seen::Request(3)]);
}

#[test]
fn nothing_is_processed_during_a_bind() {
    let mut connection = connection(&[bind(1), delete(2), abandon(3, 2), bind(4)]);
    check(&mut connection, &[Seen::Request(1)]);
    connection.finish(id(1));
    check(&mut connection, &[Seen::Request(2), Seen::Abandon(2)]);
    connection.finish(id(2));
    check(&mut connection, &[Seen::Request(4)]);
}

#[test]
fn finishing_another_operation_does_not_end_a_bind() {
    let mut connection = connection(&[bind(1), delete(2)]);
    check(&mut connection, &[Seen::Request(1)]);
    connection.finish(id(2));
    check(&mut connection, &[]);
}

#[test]
fn an_id_in_use_is_refused_and_may_be_used_again_later() {
    let mut connection = connection(&[delete(1), delete(1)]);
    check(&mut connection, &[Seen::Request(1), Seen::Refuse(1, Refusal::IdInUse)]);
    assert!(connection.is_outstanding(id(1)));
    connection.finish(id(1));
    connection.feed(&delete(1));
    check(&mut connection, &[Seen::Request(1)]);
}

#[test]
fn an_abandon_of_nothing_is_passed_over() {
    let mut connection = connection(&[abandon(1, 9), abandon(2, 2), delete(3), abandon(4, 3)]);
    check(&mut connection, &[Seen::Request(3), Seen::Abandon(3)]);
    connection.finish(id(3));
    connection.feed(&abandon(5, 3));
    check(&mut connection, &[]);
    assert!(connection.outstanding().is_empty());
}

#[test]
fn an_unreadable_abandon_is_passed_over() {
    let mut connection = connection(&[b"\x30\x05\x02\x01\x01\x50\x00".to_vec(), delete(2)]);
    check(&mut connection, &[Seen::Request(2)]);
}

#[test]
fn a_cancel_is_an_operation_of_its_own() {
    let value = Cancel { target: id(1) }.encode();
    let request = Request::Extended(ExtendedRequest { name: cancel::OID, value: Some(&value) });
    let mut connection = connection(&[delete(1), octets(2, &request)]);
    check(&mut connection, &[Seen::Request(1), Seen::Request(2)]);
    assert!(connection.is_outstanding(id(1)) && connection.is_outstanding(id(2)));
}

#[test]
fn nothing_follows_an_unbind() {
    let mut connection = connection(&[delete(1), octets(2, &Request::Unbind), delete(3)]);
    check(&mut connection, &[Seen::Request(1), Seen::Unbind]);
    assert!(connection.is_closed() && !connection.wants_input());
    connection.feed(&delete(4));
    check(&mut connection, &[]);
}

#[test]
fn an_unreadable_body_is_refused_and_the_next_request_goes_on() {
    // A compare request without an assertion.
    let bad = b"\x30\x07\x02\x01\x01\x6E\x02\x04\x00".to_vec();
    let mut connection = connection(&[bad, delete(2)]);
    assert_eq!(
        connection.next_event(),
        Some(Event::Refuse {
            id: id(1),
            response: ResponseKind::Compare,
            refusal: Refusal::Malformed(Malformed::Truncated),
        })
    );
    check(&mut connection, &[Seen::Request(2)]);
    assert!(!connection.is_outstanding(id(1)));
}

#[track_caller]
fn check_disconnect(input: &[u8], violation: Violation) {
    let mut connection = connection(&[input.to_vec(), delete(9)]);
    check(&mut connection, &[Seen::Disconnect(violation)]);
    assert!(connection.is_closed());
}

#[test]
fn an_unreadable_envelope_ends_the_connection() {
    check_disconnect(b"\x30\x05\x02\x01\x00\x42\x00", Violation::Envelope(Malformed::MessageId));
    check_disconnect(
        b"\x30\x05\x02\x01\x01\x61\x00",
        Violation::Envelope(Malformed::UnknownOperation(crate::ber::Tag(0x61))),
    );
    check_disconnect(b"\x30\x03\x02\x01\x01", Violation::Envelope(Malformed::Truncated));
    check_disconnect(b"\x16\x03\x01", Violation::Frame(FrameError::NotAMessage(crate::ber::Tag(0x16))));
}

#[test]
fn a_long_message_needs_somebody_who_signed_in() {
    let long = octets(1, &Request::Delete(DeleteRequest { entry: &"x".repeat(MESSAGE_OCTETS_UNAUTHENTICATED_MAX) }));
    let mut anonymous = connection(std::slice::from_ref(&long));
    assert!(matches!(event(&mut anonymous), Some(Seen::Disconnect(Violation::Frame(FrameError::TooLarge { .. })))));
    let mut signed_in = connection(&[long]);
    signed_in.set_authenticated(true);
    check(&mut signed_in, &[Seen::Request(1)]);
}

#[test]
fn nobody_sends_a_message_above_the_greatest_limit() {
    let mut connection = Connection::in_clear(Limits::default());
    connection.set_authenticated(true);
    connection.feed(b"\x30\x84\x01\x00\x00\x00");
    assert!(matches!(event(&mut connection), Some(Seen::Disconnect(Violation::Frame(FrameError::TooLarge { .. })))));
}

#[test]
fn requests_wait_for_a_free_place_but_an_abandon_does_not() {
    let mut connection = Connection::in_clear(Limits { outstanding_requests_max: 2, ..Limits::default() });
    connection.feed(&[delete(1), delete(2), abandon(3, 1), delete(4), delete(5)].concat());
    check(&mut connection, &[Seen::Request(1), Seen::Request(2), Seen::Abandon(1)]);
    connection.finish(id(1));
    check(&mut connection, &[Seen::Request(4)]);
    connection.finish(id(2));
    check(&mut connection, &[Seen::Request(5)]);
}

#[test]
fn a_limit_of_no_operations_still_lets_one_run() {
    let mut connection = Connection::in_clear(Limits { outstanding_requests_max: 0, ..Limits::default() });
    connection.feed(&delete(1));
    check(&mut connection, &[Seen::Request(1)]);
}

#[test]
fn reading_ahead_is_bounded_while_messages_wait() {
    let mut connection = connection(&[bind(1)]);
    check(&mut connection, &[Seen::Request(1)]);
    let mut number = 1;
    while connection.wants_input() {
        number += 1;
        connection.feed(&delete(number));
    }
    let waiting = connection.input.unread().len();
    assert!((READ_AHEAD_OCTETS_MAX..READ_AHEAD_OCTETS_MAX + 64).contains(&waiting));
    connection.finish(id(1));
    while let Some(seen) = event(&mut connection) {
        let Seen::Request(number) = seen else {
            panic!("only requests were sent: {seen:?}");
        };
        connection.finish(id(number));
    }
    assert!(connection.wants_input());
}

#[test]
fn a_message_longer_than_the_read_ahead_is_still_read() {
    let long = octets(1, &Request::Delete(DeleteRequest { entry: &"x".repeat(READ_AHEAD_OCTETS_MAX * 2) }));
    let mut connection = Connection::in_clear(Limits::default());
    for chunk in long.chunks(1000) {
        assert!(connection.wants_input());
        connection.feed(chunk);
    }
    check(&mut connection, &[Seen::Request(1)]);
}

#[test]
fn start_tls_runs_alone_and_ends_in_tls() {
    let mut connection = connection(&[start_tls(1)]);
    check(&mut connection, &[Seen::Request(1)]);
    assert!(!connection.wants_input());
    assert_eq!(connection.tls_started(), Ok(()));
    assert!(connection.is_tls() && connection.wants_input());
    assert!(connection.outstanding().is_empty());
    connection.feed(&delete(2));
    check(&mut connection, &[Seen::Request(2)]);
}

#[test]
fn a_refused_start_tls_leaves_the_connection_in_the_clear() {
    let mut connection = connection(&[start_tls(1)]);
    check(&mut connection, &[Seen::Request(1)]);
    connection.finish(id(1));
    assert!(!connection.is_tls());
    connection.feed(&delete(2));
    check(&mut connection, &[Seen::Request(2)]);
}

#[test]
fn start_tls_is_refused_while_operations_run() {
    let mut connection = connection(&[delete(1), start_tls(2)]);
    check(&mut connection, &[Seen::Request(1), Seen::Refuse(2, Refusal::OperationsOutstanding)]);
    assert_eq!(Refusal::OperationsOutstanding.result_code(), ResultCode::OperationsError);
}

#[test]
fn start_tls_is_refused_under_tls() {
    let mut connection = Connection::over_tls(Limits::default());
    connection.feed(&start_tls(1));
    check(&mut connection, &[Seen::Refuse(1, Refusal::TlsActive)]);
}

#[test]
fn start_tls_has_no_value() {
    let request = Request::Extended(ExtendedRequest { name: start_tls::OID, value: Some(b"x") });
    let mut connection = connection(&[octets(1, &request)]);
    check(&mut connection, &[Seen::Refuse(1, Refusal::Malformed(Malformed::ValueUnexpected))]);
}

#[test]
fn octets_in_the_clear_after_start_tls_end_the_connection() {
    // An attacker between client and server appends a request of his own, to be run as if it came under TLS.
    let mut together = connection(&[start_tls(1), delete(2)]);
    check(&mut together, &[Seen::Disconnect(Violation::PlaintextAfterStartTls)]);
    let mut later = connection(&[start_tls(1)]);
    check(&mut later, &[Seen::Request(1)]);
    later.feed(&delete(2));
    check(&mut later, &[]);
    assert_eq!(later.tls_started(), Err(Violation::PlaintextAfterStartTls));
    assert!(later.is_closed() && !later.is_tls());
}

#[test]
fn operations_may_finish_after_the_connection_closed() {
    let mut connection = connection(&[delete(1)]);
    check(&mut connection, &[Seen::Request(1)]);
    connection.close();
    connection.finish(id(1));
    assert!(connection.outstanding().is_empty() && connection.is_closed());
}
