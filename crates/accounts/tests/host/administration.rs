//! Requests of the owner: performed, noted, and in their form for the socket.

use bailiwick_accounts::administration::second_factor::{self, Status};
use bailiwick_accounts::administration::{
    ANSWER_OCTETS_MAX, Answer, REQUEST_OCTETS_MAX, Refusal, Request, Secret, parse_result, perform, to_octets,
};
use bailiwick_accounts::audit::Record;
use bailiwick_domain::Face;
use proptest::prelude::*;

use crate::{Heard, Host, NOON};

const ADA: &str = "S-1-5-21-1-2-3-1104";

/// Sends the request there and the result back, as over a socket.
fn ask(host: &Host, heard: &Heard, request: second_factor::Request) -> Result<second_factor::Answer, Refusal> {
    let request = Request::parse(&Request::SecondFactor(request).to_octets()).unwrap();
    let result = perform(&host.accounts, &host.at(NOON), heard, Face::Ldap, request);
    parse_result(&to_octets(&result)).unwrap().map(|answer| match answer {
        Answer::SecondFactor(answer) => answer,
        answer => panic!("another question's answer: {answer:?}"),
    })
}

fn enrol() -> second_factor::Request {
    second_factor::Request::Enrol {
        subject: ADA.parse().unwrap(),
        issuer: "example.com".into(),
        account: "ada@example.com".into(),
    }
}

#[test]
fn what_changes_something_is_noted_without_its_secrets() {
    let (host, heard) = (Host::new(), Heard::default());
    let subject = ADA.parse().unwrap();
    let Ok(second_factor::Answer::Enrolled { seed, uri, recovery_codes }) = ask(&host, &heard, enrol()) else {
        panic!("enrolled")
    };
    assert!(uri.expose().contains(seed.expose()) && recovery_codes.len() > 1);
    let confirm = second_factor::Request::Confirm { subject, code: Secret::new("no code") };
    assert_eq!(ask(&host, &heard, confirm).map(drop), Err(Refusal::SecondFactor(second_factor::Refusal::WrongCode)));
    let status = ask(&host, &heard, second_factor::Request::Status { subject });
    assert!(matches!(status, Ok(second_factor::Answer::Status(Status::Pending { since: NOON }))));
    assert!(ask(&host, &heard, second_factor::Request::Remove { subject }).is_ok());
    assert!(ask(&host, &heard, second_factor::Request::Remove { subject }).is_err());
    let events = heard.0.into_inner().unwrap();
    let records: Vec<Record> = events.iter().map(Record::of).collect();
    let noted: Vec<_> =
        records.iter().map(|record| (record.use_case.as_deref().unwrap(), record.result.as_str())).collect();
    assert_eq!(
        noted,
        [
            ("second-factor.enrol", "success"),
            ("second-factor.confirm", "sign-in:wrong-code"),
            ("second-factor.remove", "success"),
            ("second-factor.remove", "no-such-object"),
        ]
    );
    assert!(records.iter().all(|record| record.object.as_ref().is_some_and(|object| object.name == ADA)));
    let all = format!("{events:?}");
    assert!(!all.contains(seed.expose()) && !all.contains(recovery_codes[0].expose()) && !all.contains("no code"));
}

#[test]
fn requests_and_answers_do_not_print_their_secrets() {
    let (host, heard) = (Host::new(), Heard::default());
    let answer = ask(&host, &heard, enrol());
    let Ok(second_factor::Answer::Enrolled { seed, .. }) = &answer else { panic!("enrolled") };
    assert!(!format!("{answer:?}").contains(seed.expose()));
}

#[test]
fn the_form_for_the_socket_stays_as_it_is() {
    let octets = br#"{"second-factor":{"confirm":{"subject":"uid:1026","code":"492039"}}}"#;
    assert_eq!(Request::parse(octets).unwrap().to_octets(), octets);
    let status = Answer::SecondFactor(second_factor::Answer::Status(Status::Active { since: 5, recovery_codes: 7 }));
    assert_eq!(
        String::from_utf8(to_octets(&Ok(status))).unwrap(),
        r#"{"Ok":{"second-factor":{"status":{"state":"active","since":5,"recovery-codes":7}}}}"#
    );
    let refusal = Refusal::SecondFactor(second_factor::Refusal::NotEnrolled);
    assert_eq!(String::from_utf8(to_octets(&Err(refusal))).unwrap(), r#"{"Err":{"second-factor":"not-enrolled"}}"#);
}

#[test]
fn an_answer_that_is_too_long_becomes_a_refusal() {
    let refusal = Err(Refusal::Unavailable { reason: "x".repeat(ANSWER_OCTETS_MAX) });
    assert!(matches!(parse_result(&to_octets(&refusal)), Ok(Err(Refusal::TooLong))));
    assert!(parse_result(&vec![b' '; ANSWER_OCTETS_MAX + 1]).is_err());
}

#[test]
fn what_is_too_long_or_no_request_is_not_read() {
    let octets = Request::SecondFactor(second_factor::Request::Enrol {
        subject: ADA.parse().unwrap(),
        issuer: "x".repeat(REQUEST_OCTETS_MAX),
        account: String::new(),
    })
    .to_octets();
    assert!(Request::parse(&octets).is_err());
    for octets in [&b""[..], b"{}", b"null", br#"{"second-factor":{"confirm":{"subject":"ada","code":""}}}"#] {
        assert!(Request::parse(octets).is_err());
    }
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (Request::parse(&octets).is_ok(), parse_result(&octets).is_ok());
    }
}
