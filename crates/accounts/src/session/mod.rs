//! Sessions of the web faces: who signed in, for how long, and what proves it. They survive a restart of the server.
//!
//! At rest a session's id and its token are digests, and its key is sealed in the vault: whoever reads the file cannot
//! go on with anybody's session. All of them are in memory; the file gets a session when it begins and ends, and its
//! last use now and then. The nonces of a bound session are written ahead of their use, so that none counts twice,
//! however the server ended.

mod nonces;
mod record;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{NONCE_OCTETS, Vault};
use bailiwick_domain::Context;
use bailiwick_store::{Error as StoreError, Space, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::second_factor::Subject;
use nonces::Nonces;
use record::Record;

/// Sessions by the digest of their ids.
pub(crate) const SESSION: Space = Space("session");

/// Octets of a session id before they are written as text: 86 characters.
const ID_OCTETS: usize = 64;
/// The longest text that is looked up as an id.
const ID_CHARACTERS_MAX: usize = 256;
/// Octets of a digest.
const DIGEST_OCTETS: usize = 32;
/// How long a session that has run out is still known as one.
const REMEMBERED_AFTER_END: Interval = Interval::from_seconds(60 * 60);
/// How old the last use in the file may get.
const FLUSH_INTERVAL: Interval = Interval::from_seconds(60);
/// How many nonces of a bound session are written as used before they are. After an orderly end the file says exactly
/// which were; after a crash those that were written ahead do not count any more.
const NONCES_AHEAD: u64 = 64;
/// The most sessions of one account; the one unused for longest ends when there are more.
const SESSIONS_PER_ACCOUNT_MAX: usize = 256;
/// The most sessions of all accounts.
const SESSIONS_MAX: usize = 65_536;
/// What the key of a session is sealed for; the digest follows.
const PURPOSE: &[u8] = b"session ";

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without use.
    pub idle_max: Interval,
    /// Without use, for one that was asked to stay.
    pub idle_long_max: Interval,
    /// From its beginning, used or not.
    pub absolute_max: Interval,
}

impl Default for Lifetimes {
    /// A quarter of an hour, a week, and thirty days.
    fn default() -> Lifetimes {
        Lifetimes {
            idle_max: Interval::from_seconds(15 * 60),
            idle_long_max: Interval::from_days(7),
            absolute_max: Interval::from_days(30),
        }
    }
}

/// What a new session is to be.
#[derive(Debug)]
pub struct NewSession<'s> {
    /// Whose it is.
    pub subject: Subject,
    /// The account's name at the time, for people to read.
    pub name: &'s str,
    /// What changes with the account's password: a session of another stamp is over.
    pub stamp: i64,
    /// The application that it was begun for, as the client says.
    pub application: &'s str,
    /// It is to stay for long without use.
    pub is_long: bool,
    /// The text that requests must show beside the id; none when the client asked for none.
    pub token: Option<&'s str>,
    /// The key that requests prove to have.
    pub binding: Option<Binding>,
}

/// What binds requests to the client that signed in: the outcome of a key exchange.
#[derive(Clone)]
pub struct Binding {
    /// The hash of the exchange, which the client knows too.
    pub handshake_hash: [u8; 64],
    /// The key of the way from the client to here.
    pub key: Zeroizing<[u8; 32]>,
}

/// A session as it was found.
#[derive(Clone, Debug)]
pub struct Session {
    key: Key,
    /// Whose it is.
    pub subject: Subject,
    /// The account's name when it began.
    pub name: Arc<str>,
    /// The stamp of the password it was begun with.
    pub stamp: i64,
    /// The application it was begun for.
    pub application: Arc<str>,
    /// When it began.
    pub since: FileTime,
    /// The key that requests prove to have.
    pub binding: Option<Arc<Binding>>,
    token: Option<[u8; DIGEST_OCTETS]>,
}

/// What an id is the id of.
#[derive(Debug)]
pub enum Found {
    /// A session that goes on, and was just used.
    Live(Box<Session>),
    /// A session that has run out not long ago.
    Expired,
    /// Nothing.
    Unknown,
}

/// The id of a session, which is all it takes to use it: never printed, never stored.
pub struct SessionId(Zeroizing<String>);

/// All sessions of the host.
pub struct Sessions {
    store: Arc<dyn Store>,
    vault: Vault,
    lifetimes: Lifetimes,
    live: Mutex<HashMap<Key, Live>>,
}

/// The digest of an id.
type Key = [u8; DIGEST_OCTETS];

struct Live {
    session: Session,
    is_long: bool,
    last_use: FileTime,
    last_use_written: FileTime,
    nonces: Nonces,
    /// The highest nonce that the file is to say was used, and the one that it is sure to say.
    nonces_ahead: Option<u64>,
    nonces_durable: Option<u64>,
    /// The binding as it lies in the file.
    sealed: Vec<u8>,
}

impl Sessions {
    /// The sessions in a store that was opened with [`crate::SPACES`]. Those that cannot be read any more, because the
    /// vault has another key, are over.
    ///
    /// # Errors
    /// The store's.
    pub fn open(store: Arc<dyn Store>, vault: Vault, lifetimes: Lifetimes) -> Result<Sessions, StoreError> {
        let mut live = HashMap::new();
        store.read()?.scan(SESSION, &[], None, &mut |key, octets| {
            if let Ok(key) = Key::try_from(key)
                && let Some(one) = Record::parse(octets).and_then(|record| Live::restored(&vault, key, record))
            {
                live.insert(key, one);
            }
            ControlFlow::Continue(())
        })?;
        Ok(Sessions { store, vault, lifetimes, live: Mutex::new(live) })
    }

    /// Lets sessions live so long, those that are there too.
    #[must_use]
    pub fn with_lifetimes(mut self, lifetimes: Lifetimes) -> Sessions {
        self.lifetimes = lifetimes;
        self
    }

    /// Begins a session; it is durable when this returns.
    ///
    /// # Errors
    /// The store's.
    pub fn begin(&self, context: &Context<'_>, new: NewSession<'_>) -> Result<SessionId, StoreError> {
        let mut octets = Zeroizing::new([0; ID_OCTETS]);
        (context.random)(octets.as_mut());
        let id = SessionId(Zeroizing::new(URL_SAFE_NO_PAD.encode(octets.as_slice())));
        let key = digest(id.expose());
        let mut nonce = [0; NONCE_OCTETS];
        (context.random)(&mut nonce);
        let sealed = new.binding.as_ref().map(|binding| self.vault.seal(nonce, &purpose(&key), &binding.to_octets()));
        let is_bound = new.binding.is_some();
        let one = Live {
            session: Session {
                key,
                subject: new.subject,
                name: new.name.into(),
                stamp: new.stamp,
                application: new.application.into(),
                since: context.now,
                binding: new.binding.map(Arc::new),
                token: new.token.map(digest),
            },
            is_long: new.is_long,
            last_use: context.now,
            last_use_written: context.now,
            nonces: Nonces::default(),
            nonces_ahead: is_bound.then_some(NONCES_AHEAD),
            nonces_durable: is_bound.then_some(NONCES_AHEAD),
            sealed: sealed.unwrap_or_default(),
        };
        let mut over = self.over(context.now);
        over.extend(self.crowded(new.subject));
        let octets = one.record().to_octets();
        self.store.transact(|transaction| {
            for key in &over {
                transaction.delete(SESSION, key)?;
            }
            transaction.put(SESSION, &key, &octets)
        })??;
        let mut live = self.live.lock();
        for key in over {
            live.remove(&key);
        }
        live.insert(key, one);
        Ok(id)
    }

    /// Finds a session by its id and notes that it was used. The time of use is written now and then; when that fails
    /// it stays in memory, and the next use tries again.
    pub fn find(&self, id: &str, now: FileTime) -> Found {
        if id.len() > ID_CHARACTERS_MAX {
            return Found::Unknown;
        }
        let key = digest(id);
        let mut live = self.live.lock();
        let Some(one) = live.get_mut(&key) else { return Found::Unknown };
        if now >= self.end_of(one) {
            return Found::Expired;
        }
        one.last_use = one.last_use.max(now);
        let session = one.session.clone();
        let is_due = one.last_use_written.after(FLUSH_INTERVAL) <= now;
        if is_due {
            one.last_use_written = one.last_use;
        }
        drop(live);
        if is_due {
            let _ = self.rewrite(&key);
        }
        Found::Live(Box::new(session))
    }

    /// Has a session go on although the password changed: it was changed in it.
    ///
    /// # Errors
    /// The store's; the session goes on in this process all the same.
    pub fn restamp(&self, session: &Session, stamp: i64) -> Result<(), StoreError> {
        let mut live = self.live.lock();
        let Some(one) = live.get_mut(&session.key) else { return Ok(()) };
        one.session.stamp = stamp;
        drop(live);
        self.rewrite(&session.key)
    }

    /// Uses up a nonce of a bound session; false when it was used before or is too old, and when it cannot be seen to
    /// that it is not used again after a restart. Now and then it waits for the disk.
    pub fn use_nonce(&self, session: &Session, nonce: u64) -> bool {
        let mut live = self.live.lock();
        let Some(one) = live.get_mut(&session.key) else { return false };
        if !one.nonces.use_up(nonce) {
            return false;
        }
        if one.nonces_durable.is_some_and(|durable| nonce <= durable) {
            return true;
        }
        let ahead = one.nonces_ahead.max(Some(nonce.saturating_add(NONCES_AHEAD)));
        one.nonces_ahead = ahead;
        drop(live);
        if self.rewrite(&session.key).is_err() {
            return false;
        }
        if let Some(one) = self.live.lock().get_mut(&session.key) {
            one.nonces_durable = one.nonces_durable.max(ahead);
        }
        true
    }

    /// Ends the session of an id. Says whether there was one.
    ///
    /// # Errors
    /// The store's; the session has ended in this process all the same.
    pub fn end(&self, id: &str) -> Result<bool, StoreError> {
        if id.len() > ID_CHARACTERS_MAX {
            return Ok(false);
        }
        self.remove(&[digest(id)]).map(|ended| ended > 0)
    }

    /// Ends a session that was found.
    ///
    /// # Errors
    /// As [`Sessions::end`].
    pub fn end_found(&self, session: &Session) -> Result<(), StoreError> {
        self.remove(&[session.key]).map(drop)
    }

    /// Ends all sessions of an account but the one to keep. Says how many there were.
    ///
    /// # Errors
    /// As [`Sessions::end`].
    pub fn end_all_of(&self, subject: Subject, keep: Option<&Session>) -> Result<usize, StoreError> {
        let keep = keep.map(|session| session.key);
        let live = self.live.lock();
        let of_subject = live.iter().filter(|(key, one)| one.session.subject == subject && Some(**key) != keep);
        let keys: Vec<Key> = of_subject.map(|(key, _)| *key).collect();
        drop(live);
        self.remove(&keys)
    }

    fn remove(&self, keys: &[Key]) -> Result<usize, StoreError> {
        let mut live = self.live.lock();
        let ended = keys.iter().filter(|key| live.remove(*key).is_some()).count();
        drop(live);
        if ended > 0 {
            self.store
                .transact(|transaction| keys.iter().try_for_each(|key| transaction.delete(SESSION, key).map(drop)))??;
        }
        Ok(ended)
    }

    /// Writes a session as it is when its turn comes, unless it has ended meanwhile: of two writes the later one says
    /// more.
    fn rewrite(&self, key: &Key) -> Result<(), StoreError> {
        self.store.transact(|transaction| {
            let octets = self.live.lock().get(key).map(|one| one.record().to_octets());
            match octets.filter(|_| transaction.get(SESSION, key).is_ok_and(|found| found.is_some())) {
                Some(octets) => transaction.put(SESSION, key, &octets),
                None => Ok(()),
            }
        })?
    }

    /// Writes what the file does not know yet: last uses, and which nonces were really used.
    fn flush(&self) -> Result<(), StoreError> {
        let mut live = self.live.lock();
        let mut written = Vec::new();
        for (key, one) in live.iter_mut() {
            let used = one.nonces.highest();
            if one.last_use_written != one.last_use || one.nonces_ahead != used {
                one.nonces_ahead = used;
                written.push((*key, one.record().to_octets()));
            }
        }
        drop(live);
        if written.is_empty() {
            return Ok(());
        }
        self.store.transact(|transaction| {
            written.iter().try_for_each(|(key, octets)| match transaction.get(SESSION, key)?.is_some() {
                true => transaction.put(SESSION, key, octets),
                false => Ok(()),
            })
        })?
    }

    fn end_of(&self, one: &Live) -> FileTime {
        let idle_max = if one.is_long { self.lifetimes.idle_long_max } else { self.lifetimes.idle_max };
        one.last_use.after(idle_max).min(one.session.since.after(self.lifetimes.absolute_max))
    }

    /// Sessions that nobody need remember any more.
    fn over(&self, now: FileTime) -> Vec<Key> {
        let live = self.live.lock();
        let is_over = |one: &Live| self.end_of(one).after(REMEMBERED_AFTER_END) <= now;
        live.iter().filter(|(_, one)| is_over(one)).map(|(key, _)| *key).collect()
    }

    /// Sessions that make room for another one of this account.
    fn crowded(&self, subject: Subject) -> Vec<Key> {
        let live = self.live.lock();
        let excess = |mut keys: Vec<(FileTime, Key)>, most: usize| {
            keys.sort_unstable();
            let excess = (keys.len() + 1).saturating_sub(most);
            keys.into_iter().take(excess).map(|(_, key)| key).collect::<Vec<_>>()
        };
        let of = |one: &(&Key, &Live)| (one.1.last_use, *one.0);
        let own = live.iter().filter(|(_, one)| one.session.subject == subject).map(|one| of(&one)).collect();
        let mut crowded = excess(own, SESSIONS_PER_ACCOUNT_MAX);
        if live.len() >= SESSIONS_MAX {
            crowded.extend(excess(live.iter().map(|one| of(&one)).collect(), SESSIONS_MAX));
        }
        crowded
    }
}

impl Drop for Sessions {
    /// An orderly end: nobody uses the sessions any more.
    fn drop(&mut self) {
        // What cannot be written counts as after a crash.
        let _ = self.flush();
    }
}

impl Session {
    /// Whether it was begun with a token, which requests then must show.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Whether a text is the session's token, in the same time wherever they differ.
    pub fn is_token(&self, text: &str) -> bool {
        self.token.is_some_and(|token| token.ct_eq(&digest(text)).into())
    }
}

impl Live {
    fn record(&self) -> Record {
        Record {
            subject: self.session.subject,
            name: self.session.name.to_string(),
            stamp: self.session.stamp,
            application: self.session.application.to_string(),
            is_long: self.is_long,
            since: self.session.since.0,
            last_use: self.last_use.0,
            token: self.session.token.map(|token| URL_SAFE_NO_PAD.encode(token)),
            binding: (!self.sealed.is_empty()).then(|| URL_SAFE_NO_PAD.encode(&self.sealed)),
            nonce_highest: self.nonces_ahead,
        }
    }

    fn restored(vault: &Vault, key: Key, record: Record) -> Option<Live> {
        let sealed = record.binding.map(|text| URL_SAFE_NO_PAD.decode(text)).transpose().ok()?.unwrap_or_default();
        let binding = match sealed.is_empty() {
            true => None,
            false => Some(Arc::new(Binding::from_octets(&vault.open(&purpose(&key), &sealed).ok()?)?)),
        };
        let token = match record.token {
            Some(text) => Some(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?),
            None => None,
        };
        let last_use = FileTime(record.last_use);
        Some(Live {
            session: Session {
                key,
                subject: record.subject,
                name: record.name.into(),
                stamp: record.stamp,
                application: record.application.into(),
                since: FileTime(record.since),
                binding,
                token,
            },
            is_long: record.is_long,
            last_use,
            last_use_written: last_use,
            nonces: Nonces::all_up_to(record.nonce_highest),
            nonces_ahead: record.nonce_highest,
            nonces_durable: record.nonce_highest,
            sealed,
        })
    }
}

impl Binding {
    fn to_octets(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.handshake_hash.as_slice(), self.key.as_slice()].concat())
    }

    fn from_octets(octets: &[u8]) -> Option<Binding> {
        let (hash, key) = octets.split_at_checked(64)?;
        Some(Binding { handshake_hash: hash.try_into().ok()?, key: Zeroizing::new(key.try_into().ok()?) })
    }
}

impl SessionId {
    /// The text, for the one client that it is for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionId(…)")
    }
}

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Binding(…)")
    }
}

fn digest(text: &str) -> Key {
    Sha256::digest(text.as_bytes()).into()
}

fn purpose(key: &Key) -> Vec<u8> {
    [PURPOSE, key.as_slice()].concat()
}
