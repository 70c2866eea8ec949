//! Tokens: who may use them, and until when.

use bailiwick_accounts::Accounts;
use bailiwick_accounts::administration::token::{Answer, Refusal as TokenRefusal, Request as TokenRequest};
use bailiwick_accounts::administration::{self, Answer as Any, Refusal, Request};
use bailiwick_accounts::token::{NOTE_CHARACTERS_MAX, NewToken, Scope};
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_domain::Face;

use crate::{Heard, Host, NOON, open};

const ADA: &str = "S-1-5-21-1-2-3-1104";

fn time(unix_seconds: i64) -> FileTime {
    FileTime::from_unix_seconds(unix_seconds)
}

fn make(host: &Host, expires: Option<i64>) -> String {
    let new = NewToken {
        subject: ADA.parse().unwrap(),
        account: "CN=Ada",
        note: "a test",
        scopes: "rest:search".parse().unwrap(),
        expires: expires.map(time),
    };
    host.accounts.tokens.create(&host.at(NOON), &new).unwrap().1.to_string()
}

fn is_good(accounts: &Accounts, text: &str, at: i64) -> bool {
    accounts.tokens.verify(text, time(at)).unwrap().is_some()
}

#[test]
fn a_token_is_good_until_it_ends_or_is_revoked() {
    let host = Host::new();
    let (ending, lasting) = (make(&host, Some(NOON + 60)), make(&host, None));
    assert!(is_good(&host.accounts, &ending, NOON + 59) && !is_good(&host.accounts, &ending, NOON + 60));
    let found = host.accounts.tokens.verify(&lasting, time(NOON * 2)).unwrap().expect("it never ends");
    assert_eq!((found.subject, found.account.as_str()), (ADA.parse().unwrap(), "CN=Ada"));
    assert!(found.scopes.contains(Scope::Search) && !found.scopes.contains(Scope::Edit));
    assert!(host.accounts.tokens.revoke(found.id).unwrap() && !host.accounts.tokens.revoke(found.id).unwrap());
    assert!(!is_good(&host.accounts, &lasting, NOON));
}

#[test]
fn another_secret_under_the_same_id_is_no_token() {
    let host = Host::new();
    let text = make(&host, None);
    let last = if text.ends_with('A') { "Q" } else { "A" };
    assert!(!is_good(&host.accounts, &format!("{}{last}", &text[..text.len() - 1]), NOON));
    assert!(!is_good(&host.accounts, &make(&Host::new(), None), NOON) || text.is_empty());
    assert!(!is_good(&host.accounts, "", NOON));
}

#[test]
fn a_last_use_is_told_at_once_and_written_by_flush() {
    let host = Host::new();
    let text = make(&host, None);
    let last = |accounts: &Accounts| accounts.tokens.list().unwrap()[0].last_used;
    assert_eq!(last(&host.accounts), None);
    assert!(is_good(&host.accounts, &text, NOON + 5));
    assert_eq!(last(&host.accounts), Some(time(NOON + 5)));
    assert_eq!(last(&open(&host.store, 1)), None, "it is in memory only");
    host.accounts.tokens.flush().unwrap();
    assert_eq!(last(&open(&host.store, 1)), Some(time(NOON + 5)));
    // A token that is revoked before its use is written is not brought back.
    assert!(is_good(&host.accounts, &text, NOON + 6));
    host.accounts.tokens.revoke(host.accounts.tokens.list().unwrap()[0].id).unwrap();
    host.accounts.tokens.flush().unwrap();
    assert!(host.accounts.tokens.list().unwrap().is_empty());
}

#[test]
fn the_owner_makes_and_revokes_tokens_and_the_audit_hears_of_it() {
    let (host, heard) = (Host::new(), Heard::default());
    let ask = |request: TokenRequest| -> Result<Answer, Refusal> {
        let request = Request::parse(&Request::Token(request).to_octets()).unwrap();
        let result = administration::perform(&host.accounts, &host.at(NOON), &heard, Face::Ldap, request);
        match administration::parse_result(&administration::to_octets(&result)).unwrap()? {
            Any::Token(answer) => Ok(answer),
            other => panic!("{other:?}"),
        }
    };
    let create = |scopes: &str, note: &str| TokenRequest::Create {
        subject: ADA.parse().unwrap(),
        account: "CN=Ada".into(),
        note: note.into(),
        scopes: scopes.into(),
        expires: None,
    };
    let refused = |request| ask(request).map(drop).unwrap_err();
    assert_eq!(refused(create("rest:fly", "")), Refusal::Token(TokenRefusal::UnknownScope));
    assert_eq!(refused(create("", "")), Refusal::Token(TokenRefusal::UnknownScope));
    assert_eq!(refused(create("rest", &"x".repeat(NOTE_CHARACTERS_MAX + 1))), Refusal::Token(TokenRefusal::LongNote));
    let Ok(Answer::Created { text, token }) = ask(create("rest", "")) else { panic!("it is made") };
    assert!(is_good(&host.accounts, text.expose(), NOON));
    let Ok(Answer::Listed(listed)) = ask(TokenRequest::List) else { panic!("a list") };
    assert_eq!((listed.len(), listed[0].id.as_str(), listed[0].scopes.as_str()), (1, token.id.as_str(), "rest"));
    assert!(matches!(ask(TokenRequest::Revoke { id: token.id.clone() }), Ok(Answer::Revoked)));
    assert_eq!(refused(TokenRequest::Revoke { id: token.id }), Refusal::Token(TokenRefusal::NoSuchToken));
    let events = heard.0.lock().unwrap();
    assert_eq!(events.len(), 6, "a list is not noted");
    assert!(!format!("{events:?}").contains(text.expose()));
}
