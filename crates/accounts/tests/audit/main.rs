//! The audit through its public face: events in, records out.

mod golden;
mod retention;
mod search;

use std::sync::Arc;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::{Account, Action, Error, Event, Face, Identity, Protection, Requester, SignInFailure};

/// 2026-11-22T05:36:20Z.
pub(crate) const NOON: FileTime = FileTime::from_unix_seconds(1_795_325_780);

/// Ada, from her desk.
pub(crate) fn ada() -> Requester {
    Requester {
        identity: Identity::Account {
            sid: "S-1-5-21-1-2-3-1104".parse().unwrap(),
            groups: [].into(),
            name: "EXAMPLE\\ada".into(),
        },
        address: Some("192.0.2.7".parse().unwrap()),
        protection: Protection::Encrypted,
    }
}

pub(crate) fn event(at: FileTime, requester: Requester, action: Action, result: Result<(), Error>) -> Event {
    Event { at, request_id: 7, face: Face::Ldap, requester, action, result }
}

/// Ada signs in.
pub(crate) fn sign_in(at: FileTime) -> Event {
    let account = Account { sid: "S-1-5-21-1-2-3-1104".parse().ok(), name: Arc::from("EXAMPLE\\ada") };
    event(at, stranger(), Action::SignIn { name: "ada@example.com".into(), account: Some(account) }, Ok(()))
}

/// Somebody does not.
pub(crate) fn failed_sign_in(at: FileTime, name: &str) -> Event {
    let action = Action::SignIn { name: name.into(), account: None };
    event(at, stranger(), action, Err(Error::SignIn(SignInFailure::WrongPassword)))
}

pub(crate) fn stranger() -> Requester {
    Requester::anonymous(Some("192.0.2.7".parse().unwrap()), Protection::Encrypted)
}
