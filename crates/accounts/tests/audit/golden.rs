//! The kept form of every kind of event. A line of `golden.jsonl` that changes is a change of what lies on disks:
//! fields may be added, and anything else needs a new version.

use bailiwick_accounts::audit::{Moment, ParseError, Record, VERSION};
use bailiwick_adtypes::guid::Guid;
use bailiwick_adtypes::modification::{Attribute, Modification, Operation};
use bailiwick_domain::{
    Action, AttributeFault, Error, Event, Face, Object, Refusal, Requester, SignInFailure, Written,
};

use crate::{NOON, ada, event, failed_sign_in, sign_in, stranger};

const GOLDEN: &str = include_str!("golden.jsonl");

fn object(guid: bool) -> Object {
    Object { name: "CN=Bob,CN=Users,DC=example,DC=com".into(), guid: guid.then(|| Guid::from_u128(0xB0B)) }
}

fn conceals(name: &str) -> bool {
    name.eq_ignore_ascii_case("unicodePwd")
}

fn modification(operation: Operation, attribute: &str, values: &[&[u8]]) -> Modification {
    Modification { operation, attribute: attribute.into(), values: values.iter().map(|value| value.to_vec()).collect() }
}

fn events() -> Vec<Event> {
    let attributes = [
        Attribute { name: "objectClass".into(), values: vec![b"user".to_vec()] },
        Attribute { name: "unicodePwd".into(), values: vec![b"Written-Walrus-58".to_vec()] },
        Attribute { name: "thumbnailPhoto".into(), values: vec![vec![0xFF, 0xD8, 0xFF]] },
        Attribute { name: "description".into(), values: vec![b"one of ten".to_vec(); 10] },
        Attribute { name: "info".into(), values: vec![b"x".repeat(300)] },
    ];
    let modifications = [
        modification(Operation::Replace, "mail", &[b"bob@example.com"]),
        modification(Operation::Delete, "description", &[]),
        modification(Operation::Add, "unicodePwd", &[b"Written-Walrus-58"]),
    ];
    let written = |modifications: &[Modification]| Written::of_modifications(modifications, &conceals);
    let many: Vec<_> = (0..70).map(|_| modification(Operation::Add, "member", &[])).collect();
    vec![
        sign_in(NOON),
        failed_sign_in(NOON, "EXAMPLE\\ada"),
        event(
            NOON,
            stranger(),
            Action::SignIn { name: "ada".into(), account: None },
            Err(Error::Refused(Refusal::ConfidentialityRequired)),
        ),
        event(
            NOON,
            ada(),
            Action::Add { object: object(true), written: Written::of_attributes(&attributes, &conceals) },
            Ok(()),
        ),
        event(NOON, ada(), Action::Modify { object: object(true), written: written(&modifications) }, Ok(())),
        event(
            NOON,
            ada(),
            Action::Modify { object: object(false), written: written(&many[..1]) },
            Err(Error::attribute("member", AttributeFault::NoSuchTarget)),
        ),
        Event {
            face: Face::Shell,
            request_id: 0,
            ..event(
                NOON,
                Requester::system(),
                Action::Modify { object: object(true), written: Written { attributes: Vec::new(), omitted: 6 } },
                Ok(()),
            )
        },
        event(
            NOON,
            ada(),
            Action::Rename { object: object(true), new_rdn: "CN=Robert".into(), new_superior: None },
            Ok(()),
        ),
        event(
            NOON,
            ada(),
            Action::Rename {
                object: object(false),
                new_rdn: "CN=Bob".into(),
                new_superior: Some("OU=Sales,DC=example,DC=com".into()),
            },
            Err(Error::InsufficientRights),
        ),
        event(NOON, ada(), Action::Delete { object: object(true), tree: false }, Ok(())),
        event(NOON, ada(), Action::Delete { object: object(true), tree: true }, Ok(())),
        event(
            NOON,
            Requester::system(),
            Action::Administer { use_case: "second-factor.confirm", subject: "S-1-5-21-1-2-3-1104".into() },
            Err(Error::SignIn(SignInFailure::WrongCode)),
        ),
    ]
}

#[test]
fn every_kind_of_event_is_kept_in_its_form() {
    let mut records: Vec<Record> = events().iter().map(Record::of).collect();
    records.push(Record::lost(Moment(NOON), 12));
    let kept: Vec<String> = records.iter().map(|record| String::from_utf8(record.to_octets()).unwrap()).collect();
    let golden: Vec<&str> = GOLDEN.lines().collect();
    for (kept, golden) in kept.iter().zip(&golden) {
        assert_eq!(kept, golden);
    }
    assert_eq!(kept.len(), golden.len(), "all of them:\n{}", kept.join("\n"));
    for (line, record) in golden.iter().zip(records) {
        assert_eq!(Record::parse(line.as_bytes()), Ok(record));
    }
}

#[test]
fn no_secret_is_kept() {
    assert!(GOLDEN.contains("unicodePwd") && !GOLDEN.contains("Walrus"));
}

#[test]
fn unknown_fields_are_passed_over_and_unknown_versions_refused() {
    let line = GOLDEN.lines().next().unwrap();
    let more = line.replacen('{', r#"{"weather":"fine","#, 1);
    assert_eq!(Record::parse(more.as_bytes()), Record::parse(line.as_bytes()));
    let newer = line.replacen(r#""version":1"#, r#""version":2"#, 1);
    assert_eq!(Record::parse(newer.as_bytes()), Err(ParseError::NewerVersion { found: VERSION + 1 }));
    assert_eq!(Record::parse(b"{}"), Err(ParseError::Form));
    assert_eq!(Record::parse(&[0xFF; 8]), Err(ParseError::Form));
    assert_eq!(Record::parse(&vec![b' '; (1 << 20) + 1]), Err(ParseError::TooLong));
}
