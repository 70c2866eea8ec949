//! The outbox: letters on disk until a mail server took them, and for some time their slips.
//!
//! The text of a letter lies sealed in the file, and goes as soon as the letter is sent or given up.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_credential::{NONCE_OCTETS, Vault};
use bailiwick_store::{Error, ReadTransaction, Store, WriteTransaction};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{LETTER, Letter, NUMBER};
use crate::audit::Moment;

/// The most letters and slips in the outbox; a further letter is refused when no slip can go for it.
pub const LETTERS_MAX: usize = 10_000;
/// How often a letter is tried before it is given up.
pub const ATTEMPTS_MAX: u32 = 8;
/// How long the slip of a letter that was sent or given up is kept, in days.
pub const KEPT_DAYS_MAX: u64 = 30;
/// The longest reason of a failure that is kept.
pub const REASON_OCTETS_MAX: usize = 500;

/// How long to wait after the first failure, the second and so on, in seconds: about two days in all.
const PAUSES_SECONDS: [u64; ATTEMPTS_MAX as usize - 1] = [60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600];
/// The key of the number that was given last.
const LAST: &[u8] = b"last";
/// The version of what is kept of a letter.
const VERSION: u32 = 1;

/// The letters of a host.
#[derive(Clone)]
pub struct Outbox {
    store: Arc<dyn Store>,
    vault: Vault,
    bell: Arc<OnceLock<Bell>>,
}

/// Called when there is a letter to send.
type Bell = Box<dyn Fn() + Send + Sync>;

/// What is known of a letter without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Its number, never given twice.
    pub number: u64,
    /// The address it goes to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// When it was written.
    pub written: Moment,
    /// Where it is.
    pub state: State,
}

/// Where a letter is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum State {
    /// In the outbox.
    Waiting {
        /// How often it was tried.
        attempts: u32,
        /// When it is tried next.
        next: Moment,
        /// Why it failed last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// With a mail server.
    Sent {
        /// Since when.
        at: Moment,
    },
    /// Nowhere: it was tried often enough, or refused for good.
    GivenUp {
        /// Since when.
        at: Moment,
        /// Why.
        reason: String,
    },
}

/// How many letters are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the outbox.
    pub waiting: usize,
    /// With a mail server.
    pub sent: usize,
    /// Given up.
    pub given_up: usize,
}

/// What is to be sent now.
#[derive(Debug, Default)]
pub struct Due {
    /// Letters with their numbers, those that waited longest first.
    pub letters: Vec<(u64, Letter)>,
    /// When the next one of the others is due.
    pub next: Option<FileTime>,
}

/// The outbox cannot do what it was asked for.
#[derive(Debug)]
pub enum OutboxError {
    /// As many letters wait as there may be.
    Full,
    /// No letter has the number.
    NoSuchLetter,
    /// The letter's text is gone: it was sent, given up, or sealed with another key.
    NoText,
    /// The store failed.
    Store(Error),
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutboxError::Full => write!(f, "the outbox is full: {LETTERS_MAX} letters wait in it"),
            OutboxError::NoSuchLetter => f.write_str("no letter has this number"),
            OutboxError::NoText => f.write_str("the letter's text is gone"),
            OutboxError::Store(error) => write!(f, "the outbox cannot be reached: {error}"),
        }
    }
}

impl std::error::Error for OutboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OutboxError::Store(error) => Some(error),
            OutboxError::Full | OutboxError::NoSuchLetter | OutboxError::NoText => None,
        }
    }
}

impl From<Error> for OutboxError {
    fn from(error: Error) -> OutboxError {
        OutboxError::Store(error)
    }
}

/// A letter as it lies in the file.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    #[serde(flatten)]
    slip: Slip,
    /// The sealed text; none when it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl Outbox {
    /// The outbox in a store that was opened with [`crate::SPACES`].
    pub fn new(store: Arc<dyn Store>, vault: Vault) -> Outbox {
        Outbox { store, vault, bell: Arc::default() }
    }

    /// Has `ring` called, from the thread that wrote, whenever a letter becomes due. Only the first to ask is called.
    pub fn on_due(&self, ring: impl Fn() + Send + Sync + 'static) {
        let _ = self.bell.set(Box::new(ring));
    }

    fn ring(&self) {
        if let Some(ring) = self.bell.get() {
            ring();
        }
    }

    /// Puts a letter in and gives its number. It is durable when this returns.
    ///
    /// # Errors
    /// `Full`, and the store's.
    pub fn put(&self, letter: &Letter, now: FileTime, random: &dyn Fn(&mut [u8])) -> Result<u64, OutboxError> {
        let mut nonce = [0; NONCE_OCTETS];
        random(&mut nonce);
        let number = self.store.transact(|transaction| {
            let number = transaction.get(NUMBER, LAST)?.map_or(Ok(0), number)? + 1;
            if may_need_room(transaction, number, now)? {
                make_room(transaction, now)?;
            }
            let sealed = self.vault.seal(nonce, &purpose(number), letter.text().as_bytes());
            let slip = Slip {
                number,
                to: letter.to().to_owned(),
                subject: letter.subject().to_owned(),
                written: Moment(now),
                state: State::Waiting { attempts: 0, next: Moment(now), reason: None },
            };
            transaction.put(NUMBER, LAST, &key(number))?;
            write(transaction, &Stored { version: VERSION, slip, text: Some(STANDARD.encode(sealed)) })?;
            Ok::<_, OutboxError>(number)
        })??;
        self.ring();
        Ok(number)
    }

    /// At most `letters_max` letters that are due at `now`. One whose text does not open any more is given up.
    ///
    /// # Errors
    /// The store's.
    pub fn due(&self, now: FileTime, letters_max: usize) -> Result<Due, OutboxError> {
        let mut due = Due::default();
        let mut unreadable = Vec::new();
        self.scan(0, |stored| {
            let State::Waiting { next, .. } = stored.slip.state else { return ControlFlow::Continue(()) };
            match next.0 <= now && due.letters.len() < letters_max {
                true => match self.letter(&stored) {
                    Ok(letter) => due.letters.push((stored.slip.number, letter)),
                    Err(_) => unreadable.push(stored.slip.number),
                },
                false => due.next = Some(due.next.map_or(next.0, |known| known.min(next.0))),
            }
            ControlFlow::Continue(())
        })?;
        for number in unreadable {
            self.give_up(number, "its text was sealed with another key", now)?;
        }
        Ok(due)
    }

    /// Notes that a mail server took the letter; its text goes.
    ///
    /// # Errors
    /// `NoSuchLetter`, and the store's.
    pub fn sent(&self, number: u64, now: FileTime) -> Result<(), OutboxError> {
        self.change(number, |stored| {
            stored.slip.state = State::Sent { at: Moment(now) };
            stored.text = None;
        })
    }

    /// Notes that the letter could not be sent this time: it is tried again later, or given up after
    /// [`ATTEMPTS_MAX`] times.
    ///
    /// # Errors
    /// `NoSuchLetter`, and the store's.
    pub fn failed(&self, number: u64, reason: &str, now: FileTime) -> Result<(), OutboxError> {
        self.change(number, |stored| {
            let State::Waiting { attempts, .. } = stored.slip.state else { return };
            let attempts = attempts.saturating_add(1);
            match PAUSES_SECONDS.get(attempts as usize - 1) {
                Some(&pause) => {
                    let next = Moment(now.after(Interval::from_seconds(pause)));
                    stored.slip.state = State::Waiting { attempts, next, reason: Some(cut(reason)) };
                }
                None => stored.end(cut(reason), now),
            }
        })
    }

    /// Notes that the letter can never be sent.
    ///
    /// # Errors
    /// `NoSuchLetter`, and the store's.
    pub fn give_up(&self, number: u64, reason: &str, now: FileTime) -> Result<(), OutboxError> {
        self.change(number, |stored| stored.end(cut(reason), now))
    }

    /// Makes the letter due at `now`, with all its attempts before it.
    ///
    /// # Errors
    /// `NoSuchLetter`, `NoText` when there is nothing to send any more, and the store's.
    pub fn retry(&self, number: u64, now: FileTime) -> Result<(), OutboxError> {
        self.store.transact(|transaction| {
            let mut stored = read(transaction, number)?;
            if stored.text.is_none() {
                return Err(OutboxError::NoText);
            }
            stored.slip.state = State::Waiting { attempts: 0, next: Moment(now), reason: None };
            write(transaction, &stored)
        })??;
        self.ring();
        Ok(())
    }

    /// Takes the letter out, whatever its state.
    ///
    /// # Errors
    /// `NoSuchLetter`, and the store's.
    pub fn remove(&self, number: u64) -> Result<(), OutboxError> {
        self.store.transact(|transaction| match transaction.delete(LETTER, &key(number))? {
            true => Ok(()),
            false => Err(OutboxError::NoSuchLetter),
        })?
    }

    /// Slips with numbers above `after`, at most `slips_max`, in the order in which they were written.
    ///
    /// # Errors
    /// The store's.
    pub fn list(&self, after: u64, slips_max: usize) -> Result<Vec<Slip>, OutboxError> {
        let mut slips = Vec::new();
        self.scan(after.saturating_add(1), |stored| {
            if slips.len() == slips_max {
                return ControlFlow::Break(());
            }
            slips.push(stored.slip);
            ControlFlow::Continue(())
        })?;
        Ok(slips)
    }

    /// How many letters are in which state.
    ///
    /// # Errors
    /// The store's.
    pub fn counts(&self) -> Result<Counts, OutboxError> {
        let mut counts = Counts::default();
        self.scan(0, |stored| {
            match stored.slip.state {
                State::Waiting { .. } => counts.waiting += 1,
                State::Sent { .. } => counts.sent += 1,
                State::GivenUp { .. } => counts.given_up += 1,
            }
            ControlFlow::Continue(())
        })?;
        Ok(counts)
    }

    /// A letter that waits, with its text.
    ///
    /// # Errors
    /// `NoSuchLetter`, `NoText`, and the store's.
    pub fn show(&self, number: u64) -> Result<(Slip, Letter), OutboxError> {
        let transaction = self.store.read()?;
        let stored = read(transaction.as_ref(), number)?;
        let letter = self.letter(&stored)?;
        Ok((stored.slip, letter))
    }

    fn letter(&self, stored: &Stored) -> Result<Letter, OutboxError> {
        let sealed = stored.text.as_ref().and_then(|text| STANDARD.decode(text).ok()).ok_or(OutboxError::NoText)?;
        let text = self.vault.open(&purpose(stored.slip.number), &sealed).map_err(|_| OutboxError::NoText)?;
        let text = std::str::from_utf8(&text).map_err(|_| OutboxError::NoText)?;
        Letter::new(&stored.slip.to, &stored.slip.subject, Zeroizing::new(text.to_owned()))
            .map_err(|_| OutboxError::NoText)
    }

    fn change(&self, number: u64, change: impl Fn(&mut Stored) + Send + Sync) -> Result<(), OutboxError> {
        self.store.transact(|transaction| {
            let mut stored = read(transaction, number)?;
            change(&mut stored);
            write(transaction, &stored)
        })?
    }

    /// Visits letters from a number on. What cannot be read is passed over: a newer program wrote it.
    fn scan(&self, from: u64, mut visit: impl FnMut(Stored) -> ControlFlow<()>) -> Result<(), OutboxError> {
        let transaction = self.store.read()?;
        transaction.scan(LETTER, &key(from), None, &mut |_, value| match serde_json::from_slice(value) {
            Ok(stored) => visit(stored),
            Err(_) => ControlFlow::Continue(()),
        })?;
        Ok(())
    }
}

impl Stored {
    fn end(&mut self, reason: String, now: FileTime) {
        self.slip.state = State::GivenUp { at: Moment(now), reason };
        self.text = None;
    }
}

/// Whether the outbox may be full, or hold what is old: its first slip tells, without a look at all of them.
fn may_need_room(transaction: &dyn WriteTransaction, number_next: u64, now: FileTime) -> Result<bool, OutboxError> {
    let Some((key, value)) = transaction.first_at_or_after(LETTER, &[])? else { return Ok(false) };
    let is_old = serde_json::from_slice(value).is_ok_and(|stored: Stored| stored.slip.written.0 < oldest(now));
    Ok(is_old || number_next - number(key)? >= LETTERS_MAX as u64)
}

/// The time before which slips are not kept.
fn oldest(now: FileTime) -> FileTime {
    now.before(Interval::from_days(KEPT_DAYS_MAX))
}

/// Lets slips go that are old, and the oldest ones that still wait for nothing when there are too many.
fn make_room(transaction: &mut dyn WriteTransaction, now: FileTime) -> Result<(), OutboxError> {
    let oldest = oldest(now);
    let (mut count, mut ended, mut old) = (0, Vec::new(), Vec::new());
    transaction.scan(LETTER, &[], None, &mut |key, value| {
        count += 1;
        let state = serde_json::from_slice(value).map(|stored: Stored| stored.slip.state);
        if let Ok(State::Sent { at } | State::GivenUp { at, .. }) = state {
            let keys = if at.0 < oldest { &mut old } else { &mut ended };
            keys.push(key.to_vec());
        }
        ControlFlow::Continue(())
    })?;
    let excess = (count + 1_usize).saturating_sub(old.len()).saturating_sub(LETTERS_MAX);
    if excess > ended.len() {
        return Err(OutboxError::Full);
    }
    for key in old.iter().chain(&ended[..excess]) {
        transaction.delete(LETTER, key)?;
    }
    Ok(())
}

fn read(transaction: &(impl ReadTransaction + ?Sized), number: u64) -> Result<Stored, OutboxError> {
    let octets = transaction.get(LETTER, &key(number))?.ok_or(OutboxError::NoSuchLetter)?;
    serde_json::from_slice(octets).map_err(|_| OutboxError::Store(Error::Corrupt { doing: "reading a letter" }))
}

fn write(transaction: &mut dyn WriteTransaction, stored: &Stored) -> Result<(), OutboxError> {
    let octets =
        serde_json::to_vec(stored).map_err(|_| OutboxError::Store(Error::Corrupt { doing: "writing a letter" }))?;
    Ok(transaction.put(LETTER, &key(stored.slip.number), &octets)?)
}

fn key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

fn number(key: &[u8]) -> Result<u64, OutboxError> {
    key.try_into().map(u64::from_be_bytes).map_err(|_| OutboxError::Store(Error::Corrupt { doing: "reading a letter" }))
}

/// What a text is sealed for: it opens nowhere else.
fn purpose(number: u64) -> Vec<u8> {
    [b"text of letter ".as_slice(), &key(number)].concat()
}

fn cut(reason: &str) -> String {
    reason[..reason.floor_char_boundary(REASON_OCTETS_MAX)].to_owned()
}

#[cfg(test)]
mod tests {
    use bailiwick_store::Memory;

    use super::*;

    const NOW: FileTime = FileTime(133_000_000_000_000_000);

    #[test]
    fn a_full_outbox_refuses_letters_while_all_of_them_wait() {
        let store: Arc<dyn Store> = Arc::new(Memory::open(crate::SPACES));
        let outbox = Outbox::new(Arc::clone(&store), Vault::new(&[1; 32]));
        let letter = Letter::new("ada@example.com", "Hello", Zeroizing::new(String::new())).unwrap();
        let put = || outbox.put(&letter, NOW, &|octets| octets.fill(1));
        let first = put().unwrap();
        let filled = store.transact(|transaction| {
            let pattern = read(transaction, first)?;
            for number in first + 1..first + LETTERS_MAX as u64 {
                let slip = Slip { number, ..pattern.slip.clone() };
                transaction.put(NUMBER, LAST, &key(number))?;
                write(transaction, &Stored { version: VERSION, slip, text: pattern.text.clone() })?;
            }
            Ok::<_, OutboxError>(())
        });
        filled.unwrap().unwrap();
        assert!(matches!(put(), Err(OutboxError::Full)));
        outbox.sent(first, NOW).unwrap();
        assert_eq!(put().unwrap(), first + LETTERS_MAX as u64);
        assert_eq!(outbox.counts().unwrap(), Counts { waiting: LETTERS_MAX, sent: 0, given_up: 0 });
    }
}
