//! What a session survives and what ends it.

use std::sync::Arc;

use bailiwick_accounts::SPACES;
use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::session::{Binding, Found, Lifetimes, NewSession, Session, SessionId, Sessions};
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{KEY_OCTETS, Vault};
use bailiwick_domain::{Context, Limits, Requester};
use bailiwick_store::{Memory, Store};

const START: FileTime = FileTime(133_000_000_000_000_000);

fn after(seconds: u64) -> FileTime {
    START.after(Interval::from_seconds(seconds))
}

fn open(store: &Arc<dyn Store>) -> Sessions {
    Sessions::open(Arc::clone(store), Vault::new(&[7; KEY_OCTETS]), Lifetimes::default()).unwrap()
}

fn store() -> Arc<dyn Store> {
    Arc::new(Memory::open(SPACES))
}

fn new(subject: Subject) -> NewSession<'static> {
    NewSession {
        subject,
        name: "EXAMPLE\\ada",
        stamp: 5,
        application: "webui",
        is_long: false,
        token: Some("token"),
        binding: None,
    }
}

fn begin(sessions: &Sessions, new: NewSession<'_>, salt: u8, now: FileTime) -> SessionId {
    let requester = Requester::system();
    let random = move |octets: &mut [u8]| {
        for (at, octet) in octets.iter_mut().enumerate() {
            *octet = salt.wrapping_add(at as u8);
        }
    };
    let context = Context { requester: &requester, now, random: &random, limits: Limits::default(), request_id: 1 };
    sessions.begin(&context, new).unwrap()
}

fn is_live(sessions: &Sessions, id: &SessionId, now: FileTime) -> bool {
    matches!(sessions.find(id.expose(), now), Found::Live(_))
}

fn bound() -> NewSession<'static> {
    let binding = Binding { handshake_hash: [1; 64], key: zeroize::Zeroizing::new([2; 32]) };
    NewSession { binding: Some(binding), ..new(Subject::Host(1026)) }
}

fn found(sessions: &Sessions, id: &SessionId) -> Session {
    match sessions.find(id.expose(), START) {
        Found::Live(session) => *session,
        other => panic!("{other:?}"),
    }
}

#[test]
fn after_an_orderly_end_every_nonce_counts_that_was_not_used() {
    let store = store();
    let sessions = open(&store);
    let id = begin(&sessions, bound(), 0, START);
    assert!((0..200).all(|nonce| sessions.use_nonce(&found(&sessions, &id), nonce)));
    drop(sessions);
    let sessions = open(&store);
    let session = found(&sessions, &id);
    assert!((0..200).all(|nonce| !sessions.use_nonce(&session, nonce)));
    assert!((200..400).all(|nonce| sessions.use_nonce(&session, nonce)));
}

#[test]
fn after_a_crash_no_nonce_counts_twice_and_soon_new_ones_do() {
    for used in [0, 1, 64, 65, 66, 200, 1000] {
        let store = store();
        let crashed = open(&store);
        let id = begin(&crashed, bound(), 0, START);
        assert!((0..used).all(|nonce| crashed.use_nonce(&found(&crashed, &id), nonce)));
        // Nothing of the first process gets to the file any more.
        std::mem::forget(crashed);
        let sessions = open(&store);
        let session = found(&sessions, &id);
        assert!((0..used).all(|nonce| !sessions.use_nonce(&session, nonce)), "{used}");
        assert!(sessions.use_nonce(&session, used + 130), "{used}");
    }
}

#[test]
fn a_session_survives_a_restart_with_its_token_and_its_key() {
    let store = store();
    let id = begin(&open(&store), bound(), 0, START);
    assert_eq!(id.expose().len(), 86);
    let sessions = open(&store);
    let Found::Live(session) = sessions.find(id.expose(), after(60)) else { panic!("it goes on") };
    assert_eq!((session.subject, &*session.name, session.stamp), (Subject::Host(1026), "EXAMPLE\\ada", 5));
    assert!(session.has_token() && session.is_token("token") && !session.is_token("Token"));
    let binding = session.binding.as_ref().unwrap();
    assert_eq!((binding.handshake_hash, *binding.key), ([1; 64], [2; 32]));
    assert!(sessions.use_nonce(&session, 0) && !sessions.use_nonce(&session, 0));
}

#[test]
fn nothing_in_the_file_lets_anybody_go_on() {
    let store = store();
    let binding = Binding { handshake_hash: [1; 64], key: zeroize::Zeroizing::new([b'k'; 32]) };
    let id = begin(&open(&store), NewSession { binding: Some(binding), ..new(Subject::Host(1)) }, 0, START);
    let space = *SPACES.iter().find(|space| space.0 == "session").unwrap();
    let read = store.read().unwrap();
    let (key, value) = read.first_at_or_after(space, &[]).unwrap().unwrap();
    let text = String::from_utf8_lossy(value).into_owned();
    assert!(!text.contains(id.expose()) && !text.contains("\"token\":\"token\"") && !text.contains("kkkk"));
    assert_ne!(key, id.expose().as_bytes());
}

#[test]
fn a_session_ends_unused_and_ends_at_last_however_it_is_used() {
    let sessions = open(&store());
    let id = begin(&sessions, new(Subject::Host(1)), 0, START);
    assert!(is_live(&sessions, &id, after(14 * 60)));
    assert!(is_live(&sessions, &id, after(28 * 60)));
    assert!(matches!(sessions.find(id.expose(), after(43 * 60)), Found::Expired));
    let id = begin(&sessions, NewSession { is_long: true, ..new(Subject::Host(1)) }, 100, START);
    let day = 24 * 60 * 60;
    for days in 0..30 {
        assert!(is_live(&sessions, &id, after(days * day)), "{days}");
    }
    assert!(!is_live(&sessions, &id, after(30 * day)));
    assert!(matches!(sessions.find("nothing", START), Found::Unknown));
}

#[test]
fn one_that_ran_out_is_forgotten_after_an_hour() {
    let sessions = open(&store());
    let id = begin(&sessions, new(Subject::Host(1)), 0, START);
    begin(&sessions, new(Subject::Host(2)), 50, after(74 * 60));
    assert!(matches!(sessions.find(id.expose(), after(74 * 60)), Found::Expired));
    begin(&sessions, new(Subject::Host(2)), 100, after(76 * 60));
    assert!(matches!(sessions.find(id.expose(), after(76 * 60)), Found::Unknown));
}

#[test]
fn the_last_use_is_written_now_and_then() {
    let store = store();
    let sessions = open(&store);
    let id = begin(&sessions, new(Subject::Host(1)), 0, START);
    assert!(is_live(&sessions, &id, after(10 * 60)));
    assert!(is_live(&open(&store), &id, after(24 * 60)));
}

#[test]
fn sessions_end_one_by_one_or_all_of_an_account_but_one() {
    let store = store();
    let sessions = open(&store);
    let ids: Vec<_> =
        (0..4).map(|salt| begin(&sessions, new(Subject::Host(salt / 3)), salt as u8 * 60, START)).collect();
    assert!(sessions.end(ids[0].expose()).unwrap() && !sessions.end(ids[0].expose()).unwrap());
    let Found::Live(kept) = sessions.find(ids[1].expose(), START) else { panic!("it goes on") };
    assert_eq!(sessions.end_all_of(Subject::Host(0), Some(kept.as_ref())).unwrap(), 1);
    for sessions in [sessions, open(&store)] {
        let live: Vec<_> = ids.iter().map(|id| is_live(&sessions, id, START)).collect();
        assert_eq!(live, [false, true, false, true]);
    }
}
